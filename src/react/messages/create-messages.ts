import type { RejectionCode } from '../../engine/index.js';
import type { Format, TimeLeft } from '../format/index.js';
import type { FailureParams, FileKind, Messages, RejectionParams } from './messages.js';
import type { Plural, Words } from './words.js';

type Facts = Readonly<Record<string, string | number | undefined>>;

/** Puts facts into a sentence. What is missing leaves no double space behind. */
export function fill(text: string, facts: Facts): string {
  return text
    .replace(/\{(\w+)\}/g, (_match, name: string) => String(facts[name] ?? ''))
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Turns the plain words of a language into what the widget asks for. The only place that knows how words are put together. */
export function createMessages(words: Words): Messages {
  const { things, many, one, rejectedType, rejections, rejectionSentences, ...plain } = words;
  const count = (text: Plural, n: number, f: Format, facts: Facts = {}) =>
    fill(typeof text === 'string' ? text : f.plural(n, text), { n: f.number(n), ...facts });
  const thingsOf = (n: number, kind: FileKind, f: Format) => count(things[kind], n, f);
  const about =
    (text: string) =>
    ({ count: n, kind }: { count: number; kind: FileKind }, f: Format) =>
      fill(text, { things: thingsOf(n, kind, f) });
  const ofBytes = (text: string) => (bytes: string) => fill(text, { bytes });
  const named = (text: string) => (name: string) => fill(text, { name });
  const plural = (text: Plural) => (n: number, f: Format) => count(text, n, f);

  const rejection =
    (code: Exclude<RejectionCode, 'file-invalid-type' | 'custom'>) =>
    ({ limit, actual, message }: RejectionParams, f: Format) => {
      const [text, sentence] = [rejections[code], rejectionSentences[code]];
      const facts = {
        limit: measure(code, limit, f),
        actual: message?.toUpperCase() ?? measure(code, actual, f),
      };
      return fill(
        sentence !== undefined && actual !== undefined && limit !== undefined ? sentence : text,
        facts,
      );
    };

  return {
    ...plain,
    dropHere: (kind) => fill(words.dropHere, { many: many[kind] }),
    addMore: (kind) => ({ before: fill(words.addMore, { many: many[kind] }), action: words.addMoreAction }),
    acceptNote: ({ types, maxSizeBytes, maxDurationSeconds }, f) => {
      const time = maxDurationSeconds === undefined ? undefined : f.duration(maxDurationSeconds);
      const size = maxSizeBytes === undefined ? undefined : f.bytes(maxSizeBytes);
      const limit =
        size === undefined
          ? words.acceptTime
          : time === undefined
            ? words.acceptSize
            : words.acceptSizeAndTime;
      return [
        types.length ? fill(words.acceptTypes, { types: f.list(types, 'or') }) : '',
        size === undefined && time === undefined ? '' : fill(limit, { size, time }),
      ]
        .filter(Boolean)
        .join(' ');
    },
    dragAccept: ({ count: n, kind }, f) =>
      fill(n ? words.dragAccept : words.dragAcceptUncounted, {
        things: thingsOf(n, kind, f),
        many: many[kind],
      }),
    dragMixed: ({ count: n, left, kind }, f) =>
      fill(words.dragMixed, { things: thingsOf(n, kind, f), left: count(words.dragLeft, left, f) }),
    dragReject: ({ count: n, kind, type }, f) =>
      count(words.dragReject, n, f, { type, one: one?.[kind], many: many[kind] }),
    dragUnknown: ({ count: n }, f) => (n ? count(words.dragUnknown, n, f) : words.dragUnknownUncounted),
    dragRejectNote: ({ types }, f) =>
      types.length ? fill(words.dragRejectNote, { types: f.list(types) }) : '',
    dropAnywhere: ({ count: n, kind }, f) =>
      n
        ? fill(words.dropAnywhere, { things: thingsOf(n, kind, f) })
        : fill(words.dragAcceptUncounted, { many: many[kind] }),
    reading: ({ count: n }, f) => (n ? count(words.reading, n, f) : words.readingUncounted),
    places: ({ taken, of }, f) => fill(words.places, { taken: f.number(taken), of: f.number(of) }),
    full: ({ of }, f) => count(words.full, of, f),

    queued: ({ ahead }, f) => (ahead > 0 ? [words.queued, count(words.ahead, ahead, f)] : [words.queued]),
    bytesOf: (facts) => fill(words.bytesOf, facts),
    timeLeft: (left, f) => timeLeft(left, words, count, f),
    waitingNetwork: [words.waitingNetwork, words.goesOn],
    bytesKept: ofBytes(words.bytesKept),
    waitingCloud: ({ seconds }, f) => [
      words.waitingCloud,
      seconds > 0 ? count(words.nextTry, seconds, f) : words.tryingAgain,
    ],
    bytesSent: ofBytes(words.bytesSent),
    processing: [words.processing, words.canLeave],
    canceled: {
      none: [words.canceled],
      pending: [words.canceled, words.cleaningUp],
      done: [words.canceled, words.nothingKept],
      failed: [words.canceled, words.clearedLater],
    },
    playerLabel: named(words.playerLabel),
    sentWillBeDeleted: ofBytes(words.sentWillBeDeleted),
    progressText: ({ percent, timeLeft: left }, f) =>
      [count(words.percent, percent, f), left].filter(Boolean).join(', '),

    stoppedAt: (percent, f) => fill(words.stoppedAt, { percent: f.percent(percent) }),
    triedAndKept: (facts, f) => triedAndKept(facts, words, count, f),
    errors: {},

    unfinished: ({ name, percent }, f) => fill(words.unfinished, { name, percent: f.percent(percent) }),
    wrongFile: ({ name }) => (name === undefined ? words.wrongFile : fill(words.wrongFileNamed, { name })),
    bytesStored: ofBytes(words.bytesStored),
    stoppedWhen: (moment) => fill(words.stoppedWhen, { moment }),
    storedWillBeDeleted: ofBytes(words.storedWillBeDeleted),

    rejected: ({ count: n, of }, f) => {
      if (of === 1) return words.rejectedFile;
      return n === of
        ? count(words.rejectedAll, n, f)
        : fill(words.rejectedSome, { count: f.number(n), files: count(words.rejectedOf, of, f) });
    },
    rejectedReason: ({ text, count: n }, f) =>
      n > 1 ? fill(words.rejectedCount, { text, count: f.number(n) }) : text,
    rejectedActual: ({ name, code, actual }, f) =>
      fill(words.rejectedActual, { name, actual: measure(code, actual, f) }),
    rejectedMore: ({ count: n }, f) => count(words.rejectedMore, n, f),
    rejections: {
      'file-invalid-type': ({ kind }) => rejectedType[kind],
      'file-too-large': rejection('file-too-large'),
      'file-too-small': rejection('file-too-small'),
      'too-many-files': (facts, f) =>
        facts.limit === undefined
          ? words.rejectedNoPlace
          : facts.limit === 1
            ? words.rejectedOnlyOne
            : rejection('too-many-files')(facts, f),
      'file-empty': rejection('file-empty'),
      'file-unreadable': rejection('file-unreadable'),
      'duration-too-long': rejection('duration-too-long'),
      'duration-too-short': rejection('duration-too-short'),
      'resolution-too-high': rejection('resolution-too-high'),
      'resolution-too-low': rejection('resolution-too-low'),
      'codec-not-accepted': rejection('codec-not-accepted'),
      custom: ({ message = '' }) => message,
    },

    totalUploading: about(words.totalUploading),
    totalPaused: about(words.totalPaused),
    totalNotStarted: about(words.totalNotStarted),
    totalProcessing: about(words.totalProcessing),
    totalReady: about(words.totalReady),
    totalFailed: about(words.totalFailed),
    countReady: plural(words.countReady),
    readyOf: ({ count: n, of }, f) => count(words.readyOf, n, f, { of: f.number(of) }),
    needsAttention: plural(words.needsAttention),
    uploadsNeedAttention: plural(words.uploadsNeedAttention),
    cancelAllQuestion: plural(words.cancelAllQuestion),
    readyStay: (kind) => fill(words.readyStay, { many: many[kind] }),
    listLabel: (kind) => fill(words.listLabel, { many: many[kind] }),

    detailsLabel: named(words.detailsLabel),
    coverAt: (time) => fill(words.coverAt, { time }),
    coverNamed: named(words.coverNamed),
    positionOf: (facts) => fill(words.positionOf, facts),
    pictureType: (types, f) => fill(words.pictureType, { types: f.list(types, 'or') }),
    tooLarge: (limit, f) => fill(words.tooLarge, { limit: f.bytes(limit) }),
    removeNamed: named(words.removeNamed),
    lines: plural(words.lines),
    subtitleTrouble: ({ what, line }, f) => {
      const text = {
        unreadable: words.subtitleUnreadable,
        empty: words.subtitleEmpty,
        time: words.subtitleTime,
        backwards: words.subtitleBackwards,
      }[what];
      return fill(text, { n: f.number(line) });
    },

    sayReady: ({ names, kind }, f) =>
      names.length === 1
        ? fill(words.sayReady, { name: names[0] })
        : fill(words.totalReady, { things: thingsOf(names.length, kind, f) }),
    sayFailed: (facts) => fill(words.sayFailed, facts),
    sayFailedMany: about(words.sayFailedMany),
    sayPercent: plural(words.sayPercent),
  };
}

type Count = (text: Plural, n: number, f: Format, facts?: Facts) => string;

function timeLeft(left: TimeLeft, words: Words, count: Count, f: Format): string {
  switch (left.unit) {
    case 'seconds':
      return count(words.leftSeconds, left.seconds, f);
    case 'minutes':
      return count(words.leftMinutes, left.minutes, f);
    case 'hours':
      return left.minutes
        ? fill(words.leftHoursMinutes, { hours: f.number(left.hours), minutes: f.number(left.minutes) })
        : count(words.leftHours, left.hours, f);
    case 'more-than-a-day':
      return words.leftDays;
    default:
      return left satisfies never;
  }
}

function triedAndKept(
  { attempts = 1, sentBytes, isKept }: FailureParams,
  words: Words,
  count: Count,
  f: Format,
): string {
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
