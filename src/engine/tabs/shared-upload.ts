import { UploadError } from '../errors.js';
import type { UploadSnapshot } from '../types.js';
import type { SharedUpload } from './messages.js';

/** An upload as another page may know it: without files and functions. */
export function toShared(
  key: string,
  snapshot: UploadSnapshot,
  fingerprint: string | undefined,
): SharedUpload {
  const {
    fileName,
    path,
    sizeBytes,
    contentType,
    status,
    waiting,
    checkedBytes,
    sentBytes,
    bytesPerSecond,
    remainingSeconds,
    isResumed,
    mediaId,
    media,
    receipt,
    cleanup,
    addedAt,
    metadata,
    error,
  } = snapshot;
  const { canPause, canResume, canCancel, isTooLateToCancel, canRetry, canRemove } = snapshot;
  return {
    key,
    fingerprint,
    fileName,
    path,
    sizeBytes,
    contentType,
    status,
    waiting,
    checkedBytes,
    sentBytes,
    bytesPerSecond,
    remainingSeconds,
    isResumed,
    mediaId,
    media,
    receipt,
    cleanup,
    addedAt,
    metadata,
    canPause,
    canResume,
    canCancel,
    isTooLateToCancel,
    canRetry,
    canRemove,
    errorCode: error?.code,
  };
}

export function fromShared(
  { key, errorCode, fingerprint: _fingerprint, ...shared }: SharedUpload,
  file: File | undefined,
): UploadSnapshot {
  return {
    ...shared,
    id: key,
    owner: 'other',
    isNotStarted: false,
    queuePosition: undefined,
    error: errorCode && new UploadError(errorCode),
    attachments: [],
    options: {},
    canSetOptions: false,
    probe: undefined,
    file,
  };
}
