import type { RejectionCode, UploadErrorCode } from '../../engine/index.js';
import type { PluralForms } from '../format/index.js';
import type { FileKind } from './messages.js';

/** A sentence with `{n}` in it, in the forms that the language has. A plain text where it has only one. */
export type Plural = string | PluralForms;

/** Labels that are plain words in every language. */
export interface ButtonWords {
  pause: string;
  resume: string;
  start: string;
  cancel: string;
  retry: string;
  remove: string;
  play: string;
  closePlayer: string;
  pauseAll: string;
  resumeAll: string;
  startAll: string;
  retryFailed: string;
  cancelAll: string;
  clearList: string;
  fullSpeed: string;
  background: string;
  more: string;
  copyDetails: string;
  discard: string;
  continueUpload: string;
  chooseFile: string;
  chooseAnotherFile: string;
  uploadAsNew: string;
  dismiss: string;
  signIn: string;
  keepUploading: string;
  keep: string;
  cancelUpload: string;
  cancelUploads: string;
  copyMediaId: string;
  editDetails: string;
  close: string;
  save: string;
  show: string;
  showUploads: string;
  hideUploads: string;
}

/**
 * The words of one language as plain data: `{name}` stands for a fact. `createMessages` turns them into
 * {@link Messages}. Texts that end in the name of a kind take `{things}` ("3 videos") or `{many}` ("videos").
 */
export interface Words extends ButtonWords {
  things: Record<FileKind, Plural>;
  many: Record<FileKind, string>;
  /** With its article, for `{one}`. Only where a sentence of the language uses it. */
  one?: Record<FileKind, string>;
  rejectedType: Record<FileKind, string>;

  dropHere: string;
  addMore: string;
  addMoreAction: string;
  addMoreShort: string;
  chooseFiles: string;
  chooseFolder: string;
  useCamera: string;
  acceptTypes: string;
  acceptSize: string;
  acceptSizeAndTime: string;
  acceptTime: string;
  dragAccept: string;
  dragAcceptUncounted: string;
  dragMixed: string;
  dragLeft: Plural;
  dragReject: Plural;
  dragUnknown: Plural;
  dragUnknownUncounted: string;
  dragAcceptNote: string;
  dragRejectNote: string;
  dragUnknownNote: string;
  dropAnywhere: string;
  reading: Plural;
  readingUncounted: string;
  places: string;
  full: Plural;
  closed: string;
  dropzoneLabel: string;

  queued: string;
  ahead: Plural;
  notStarted: string;
  checking: string;
  bytesOf: string;
  leftSeconds: Plural;
  leftMinutes: Plural;
  leftHours: Plural;
  leftHoursMinutes: string;
  leftDays: string;
  paused: string;
  otherTab: string;
  waitingNetwork: string;
  goesOn: string;
  waitingSignIn: string;
  bytesKept: string;
  waitingCloud: string;
  nextTry: Plural;
  tryingAgain: string;
  confirming: string;
  bytesSent: string;
  processing: string;
  canLeave: string;
  ready: string;
  verified: string;
  verifiedTitle: string;
  canceled: string;
  cleaningUp: string;
  nothingKept: string;
  clearedLater: string;
  mediaId: string;
  playerLabel: string;
  cancelQuestion: string;
  sentWillBeDeleted: string;
  percent: Plural;
  busyText: string;
  waitingText: string;

  stoppedAt: string;
  triedAndKept: Plural;
  triedNothingKept: Plural;
  isKept: string;
  nothingIsKept: string;
  failed: string;

  unfinished: string;
  needsFile: string;
  wrongFile: string;
  wrongFileNamed: string;
  wrongFileNote: string;
  bytesStored: string;
  stoppedWhen: string;
  discardQuestion: string;
  storedWillBeDeleted: string;
  unfinishedLabel: string;

  rejectedFile: string;
  rejectedAll: Plural;
  rejectedSome: string;
  rejectedOf: Plural;
  rejectedCount: string;
  rejectedMore: Plural;
  rejectedActual: string;
  rejectedLabel: string;
  /** `{limit}` and, in the sentence about a single file, `{actual}`. */
  rejections: Record<Exclude<RejectionCode, 'file-invalid-type' | 'custom'>, string>;
  rejectionSentences: Partial<Record<RejectionCode, string>>;
  rejectedOnlyOne: string;
  rejectedNoPlace: string;

  totalUploading: string;
  totalPaused: string;
  totalNotStarted: string;
  totalProcessing: string;
  totalReady: string;
  totalFailed: string;
  totalEmpty: string;
  countReady: Plural;
  readyOf: string;
  needsAttention: Plural;
  uploadsNeedAttention: Plural;
  everyPartVerified: string;
  cancelAllQuestion: Plural;
  readyStay: string;
  listLabel: string;
  dockLabel: string;
  notRemembered: string;

  detailsLabel: string;
  cover: string;
  coverFirst: string;
  coverAt: string;
  coverNamed: string;
  useFrame: string;
  choosePicture: string;
  position: string;
  positionOf: string;
  notShown: string;
  pictureType: string;
  tooLarge: string;
  title: string;
  description: string;
  tags: string;
  tagsNote: string;
  removeNamed: string;
  subtitles: string;
  addFile: string;
  language: string;
  lines: Plural;
  subtitleUnreadable: string;
  subtitleEmpty: string;
  subtitleTime: string;
  subtitleBackwards: string;
  sentAfter: string;
  sentAtStart: string;
  tooLate: string;

  sayReady: string;
  sayFailed: string;
  sayFailedMany: string;
  sayPercent: Plural;
  sayOffline: string;
  sayOnline: string;
  sayOtherTab: string;
  sayThisTab: string;
  sayCopied: string;
}

/** What happened, what the person can do, and, where the code says more than "tried and kept", what of that. */
export type FailureWords = readonly [what: string, todo: string, kept?: string];

/** Words of a language, as many as there are; English says the others. */
export type PartialWords = {
  readonly [Name in keyof Words]?: Words[Name] extends string | Plural | undefined
    ? Words[Name]
    : Partial<Words[Name]>;
};

/** A language for the `locale` prop. English stands in for each word and failure that it lacks. */
export interface Locale {
  /** BCP 47. */
  readonly tag: string;
  readonly words?: PartialWords;
  readonly failures?: Partial<Record<UploadErrorCode, FailureWords>>;
}

/** A language with all words, as `locales/*` hold it. */
export interface CompleteLocale extends Locale {
  readonly words: Words;
  readonly failures: Record<UploadErrorCode, FailureWords>;
}
