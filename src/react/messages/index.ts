export { completeWords } from './complete-words.js';
export { createMessages } from './create-messages.js';
export { enWords } from './en.js';
export { isRightToLeft, loadFailures, loadLocale, localeTags, matchLocale } from './load.js';
export * from './messages.js';
export type { CompleteLocale, FailureWords, Labels, Locale, PartialWords, Plural, Words } from './words.js';
