import type { UploadErrorCode } from '../../engine/index.js';
import type { Format } from '../format/index.js';
import type { composeSentences } from './create-messages.js';
import { overlay } from './overlay.js';
import type { Labels } from './words.js';

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

/**
 * Every word the widget says. Functions get parameters and the {@link Format} of the locale, so that plurals, digits and
 * units are right in each language. Override single keys with the `messages` prop.
 */
export type Messages = Labels &
  ReturnType<typeof composeSentences> & {
    /** Loaded apart, with the first upload. */
    readonly errors: Partial<Record<UploadErrorCode, FailureText>>;
  };

/** The sentences for a code, also while its own words have not been loaded. */
export function failureText({ errors, failed }: Messages, code: UploadErrorCode): FailureText {
  return errors[code] ?? errors.internal ?? { what: failed, todo: '' };
}

/** Replaces single texts; what is absent or undefined stays. */
export type MessageOverrides = Partial<Omit<Messages, 'errors' | 'rejections' | 'canceled'>> & {
  readonly errors?: Partial<Messages['errors']>;
  readonly rejections?: Partial<Messages['rejections']>;
  readonly canceled?: Partial<Messages['canceled']>;
};

/** Lays overrides over a full set. */
export function mergeMessages(base: Messages, overrides: MessageOverrides = {}): Messages {
  return {
    ...overlay(base, overrides),
    errors: overlay(base.errors, overrides.errors),
    rejections: overlay(base.rejections, overrides.rejections),
    canceled: overlay(base.canceled, overrides.canceled),
  };
}
