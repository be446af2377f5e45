import type { MediaDetails } from '../../protocol/index.js';
import type { UploadErrorCode } from '../errors.js';
import type { UploadSnapshot } from '../types.js';

/** What other tabs may ask the owner of an upload to do. */
export type TabCommand = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

/** An upload as its owner tells the others; `key` is its id in the journal. Nothing in it authorises anything. */
export interface SharedUpload extends Pick<
  UploadSnapshot,
  | 'fileName'
  | 'path'
  | 'sizeBytes'
  | 'contentType'
  | 'status'
  | 'waiting'
  | 'checkedBytes'
  | 'sentBytes'
  | 'bytesPerSecond'
  | 'remainingSeconds'
  | 'isResumed'
  | 'mediaId'
  | 'receipt'
  | 'cleanup'
  | 'canPause'
  | 'canResume'
  | 'canCancel'
  | 'canRetry'
  | 'canRemove'
  | 'addedAt'
> {
  readonly key: string;
  readonly media: MediaDetails | undefined;
  readonly errorCode: UploadErrorCode | undefined;
}

export type TabMessage =
  /** A tab has opened: who owns what? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'state'; readonly uploads: readonly SharedUpload[] }
  /** The file of an upload, so that the tab that takes over need not ask the person for it. */
  | { readonly kind: 'file'; readonly key: string; readonly file: File }
  /** The owner took the row away. */
  | { readonly kind: 'gone'; readonly key: string }
  | { readonly kind: 'command'; readonly key: string; readonly command: TabCommand };
