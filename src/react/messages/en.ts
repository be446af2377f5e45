import type { Format, TimeLeft } from '../format/index.js';
import { errors } from './en-errors.js';
import type { FailureFacts, FileKind, Messages } from './messages.js';

const nouns: Record<FileKind, readonly [one: string, other: string]> = {
  video: ['video', 'videos'],
  audio: ['audio file', 'audio files'],
  image: ['picture', 'pictures'],
  file: ['file', 'files'],
};
const articles: Record<FileKind, string> = { video: 'a video', audio: 'an audio file', image: 'a picture', file: 'a file' };
const many = (kind: FileKind) => nouns[kind][1];

const things = (count: number, kind: FileKind, f: Format) =>
  f.plural(count, { one: `${f.number(count)} ${nouns[kind][0]}`, other: `${f.number(count)} ${many(kind)}` });

/** English. */
export const en: Messages = {
  dropHere: (kind) => `Drop ${many(kind)} or folders here`,
  addMore: (kind) => ({ before: `Add more ${many(kind)}: drop them here or`, action: 'choose files' }),
  addMoreShort: 'Add more: drop or',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  acceptNote: ({ types, maxSizeBytes }, f) => {
    const kinds = types.length ? `${orList(types)}.` : '';
    const size = maxSizeBytes === undefined ? '' : `Up to ${f.bytes(maxSizeBytes)} each.`;
    return [kinds, size].filter(Boolean).join(' ');
  },
  dragAccept: ({ count, kind }, f) => (count ? `Drop to add ${things(count, kind, f)}` : `Drop to add ${many(kind)}`),
  dragMixed: ({ count, left, kind }, f) =>
    `Drop to add ${things(count, kind, f)}; ${f.plural(left, { one: '1 other file', other: `${f.number(left)} other files` })} will be left out`,
  dragReject: ({ count, kind, type }, f) => {
    const noun = type ? `${type} ` : '';
    return f.plural(count, {
      one: `This ${noun}file is not ${articles[kind]}`,
      other: `These ${f.number(count)} ${noun}files are not ${many(kind)}`,
    });
  },
  dragUnknown: ({ count }, f) =>
    count ? `Drop to check ${f.plural(count, { one: '1 item', other: `${f.number(count)} items` })}` : 'Drop to check the files',
  dragAcceptNote: 'They start at once.',
  dragRejectNote: ({ types, kind }) => (types.length ? `${andList(types)} can be added here.` : `Only ${many(kind)} can be added here.`),
  dragUnknownNote: 'Folders and some file types can only be read once dropped.',
  reading: ({ count }, f) => (count ? `Reading ${f.plural(count, { one: '1 file', other: `${f.number(count)} files` })}…` : 'Reading files…'),
  places: ({ taken, of }, f) => `${f.number(taken)} of ${f.number(of)}`,
  full: ({ of, kind }, f) =>
    of === 1
      ? `The one place is taken. Remove the ${nouns[kind][0]} to add another.`
      : `All ${f.number(of)} places are taken. Remove a ${nouns[kind][0]} to add another.`,
  closed: 'Uploads are closed',
  dropzoneLabel: 'Add files',

  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Retry',
  remove: 'Remove',
  play: 'Play',
  closePlayer: 'Close player',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  clearList: 'Clear list',
  copyDetails: 'Copy details',
  discard: 'Discard',
  chooseFile: 'Choose the file…',
  dismiss: 'Dismiss',
  signIn: 'Sign in',
  keepUploading: 'Keep uploading',
  keep: 'Keep',
  cancelUpload: 'Cancel upload',
  cancelUploads: 'Cancel uploads',
  copyMediaId: 'Copy media ID',

  queued: ({ ahead }, f) => (ahead > 0 ? ['Next in line', `${f.number(ahead)} ahead`] : ['Next in line']),
  checking: 'Checking the file',
  bytesOf: ({ done, total }) => `${done} of ${total}`,
  timeLeft,
  paused: 'Paused',
  waitingNetwork: ['Waiting for the network', 'goes on by itself'],
  waitingSignIn: 'Sign in again to go on',
  bytesKept: (bytesOf) => `${bytesOf} are kept`,
  waitingCloud: ({ seconds }, f) =>
    seconds > 0 ? ['The cloud is busy', `next try in ${f.number(seconds)} s`] : ['The cloud is busy', 'trying again'],
  confirming: 'Confirming',
  bytesSent: (bytes) => `${bytes} sent`,
  processing: ['Processing', 'uploaded, you can leave this page'],
  ready: 'Ready',
  verified: 'Verified',
  verifiedTitle: 'Every part matched its checksum, and the stored file has the size of yours.',
  canceled: {
    none: ['Canceled'],
    pending: ['Canceled', 'cleaning up'],
    done: ['Canceled', 'nothing is kept in the cloud'],
    failed: ['Canceled', 'the storage clears what was sent later'],
  },
  mediaId: 'Media ID',
  playerLabel: (name) => `Player: ${name}`,
  cancelQuestion: 'Cancel this upload?',
  sentWillBeDeleted: (bytes) => `${bytes} already sent will be deleted.`,
  progressText: ({ percent, timeLeft: left }, f) => [f.plural(percent, { other: `${f.number(percent)} percent` }), left].filter(Boolean).join(', '),
  busyText: 'confirming',
  waitingText: 'waiting',

  stoppedAt: (percent, f) => `Stopped at ${f.percent(percent)}.`,
  triedAndKept,
  errors,

  unfinished: ({ name, percent }, f) => `Continue “${name}” at ${f.percent(percent)}`,
  needsFile: 'Choose the same file, or drop it here',
  bytesStored: (bytesOf) => `${bytesOf} stored`,
  stoppedWhen: (moment) => `stopped ${moment}`,
  discardQuestion: 'Discard this upload?',
  storedWillBeDeleted: (bytes) => `${bytes} stored will be deleted.`,
  unfinishedLabel: 'Unfinished uploads',

  refused: ({ count, of }, f) =>
    of === 1 ? 'This file cannot be added' : count === of
      ? `These ${f.number(count)} files cannot be added`
      : `${f.number(count)} of ${f.plural(of, { one: '1 file', other: `${f.number(of)} files` })} cannot be added`,
  refusedReason: ({ text, count }, f) => (count > 1 ? `${text} (${f.number(count)})` : text),
  refusedMore: ({ count }, f) => `${f.number(count)} more`,
  refusedLabel: 'Refused files',
  rejections: {
    'file-invalid-type': ({ kind }) => (kind === 'file' ? 'Not an accepted type' : `Not ${articles[kind]}`),
    'file-too-large': ({ limit }, f) => (limit === undefined ? 'Too large' : `Larger than ${f.bytes(limit)}`),
    'file-too-small': ({ limit }, f) => (limit === undefined ? 'Too small' : `Smaller than ${f.bytes(limit)}`),
    'too-many-files': ({ limit }, f) =>
      limit === undefined ? 'No place left' : f.plural(limit, { one: 'Only one file at a time', other: `More than ${f.number(limit)} files` }),
    'file-empty': () => 'Empty, 0 bytes',
    'file-unreadable': () => 'Cannot be read',
    'duration-too-long': ({ limit = 0 }, f) => `Longer than ${minutes(limit, f)}`,
    'duration-too-short': ({ limit = 0 }, f) => `Shorter than ${minutes(limit, f)}`,
    'resolution-too-high': ({ limit = 0 }, f) => `Larger than ${f.plain(limit)}p`,
    'resolution-too-low': ({ limit = 0 }, f) => `Smaller than ${f.plain(limit)}p`,
    'codec-not-accepted': ({ message = '' }) => `Coded as ${message.toUpperCase()}`,
    custom: ({ message = '' }) => message,
  },

  totalUploading: ({ count, kind }, f) => `Uploading ${things(count, kind, f)}`,
  totalPaused: ({ count, kind }, f) => `${things(count, kind, f)} paused`,
  totalProcessing: ({ count, kind }, f) => `Processing ${things(count, kind, f)}`,
  totalReady: ({ count, kind }, f) => `${things(count, kind, f)} ready`,
  totalFailed: ({ count, kind }, f) => `${things(count, kind, f)} stopped`,
  totalEmpty: 'Nothing to upload',
  countReady: (count, f) => `${f.number(count)} ready`,
  needsAttention: (count, f) => f.plural(count, { one: '1 needs attention', other: `${f.number(count)} need attention` }),
  everyPartVerified: 'every part verified',
  cancelAllQuestion: (count, f) => f.plural(count, { one: 'Cancel 1 unfinished upload?', other: `Cancel ${f.number(count)} unfinished uploads?` }),
  readyStay: (kind) => `Ready ${many(kind)} stay.`,
  listLabel: (kind) => `Uploads: ${many(kind)}`,
  notRemembered: 'This window cannot remember uploads. Keep it open until they finish.',

  sayReady: ({ names, kind }, f) => (names.length === 1 ? `${names[0] ?? ''} is ready` : `${things(names.length, kind, f)} ready`),
  sayFailed: ({ name, what }) => `${name} stopped. ${what}`,
  sayFailedMany: ({ count, kind }, f) => `${things(count, kind, f)} stopped and need attention.`,
  sayPercent: (percent, f) => `${f.number(percent)} percent uploaded`,
  sayOffline: 'Waiting for the network. Uploads go on by themselves.',
  sayOnline: 'Going on.',
  sayCopied: 'Copied',
};

function timeLeft(left: TimeLeft, f: Format): string {
  switch (left.unit) {
    case 'seconds': return `${f.number(left.seconds)} s left`;
    case 'minutes': return `${f.number(left.minutes)} min left`;
    case 'hours': return left.minutes ? `${f.number(left.hours)} h ${f.number(left.minutes)} min left` : `${f.number(left.hours)} h left`;
    case 'more-than-a-day': return 'more than a day left';
    default: return left satisfies never;
  }
}

function triedAndKept({ attempts, sentBytes, isKept }: FailureFacts, f: Format): string {
  const tried = attempts !== undefined && attempts > 1 ? `Tried ${f.number(attempts)} times` : '';
  const kept = isKept && sentBytes > 0 ? `${f.bytes(sentBytes)} are kept` : 'nothing is kept';
  const sentence = [tried, kept].filter(Boolean).join('; ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function orList(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(items).replace(', or ', ' or ');
}

function andList(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(items).replace(', and ', ' and ');
}

function minutes(seconds: number, f: Format): string {
  if (seconds < 60) return f.plural(seconds, { one: '1 second', other: `${f.number(seconds)} seconds` });
  const whole = Math.round(seconds / 60);
  return f.plural(whole, { one: '1 minute', other: `${f.number(whole)} minutes` });
}
