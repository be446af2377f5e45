import {
  ALL_FORMATS,
  Conversion,
  EncodedPacketSink,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
  type ConversionOptions,
  type ConversionVideoOptions,
  type DiscardedTrack,
  type InputVideoTrack,
  canEncodeVideo,
} from 'mediabunny';
import { compareCopy } from './compare-copy.js';
import {
  CopyError,
  type CopyOrder,
  type CopyProblem,
  type CopyResult,
  type EncodeOrder,
  isQuotaExceeded,
} from './copy-types.js';
import type { PauseSwitch } from './pause-switch.js';
import { cancelOutput, openTarget } from './copy-target.js';
import { even, keyFrameSeconds, soundOf, targetCodecs } from './encoding.js';
import { sourceOf } from './film-source.js';
import { NotScaledError, scalingOf, ScaledCopy, type Scaling } from './scaled-copy.js';

/** Each but the last is one that the browser has ended by taking a codec back. */
const mostAttempts = 5;

/** No two pictures are as near to each other. */
const roundingSeconds = 1e-5;

export interface CopyHooks {
  /** From 0 to 1. */
  readonly onProgress: (ratio: number) => void;
  readonly signal: AbortSignal;
  readonly pausing: PauseSwitch;
}

/**
 * Writes a copy of a film: its streams as they are, cut at key frames, or the picture encoded anew with the sound copied
 * where it can be. Neither file is ever in memory as a whole. Rejects with {@link CopyError}, also where what came out
 * is not what was asked for.
 */
export async function makeCopy(order: CopyOrder, hooks: CopyHooks): Promise<CopyResult> {
  const input = new Input({ source: sourceOf(order.source), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    if (!video) throw new CopyError('cannot-read');
    const film: OpenFilm = { input, video, ...(await partOf(order, input, video)) };
    const isMp4 = order.container === '.mp4';
    const scaling = order.encode && isMp4 ? await scalingOf(order.encode, video) : undefined;
    return await withCodecs(hooks, async () => {
      if (!scaling) return convert(order, film, hooks);
      try {
        return await scale(order, film, scaling, hooks);
      } catch (error) {
        if (!(error instanceof NotScaledError)) throw error;
        return convert(order, film, hooks);
      }
    });
  } finally {
    input.dispose();
  }
}

/** Begins anew when the browser has taken a decoder or an encoder back, as during a long pause in a hidden tab. */
async function withCodecs<T>({ signal }: CopyHooks, make: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make();
    } catch (error) {
      if (!isQuotaExceeded(error) || signal.aborted || attempt === mostAttempts) throw error;
    }
  }
}

interface OpenFilm {
  readonly input: Input;
  readonly video: InputVideoTrack;
  /** What is wanted of it, in seconds of its time stamps. */
  readonly from: number;
  readonly to: number;
}

async function convert(order: CopyOrder, film: OpenFilm, { onProgress, signal, pausing }: CopyHooks) {
  const { input } = film;
  const tracks = await intoFile(order, async (output) => {
    const conversion = await Conversion.init({ input, output, ...(await settingsOf(order, film, output)) });
    refuse(problemIn(conversion, order));
    conversion.onProgress = onProgress;
    await whileWanted(
      signal,
      () => conversion.cancel(),
      async () => {
        while (conversion.state !== 'done') {
          await pausing.passed();
          await conversion.execute({ pauseSignal: pausing.signal });
        }
      },
    );
    return conversion.utilizedTracks;
  });
  const { from, to } = film;
  return compareCopy({ order, tracks, pictures: undefined, from, to });
}

async function scale(order: CopyOrder, film: OpenFilm, scaling: Scaling, hooks: CopyHooks) {
  const { input, video, from, to } = film;
  const made = await intoFile(order, async (output) => {
    const copy = await ScaledCopy.open({ scaling, input, output, from, to });
    refuse(problemIn(copy.conversion, order, video));
    const pictures = await whileWanted(
      hooks.signal,
      () => copy.cancel(),
      () => copy.execute(hooks),
    );
    return { pictures, tracks: [video, ...copy.conversion.utilizedTracks] };
  });
  return compareCopy({ order, ...made, from, to });
}

async function partOf({ cut }: CopyOrder, input: Input, video: InputVideoTrack) {
  // What lies before zero is not shown.
  const begins = Math.max(0, await input.getFirstTimestamp());
  const ends = await input.computeDuration();
  if (!cut) return { from: begins, to: ends };
  const keys = new EncodedPacketSink(video);
  /** A sum that missed the key frame or the end by its rounding would lose packets. */
  const placeOf = async (seconds: number) => {
    const about = begins + seconds;
    const packet = await keys.getKeyPacket(about + roundingSeconds, { metadataOnly: true });
    const places = [ends, ...(packet ? [packet.timestamp] : [])];
    return places.find((place) => Math.abs(place - about) < roundingSeconds) ?? about;
  };
  return { from: await placeOf(cut.start), to: await placeOf(cut.end) };
}

/** The file is let go of in any case: another attempt may follow, and who asked reads or removes it. */
async function intoFile<T>(order: CopyOrder, write: (output: Output) => Promise<T>): Promise<T> {
  const { target, failure, close } = await openTarget(order.target, () => void cancelOutput(output));
  const output = new Output({ format: formatOf(order), target });
  try {
    const made = await write(output);
    const found = failure();
    if (found) throw found;
    return made;
  } catch (error) {
    throw failure() ?? error;
  } finally {
    await cancelOutput(output);
    await close();
  }
}

function refuse(problem: CopyProblem | undefined): void {
  if (problem) throw new CopyError(problem);
}

async function whileWanted<T>(
  signal: AbortSignal,
  cancel: () => Promise<void>,
  execute: () => Promise<T>,
): Promise<T> {
  const stop = () => void cancel();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await execute();
  } finally {
    signal.removeEventListener('abort', stop);
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

type Settings = Omit<ConversionOptions, 'input' | 'output'>;

async function settingsOf(
  { cut, encode }: CopyOrder,
  { video, from, to }: OpenFilm,
  output: Output,
): Promise<Settings> {
  const settings: Settings = {
    trim: cut && { start: from, end: to },
    showWarnings: false,
    // Nothing from outside of the cut comes into it. The sound of a film whose first packet begins before zero can
    // only be copied so.
    copy: { mode: encode ? 'preferred' : 'forced', boundaryPolicy: 'shrink' },
  };
  if (!encode) return { ...settings, video: { alpha: 'keep' } };
  return { ...settings, video: await encodingOf(encode, video, output), audio: soundOf(output.format) };
}

async function encodingOf(
  { bitsPerSecond, lines }: EncodeOrder,
  video: InputVideoTrack,
  output: Output,
): Promise<ConversionVideoOptions> {
  const [width, height] = await Promise.all([video.getDisplayWidth(), video.getDisplayHeight()]);
  const shrinks = lines !== undefined && lines < Math.min(width, height);
  const scale = shrinks ? lines / Math.min(width, height) : 1;
  const quality = new Quality({ bitrate: bitsPerSecond });
  const size = { width: even(width * scale), height: even(height * scale) };
  // Pixels that are not square may make an odd size, which no encoder takes.
  const isDrawn = size.width !== width || size.height !== height;
  const fitting = output.format.getSupportedVideoCodecs();
  for (const codec of targetCodecs)
    if (fitting.includes(codec) && (await canEncodeVideo(codec, { ...size, quality })))
      return {
        ...(isDrawn && { ...size, fit: 'fill' }),
        codec,
        quality,
        // Only WebM and Matroska hold it.
        alpha: output.format instanceof MkvOutputFormat ? 'keep' : 'discard',
        forceTranscode: true,
        keyFrameInterval: keyFrameSeconds,
        // Pictures that are drawn anew are drawn upright.
        allowTransformationMetadata: !isDrawn,
      };
  throw new CopyError('cannot-encode');
}

const problems: Partial<Record<DiscardedTrack['reason'], CopyProblem>> = {
  undecodable_source_codec: 'cannot-decode',
  no_encodable_target_codec: 'cannot-encode',
};

/** Every stream comes along, but for sound in a codec that nothing here knows, where there is other sound. */
function problemIn(
  conversion: Conversion,
  { encode }: CopyOrder,
  elsewhere?: InputVideoTrack,
): CopyProblem | undefined {
  const hasSound = conversion.utilizedTracks.some((track) => track.isAudioTrack());
  const lost = conversion.discardedTracks.find(
    ({ reason, track }) =>
      track !== elsewhere &&
      !(encode && hasSound && track.isAudioTrack() && reason === 'unknown_source_codec'),
  );
  if (lost) return problems[lost.reason] ?? 'cannot-copy';
  return conversion.isValid ? undefined : 'cannot-copy';
}
