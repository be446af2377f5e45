export { completeWords, enWords } from './complete-words.js';
export { createMessages } from './create-messages.js';
export { isRightToLeft, loadFailures, loadLocale, localeTags, matchLocale } from './load.js';
export * from './messages.js';
export * from './params.js';
export type { CompleteLocale, FailureWords, Labels, Locale, PartialWords, Plural, Words } from './words.js';
