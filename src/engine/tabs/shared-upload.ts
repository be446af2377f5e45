import { UploadError, type UploadErrorCode } from '../errors.js';
import type { UploadSnapshot } from '../types.js';

/** What a tab tells the others of an upload, as it stands in the snapshot. */
const sharedFields = [
  'fileName',
  'path',
  'source',
  'importing',
  'sizeBytes',
  'contentType',
  'status',
  'waiting',
  'checkedBytes',
  'sentBytes',
  'storedBytes',
  'partCount',
  'finishingParts',
  'queuePosition',
  'bytesPerSecond',
  'remainingSeconds',
  'isResumed',
  'mediaId',
  'media',
  'receipt',
  'cleanup',
  'canPause',
  'canResume',
  'canCancel',
  'isTooLateToCancel',
  'canRetry',
  'canRemove',
  'addedAt',
  'metadata',
] as const satisfies readonly (keyof UploadSnapshot)[];

/** An upload as its owner tells the others; `key` is its id in the journal. Nothing in it authorizes anything. */
export interface SharedUpload extends Pick<UploadSnapshot, (typeof sharedFields)[number]> {
  readonly key: string;
  /** Cheap identity of the content; see fingerprint.ts. */
  readonly fingerprint: string | undefined;
  readonly errorCode: UploadErrorCode | undefined;
  /** What the person has called it; the other details are for the owner only. */
  readonly title?: string | undefined;
}

/** An upload as another page may know it: without files and functions. */
export function toShared(
  key: string,
  snapshot: UploadSnapshot,
  fingerprint: string | undefined,
): SharedUpload {
  const shared = Object.fromEntries(sharedFields.map((field) => [field, snapshot[field]]));
  return {
    ...(shared as Pick<UploadSnapshot, (typeof sharedFields)[number]>),
    key,
    fingerprint,
    errorCode: snapshot.error?.code,
    title: text(snapshot.details?.title ?? snapshot.options['title']),
  };
}

export function fromShared(
  { key, errorCode, title, fingerprint: _fingerprint, ...shared }: SharedUpload,
  file: File | undefined,
): UploadSnapshot {
  return {
    ...shared,
    id: key,
    owner: 'other',
    isNotStarted: false,
    error: errorCode && new UploadError(errorCode),
    attachments: [],
    options: { title },
    canSetOptions: false,
    probe: undefined,
    file,
  };
}

/** A function, for example, could not be posted, nor could what is told with it. */
function text(title: unknown): string | undefined {
  return typeof title === 'string' ? title : undefined;
}
