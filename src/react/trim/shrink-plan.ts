import type { Format } from '../format/index.js';
import type { TrimWords } from '../messages/en-on-demand.js';
import { fill } from '../messages/fill.js';
import type { MediaSummary } from './copy-types.js';
import { soundBitsPerSecond } from './raw-sound.js';
import type { ShrinkRule } from './shrink-rule.js';

/** One way to send a film: smaller than it is. */
export interface ShrinkChoice {
  /** Of the shorter side, as in "1080p". */
  readonly lines: number;
  readonly bitsPerSecond: number;
  /** About. */
  readonly sizeBytes: number;
}

type Film = Pick<
  MediaSummary,
  'durationSeconds' | 'width' | 'height' | 'frameRate' | 'bitsPerSecond' | 'audioBitsPerSecond' | 'isAudioRaw'
>;

const defaultLines = 1080;
const defaultBitsPerSecond = 8e6;
/** So many bits for each pixel and second at 30 frames keep what people see of film: 4.5 Mbit/s for 1080p. */
const bitsPerPixel = 0.072;
/** Twice the frames need less than twice the bits. */
const rateExponent = 0.6;
/** A copy that is hardly smaller is not worth its making. */
const worthRatio = 0.8;
/** The second choice, where the first is larger. */
const smallLines = 720;

/** The copies that are worth making, the largest first; none for a film that is small already. */
export function choicesFor(film: Film, rule: ShrinkRule): readonly ShrinkChoice[] {
  const { maxHeight = defaultLines } = rule;
  const lines = Math.min(film.width, film.height);
  const largest = Math.min(lines, maxHeight);
  const wanted = largest > smallLines ? [largest, smallLines] : [largest];
  const sizeBytes = (film.bitsPerSecond * film.durationSeconds) / 8;
  return wanted
    .map((each) => choiceOf(film, each, rule))
    .filter((choice) => choice.sizeBytes < sizeBytes * worthRatio);
}

function choiceOf(
  film: Film,
  lines: number,
  { maxBitsPerSecond = defaultBitsPerSecond }: ShrinkRule,
): ShrinkChoice {
  const { width, height, frameRate, durationSeconds, isAudioRaw } = film;
  const audioBitsPerSecond = Math.min(film.audioBitsPerSecond, isAudioRaw ? soundBitsPerSecond : Infinity);
  const scale = lines / Math.min(width, height);
  const pixelsPerSecond = width * height * scale ** 2 * 30 * (Math.max(1, frameRate) / 30) ** rateExponent;
  const most = Math.max(maxBitsPerSecond - audioBitsPerSecond, maxBitsPerSecond / 2);
  const bitsPerSecond = Math.round(Math.min(most, pixelsPerSecond * bitsPerPixel));
  return { lines, bitsPerSecond, sizeBytes: ((bitsPerSecond + audioBitsPerSecond) * durationSeconds) / 8 };
}

/** What is known of how long things take; undefined where it was not measured. */
export interface Speeds {
  /** Of the line. */
  readonly bytesPerSecond: number | undefined;
  /** Seconds of film that this device shrinks in a second. */
  readonly shrinkRate: number | undefined;
}

export interface Duration {
  readonly original: number | undefined;
  /** Shrinking and sending. */
  readonly copy: number | undefined;
}

export function secondsFor(
  { sizeBytes, durationSeconds }: { sizeBytes: number; durationSeconds: number },
  choice: ShrinkChoice,
  { bytesPerSecond, shrinkRate }: Speeds,
): Duration {
  if (bytesPerSecond === undefined) return { original: undefined, copy: undefined };
  const shrinking = shrinkRate === undefined ? undefined : durationSeconds / shrinkRate;
  const sending = choice.sizeBytes / bytesPerSecond;
  return {
    original: sizeBytes / bytesPerSecond,
    copy: shrinking === undefined ? undefined : shrinking + sending,
  };
}

/** Whether a copy arrives so much sooner that it is worth what is lost. Without numbers it is not. */
export function isSooner({ original, copy }: Duration): boolean {
  return original !== undefined && copy !== undefined && copy < original * 0.7;
}

/** Lines are told in bits, as films are; two figures are as much as is known. */
export const bitRateText = (
  bitsPerSecond: number,
  { bitRate }: Pick<TrimWords, 'bitRate'>,
  format: Pick<Format, 'number'>,
): string => fill(bitRate, { n: format.number(Number((bitsPerSecond / 1e6).toPrecision(2))) });

/** `4K`, `1080p`. */
export const linesText = (lines: number, format: Pick<Format, 'plain'>): string =>
  lines >= 2160 ? '4K' : `${format.plain(lines)}p`;

const names: Record<string, string> = { avc: 'H.264', hevc: 'HEVC', vp8: 'VP8', vp9: 'VP9', av1: 'AV1' };
/** As people know it. */
export const codecText = (codec: string): string => names[codec] ?? codec.toUpperCase();
