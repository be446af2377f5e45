/** The containers that a copy is written in, by the extension of its file. */
export type CopyContainer = '.mp4' | '.mov' | '.webm' | '.mkv';

/** What the headers and the packets of a film say. */
export interface MediaSummary {
  /** Of what is shown: from the first packet to the end, wherever the time stamps begin. */
  readonly durationSeconds: number;
  /** The first time stamp; 0 for a film that begins before zero, which is not shown. */
  readonly beginsSeconds: number;
  /** As it is shown: a rotation is applied. */
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly videoCodec: string;
  /** Video and audio together. */
  readonly bitsPerSecond: number;
  readonly audioBitsPerSecond: number;
  readonly hasAudio: boolean;
  /** It is not compressed. */
  readonly isAudioRaw: boolean;
  /** Where the streams can be cut without encoding anything, in seconds after the beginning and in order. */
  readonly keySeconds: readonly number[];
  /** Of a lossless copy; undefined where this container cannot be written. */
  readonly container: CopyContainer | undefined;
  readonly canDecode: boolean;
  /** Whether the picture can be encoded anew, in any of the codecs of a copy. */
  readonly canEncode: boolean;
}

/** What to make of a film. */
export interface CopyOrder {
  readonly source: Blob;
  /** Undefined: nothing is written; for a trial of how long it takes. */
  readonly target: FileSystemFileHandle | undefined;
  readonly container: CopyContainer;
  /** From and to, in seconds after the beginning of the film; undefined: all of it. */
  readonly cut: { readonly start: number; readonly end: number } | undefined;
  /** Undefined: the streams are copied as they are. */
  readonly encode: EncodeOrder | undefined;
}

export interface EncodeOrder {
  readonly bitsPerSecond: number;
  /** Of the shorter side, as in "1080p"; undefined: as it is. */
  readonly lines: number | undefined;
}

export interface CopyResult {
  readonly durationSeconds: number;
  readonly sizeBytes: number;
}

/**
 * Why there is no copy. `cannot-read`: no film that is known here; `cannot-decode`, `cannot-encode`: the browser lacks
 * the codec; `cannot-copy`: its container cannot hold a stream; `differs`: what came out is not what was asked for;
 * `no-space`, `no-storage`: the browser keeps no file of that size, or none at all; `stopped`: the work hung or its
 * code could not be loaded.
 */
export type CopyProblem =
  | 'cannot-read'
  | 'cannot-decode'
  | 'cannot-encode'
  | 'cannot-copy'
  | 'differs'
  | 'no-space'
  | 'no-storage'
  | 'stopped';

export class CopyError extends Error {
  override readonly name = 'CopyError';
  readonly problem: CopyProblem;

  constructor(problem: CopyProblem, options?: ErrorOptions) {
    super(`no copy of the film: ${problem}`, options);
    this.problem = problem;
  }
}

/** What any failure means for the person. */
export function problemOf(error: unknown): CopyProblem {
  if (error instanceof CopyError) return error.problem;
  return isQuotaExceeded(error) ? 'no-space' : 'stopped';
}

/** By name: newer browsers have a class of its own for it. */
export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
