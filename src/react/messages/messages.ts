import type { RejectionCode, UploadErrorCode } from '../../engine/index.js';
import type { Format, TimeLeft } from '../format/index.js';
import { overlay } from './overlay.js';
import type { ButtonWords } from './words.js';

/** What the widget calls the things that are added. Follows from `accept`. */
export type FileKind = 'video' | 'audio' | 'image' | 'file';

/** Facts a failure's sentences may use. */
export interface FailureParams {
  /** Whole percent that had been sent. */
  readonly percent: number;
  readonly sentBytes: number;
  readonly attempts: number | undefined;
  /** True when a retry goes on from the bytes already stored. */
  readonly isKept: boolean;
}

/** The two sentences that depend on the code: what happened, and what the person can do. */
export interface FailureText {
  readonly what: string;
  readonly todo: string;
  /** Replaces the sentence on what was tried and what is kept, where the code says more. */
  readonly kept?: string;
}

/** What one reason of refusal has to say. */
export interface RejectionParams {
  readonly kind: FileKind;
  readonly limit: number | undefined;
  /** What the file has, in the unit of the limit. Set when it is the only one with this reason. */
  readonly actual?: number | undefined;
  readonly message?: string | undefined;
}

/** One reason of refusal: of several files a heading, `Larger than 20 GB`; of one a sentence with what it has. */
export type RejectionText = (facts: RejectionParams, f: Format) => string;

/**
 * Every word the widget says. Functions get facts and the {@link Format} of the locale, so that plurals, digits and
 * units are right in each language. Override single keys with the `messages` prop.
 */
export interface Messages extends ButtonWords {
  // Drop zone
  dropHere: (kind: FileKind) => string;
  addMore: (kind: FileKind) => { readonly before: string; readonly action: string };
  addMoreShort: string;
  chooseFiles: string;
  chooseFolder: string;
  useCamera: string;
  acceptNote: (
    facts: {
      types: readonly string[];
      kind: FileKind;
      maxSizeBytes: number | undefined;
      maxDurationSeconds?: number | undefined;
    },
    f: Format,
  ) => string;
  dragAccept: (facts: { count: number; kind: FileKind }, f: Format) => string;
  dragMixed: (facts: { count: number; left: number; kind: FileKind }, f: Format) => string;
  dragReject: (facts: { count: number; kind: FileKind; type: string | undefined }, f: Format) => string;
  dragUnknown: (facts: { count: number }, f: Format) => string;
  dragAcceptNote: string;
  dragRejectNote: (facts: { types: readonly string[]; kind: FileKind }, f: Format) => string;
  dragUnknownNote: string;
  dropAnywhere: (facts: { count: number; kind: FileKind }, f: Format) => string;
  reading: (facts: { count: number }, f: Format) => string;
  places: (facts: { taken: number; of: number }, f: Format) => string;
  full: (facts: { of: number; kind: FileKind }, f: Format) => string;
  closed: string;
  dropzoneLabel: string;

  // Rows
  queued: (facts: { ahead: number }, f: Format) => readonly string[];
  notStarted: string;
  checking: string;
  bytesOf: (facts: { done: string; total: string }) => string;
  timeLeft: (left: TimeLeft, f: Format) => string;
  paused: string;
  otherTab: string;
  waitingNetwork: readonly string[];
  waitingSignIn: string;
  bytesKept: (bytesOf: string) => string;
  waitingCloud: (facts: { seconds: number }, f: Format) => readonly string[];
  confirming: string;
  bytesSent: (bytes: string) => string;
  processing: readonly string[];
  ready: string;
  verified: string;
  verifiedTitle: string;
  canceled: Record<'none' | 'pending' | 'done' | 'failed', readonly string[]>;
  mediaId: string;
  playerLabel: (name: string) => string;
  cancelQuestion: string;
  sentWillBeDeleted: (bytes: string) => string;
  progressText: (facts: { percent: number; timeLeft: string | undefined }, f: Format) => string;
  busyText: string;
  waitingText: string;

  // Failures
  stoppedAt: (percent: number, f: Format) => string;
  triedAndKept: (facts: FailureParams, f: Format) => string;
  /** Loaded apart, with the first upload. */
  errors: Partial<Record<UploadErrorCode, FailureText>>;
  /** Said of a failure that has no words of its own. */
  failed: string;

  // Unfinished
  unfinished: (facts: { name: string; percent: number }, f: Format) => string;
  needsFile: string;
  /** `name`: of the file that was given, where it differs from that of the upload. */
  wrongFile: (facts: { name: string | undefined }) => string;
  wrongFileNote: string;
  bytesStored: (bytesOf: string) => string;
  stoppedWhen: (moment: string) => string;
  discardQuestion: string;
  storedWillBeDeleted: (bytes: string) => string;
  unfinishedLabel: string;

  // Refusals
  rejected: (facts: { count: number; of: number }, f: Format) => string;
  rejectedReason: (facts: { text: string; count: number }, f: Format) => string;
  /** A name in a group, with what the file has: `full length.mov is 1 h 42 min`. */
  rejectedActual: (facts: { name: string; code: RejectionCode; actual: number }, f: Format) => string;
  rejectedMore: (facts: { count: number }, f: Format) => string;
  rejectedLabel: string;
  rejections: Record<RejectionCode, RejectionText>;

  // Total
  totalUploading: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalPaused: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalNotStarted: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalProcessing: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalReady: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalFailed: (facts: { count: number; kind: FileKind }, f: Format) => string;
  totalEmpty: string;
  countReady: (count: number, f: Format) => string;
  readyOf: (facts: { count: number; of: number }, f: Format) => string;
  needsAttention: (count: number, f: Format) => string;
  uploadsNeedAttention: (count: number, f: Format) => string;
  everyPartVerified: string;
  cancelAllQuestion: (count: number, f: Format) => string;
  readyStay: (kind: FileKind) => string;
  listLabel: (kind: FileKind) => string;
  dockLabel: string;
  notRemembered: string;

  // Details
  detailsLabel: (name: string) => string;
  cover: string;
  coverFirst: string;
  coverAt: (time: string) => string;
  coverNamed: (name: string) => string;
  useFrame: string;
  choosePicture: string;
  position: string;
  positionOf: (facts: { at: string; of: string }) => string;
  notShown: string;
  pictureType: (types: readonly string[], f: Format) => string;
  tooLarge: (limitBytes: number, f: Format) => string;
  title: string;
  description: string;
  tags: string;
  tagsNote: string;
  removeNamed: (name: string) => string;
  subtitles: string;
  addFile: string;
  language: string;
  lines: (count: number, f: Format) => string;
  subtitleTrouble: (
    trouble: { what: 'unreadable' | 'empty' | 'time' | 'backwards'; line: number },
    f: Format,
  ) => string;
  sentAfter: string;
  sentAtStart: string;
  tooLate: string;

  // Announcements
  sayReady: (facts: { names: readonly string[]; kind: FileKind }, f: Format) => string;
  sayFailed: (facts: { name: string; what: string }) => string;
  sayFailedMany: (facts: { count: number; kind: FileKind }, f: Format) => string;
  sayPercent: (percent: number, f: Format) => string;
  sayOffline: string;
  sayOnline: string;
  sayOtherTab: string;
  sayThisTab: string;
  sayCopied: string;
}

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
