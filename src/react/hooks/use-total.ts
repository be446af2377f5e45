import { useMemo, useSyncExternalStore } from 'react';
import type { UploadStatus, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { PacedStore } from '../bindings/paced-store.js';
import { SteadyRate } from '../format/index.js';
import { useUploader } from './use-uploader.js';

/** All uploads as one. Canceled ones do not count. */
export interface Total {
  readonly phase: 'idle' | 'uploading' | 'waiting' | 'paused' | 'processing' | 'ended';
  readonly count: number;
  readonly ready: number;
  /** Not ended: these are what "Cancel all" would end. */
  readonly unfinished: number;
  readonly processing: number;
  readonly failedIds: readonly string[];
  readonly sentBytes: number;
  readonly sizeBytes: number;
  /** Bytes that "Cancel all" would lose. */
  readonly losableBytes: number;
  readonly isVerified: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly bytesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
}

const numbersEveryMs = 500;
const moving: ReadonlySet<UploadStatus> = new Set(['queued', 'preparing', 'uploading', 'confirming']);
const losable: ReadonlySet<UploadStatus> = new Set(['queued', 'preparing', 'uploading', 'paused', 'confirming']);

/** The sum over all uploads, at the same readable pace as the rows. */
export function useTotal(): Total {
  const uploader = useUploader();
  const store = useMemo(() => createTotalStore(uploader), [uploader]);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}

function createTotalStore(uploader: Uploader): PacedStore<Total> {
  const rate = new SteadyRate();
  let source: UploaderSnapshot | undefined;
  let total: Total | undefined;
  return new PacedStore<Total>({
    subscribe: (listener) => uploader.subscribe(listener),
    intervalMs: numbersEveryMs,
    isUrgent: (a, b) => a.phase !== b.phase || a.count !== b.count || a.ready !== b.ready || a.unfinished !== b.unfinished ||
      a.failedIds.length !== b.failedIds.length || a.canPause !== b.canPause || a.canResume !== b.canResume,
    read: () => {
      const snapshot = uploader.getSnapshot();
      if (total && source === snapshot) return total;
      source = snapshot;
      const summed = sumUp(snapshot);
      total = { ...summed, ...rate.update(summed, Date.now()) };
      return total;
    },
  });
}

/** Pure: one pass over the list. */
export function sumUp({ uploads }: UploaderSnapshot): Total {
  const counted = uploads.filter(({ status }) => status !== 'canceled');
  const sum = (of: (upload: (typeof counted)[number]) => number) => counted.reduce((total, upload) => total + of(upload), 0);
  const count = (...statuses: UploadStatus[]) => counted.filter(({ status }) => statuses.includes(status)).length;
  const unfinished = counted.filter(({ status }) => losable.has(status));
  const ready = count('ready');
  const speed = sum((upload) => (upload.status === 'uploading' ? upload.bytesPerSecond ?? 0 : 0));
  const pendingBytes = unfinished.reduce((total, upload) => total + (upload.status === 'paused' ? 0 : upload.sizeBytes - upload.sentBytes), 0);
  const knowsTime = counted.some(({ remainingSeconds }) => remainingSeconds !== undefined);

  return {
    phase: phaseOf(counted),
    count: counted.length,
    ready,
    unfinished: unfinished.length,
    processing: count('processing'),
    failedIds: counted.filter(({ status }) => status === 'failed').map(({ id }) => id),
    sentBytes: sum((upload) => (upload.status === 'failed' ? Math.min(upload.sentBytes, upload.sizeBytes) : upload.sentBytes)),
    sizeBytes: sum((upload) => upload.sizeBytes),
    losableBytes: unfinished.reduce((total, upload) => total + upload.sentBytes, 0),
    isVerified: ready > 0 && counted.every((upload) => upload.status !== 'ready' || upload.receipt?.isVerified),
    canPause: counted.some((upload) => upload.canPause),
    canResume: counted.some((upload) => upload.canResume),
    bytesPerSecond: speed > 0 ? speed : undefined,
    remainingSeconds: speed > 0 && knowsTime ? pendingBytes / speed : undefined,
  };
}

function phaseOf(uploads: UploaderSnapshot['uploads']): Total['phase'] {
  const active = uploads.filter(({ status }) => moving.has(status));
  if (active.length) return active.every(({ waiting, status }) => waiting !== undefined || status === 'queued') && active.some(({ waiting }) => waiting) ? 'waiting' : 'uploading';
  if (uploads.some(({ status }) => status === 'paused')) return 'paused';
  if (uploads.some(({ status }) => status === 'processing')) return 'processing';
  return uploads.length ? 'ended' : 'idle';
}
