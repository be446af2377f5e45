import type { UploadErrorCode } from '../../engine/index.js';
import { overlay } from './overlay.js';
import type { FailureText } from './params.js';
import type { composeSentences } from './sentences.js';
import type { NoteWords, SourceWords, TrimWords } from './en-on-demand.js';
import type { Labels } from './words.js';

/**
 * Every word the widget says. Functions get parameters and the {@link Format} of the locale, so that plurals, digits and
 * units are right in each language. Override single keys with the `messages` prop.
 */
export type Messages = Labels &
  ReturnType<typeof composeSentences> & {
    /** Loaded apart, with the first upload. */
    readonly errors: Partial<Record<UploadErrorCode, FailureText>>;
    /** The host's own words for link, camera, screen and the picture chosen by touch; the others are loaded with them. */
    readonly sources: Partial<SourceWords>;
    /** The host's own words for what is worth knowing of files; the others are loaded with the first of it. */
    readonly notes: Partial<NoteWords>;
    /** The host's own words for trimming and shrinking. */
    readonly trim: Partial<TrimWords>;
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
