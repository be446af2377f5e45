import { errors } from '../messages/en-errors.js';
import { enWords } from '../messages/complete-words.js';
import type { CompleteLocale, FailureText, FailureWords } from '../messages/index.js';
import type { UploadErrorCode } from '../../engine/index.js';

const entries = Object.entries(errors) as [UploadErrorCode, FailureText][];

/** English, which the widget has anyway; for those who want to start from it. */
export const en: CompleteLocale = {
  tag: 'en',
  words: enWords,
  failures: Object.fromEntries(
    entries.map(([code, { what, todo, kept }]): [string, FailureWords] => [
      code,
      kept === undefined ? [what, todo] : [what, todo, kept],
    ]),
  ) as Record<UploadErrorCode, FailureWords>,
};
