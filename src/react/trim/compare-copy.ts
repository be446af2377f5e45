import { ALL_FORMATS, Input, type InputAudioTrack, type InputTrack, type InputVideoTrack } from 'mediabunny';
import { CopyError, type CopyOrder, type CopyResult } from './copy-types.js';
import { sourceOf } from './film-source.js';

/** What a stream may be longer or shorter than asked for: it ends with its own packets. */
const toleranceSeconds = 0.5;
/** Sizes are rounded to even numbers. */
const toleranceLines = 2;

export interface Wanted {
  readonly order: CopyOrder;
  /** In seconds of the original. */
  readonly from: number;
  readonly to: number;
  /** Of the original, those that have to be in the copy. */
  readonly tracks: readonly InputTrack[];
  /** How many pictures were encoded; undefined where they were not counted. */
  readonly pictures: number | undefined;
}

/**
 * Reads the copy back: its length must be the one that was asked for, and each stream must be there with the length,
 * the position, the shape and the sound that the original has. Rejects with {@link CopyError}.
 */
export async function compareCopy(wanted: Wanted): Promise<CopyResult> {
  const { order, from, to } = wanted;
  const file = await order.target?.getFile();
  if (!file) return { durationSeconds: to - from, sizeBytes: 0 };
  const copy = new Input({ source: sourceOf(file), formats: ALL_FORMATS });
  try {
    const durationSeconds = await copy.computeDuration();
    const isSame = isNear(durationSeconds, to - from) && (await hasAll(wanted, await copy.getTracks()));
    if (!isSame) throw new CopyError('differs');
    return { durationSeconds, sizeBytes: file.size };
  } finally {
    copy.dispose();
  }
}

const isNear = (one: number, other: number, tolerance = toleranceSeconds) =>
  Math.abs(one - other) <= tolerance;

async function hasAll(wanted: Wanted, found: readonly InputTrack[]): Promise<boolean> {
  const { tracks, order, pictures } = wanted;
  if (found.length !== tracks.length) return false;
  const left = {
    video: found.filter((track) => track.isVideoTrack()),
    audio: found.filter((track) => track.isAudioTrack()),
  };
  for (const track of tracks) {
    // Streams keep their order among those of their kind.
    if (track.isVideoTrack()) {
      const copy = left.video.shift();
      if (!copy || !(await isSamePicture(track, copy, order))) return false;
      if (pictures !== undefined && (await copy.computePacketStats()).packetCount !== pictures) return false;
      if (!(await isSamePart(track, copy, wanted))) return false;
    } else if (track.isAudioTrack()) {
      const copy = left.audio.shift();
      if (!copy || !(await isSameSound(track, copy)) || !(await isSamePart(track, copy, wanted)))
        return false;
    }
  }
  return true;
}

/** As it is shown: a picture that lay on its side may be stored upright. */
async function isSamePicture(
  one: InputVideoTrack,
  copy: InputVideoTrack,
  { encode }: CopyOrder,
): Promise<boolean> {
  const [width, height, copyWidth, copyHeight, hasAlpha, hasCopyAlpha] = await Promise.all([
    one.getDisplayWidth(),
    one.getDisplayHeight(),
    copy.getDisplayWidth(),
    copy.getDisplayHeight(),
    one.canBeTransparent(),
    copy.canBeTransparent(),
  ]);
  const lines = Math.min(width, height);
  const scale = Math.min(encode?.lines ?? lines, lines) / lines;
  return (
    isNear(copyWidth, width * scale, toleranceLines) &&
    isNear(copyHeight, height * scale, toleranceLines) &&
    (encode !== undefined ||
      (hasAlpha === hasCopyAlpha && (await one.getCodec()) === (await copy.getCodec())))
  );
}

/** Sound that was encoded anew has the sample rate of its codec. */
async function isSameSound(one: InputAudioTrack, copy: InputAudioTrack): Promise<boolean> {
  const [channels, rate, codec, copyChannels, copyRate, copyCodec] = await Promise.all([
    one.getNumberOfChannels(),
    one.getSampleRate(),
    one.getCodec(),
    copy.getNumberOfChannels(),
    copy.getSampleRate(),
    copy.getCodec(),
  ]);
  return channels === copyChannels && (codec !== copyCodec || rate === copyRate);
}

/** Whether the stream begins and ends where it did, so that sound and picture stay together. */
async function isSamePart(one: InputTrack, copy: InputTrack, { from, to }: Wanted): Promise<boolean> {
  const [begins, ends, copyBegins, copyEnds] = await Promise.all([
    one.getFirstTimestamp(),
    one.computeDuration(),
    copy.getFirstTimestamp(),
    copy.computeDuration(),
  ]);
  return (
    isNear(copyBegins, Math.max(0, begins - from)) && isNear(copyEnds, Math.max(0, Math.min(ends, to) - from))
  );
}
