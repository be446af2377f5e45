import type { Plural } from '../../messages/words.js';

/** English. Loaded with trimming and shrinking, so the page of a host that has neither is not heavier. */
export const en = {
  trim: 'Trim',
  start: 'Start',
  end: 'End',
  playhead: 'Position',
  startAt: 'Start {time}',
  endAt: 'End {time}',
  mode: 'How to cut',
  lossless: 'Lossless',
  exact: 'Exact',
  losslessNote: 'Cut at the nearest key frames. Nothing is encoded again.',
  exactNote: 'Cut on the frame. The picture is encoded again.',
  keyStart: 'start here',
  keyEnd: 'end here',
  keyFrame: 'one frame',
  keyPlay: 'plays the cut',
  notChanged: 'Saved in this browser. The file on your disk is not changed.',
  reset: 'Reset',
  apply: 'Apply',
  back: 'Back',
  reading: 'Reading the film',
  cutting: 'Cutting',
  sentQuestion: '{size} were sent already. The cut is sent from its beginning.',
  sendAnew: 'Cut and send again',
  sayTrimmed: 'Trimmed to {time}',
  cannotTrim: 'This film cannot be trimmed here',
  tooLate: 'It was sent meanwhile, so it can no longer be trimmed.',

  smallerCopy: 'Send a smaller copy?',
  original: 'Original',
  untouched: 'untouched',
  soundCopied: 'sound copied as it is',
  about: 'about {value}',
  timesNote: 'Times include shrinking and sending at {speed}.',
  noTimes: 'How long it takes is not known before the line has been measured.',
  useForAll: { one: 'Use for {n} more video of this drop', other: 'Use for {n} more videos of this drop' },
  sendOriginal: 'Send original',
  sendSmaller: 'Send {lines}',
  always: 'Videos are sent at {lines} here',
  alwaysNote: 'At most {lines} and {speed}. Your files are not changed.',
  copies: 'Smaller copies',
  shrinking: 'Shrinking to {lines}',
  waiting: 'Waiting to shrink',
  cannotShrink: 'Cannot shrink here, sending the original',
  interrupted: 'Not sent yet',
  interruptedNote: 'The page was closed while a smaller copy was made.',
  shrinkAgain: 'Shrink again',
  chooseAgain: 'Choose the file',
  wrongFile: 'That is another file.',

  problems: {
    'cannot-read': 'This kind of file cannot be read here.',
    'cannot-decode': 'This browser cannot decode the video.',
    'cannot-encode': 'This browser cannot encode the video.',
    'cannot-copy': 'A stream of this file cannot be copied.',
    differs: 'The copy was not like the original, and was discarded.',
    'no-space': 'This device has no space for a copy.',
    'no-storage': 'This browser keeps no files for pages.',
    stopped: 'It was stopped before it was done.',
  },
  notLoaded: 'This could not be loaded. Check the network and try again.',
} as const;

type Widen<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : { readonly [Name in keyof T]: Widen<T[Name]> };

/** What trimming and shrinking say, in one language. `{name}` stands for a value. */
export type TrimWords = Widen<typeof en>;
