import type { Attachment, ImportQuestion, MediaUpdate, StartItem, Transfer } from '../../protocol/index.js';
import type { SharedUpload } from '../tabs/shared-upload.js';
import type { LinkSource, Receipt, UploadEvent } from '../types.js';

/** What is needed to go on with an upload after a reload. Holds no URL and no key; the ticket is encrypted. */
export interface JournalEntry {
  id: string;
  /** Of the protocol that wrote it; absent in entries of builds without one. A later one is left alone. */
  version?: number | undefined;
  endpoint: string;
  provider: string;
  /** See `UploaderOptions.scope`; absent means ''. */
  scope?: string | undefined;
  fileName: string;
  /** Folders and name below what was dropped or chosen. */
  path?: string | undefined;
  sizeBytes: number;
  contentType: string;
  /** Set when the cloud pulls it from a link, which is not kept. */
  source?: LinkSource | undefined;
  /** Cheap identity of the file's content; see fingerprint.ts. */
  fingerprint: string;
  ticket: string;
  /**
   * The call that asks for the ticket, until it is answered. A visit that finds it repeats the call, which is answered
   * with the session that the first one has made, and discards that session: no page has its ticket.
   */
  start?: StartItem | undefined;
  /**
   * The call that has an import begun, until it is answered: without the link. A visit that finds it asks what the call
   * has begun, and goes on with that.
   */
  asked?: AskedImport | undefined;
  mediaId: string | undefined;
  /** What the host said about the file when it was added. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
  transfer: Transfer;
  /** Pinned when the upload began: a later version may plan otherwise, this upload must not. */
  partSizeBytes: number;
  /** Whether the endpoint signs parts before they are hashed, where that is known. */
  signsBeforeHash?: boolean | undefined;
  /**
   * `finishing`: the call that completes it may have succeeded although its reply was lost. `processing`: only the cloud
   * works on it. `discarding`: given up, but store and service may not have been told yet. `ended`: kept until the
   * host is told.
   */
  phase: 'uploading' | 'finishing' | 'processing' | 'discarding' | 'ended';
  /** What the host has not been told of, because it did not listen. */
  untold?: readonly UntoldEvent[] | undefined;
  /** Cover and subtitles; the bytes of those that are not stored are kept beside the entry. */
  attachments?: readonly JournalAttachment[] | undefined;
  /** Title, description and tags that are sent after the confirmation. */
  details?: MediaUpdate | undefined;
  /** Paused by the person: it does not go on by itself, in this tab or another. */
  isPaused?: boolean | undefined;
  /** Once confirmed. */
  receipt?: Receipt | undefined;
  addedAt: number;
  /** Of its last progress. */
  updatedAt: number;
  /** Opens the file again without a dialog, where the browser gave one. */
  handle?: FileSystemFileHandle | undefined;
}

export interface AskedImport extends Pick<ImportQuestion, 'clientId' | 'addedBy'> {
  /** The person has given it up, or was told that it has failed. */
  readonly isCanceled: boolean;
}

export interface JournalAttachment {
  readonly spec: Attachment;
  readonly isStored: boolean;
}

export interface UntoldEvent {
  readonly type: UploadEvent['type'];
  readonly upload: SharedUpload;
}

/** A part the store acknowledged. */
export interface JournalPart {
  partNumber: number;
  sizeBytes: number;
  md5Base64: string;
  /** The store's ETag, its list or a signed digest agreed with it. */
  isProven?: boolean;
}

/** Remembers uploads between visits. Every method may reject; uploads go on without it then. */
export interface JournalStore {
  /**
   * All entries of one endpoint and provider, of every scope. Also where the store removes bytes and parts without an
   * entry: each write may have been refused by itself.
   */
  load(endpoint: string, provider: string): Promise<JournalEntry[]>;
  parts(id: string): Promise<JournalPart[]>;
  put(entry: JournalEntry): Promise<void>;
  /**
   * One small record a part: an acknowledgement costs the same for the first part and the ten-thousandth. May reject
   * where its entry is not there: then the entry was cleared, and is written again with all its parts.
   */
  putPart(id: string, part: JournalPart): Promise<void>;
  deletePart(id: string, partNumber: number): Promise<void>;
  /** The bytes of a small file, so that it can resume without being chosen again. */
  putFile(id: string, bytes: Blob): Promise<void>;
  file(id: string): Promise<Blob | undefined>;
  /** The entry, its parts and its bytes. */
  delete(id: string): Promise<void>;
  /** Calls back when what is stored may have been cleared, where the store learns of it. */
  watch?(onDoubt: () => void): void | Promise<void>;
}
