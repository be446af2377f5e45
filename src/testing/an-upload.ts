import type { UnfinishedUpload, UploadSnapshot, UploadStatus } from '../engine/index.js';

let serial = 0;

const can: Record<UploadStatus, Partial<UploadSnapshot>> = {
  queued: { canPause: true, canCancel: true, queuePosition: 0 },
  preparing: { canPause: true, canCancel: true },
  uploading: { canPause: true, canCancel: true },
  paused: { canResume: true, canCancel: true },
  importing: { canCancel: true, source: { type: 'link', host: 'media.example.com' }, sizeBytes: 0 },
  confirming: { canCancel: true },
  processing: { canRemove: true },
  ready: { canRemove: true },
  failed: { canRetry: true, canRemove: true },
  canceled: { canRetry: true, canRemove: true, cleanup: 'done' },
};

/**
 * An upload as the engine would show it in that status; what is named wins.
 *
 * @example `anUpload({ status: 'uploading', fileName: 'talk.mov', sentBytes: 5e8 })`
 */
export function anUpload(fields: Partial<UploadSnapshot> = {}): UploadSnapshot {
  serial += 1;
  const status = fields.status ?? 'queued';
  const sizeBytes = fields.sizeBytes ?? 1_000_000_000;
  return {
    id: `upload-${serial}`,
    fileName: `Video ${serial}.mp4`,
    sizeBytes,
    contentType: 'video/mp4',
    status,
    waiting: undefined,
    checkedBytes: sizeBytes,
    sentBytes: sentIn(status) * sizeBytes,
    bytesPerSecond: undefined,
    remainingSeconds: undefined,
    isNotStarted: false,
    queuePosition: undefined,
    isResumed: false,
    mediaId: undefined,
    media: undefined,
    receipt: undefined,
    error: undefined,
    cleanup: 'none',
    canPause: false,
    canResume: false,
    canCancel: false,
    isTooLateToCancel: false,
    canRetry: false,
    canRemove: false,
    attachments: [],
    metadata: undefined,
    options: {},
    canSetOptions: status === 'queued',
    probe: undefined,
    owner: 'this',
    file: undefined,
    addedAt: Date.UTC(2026, 10, 14, 9, 30),
    importing: status === 'importing' ? { state: 'waiting' } : undefined,
    ...can[status],
    ...fields,
  };
}

/** An upload of an earlier visit. */
export function anUnfinishedUpload(fields: Partial<UnfinishedUpload> = {}): UnfinishedUpload {
  serial += 1;
  return {
    id: `unfinished-${serial}`,
    fileName: `Lecture ${serial}.mp4`,
    sizeBytes: 11_800_000_000,
    storedBytes: 7_500_000_000,
    updatedAt: Date.now() - 86_400_000,
    canContinue: false,
    wrongFileName: undefined,
    ...fields,
  };
}

function sentIn(status: UploadStatus): number {
  switch (status) {
    case 'queued':
    case 'preparing':
    case 'failed':
    case 'canceled':
    case 'importing':
      return 0;
    case 'uploading':
    case 'paused':
      return 0.5;
    case 'confirming':
    case 'processing':
    case 'ready':
      return 1;
    default:
      return status satisfies never;
  }
}
