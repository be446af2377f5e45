import {
  ALL_FORMATS,
  BlobSource,
  Conversion,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  NullTarget,
  Output,
  Quality,
  StreamTarget,
  WebMOutputFormat,
  type ConversionOptions,
  type ConversionVideoOptions,
  type DiscardedTrack,
  type InputVideoTrack,
  type VideoCodec,
  canEncodeVideo,
} from 'mediabunny';
import {
  CopyError,
  type CopyOrder,
  type CopyProblem,
  type CopyResult,
  type EncodeOrder,
} from './copy-types.js';

/** What a copy may be longer or shorter than asked for: the sound ends with its own packets. */
const toleranceSeconds = 0.5;
/** Players seek to key frames, and parts of a stream begin with one. */
const keyFrameSeconds = 2;
/** What the clouds decode best, first; the sound of any film fits beside them into MP4. */
const targetCodecs: readonly VideoCodec[] = ['avc', 'vp9', 'av1', 'vp8'];

export interface CopyHooks {
  /** From 0 to 1. */
  readonly onProgress: (ratio: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes a copy of a film: its streams as they are, cut at key frames, or the picture encoded anew with the sound copied
 * where it can be. Neither file is ever in memory as a whole. Rejects with {@link CopyError}, also where what came out
 * is not what was asked for.
 */
export async function makeCopy(order: CopyOrder, { onProgress, signal }: CopyHooks): Promise<CopyResult> {
  const input = new Input({ source: new BlobSource(order.source), formats: ALL_FORMATS });
  try {
    const output = new Output({ format: formatOf(order), target: await targetOf(order) });
    const conversion = await Conversion.init({ input, output, ...(await settingsOf(order, input, output)) });
    const problem = problemIn(conversion, order);
    if (problem) {
      await output.cancel();
      throw new CopyError(problem);
    }
    conversion.onProgress = onProgress;
    const stop = () => void conversion.cancel();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await conversion.execute();
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return await compare(order, input, conversion);
  } finally {
    input.dispose();
  }
}

function formatOf({ container }: CopyOrder) {
  switch (container) {
    case '.mp4':
      // The index at the end: in front it would need all of the film in memory, or a second pass over it.
      return new Mp4OutputFormat({ fastStart: false });
    case '.mov':
      return new MovOutputFormat({ fastStart: false });
    case '.webm':
      return new WebMOutputFormat();
    case '.mkv':
      return new MkvOutputFormat();
    default:
      return container satisfies never;
  }
}

async function targetOf({ target }: CopyOrder) {
  // The stream is closed with the output, which is when the file gets its content.
  return target ? new StreamTarget(await target.createWritable(), { chunked: true }) : new NullTarget();
}

type Settings = Omit<ConversionOptions, 'input' | 'output'>;

async function settingsOf({ cut, encode }: CopyOrder, input: Input, output: Output): Promise<Settings> {
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new CopyError('cannot-read');
  const settings: Settings = {
    trim: cut,
    showWarnings: false,
    // Nothing from outside of the cut comes into it. The sound of a film whose first packet begins before zero can
    // only be copied so.
    copy: { mode: encode ? 'preferred' : 'forced', boundaryPolicy: 'shrink' },
  };
  return encode ? { ...settings, video: await encodingOf(encode, video, output) } : settings;
}

async function encodingOf(
  { bitsPerSecond, lines }: EncodeOrder,
  video: InputVideoTrack,
  output: Output,
): Promise<ConversionVideoOptions> {
  const [width, height] = await Promise.all([video.getDisplayWidth(), video.getDisplayHeight()]);
  const shrinks = lines !== undefined && lines < Math.min(width, height);
  const side = shrinks ? (width < height ? { width: lines } : { height: lines }) : {};
  const scale = shrinks ? lines / Math.min(width, height) : 1;
  const quality = new Quality({ bitrate: bitsPerSecond });
  const size = { width: even(width * scale), height: even(height * scale) };
  const fitting = output.format.getSupportedVideoCodecs();
  for (const codec of targetCodecs)
    if (fitting.includes(codec) && (await canEncodeVideo(codec, { ...size, quality })))
      return {
        ...side,
        codec,
        quality,
        forceTranscode: true,
        keyFrameInterval: keyFrameSeconds,
        // Pictures that are drawn anew are drawn upright.
        allowTransformationMetadata: !shrinks,
      };
  throw new CopyError('cannot-encode');
}

const even = (value: number) => Math.ceil(value / 2) * 2;

const problems: Partial<Record<DiscardedTrack['reason'], CopyProblem>> = {
  undecodable_source_codec: 'cannot-decode',
  no_encodable_target_codec: 'cannot-encode',
};

/** Every stream comes along, but for sound in a codec that nothing here knows, where there is other sound. */
function problemIn(conversion: Conversion, { encode }: CopyOrder): CopyProblem | undefined {
  const hasSound = conversion.utilizedTracks.some((track) => track.isAudioTrack());
  const lost = conversion.discardedTracks.find(
    ({ reason, track }) => !(encode && hasSound && track.isAudioTrack() && reason === 'unknown_source_codec'),
  );
  if (lost) return problems[lost.reason] ?? 'cannot-copy';
  return conversion.isValid ? undefined : 'cannot-copy';
}

/** Reads the copy back: its length and its streams must be those that were asked for. */
async function compare(
  { cut, target }: CopyOrder,
  input: Input,
  conversion: Conversion,
): Promise<CopyResult> {
  const begins = Math.max(0, await input.getFirstTimestamp());
  const wanted = cut ? cut.end - cut.start : (await input.computeDuration()) - begins;
  const file = await target?.getFile();
  if (!file) return { durationSeconds: wanted, sizeBytes: 0 };
  const copy = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const tracks = await copy.getTracks();
    const kinds = (all: readonly { isVideoTrack: () => boolean }[]) =>
      all
        .map((track) => track.isVideoTrack())
        .sort()
        .join();
    const durationSeconds = await copy.computeDuration();
    const isSame =
      kinds(tracks) === kinds(conversion.utilizedTracks) &&
      Math.abs(durationSeconds - wanted) <= toleranceSeconds;
    if (!isSame) throw new CopyError('differs');
    return { durationSeconds, sizeBytes: file.size };
  } finally {
    copy.dispose();
  }
}
