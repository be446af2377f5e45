import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { UploadStatus, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { PacedStore } from '../stores/paced-store.js';
import { pendingEndsOf, withoutCanceled } from '../stores/pending-ends.js';
import { SteadyRate, wholePercent } from '../format/index.js';
import type { LineRatios } from '../components/progress-line.js';
import { countedBytes, isMoving, pulledOf, isSafeToClose } from './row-rules.js';
import { useUploader } from './use-uploader.js';

/** All uploads as one. Canceled ones do not count. */
export interface Total {
  readonly phase: 'idle' | 'uploading' | 'waiting' | 'paused' | 'processing' | 'ended';
  readonly count: number;
  readonly ready: number;
  /** Not ended: these are what "Cancel all" would end. */
  readonly unfinished: number;
  readonly processing: number;
  /** Of the unfinished ones, how many wait for "Start". */
  readonly notStarted: number;
  /** Those whose bytes move now, or are checked. */
  readonly moving: number;
  readonly failedIds: readonly string[];
  readonly sentBytes: number;
  /** Of them, those that are stored: what numbers and lines tell of. */
  readonly storedBytes: number;
  readonly sizeBytes: number;
  /** Unfinished imports whose size the cloud has not said: `sizeBytes` is that of the others. */
  readonly ofUnknownSize: number;
  /** How much of all is stored, from 0 to 1: of the bytes, or of imports by per cent where no size is known. */
  readonly ratio: number;
  /** The size of those that are ready. */
  readonly readyBytes: number;
  /** Bytes that "Cancel all" would lose. */
  readonly losableBytes: number;
  /** All are ready, and each was compared with what is stored. */
  readonly isVerified: boolean;
  /** Nothing moves, and all that wait do so for the network. */
  readonly isOffline: boolean;
  /** True of all unfinished ones: the page can be closed, and they resume from where they are. */
  readonly isSafeToClose: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  /** From the first byte to the last upload that got ready; undefined before, and for what an earlier visit sent. */
  readonly tookSeconds: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
}

const numbersEveryMs = 500;
const losable: ReadonlySet<UploadStatus> = new Set([
  'queued',
  'preparing',
  'uploading',
  'paused',
  'confirming',
]);

/** The sum over all uploads, at the same readable pace as the rows. */
export function useTotal(): Total {
  const uploader = useUploader();
  const store = useMemo(() => createTotalStore(uploader), [uploader]);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}

function createTotalStore(uploader: Uploader): PacedStore<Total> {
  const rate = new SteadyRate();
  const stopwatch = new Stopwatch();
  let source: UploaderSnapshot | undefined;
  let total: Total | undefined;
  return new PacedStore<Total>({
    subscribe: (listener) => {
      const stops = [uploader.subscribe(listener), pendingEndsOf(uploader).subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    intervalMs: numbersEveryMs,
    isUrgent: (a, b) =>
      a.phase !== b.phase ||
      a.count !== b.count ||
      a.ready !== b.ready ||
      a.unfinished !== b.unfinished ||
      a.notStarted !== b.notStarted ||
      a.moving !== b.moving ||
      a.isSafeToClose !== b.isSafeToClose ||
      a.isOffline !== b.isOffline ||
      a.failedIds.length !== b.failedIds.length ||
      a.canPause !== b.canPause ||
      a.canResume !== b.canResume,
    read: () => {
      const snapshot = withoutCanceled(uploader, uploader.getSnapshot());
      if (total && source === snapshot) return total;
      source = snapshot;
      const summed = sumUp(snapshot);
      const tookSeconds = stopwatch.update(summed, Date.now());
      total = { ...summed, ...rate.update(summed, Date.now()), tookSeconds };
      return total;
    },
  });
}

/** Measures how long it took until all had ended. */
class Stopwatch {
  #startedAt: number | undefined;
  #tookSeconds: number | undefined;

  update({ phase, sentBytes, ofUnknownSize, notStarted }: Total, now: number): number | undefined {
    const hasBegun = sentBytes > 0 || ofUnknownSize > notStarted;
    if (phase === 'idle') this.#startedAt = this.#tookSeconds = undefined;
    else if (phase !== 'ended') {
      this.#tookSeconds = undefined;
      if (hasBegun && phase !== 'processing') this.#startedAt ??= now;
    } else if (this.#startedAt !== undefined) this.#tookSeconds ??= (now - this.#startedAt) / 1000;
    return this.#tookSeconds;
  }
}

const known = new WeakMap<UploaderSnapshot, Total>();

/** From 0 to 1, over all uploads. */
export function useTotalRatio(): (snapshot: UploaderSnapshot) => LineRatios {
  const uploader = useUploader();
  return useCallback(
    (snapshot) => {
      const { sentBytes, sizeBytes, ratio } = sumUp(withoutCanceled(uploader, snapshot));
      return { stored: ratio, sent: sizeBytes ? sentBytes / sizeBytes : 0 };
    },
    [uploader],
  );
}

/** As a whole number, at most 99: words say that all is done. */
export function percentOfTotal({ ratio }: Total): number {
  return wholePercent(Math.round(ratio * 1e6), 1e6);
}

/** One pass over the list, once for each snapshot: rows, title and line all ask, and lists get long. */
export function sumUp(snapshot: UploaderSnapshot): Total {
  let total = known.get(snapshot);
  if (!total) known.set(snapshot, (total = sum(snapshot)));
  return total;
}

function sum({ uploads, bytesPerSecond, remainingSeconds, canResumeAfterReload }: UploaderSnapshot): Total {
  const failedIds: string[] = [];
  const found = new Map<UploadStatus, number>();
  let [sentBytes, storedBytes, sizeBytes, readyBytes, losableBytes, pendingBytes] = [0, 0, 0, 0, 0, 0];
  let [own, elsewhere, ofUnknownSize, pulledRatios] = [0, 0, 0, 0];
  let [count, unfinished, imports, notStarted, waiting, offline, moving] = [0, 0, 0, 0, 0, 0, 0];
  let [isProven, isSafe, canPause, canResume] = [true, true, false, false];
  for (const upload of uploads) {
    const { status } = upload;
    if (status === 'canceled') continue;
    count += 1;
    found.set(status, (found.get(status) ?? 0) + 1);
    sizeBytes += upload.sizeBytes;
    const pulled = upload.source && upload.sizeBytes * pulledOf(upload);
    sentBytes += pulled ?? Math.min(upload.sentBytes, upload.sizeBytes);
    storedBytes += pulled ?? Math.min(countedBytes(upload), upload.sizeBytes);
    if (upload.source && !upload.sizeBytes && (losable.has(status) || status === 'importing')) {
      ofUnknownSize += 1;
      pulledRatios += pulledOf(upload);
    }
    if (status === 'failed') failedIds.push(upload.id);
    if (status === 'ready') {
      readyBytes += upload.sizeBytes;
      isProven &&= upload.receipt?.isVerified === true;
    }
    if (upload.owner === 'other') elsewhere += upload.bytesPerSecond ?? 0;
    else own += upload.bytesPerSecond ?? 0;
    if (isMoving(upload)) moving += 1;
    if (upload.waiting) waiting += 1;
    if (upload.waiting?.for === 'network') offline += 1;
    if (upload.isNotStarted) notStarted += 1;
    canPause ||= upload.canPause;
    canResume ||= upload.canResume;
    // The cloud can still be stopped. No bytes of it are lost, and it goes on without the page.
    if (status === 'importing' && upload.canCancel) imports += 1;
    if (!losable.has(status)) continue;
    unfinished += 1;
    isSafe &&= isSafeToClose(upload);
    losableBytes += upload.sentBytes;
    if (status !== 'paused' && !upload.source) pendingBytes += upload.sizeBytes - upload.sentBytes;
  }
  const of = (status: UploadStatus) => found.get(status) ?? 0;
  // The engine measures the whole line: the sum over rows jumps whenever one begins or ends.
  const speed = (bytesPerSecond ?? own) + elsewhere;
  const phase = phaseOf(of, count, waiting);
  return {
    phase,
    count,
    ready: of('ready'),
    unfinished: unfinished + imports,
    processing: of('processing'),
    notStarted,
    moving,
    failedIds,
    sentBytes,
    storedBytes,
    sizeBytes,
    ofUnknownSize,
    ratio: sizeBytes ? storedBytes / sizeBytes : pulledRatios / (ofUnknownSize || 1),
    readyBytes,
    losableBytes,
    isVerified: count > 0 && of('ready') === count && isProven,
    isOffline: phase === 'waiting' && offline === waiting,
    isSafeToClose: unfinished > 0 && isSafe && canResumeAfterReload,
    canPause,
    canResume,
    tookSeconds: undefined,
    bytesPerSecond: speed > 0 ? speed : undefined,
    remainingSeconds: speed > 0 ? (remainingSeconds ?? pendingBytes / speed) : undefined,
  };
}

function phaseOf(of: (status: UploadStatus) => number, count: number, waiting: number): Total['phase'] {
  const queued = of('queued');
  const moving = queued + of('preparing') + of('uploading') + of('importing') + of('confirming');
  if (moving) return waiting > 0 && waiting + queued >= moving ? 'waiting' : 'uploading';
  if (of('paused')) return 'paused';
  if (of('processing')) return 'processing';
  return count ? 'ended' : 'idle';
}
