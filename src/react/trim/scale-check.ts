/*
 * An encoder whose frames are larger than its pictures scales them by itself in Chromium: in the encoder's own thread, in
 * the format of the decoder, without a canvas. The standard neither asks for that nor forbids
 * it, so it is tried with a picture before it is relied on.
 */

const from = { width: 640, height: 480 };
const to = { width: 320, height: 240 };
/** Of luma, in the range of video. */
const [dark, bright] = [40, 200];
const closeTo = (value: number, wanted: number) => Math.abs(value - wanted) < 40;
/** An encoder that says nothing is not relied on. */
const patienceMs = 5000;

const known = new Map<string, Promise<boolean>>();

/** Whether the browser's encoder scales frames; `codec` as in WebCodecs. */
export function encoderScales(codec: string): Promise<boolean> {
  const answer =
    known.get(codec) ??
    Promise.race([
      tryScaling(codec),
      new Promise<boolean>((resolve) => {
        setTimeout(() => {
          resolve(false);
        }, patienceMs);
      }),
    ]).catch(() => false);
  known.set(codec, answer);
  return answer;
}

/** The left half is dark and the right half bright: of a frame that is cut instead, both would be dark. */
async function tryScaling(codec: string): Promise<boolean> {
  const frame = halves();
  try {
    const { chunk, config } = await encodeOne(frame, codec);
    if (config.codedWidth !== to.width || config.codedHeight !== to.height) return false;
    const [left, right] = await lumaOf(chunk, config);
    return closeTo(left, dark) && closeTo(right, bright);
  } finally {
    frame.close();
  }
}

function halves(): VideoFrame {
  const { width, height } = from;
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
  for (let row = 0; row < height; row += 1) {
    bytes.fill(dark, row * width, row * width + width / 2);
    bytes.fill(bright, row * width + width / 2, (row + 1) * width);
  }
  return new VideoFrame(bytes, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
}

interface Encoded {
  readonly chunk: EncodedVideoChunk;
  readonly config: VideoDecoderConfig;
}

async function encodeOne(frame: VideoFrame, codec: string): Promise<Encoded> {
  let found: Encoded | undefined;
  let failure: unknown;
  const encoder = new VideoEncoder({
    output: (chunk, { decoderConfig } = {}) => {
      if (decoderConfig) found ??= { chunk, config: decoderConfig };
    },
    error: (error) => {
      failure = error;
    },
  });
  try {
    encoder.configure({ codec, ...to, bitrate: 1e6, framerate: 30 });
    encoder.encode(frame, { keyFrame: true });
    await encoder.flush();
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
  if (!found) throw new Error('the encoder gave nothing', { cause: failure });
  return found;
}

/** In the middle of each half. */
async function lumaOf(chunk: EncodedVideoChunk, config: VideoDecoderConfig): Promise<[number, number]> {
  let frame: VideoFrame | undefined;
  const decoder = new VideoDecoder({
    output: (decoded) => {
      if (frame) decoded.close();
      else frame = decoded;
    },
    error: () => undefined,
  });
  try {
    decoder.configure(config);
    decoder.decode(chunk);
    await decoder.flush();
    if (!frame?.format) throw new Error('the decoder gave nothing that can be read');
    const bytes = new Uint8Array(frame.allocationSize());
    const [luma] = await frame.copyTo(bytes);
    if (!luma || !/^(I4|NV12)/.test(frame.format)) throw new Error('not planar');
    const at = (x: number) => bytes[luma.offset + (to.height / 2) * luma.stride + x] ?? 0;
    return [at(to.width / 4), at((to.width * 3) / 4)];
  } finally {
    frame?.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}
