import type { Format } from '../format/index.js';

/** What the widget calls the things that are added. Follows from `accept`. */
export type FileKind = 'video' | 'audio' | 'image' | 'file';

/** Parameters of a failure's sentences. */
export interface FailureParams {
  /** Whole percent that had been sent. */
  readonly percent: number;
  readonly sentBytes: number;
  readonly attempts: number | undefined;
  /** True when a retry resumes from the bytes already stored. */
  readonly isKept: boolean;
}

/** The two sentences that depend on the code: what happened, and what the person can do. */
export interface FailureText {
  readonly what: string;
  readonly todo: string;
  /** Replaces the sentence on what was tried and what is kept, where the code says more. */
  readonly kept?: string;
}

/** Parameters of one reason for rejecting files. */
export interface RejectionParams {
  readonly kind: FileKind;
  readonly limit: number | undefined;
  /** What the file has, in the unit of the limit. Set when it is the only one with this reason. */
  readonly actual?: number | undefined;
  readonly message?: string | undefined;
}

/** One reason for rejecting files: of several files a heading, `Larger than 20 GB`; of one a sentence with what it has. */
export type RejectionText = (params: RejectionParams, f: Format) => string;
