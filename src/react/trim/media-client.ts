import { startWorker, warnOnce } from '../../engine/shared.js';
import { CopyError, type CopyOrder, type CopyResult, type MediaSummary } from './copy-types.js';
import address from './media-worker.ts?worker&url';
import type { PauseSwitch } from './pause-switch.js';
import type { MediaRequest, MediaResponse } from './media-messages.js';

export interface MediaJobOptions {
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1. */
  readonly onProgress?: ((ratio: number) => void) | undefined;
  readonly pausing?: PauseSwitch | undefined;
}

/** A worker that has not said anything by then is not coming up: its file is missing, or the page forbids it. */
const startMs = 10_000;
/** A decoder may hang; without any progress for so many looks the work is given up. */
const lookEveryMs = 5000;
const mostIdleLooks = 24;
/** So many after a defect of the worker. */
const mostIdleLooksAfterDefect = 2;
/** What is canceled ends by itself, so that it lets go of its file; a worker that hangs is ended. */
const cancelMs = 2000;

type Post = (request: MediaRequest) => void;
interface Place {
  readonly post: Post;
  readonly close: () => void;
}

/** Reads headers and key frames of a film, out of the page's way. Rejects with {@link CopyError}. */
export function inspectMedia(source: Blob, options: MediaJobOptions = {}): Promise<MediaSummary> {
  return run<MediaSummary>({ kind: 'inspect', source }, options);
}

/** Makes a copy of a film, out of the page's way. Rejects with {@link CopyError}, or with the signal's reason. */
export function copyMedia(order: CopyOrder, options: MediaJobOptions = {}): Promise<CopyResult> {
  return run<CopyResult>({ kind: 'copy', order }, options);
}

function run<T>(request: MediaRequest, { signal, onProgress, pausing }: MediaJobOptions): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let place: Place | undefined;
    let idleLooks = 0;
    let mostIdle = mostIdleLooks;
    let canceling: ReturnType<typeof setTimeout> | undefined;
    const watch = setInterval(() => {
      if (!pausing?.isPaused) idleLooks += 1;
      if (idleLooks >= mostIdle) fail(new CopyError('stopped'));
    }, lookEveryMs);
    const tellPause = () => {
      idleLooks = 0;
      place?.post({ kind: pausing?.isPaused ? 'pause' : 'resume' });
    };
    const forget = pausing?.subscribe(tellPause);
    const end = () => {
      forget?.();
      clearInterval(watch);
      clearTimeout(canceling);
      signal?.removeEventListener('abort', cancel);
      place?.close();
    };
    const fail = (error: unknown) => {
      end();
      reject(error instanceof Error ? error : new CopyError('stopped', { cause: error }));
    };
    const cancel = () => {
      place?.post({ kind: 'cancel' });
      canceling ??= setTimeout(() => {
        fail(signal?.reason);
      }, cancelMs);
    };
    const hear = (response: MediaResponse) => {
      idleLooks = 0;
      if (response.kind === 'defect') {
        mostIdle = mostIdleLooksAfterDefect;
        warnOnce(`while a film was read or copied, something failed: ${response.text}`);
      } else if (response.kind === 'progress') onProgress?.(response.ratio);
      else if (response.kind === 'done') {
        end();
        resolve(response.result as T);
      } else if (response.kind === 'failed')
        fail(signal?.aborted ? signal.reason : new CopyError(response.problem));
    };
    if (signal?.aborted) return fail(signal.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    void openPlace(hear, () => fail(new CopyError('stopped'))).then((opened) => {
      place = opened;
      if (canceling) return opened.close();
      opened.post(request);
      if (pausing?.isPaused) tellPause();
    }, fail);
  });
}

/** A worker; where none starts, the page itself: slower, but it is done. */
async function openPlace(hear: (response: MediaResponse) => void, onCrash: () => void): Promise<Place> {
  try {
    return await openWorker(hear, onCrash);
  } catch {
    const { createMediaWork } = await import('./media-work.js');
    return { post: createMediaWork(hear), close: () => undefined };
  }
}

function openWorker(hear: (response: MediaResponse) => void, onCrash: () => void): Promise<Place> {
  // The build makes it an object: its address is worked out here, where a failure means work on the page.
  const worker = startWorker(String(address));
  return new Promise((resolve, reject) => {
    let isHere = false;
    const life = new AbortController();
    const close = () => {
      clearTimeout(timer);
      life.abort();
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    };
    const giveUp = () => {
      close();
      reject(new CopyError('stopped'));
    };
    const timer = setTimeout(giveUp, startMs);
    worker.onerror = () => {
      if (isHere) onCrash();
      else giveUp();
    };
    worker.onmessage = ({ data }: MessageEvent<MediaResponse>) => {
      if (data.kind !== 'here') return hear(data);
      isHere = true;
      clearTimeout(timer);
      if (data.lock !== undefined)
        // Aborted, or not to be had: then a worker that ended is one that makes no progress.
        navigator.locks.request(data.lock, { signal: life.signal }, onCrash).catch(() => undefined);
      resolve({
        close,
        post: (request) => {
          worker.postMessage(request);
        },
      });
    };
  });
}
