import type { RejectionCode } from '../../engine/index.js';
import type { Format, TimeLeft } from '../format/index.js';
import { count, fill } from './fill.js';
import type { FailureParams, FileKind, RejectionParams, RejectionText } from './params.js';
import type { Plural, Words } from './words.js';

export interface Counted {
  readonly count: number;
  readonly kind: FileKind;
}

/** "3 videos", in the language's plural form. */
const thingsOf = (words: Words, n: number, kind: FileKind, f: Format) => count(words.things[kind], n, f);

/** A sentence about so many things of a kind. */
const about =
  (words: Words, text: string) =>
  ({ count: n, kind }: Counted, f: Format): string =>
    fill(text, { things: thingsOf(words, n, kind, f) });
const plural =
  (text: Plural) =>
  (n: number, f: Format): string =>
    count(text, n, f);
const ofBytes =
  (text: string) =>
  (bytes: string): string =>
    fill(text, { bytes });
/** A reason for waiting, and when the next attempt is made. */
const untilRetry =
  (words: Words, text: string) =>
  ({ seconds }: { seconds: number }, f: Format): readonly string[] => [
    text,
    seconds > 0 ? fill(words.nextTry, { time: f.duration(seconds) }) : words.tryingAgain,
  ];
const named =
  (text: string) =>
  (name: string): string =>
    fill(text, { name });
const ofMany =
  ({ many }: Words, text: string) =>
  (kind: FileKind): string =>
    fill(text, { many: many[kind] });

/** Everything that takes parameters or is made of several words; its type is that part of {@link Messages}. */
export function composeSentences(words: Words) {
  return {
    ...zoneSentences(words),
    ...dragSentences(words),
    ...rowSentences(words),
    ...unfinishedSentences(words),
    ...rejectionSentences(words),
    ...totalSentences(words),
    ...detailsSentences(words),
    ...spokenSentences(words),
  };
}

/** What the drop zone says at rest, while it reads, and when it is full. */
function zoneSentences(words: Words) {
  return {
    dropHere: ofMany(words, words.dropHere),
    addMore: (kind: FileKind): { readonly before: string; readonly action: string } => ({
      before: fill(words.addMore, { many: words.many[kind] }),
      action: fill(words.addMoreAction, { many: words.many[kind] }),
    }),
    pasteWorks: words.pasteWorks,
    addTouch: ofMany(words, words.addTouch),
    /** For `{many}` in a label. */
    manyOf: (kind: FileKind): string => words.many[kind],
    /** What is taken, and what is good to know; each is true here. */
    acceptNote: (
      { types, maxSizeBytes, maxDurationSeconds, canPaste, canResume }: AcceptParams,
      f: Format,
    ): readonly string[] => {
      const time = maxDurationSeconds === undefined ? '' : f.duration(maxDurationSeconds);
      const size = maxSizeBytes === undefined ? '' : f.bytes(maxSizeBytes);
      return [
        types.join(', '),
        size && fill(words.acceptSize, { size }),
        time && fill(words.acceptTime, { time }),
        canPaste ? words.pasteWorks : '',
        canResume ? words.resumes : '',
      ].filter(Boolean);
    },
    reading: ({ count: n }: { count: number }, f: Format): string =>
      n ? count(words.reading, n, f) : words.readingUncounted,
    adding: ({ done, of }: { done: number; of: number }, f: Format): string =>
      fill(words.adding, { done: f.number(done), of: f.number(of) }),
    places: ({ taken, of }: { taken: number; of: number }, f: Format): string =>
      fill(words.places, { taken: f.number(taken), of: f.number(of) }),
    full: ({ of }: { of: number; kind: FileKind }, f: Format): string => count(words.full, of, f),
  };
}

export interface AcceptParams {
  readonly types: readonly string[];
  readonly kind: FileKind;
  readonly maxSizeBytes: number | undefined;
  readonly maxDurationSeconds?: number | undefined;
  readonly canPaste?: boolean;
  readonly canResume?: boolean;
}

/** What is said while files are dragged over the zone or the page. */
function dragSentences(words: Words) {
  const { many, one } = words;
  return {
    dragAccept: ({ count: n, kind }: Counted, f: Format): string =>
      fill(n ? words.dragAccept : words.dragAcceptUncounted, {
        things: thingsOf(words, n, kind, f),
        many: many[kind],
      }),
    dragAcceptNote: plural(words.dragAcceptNote),
    dragMixed: ({ count: n, left, kind }: Counted & { left: number }, f: Format): string =>
      fill(words.dragMixed, { things: thingsOf(words, n, kind, f), left: count(words.dragLeft, left, f) }),
    dragReject: ({ count: n, kind, type }: Counted & { type: string | undefined }, f: Format): string =>
      count(words.dragReject, n, f, { type, one: one?.[kind], many: many[kind] }),
    dragUnknown: ({ count: n }: { count: number }, f: Format): string =>
      n ? count(words.dragUnknown, n, f) : words.dragUnknownUncounted,
    dragRejectNote: ({ types }: { types: readonly string[]; kind: FileKind }, f: Format): string =>
      types.length ? fill(words.dragRejectNote, { types: f.list(types) }) : '',
    dropAnywhere: ({ count: n, kind }: Counted, f: Format): string =>
      n
        ? fill(words.dropAnywhere, { things: thingsOf(words, n, kind, f) })
        : fill(words.dragAcceptUncounted, { many: many[kind] }),
  };
}

/** The second line of a row, in each status; lists are joined by dots, and all but the first are muted. */
function rowSentences(words: Words) {
  return {
    queued: ({ ahead }: { ahead: number }, f: Format): readonly string[] => [
      words.queued,
      ahead > 0 ? count(words.ahead, ahead, f) : words.next,
    ],
    finishing: plural(words.finishing),
    bytesOf: (params: { done: string; total: string }): string => fill(words.bytesOf, params),
    timeLeft: (left: TimeLeft, f: Format): string => timeLeft(left, words, f),
    waitingNetwork: [words.waitingNetwork, words.goesOn] as readonly string[],
    bytesKept: ofBytes(words.bytesKept),
    waitingCloud: untilRetry(words, words.waitingCloud),
    waitingRateLimit: untilRetry(words, words.waitingRateLimit),
    bytesSent: ofBytes(words.bytesSent),
    processing: [words.processing, words.canLeave] as readonly string[],
    canceled: {
      none: [words.canceled],
      pending: [words.canceled, words.cleaningUp],
      done: [words.canceled, words.nothingKept],
      failed: [words.canceled, words.clearedLater],
    } as Record<'none' | 'pending' | 'done' | 'failed', readonly string[]>,
    playerLabel: named(words.playerLabel),
    sentWillBeDeleted: ofBytes(words.sentWillBeDeleted),
    deletedIn: (params: { bytes: string; time: string }): string => fill(words.deletedIn, params),
    resumesAt: (percent: string): string => fill(words.resumesAt, { percent }),
    progressText: (
      { percent, timeLeft: left }: { percent: number; timeLeft: string | undefined },
      f: Format,
    ): string => [count(words.percent, percent, f), left].filter(Boolean).join(', '),
    stoppedAt: (percent: number, f: Format): string => fill(words.stoppedAt, { percent: f.percent(percent) }),
    triedAndKept: (params: FailureParams, f: Format): string => triedAndKept(params, words, f),
  };
}

/** The cards of unfinished uploads. */
function unfinishedSentences(words: Words) {
  return {
    unfinished: ({ name, percent }: { name: string; percent: number }, f: Format): string =>
      fill(words.unfinished, { name, percent: f.percent(percent) }),
    /** `name`: of the file that was given, where it differs from that of the upload. */
    wrongFile: ({ name }: { name: string | undefined }): string =>
      name === undefined ? words.wrongFile : fill(words.wrongFileNamed, { name }),
    bytesStored: ofBytes(words.bytesStored),
    stoppedWhen: (moment: string): string => fill(words.stoppedWhen, { moment }),
    unfinishedCount: plural(words.unfinishedCount),
  };
}

/** The card of rejected files. */
function rejectionSentences(words: Words) {
  return {
    rejected: ({ count: n, of }: { count: number; of: number }, f: Format): string => {
      if (of === 1) return words.rejectedFile;
      return n === of
        ? count(words.rejectedAll, n, f)
        : fill(words.rejectedSome, { count: f.number(n), files: count(words.rejectedOf, of, f) });
    },
    rejectedReason: ({ text, count: n }: { text: string; count: number }, f: Format): string =>
      n > 1 ? fill(words.rejectedCount, { text, count: f.number(n) }) : text,
    /** A name in a group, with what the file has: `full length.mov is 1 h 42 min`. */
    rejectedActual: (
      { name, code, actual }: { name: string; code: RejectionCode; actual: number },
      f: Format,
    ): string => fill(words.rejectedActual, { name, actual: measure(code, actual, f) }),
    rejectedMore: ({ count: n }: { count: number }, f: Format): string => count(words.rejectedMore, n, f),
    rejections: reasons(words),
  };
}

type MeasuredCode = Exclude<keyof Words['rejections'], 'too-many-files'>;

/** As people know them; the others by their name in capitals. */
const codecNames: Readonly<Record<string, string>> = { avc: 'H.264 (AVC)', hevc: 'H.265 (HEVC)' };
export const codecName = (name: string) => codecNames[name] ?? name.toUpperCase();

function reasons(words: Words): Record<RejectionCode, RejectionText> {
  const sentences: Partial<Record<MeasuredCode, string>> = words.rejectionSentences;
  const reason =
    (code: MeasuredCode): RejectionText =>
    ({ limit, actual, message }, f) => {
      const isWhole = actual !== undefined && limit !== undefined;
      return fill((isWhole ? sentences[code] : undefined) ?? words.rejections[code], {
        limit: measure(code, limit, f),
        actual: message === undefined ? measure(code, actual, f) : codecName(message),
      });
    };
  const codes = Object.keys(words.rejections).filter((code) => code !== 'too-many-files') as MeasuredCode[];
  const measured = Object.fromEntries(codes.map((code) => [code, reason(code)])) as Record<
    MeasuredCode,
    RejectionText
  >;
  return {
    ...measured,
    'file-invalid-type': ({ kind }: RejectionParams) => words.rejectedType[kind],
    'too-many-files': (params, f) => {
      if (params.limit === undefined) return words.rejectedNoPlace;
      return params.limit === 1
        ? words.rejectedOnlyOne
        : count(words.rejections['too-many-files'], params.limit, f);
    },
    custom: ({ message = '' }) => message,
  };
}

/** The line about all uploads, and the dock's. */
function totalSentences(words: Words) {
  return {
    totalUploading: about(words, words.totalUploading),
    totalPaused: about(words, words.totalPaused),
    totalNotStarted: about(words, words.totalNotStarted),
    totalProcessing: about(words, words.totalProcessing),
    totalReady: about(words, words.totalReady),
    totalFailed: about(words, words.totalFailed),
    readyIn: (params: { bytes: string; time: string }): string => fill(words.readyIn, params),
    countReady: plural(words.countReady),
    readyOf: ({ count: n, of }: { count: number; of: number }, f: Format): string =>
      count(words.readyOf, n, f, { of: f.number(of) }),
    needsAttention: plural(words.needsAttention),
    uploadsNeedAttention: plural(words.uploadsNeedAttention),
    cancelAllQuestion: plural(words.cancelAllQuestion),
    readyStay: ofMany(words, words.readyStay),
    listLabel: ofMany(words, words.listLabel),
  };
}

/** The details dialog. */
function detailsSentences(words: Words) {
  return {
    detailsLabel: named(words.detailsLabel),
    coverAt: (time: string): string => fill(words.coverAt, { time }),
    positionOf: (params: { at: string; of: string }): string => fill(words.positionOf, params),
    pictureType: (types: readonly string[], f: Format): string =>
      fill(words.pictureType, { types: f.list(types, 'or') }),
    tooLarge: (limitBytes: number, f: Format): string => fill(words.tooLarge, { limit: f.bytes(limitBytes) }),
    removeNamed: named(words.removeNamed),
    lines: plural(words.lines),
    subtitleTrouble: ({ what, line }: SubtitleTrouble, f: Format): string => {
      const texts: Record<SubtitleTrouble['what'], Plural> = {
        unreadable: words.subtitleUnreadable,
        encoding: words.subtitleEncoding,
        empty: words.subtitleEmpty,
        time: words.subtitleTime,
        backwards: words.subtitleBackwards,
      };
      return count(texts[what], line, f);
    },
  };
}

export interface SubtitleTrouble {
  readonly what: 'unreadable' | 'encoding' | 'empty' | 'time' | 'backwards';
  readonly line: number;
}

/** Uploads by their names. */
interface Named {
  readonly names: readonly string[];
  readonly kind: FileKind;
}

/** One by its name, several by their number. */
const subject = (words: Words, { names, kind }: Named, f: Format) =>
  names.length === 1 ? names[0] : thingsOf(words, names.length, kind, f);

/** What is announced to screen readers. */
function spokenSentences(words: Words) {
  return {
    sayReady: ({ names, kind }: Named, f: Format): string =>
      names.length === 1
        ? fill(words.sayReady, { name: names[0] })
        : about(words, words.totalReady)({ count: names.length, kind }, f),
    sayPaused: ({ percent, ...named }: Named & { percent: number | undefined }, f: Format): string =>
      [
        fill(words.totalPaused, { things: subject(words, named, f) }),
        percent === undefined ? '' : count(words.percent, percent, f),
      ]
        .filter(Boolean)
        .join(', '),
    sayResumed: (named: Named, f: Format): string =>
      fill(words.totalUploading, { things: subject(words, named, f) }),
    sayCanceled: (named: Named, f: Format): string => `${words.canceled}: ${subject(words, named, f)}`,
    sayRemoved: (named: Named, f: Format): string => `${words.removedFromList}: ${subject(words, named, f)}`,
    /** After what can be taken back: "Canceled: talk.mp4. Undo: 6 s". */
    sayUndo: (what: string, time: string): string => `${what}. ${words.undo}: ${time}`,
    sayFailed: (params: { name: string; what: string }): string => fill(words.sayFailed, params),
    sayFailedMany: ({ count: n, kind }: Counted, f: Format): string =>
      count(words.sayFailedMany, n, f, { things: thingsOf(words, n, kind, f) }),
    sayPercent: plural(words.sayPercent),
  };
}

function timeLeft(left: TimeLeft, words: Words, f: Format): string {
  switch (left.unit) {
    case 'seconds':
      return fill(words.left, { time: f.duration(left.seconds) });
    case 'minutes':
      return fill(words.left, { time: f.duration(left.minutes * 60) });
    case 'hours':
      return fill(words.left, { time: f.duration(left.hours * 3600 + left.minutes * 60) });
    case 'more-than-a-day':
      return words.leftDays;
    default:
      return left satisfies never;
  }
}

function triedAndKept({ attempts = 1, sentBytes, isKept }: FailureParams, words: Words, f: Format): string {
  const bytes = isKept && sentBytes > 0 ? f.bytes(sentBytes) : undefined;
  if (attempts > 1)
    return count(bytes === undefined ? words.triedNothingKept : words.triedAndKept, attempts, f, { bytes });
  return bytes === undefined ? words.nothingIsKept : fill(words.isKept, { bytes });
}

/** A limit, or what a file has, in its own unit. */
function measure(code: RejectionCode, value: number | undefined, f: Format): string | undefined {
  if (value === undefined) return undefined;
  if (code.startsWith('file-too-')) return f.bytes(value);
  if (code.startsWith('duration-')) return f.duration(value);
  return code.startsWith('resolution-') ? `${f.plain(value)}p` : f.number(value);
}
