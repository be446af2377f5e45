import type { Plural } from '../../messages/words.js';

/** English. Loaded with the notes, so the page of a host that has none of them is not heavier. */
export const en = {
  title: { one: '{n} thing to know before sending', other: '{n} things to know before sending' },
  titleSent: { one: '{n} thing to know', other: '{n} things to know' },
  hint: 'Uploads go on; change what you like.',
  keep: 'Keep all',
  remove: 'Remove',
  removeAll: 'Remove {n}',
  skip: 'Skip it',
  skipAll: 'Skip {n}',
  depth: '{codec}, {n} bit',
  hdr: 'HDR',
  noSound: 'No sound',
  vertical: 'Vertical',
  incomplete: 'Cut off',
  sameVideo: 'The same video again',
  codecText: 'Not every browser plays {file} as it is.',
  hdrText: 'Colors of {file} look different on screens without HDR.',
  noSoundText: '{file} has no audio track.',
  verticalText: '{file} is {size}.',
  incompleteText: 'The end of {file} is missing.',
  sameVideoText: '{file} is the same video as {other}.',
  sentBeforeText: '{file} was sent before: {moment}.',
} as const;

type Widen<T> = { readonly [Name in keyof T]: T[Name] extends string ? string : Plural };

/** What is said of files before they are sent, in one language. `{name}` stands for a value. */
export type NoteWords = Widen<typeof en>;
