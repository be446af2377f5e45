/** Three videos that are drawn and recorded in the page, so that a visitor needs none. */
const scenes = [
  {
    name: 'Sample 1, city lights.webm',
    sizeBytes: 24_000_000,
    sky: ['#0e1524', '#2b3d6b'],
    light: '#ffcf7d',
  },
  { name: 'Sample 2, harbor.webm', sizeBytes: 12_000_000, sky: ['#2f7f86', '#dbeef0'], light: '#ffffff' },
  { name: 'Sample 3, ridge.webm', sizeBytes: 4_000_000, sky: ['#27406f', '#e3a066'], light: '#ffe8b8' },
] as const;

type Scene = (typeof scenes)[number];

const recordMs = 2500;

/** What is said beside the button. */
export const samplesMegabytes = scenes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6;

/** False where the browser cannot record a canvas. */
export function canMakeSamples(): boolean {
  return typeof MediaRecorder !== 'undefined' && 'captureStream' in HTMLCanvasElement.prototype;
}

/** Records all of them at the same time. */
export function makeSamples(): Promise<File[]> {
  return Promise.all(scenes.map(record));
}

async function record(scene: Scene): Promise<File> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1280, 720];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The page has no canvas.');
  const recorder = new MediaRecorder(canvas.captureStream(30), {
    mimeType: 'video/webm',
    videoBitsPerSecond: 4_000_000,
  });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  let isOver = false;
  const startedAt = performance.now();
  const frame = () => {
    draw(context, scene, (performance.now() - startedAt) / recordMs);
    if (!isOver) requestAnimationFrame(frame);
  };
  frame();
  recorder.start();
  setTimeout(() => {
    isOver = true;
    recorder.stop();
  }, recordMs);
  await stopped;
  return new File([padded(new Blob(pieces), scene.sizeBytes)], scene.name, { type: 'video/webm' });
}

/** A film of two seconds is small: a Void element of WebM, which players skip, makes it as large as a real one. */
function padded(video: Blob, sizeBytes: number): Blob {
  const headBytes = 9;
  const rest = sizeBytes - video.size - headBytes;
  if (rest <= 0) return video;
  const head = new DataView(new ArrayBuffer(headBytes));
  head.setUint8(0, 0xec);
  // A length of eight bytes begins with a one bit after seven zeros.
  head.setBigUint64(1, BigInt(rest) | (1n << 56n));
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const pieces = Array.from({ length: Math.ceil(rest / noise.length) }, () => noise);
  return new Blob([video, head, new Blob(pieces).slice(0, rest)]);
}

function draw(context: CanvasRenderingContext2D, { sky: [from, to], light }: Scene, at: number): void {
  const { width, height } = context.canvas;
  const gradient = context.createLinearGradient(0, 0, 0, height);
  gradient.addColorStop(0, from);
  gradient.addColorStop(1, to);
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.fillStyle = light;
  context.globalAlpha = 0.85;
  context.beginPath();
  context.arc(width * (0.2 + 0.6 * at), height * (0.5 - 0.2 * Math.sin(at * Math.PI)), 46, 0, Math.PI * 2);
  context.fill();
  context.globalAlpha = 0.55;
  context.fillStyle = from;
  for (let layer = 0; layer < 3; layer += 1) {
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width; x += 20)
      context.lineTo(
        x,
        height * (0.62 + layer * 0.11) + 40 * Math.sin(x / (140 - layer * 20) + layer * 2 + at * 2),
      );
    context.lineTo(width, height);
    context.fill();
  }
  context.globalAlpha = 1;
}
