/** Of the Chromium browsers; TypeScript does not know them. Others have no button for it. */
interface TrackFrames {
  readonly MediaStreamTrackProcessor: new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => {
    readonly readable: ReadableStream<VideoFrame>;
  };
  readonly MediaStreamTrackGenerator: new (options: { kind: 'video' }) => MediaStreamTrack & {
    readonly writable: WritableStream<VideoFrame>;
  };
}

/** Of the width of the picture. */
const cornerShare = 0.2;
const marginShare = 0.02;
const ratio = 16 / 9;

/**
 * Whether a camera can be put into the picture of a screen. A canvas alone could not: pages in the background, as those
 * that record a screen are, draw once a second.
 */
export function canPutCorner(): boolean {
  return (
    'MediaStreamTrackProcessor' in globalThis &&
    'MediaStreamTrackGenerator' in globalThis &&
    'OffscreenCanvas' in globalThis
  );
}

export interface CornerPicture {
  /** The screen with the camera in its lower right corner; without it, once the camera has ended. */
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}

/** Neither of the two is stopped with it. */
export function putCorner(screen: MediaStreamTrack, camera: MediaStreamTrack): CornerPicture {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as unknown as TrackFrames;
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  const composition = new Composition();
  const stop = new AbortController();
  const write = async () => {
    const frame = composition.draw();
    if (!frame) return;
    try {
      await writer.write(frame);
    } finally {
      frame.close();
    }
  };
  const follow = async (track: MediaStreamTrack, take: (frame: VideoFrame) => Promise<void>) => {
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 });
    const reader = readable.getReader();
    stop.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || stop.signal.aborted) return value?.close();
      await take(value);
    }
  };
  let hasCamera = true;
  // A screen gives pictures only when it changes, a camera all the time: its pace is that of the recording.
  const followScreen = follow(screen, async (frame) => {
    composition.screen = frame;
    if (!hasCamera || camera.muted) await write();
  });
  const followCamera = follow(camera, async (frame) => {
    composition.camera = frame;
    await write();
  }).finally(async () => {
    hasCamera = false;
    composition.camera = undefined;
    // Without its last picture.
    if (!stop.signal.aborted) await write();
  });
  // What cannot be written any more is what was stopped.
  void Promise.allSettled([followScreen, followCamera]).then(() => {
    composition.screen = undefined;
  });
  return {
    track: generator,
    stop: () => {
      stop.abort();
      generator.stop();
    },
  };
}

/** Holds one frame of each: a device has few of them. */
class Composition {
  readonly #startedAt = performance.now();
  #canvas: OffscreenCanvas | undefined;
  #screen: VideoFrame | undefined;
  #camera: VideoFrame | undefined;

  set screen(frame: VideoFrame | undefined) {
    this.#screen?.close();
    this.#screen = frame;
  }

  set camera(frame: VideoFrame | undefined) {
    this.#camera?.close();
    this.#camera = frame;
  }

  /** Undefined while there is no picture of the screen. */
  draw(): VideoFrame | undefined {
    const screen = this.#screen;
    if (!screen) return undefined;
    // The size stays that of the first picture: a window that is made smaller stands in the middle.
    this.#canvas ??= new OffscreenCanvas(screen.displayWidth, screen.displayHeight);
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) return undefined;
    context.fillStyle = 'black';
    context.fillRect(0, 0, width, height);
    const scale = Math.min(width / screen.displayWidth, height / screen.displayHeight);
    const [w, h] = [screen.displayWidth * scale, screen.displayHeight * scale];
    context.drawImage(screen, (width - w) / 2, (height - h) / 2, w, h);
    if (this.#camera) drawCorner(context, this.#camera, { width, height });
    const timestamp = Math.round((performance.now() - this.#startedAt) * 1000);
    return new VideoFrame(this.#canvas, { timestamp });
  }
}

/** The middle of the camera's picture, with a white line around it. */
function drawCorner(
  context: OffscreenCanvasRenderingContext2D,
  camera: VideoFrame,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const margin = width * marginShare;
  const w = Math.min(width * cornerShare, height * cornerShare * ratio * 2);
  const h = w / ratio;
  const [x, y] = [width - margin - w, height - margin - h];
  const scale = Math.min(camera.displayWidth / w, camera.displayHeight / h);
  const [sw, sh] = [w * scale, h * scale];
  const line = Math.max(2, width / 400);
  context.save();
  context.beginPath();
  context.roundRect(x, y, w, h, w / 20);
  context.strokeStyle = 'white';
  context.lineWidth = line * 2;
  context.stroke();
  context.clip();
  const [sx, sy] = [(camera.displayWidth - sw) / 2, (camera.displayHeight - sh) / 2];
  context.drawImage(camera, sx, sy, sw, sh, x, y, w, h);
  context.restore();
}
