import { useMemo, useSyncExternalStore } from 'react';
import type { UploadError, UploadSnapshot, Uploader } from '../../engine/index.js';
import { PacedStore } from '../bindings/paced-store.js';
import { findUpload } from '../bindings/snapshot-index.js';
import { SteadyRate } from '../format/index.js';
import { useUploader } from './use-uploader.js';

/** One upload at a readable pace, and what can be done with it. */
export interface UseUploadResult {
  /** Undefined once it is removed. Bytes are renewed twice a second, anything else at once. */
  readonly upload: UploadSnapshot | undefined;
  /** Steadied for reading: renewed once a second, the time left rises only when it has to. */
  readonly bytesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly isError: boolean;
  readonly error: UploadError | null;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
  readonly retry: () => void;
  readonly remove: () => void;
}

type View = Pick<UseUploadResult, 'upload' | 'bytesPerSecond' | 'remainingSeconds'>;

const numbersEveryMs = 500;

/** Binds one upload. Renders only when that upload changes, so a list of many stays calm. */
export function useUpload(id: string): UseUploadResult {
  const uploader = useUploader();
  const store = useMemo(() => createViewStore(uploader, id), [uploader, id]);
  const view = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
  const actions = useMemo(() => ({
    pause: () => { uploader.pause(id); },
    resume: () => { uploader.resume(id); },
    cancel: () => { uploader.cancel(id); },
    retry: () => { uploader.retry(id); },
    remove: () => { uploader.remove(id); },
  }), [uploader, id]);

  const status = view.upload?.status;
  return {
    ...view,
    ...actions,
    isSuccess: status === 'ready',
    isError: status === 'failed',
    isPending: status !== undefined && status !== 'ready' && status !== 'failed' && status !== 'canceled',
    error: view.upload?.error ?? null,
  };
}

function createViewStore(uploader: Uploader, id: string): PacedStore<View> {
  const rate = new SteadyRate();
  let view: View | undefined;
  return new PacedStore<View>({
    subscribe: (listener) => uploader.subscribe(listener),
    intervalMs: numbersEveryMs,
    isUrgent: (shown, next) => differsInKind(shown.upload, next.upload),
    read: () => {
      const upload = findUpload(uploader.getSnapshot(), id);
      const { bytesPerSecond, remainingSeconds } = rate.update(
        { bytesPerSecond: upload?.bytesPerSecond, remainingSeconds: upload?.remainingSeconds }, Date.now(),
      );
      if (view && view.upload === upload && view.bytesPerSecond === bytesPerSecond && view.remainingSeconds === remainingSeconds) return view;
      view = { upload, bytesPerSecond, remainingSeconds };
      return view;
    },
  });
}

const numbers: ReadonlySet<string> = new Set(['checkedBytes', 'sentBytes', 'bytesPerSecond', 'remainingSeconds']);

/** True when anything but the moving numbers changed. */
function differsInKind(a: UploadSnapshot | undefined, b: UploadSnapshot | undefined): boolean {
  if (a === b) return false;
  if (!a || !b) return true;
  return (Object.keys(b) as (keyof UploadSnapshot)[]).some((key) => !numbers.has(key) && a[key] !== b[key]);
}
