import type { MediaDetails } from '../../protocol/index.js';
import type { UploadErrorCode } from '../errors.js';
import { protocolVersion } from '../place.js';
import { type UploadSnapshot, type UploadStatus, uploadStatuses } from '../types.js';

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
  | 'metadata'
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

/** A message as it is posted. */
export function toWire(message: TabMessage): unknown {
  return { version: protocolVersion, ...message };
}

/** `undefined` for what is no message of this version: another build, or another script, may post here. */
export function readMessage(data: unknown): TabMessage | undefined {
  if (!isRecord(data) || data['version'] !== protocolVersion) return undefined;
  const { kind, key, uploads, file, command } = data;
  const hasKey = typeof key === 'string';
  const isReadable =
    kind === 'hello' ||
    (kind === 'gone' && hasKey) ||
    (kind === 'file' && hasKey && file instanceof File) ||
    (kind === 'command' && hasKey && commands.has(command as TabCommand)) ||
    (kind === 'state' && Array.isArray(uploads) && uploads.every(isShared));
  return isReadable ? (data as unknown as TabMessage) : undefined;
}

const commands: ReadonlySet<TabCommand> = new Set(['pause', 'resume', 'cancel', 'retry', 'remove']);

function isShared(value: unknown): value is SharedUpload {
  return (
    isRecord(value) &&
    typeof value['key'] === 'string' &&
    typeof value['fileName'] === 'string' &&
    typeof value['sizeBytes'] === 'number' &&
    uploadStatuses.includes(value['status'] as UploadStatus)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
