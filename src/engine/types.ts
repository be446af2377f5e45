import type { Attachment, Capabilities, MediaDetails, MediaUpdate } from '../protocol/index.js';
import type { UploadError } from './errors.js';
import type { ImportProgress, LinkItem, LinkSource, LinkTrial } from './links/types.js';
import type { UploadNote } from './notes/types.js';
import type { MediaProbe } from './restrictions/types.js';

export type * from './links/types.js';
export type * from './notes/types.js';
export type * from './restrictions/types.js';

/** Where one file is on its way. `ready`, `failed` and `canceled` are ends, though a failed one may be retried. */
export const uploadStatuses = [
  'queued',
  'preparing',
  'uploading',
  'paused',
  'importing',
  'confirming',
  'processing',
  'ready',
  'failed',
  'canceled',
] as const;
/** A status of an upload; see {@link uploadStatuses}. */
export type UploadStatus = (typeof uploadStatuses)[number];

/**
 * Why an upload that is not paused is not moving. It resumes automatically, except for `sign-in`, and for `file` where
 * the file does not come back.
 */
export type Waiting =
  | { readonly for: 'network' }
  /** The file cannot be read: its disk is asleep or gone, or the file was moved or written to. See `replaceFile`. */
  | { readonly for: 'file' }
  | { readonly for: 'sign-in' }
  /** The cloud or the endpoint asked for patience; `retryAt` is `Date.now()` based, for display. */
  | { readonly for: 'cloud'; readonly retryAt: number }
  /** The application limits how often this person may upload; `retryAt` as above. */
  | { readonly for: 'rate-limit'; readonly retryAt: number };

/** Proof of what was stored, for the application to keep. */
export interface Receipt {
  readonly sizeBytes: number;
  /** MD5 of each part, base64, in part order; one entry for a single PUT. */
  readonly partMd5Base64: readonly string[];
  readonly partSizeBytes: number;
  /** What the store calls the object's content; the same as `computedETag` where its rule is known. */
  readonly eTag: string | undefined;
  /**
   * MD5 of the whole (single PUT) or the composite of the parts' MD5s with `-N` (multipart), lower-case hex; empty
   * where it could not be computed.
   */
  readonly computedETag: string;
  /** True only when each part was proven: by its ETag, by a digest that its request signed, or by the store's list. */
  readonly isVerified: boolean;
  /**
   * `compared`: the endpoint compared the store's ETags with the MD5s; `accepted`: the store does not list its parts, and
   * compared them itself when it completed the upload. Absent where the provider does not say.
   */
  readonly proof?: 'compared' | 'accepted' | undefined;
}

/** A cover or a subtitle to go with a video. */
export interface AttachmentInput {
  readonly kind: Attachment['kind'];
  readonly file: File;
  /** Of a subtitle: BCP 47. */
  readonly language?: string;
  /** Of a subtitle: what the viewer chooses it by. */
  readonly title?: string;
}

/** `waiting` until the video's own session is there; `failed` ones do not keep the video from getting ready. */
export interface AttachmentSnapshot extends Omit<Attachment, 'md5Base64'> {
  readonly file: File;
  readonly status: 'waiting' | 'sending' | 'stored' | 'failed';
  readonly error: UploadError | undefined;
}

/**
 * Title, description and tags given after the start. `kept` until the upload is confirmed, then sent by the service's own
 * call; `failed` ones are sent once more by {@link Uploader.setDetails} with nothing new.
 */
export interface DetailsSnapshot extends Readonly<MediaUpdate> {
  readonly status: 'kept' | 'saving' | 'saved' | 'failed';
  readonly error: UploadError | undefined;
}

/** What may be said about files as they are added. */
export interface AddOptions {
  /** The vendor's own parameters (title, tags, category …) for these files; see `Capabilities.options`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** In place of the option of that name; `allow` adds a duplicate all the same. */
  readonly duplicates?: DuplicateRule;
}

/**
 * What becomes of a file whose content another upload has: one of this list that has neither failed nor been canceled, or
 * one of another tab. `refuse` and `ask` reject it with `duplicate-file`; with `ask` the rejection carries the item, so
 * that the person can be asked and `add` it all the same.
 */
export type DuplicateRule = 'allow' | 'refuse' | 'ask';

/**
 * `needs-file`: the file has to be chosen. `wrong-file`: this is not the one; `add` makes a new upload of it. `gone`: the
 * upload has ended in another tab meanwhile.
 */
export type ContinueOutcome = 'continued' | 'needs-file' | 'wrong-file' | 'gone';

/**
 * One upload as anyone outside the engine sees it. Immutable: a change makes a new object, no change keeps the same
 * reference.
 */
export interface UploadSnapshot {
  /** Our own id, stable across reloads. */
  readonly id: string;
  readonly fileName: string;
  /** Folders and name below what was dropped or chosen, `day 1/camera B/clip.mp4`; undefined for a file given by itself. */
  readonly path?: string | undefined;
  /** Where it comes from, when the cloud pulls it from a link; undefined for a file of this device. */
  readonly source?: LinkSource | undefined;
  /** Set while `status` is `importing`. */
  readonly importing?: ImportProgress | undefined;
  /** Of an import 0 until the cloud has said it, which some say when it is `ready`. */
  readonly sizeBytes: number;
  /** As the browser names it; may be empty. */
  readonly contentType: string;
  readonly status: UploadStatus;
  /** Set when `status` is uploading, preparing, importing or confirming and something outside holds it up. */
  readonly waiting: Waiting | undefined;
  /** Bytes read and hashed while `preparing`. */
  readonly checkedBytes: number;
  /** Acknowledged parts plus bytes in flight. Never above `sizeBytes`. */
  readonly sentBytes: number;
  /** Bytes of the acknowledged parts: what a pause, a reload or a broken line does not lose. Absent: `sentBytes`. */
  readonly storedBytes?: number | undefined;
  /** Into how many parts it is cut, once that is known. One part is stored as a whole or not at all. */
  readonly partCount?: number | undefined;
  /** Set for the seconds after a pause in which parts that were nearly sent are finished: how many of them are left. */
  readonly finishingParts?: number | undefined;
  /** True when a later visit can open the file again, from its handle or from kept bytes. Absent where that is not known. */
  readonly isFileKept?: boolean | undefined;
  /** Smoothed; undefined until its bytes have moved for three seconds, and when nothing has moved for a while. */
  readonly bytesPerSecond: number | undefined;
  /** From the speed of all uploads together and their order. Undefined with `bytesPerSecond`. */
  readonly remainingSeconds: number | undefined;
  /** True while `queued` and waiting for `start`; only with `autoStart: false`. */
  readonly isNotStarted: boolean;
  /**
   * How many uploads stand before this one while it waits for its turn: `queued`, or prepared already and not sent yet.
   * Undefined for one that is not started. In a list of more than 2,000 as of the last second.
   */
  readonly queuePosition: number | undefined;
  /** True when this upload goes on from an earlier visit. */
  readonly isResumed: boolean;
  readonly mediaId: string | undefined;
  readonly media: MediaDetails | undefined;
  /** Set once confirmed. Never of an import: its bytes do not pass here, so nothing proves them. */
  readonly receipt: Receipt | undefined;
  /** Set when `status` is `failed`. */
  readonly error: UploadError | undefined;
  /** While `canceled` or given up: whether the store has acknowledged that nothing is kept. */
  readonly cleanup: 'none' | 'pending' | 'done' | 'failed';
  readonly attachments: readonly AttachmentSnapshot[];
  /** What the host's `metadata` said when the file was added. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** The vendor's parameters as they will be, or were, sent with the start. */
  readonly options: Readonly<Record<string, unknown>>;
  /** False once the start is under way: options no longer reach the cloud. */
  readonly canSetOptions: boolean;
  /** What `setDetails` was given and did not go with the start; undefined where that is nothing. */
  readonly details?: DetailsSnapshot | undefined;
  readonly canPause: boolean;
  readonly canResume: boolean;
  /** Of an import only while it waits at the cloud, and only where `capabilities.import.cancel` is `waiting`. */
  readonly canCancel: boolean;
  /**
   * It was canceled when its confirmation was under way, and is in the cloud all the same; or an import was canceled that
   * the cloud no longer stops. So it is not canceled.
   */
  readonly isTooLateToCancel: boolean;
  readonly canRetry: boolean;
  readonly canRemove: boolean;
  /** What the file's headers say; undefined until read, or where they say nothing. */
  readonly probe: MediaProbe | undefined;
  /** What is worth knowing of the file before it is sent; absent where that is nothing, and before it was looked at. */
  readonly notes?: readonly UploadNote[] | undefined;
  /** `other`: another tab moves the bytes, this one shows it; buttons work all the same. */
  readonly owner: 'this' | 'other';
  /** The file, for posters; undefined when it has to be chosen again. */
  readonly file: File | undefined;
  /** `Date.now()` at which it was added. */
  readonly addedAt: number;
}

/** An upload begun on an earlier visit whose file this page does not have. */
export interface UnfinishedUpload {
  readonly id: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  /** `Date.now()` of its last progress. */
  readonly updatedAt: number;
  /** True when `continueUnfinished` needs no file to be chosen: a handle or the bytes themselves were kept. */
  readonly canContinue: boolean;
  /** Name of the latest file that was given for it and turned out to be another. */
  readonly wrongFileName: string | undefined;
}

/** Codes as in react-dropzone, and some of our own. */
export type RejectionCode =
  | 'file-invalid-type'
  | 'file-too-large'
  | 'file-too-small'
  | 'too-many-files'
  | 'file-empty'
  | 'file-unreadable'
  | 'duration-too-long'
  | 'duration-too-short'
  | 'resolution-too-high'
  | 'resolution-too-low'
  | 'codec-not-accepted'
  /** The code that checks files could not be loaded: the page has to be reloaded. */
  | 'code-unavailable'
  /** Another upload has the same content, or the same link; see `duplicates`. */
  | 'duplicate-file'
  /** No `https:` or `http:` address, or one that is too long or holds a user name or password. */
  | 'link-invalid'
  /** The host's own rule, or its `metadata` failed; `message` is its text. */
  | 'custom';

/** A file that a local rule did not let in, and which rule. */
export interface Rejection {
  /** Of a link an empty one that has the name only; see `link`. */
  readonly file: File;
  /** The link that was rejected, as it was given. It may contain a signature: show its host and file name only, and do not log it. */
  readonly link?: string | undefined;
  readonly code: RejectionCode;
  /** What the limit was, for the text: bytes for sizes, a count for files, seconds for durations, pixels for heights and widths. */
  readonly limit?: number;
  /** What the file has, in the unit of the limit. */
  readonly actual?: number;
  /** With `duplicate-file`: the upload that has this content. */
  readonly duplicateOf?: { readonly id: string; readonly fileName: string } | undefined;
  /** With `duplicate-file` where `duplicates` is `ask`: the item as it was given, for `add`. */
  readonly item?: AddItem | undefined;
  /** With `custom`: the host's own words. With `codec-not-accepted`: the codec. */
  readonly message?: string;
  /** With `codec-not-accepted`: the codecs that are accepted. */
  readonly accepted?: readonly string[];
}

/** A file, or a file and what is known about it. */
export type AddItem =
  | File
  | {
      readonly file: File;
      /** Opens the file again after a crash, where the browser gave one. */
      readonly handle?: FileSystemFileHandle | undefined;
      /** Folders and name, `day 1/camera B/clip.mp4`, where the file comes from a folder. */
      readonly path?: string | undefined;
      /** Decided already: the file is listed among the rejections for this reason. Of what could not be opened, `file` is the name only. */
      readonly rejection?: Pick<Rejection, 'code' | 'message'> | undefined;
    };

/** What became of files that were given to `add`, or of links. */
export interface AddResult {
  /** Ids of the uploads made or continued, in the order of the files. */
  readonly added: readonly string[];
  readonly rejections: readonly Rejection[];
}

/** `background` leaves most of the bandwidth to other applications. */
export type Priority = 'normal' | 'background';

/** Everything there is to show. Same reference until something changes. */
export interface UploaderSnapshot {
  /** In the order they were added. */
  readonly uploads: readonly UploadSnapshot[];
  /** Of all uploads of this tab together, smoothed; undefined as with one upload. */
  readonly bytesPerSecond?: number | undefined;
  /** Until all of them are sent, those that are paused left out. Never less than that of one of them. */
  readonly remainingSeconds?: number | undefined;
  readonly unfinished: readonly UnfinishedUpload[];
  /** Rejections of the latest `add`; cleared by `dismissRejections` and by the next `add`. */
  readonly rejections: readonly Rejection[];
  /** How many files of the latest `add` were looked at: "6 of 214 files". */
  readonly checkedFileCount: number;
  readonly isOnline: boolean;
  /** What the provider needs and can do; undefined until asked for (by the first `add`, or `loadCapabilities`). */
  readonly capabilities: Capabilities | undefined;
  /** How much of the bandwidth uploads take; see `setPriority`. */
  readonly priority: Priority;
  /** False when uploads cannot go on after a reload (no IndexedDB here). */
  readonly canResumeAfterReload: boolean;
}

/**
 * What happened to an upload of this tab, with the upload as it was then. `started`: it left the queue, also when it is
 * tried again. `confirmed`: the cloud has all of it, `mediaId` is set, and `receipt` unless it was imported from a link.
 * `ready`: `media` is set. `failed`: `error` is set.
 */
export interface UploadEvent {
  readonly type: 'started' | 'confirmed' | 'ready' | 'failed';
  readonly upload: UploadSnapshot;
}

/** The object users hold. All methods are safe to call at any time; what makes no sense in a status does nothing. */
export interface Uploader {
  /** Who polls for media details; see `UploaderOptions`. Absent means `manual`: a widget that shows it polls. */
  readonly polling?: 'auto' | 'manual' | undefined;
  getSnapshot(): UploaderSnapshot;
  /** Calls back after each change, at most about ten times a second for progress and in long lists. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /**
   * Calls back with each event once, never for what other tabs do. What happens without a listener, or is found
   * after a reload, is kept in the journal and told to the next listener of the scope. Returns the way to stop.
   */
  onEvent(listener: (event: UploadEvent) => void): () => void;
  add(files: Iterable<AddItem>, options?: AddOptions): Promise<AddResult>;
  /**
   * Has the cloud pull videos from links; nothing of them passes the browser. Each link is an upload with `source`, which
   * goes from `queued` and `preparing` over `importing` to `processing`. Where `capabilities.import` is absent it fails
   * with `not-supported`. Answers as `add` does. The endpoint checks each link, and decides.
   */
  addLinks(links: Iterable<LinkItem>, options?: AddOptions & LinkTrial): Promise<AddResult>;
  /** Begins uploads that wait for it; only with `autoStart: false`. Without an id, all of them. */
  start(id?: string): void;
  /**
   * Gives a video its cover or a subtitle. Before the start they are declared with it; later they are brought after it
   * where `capabilities` say `any`. Of an import they are sent once the cloud has the video, and only those that
   * `capabilities.import.attachments` names. Answers the attachment's id, or undefined when the upload is unknown or it is
   * too late.
   */
  attach(id: string, attachment: AttachmentInput): string | undefined;
  /** Takes back an attachment, unless the start has announced it and it is still to be sent. */
  detach(id: string, attachmentId: string): void;
  /** Sends an attachment once more that has failed; the video goes on, or stays ready, meanwhile. */
  retryAttachment(id: string, attachmentId: string): void;
  /** Replaces the vendor's parameters of an upload that has not started. */
  setOptions(id: string, options: Readonly<Record<string, unknown>>): void;
  /**
   * Changes title, description or tags at any time: with the start where that is to come and takes them, else by the
   * service's own call once the upload is confirmed, where `capabilities.updates` names them. What it names neither way
   * is left out. Sends again what has failed.
   */
  setDetails(id: string, details: Readonly<MediaUpdate>): void;
  /** Asks the endpoint what the provider can do; at most once. Rejects with `UploadError`. */
  loadCapabilities(): Promise<Capabilities>;
  /**
   * Says that a file is about to come: the pointer is over the drop zone, say. Asks once what the provider can do, and
   * opens a connection to the store, so that the first byte leaves sooner. A drag into the window says so by itself. May
   * be called at any time, and fails silently.
   */
  prepare(): void;
  pause(id: string): void;
  resume(id: string): void;
  /** Gives up: aborts at the store and tells the media service. The row stays as `canceled`. */
  cancel(id: string): void;
  retry(id: string): void;
  /** Takes the row away; cancels first where something is under way. */
  remove(id: string): void;
  /** As the next three: every upload of the snapshot, those of other tabs too. */
  pauseAll(): void;
  resumeAll(): void;
  /** Gives up all of which `canCancel` is true. */
  cancelAll(): void;
  /** Tries everything again that has failed or was canceled, where that is possible. */
  retryAll(): void;
  /** Takes away the rows of all uploads of this tab that have ended. */
  removeAll(): void;
  /**
   * Goes on with an unfinished upload: with the file given, or the one the browser lets us open again. Call it in a
   * click, as the browser may ask for permission. Twice is once, also from two tabs.
   */
  continueUnfinished(id: string, file?: AddItem): Promise<ContinueOutcome>;
  /**
   * Goes on with an upload of this tab that waits for its file (`waiting.for` is `file`), from a file of the same
   * content. `needs-file`: this one cannot be read either, or nothing waits for it.
   */
  replaceFile(id: string, file: AddItem): Promise<ContinueOutcome>;
  /** `background` sends fewer parts at once and leaves bandwidth to other applications. */
  setPriority(priority: Priority): void;
  /**
   * Forgets an unfinished upload of an earlier visit and discards what it had stored. Does nothing to one that another tab
   * goes on with.
   */
  discardUnfinished(id: string): void;
  dismissRejections(): void;
  /** Call after the person has signed in again: uploads waiting for it go on. */
  notifySignedIn(): void;
  /**
   * Asks once for the details of every upload in `processing`, in as few calls as possible.
   * Answers how many are still processing. Hosts that poll themselves (the React widget does) set `polling: 'manual'`.
   */
  refreshDetails(signal?: AbortSignal): Promise<number>;
  /** Stops everything at once, keeps what it takes to resume, and releases workers and listeners. */
  destroy(): void;
}
