import { useMemo, useSyncExternalStore } from 'react';
import type { AttachmentInput, UploadError, UploadSnapshot, Uploader } from '../../engine/index.js';
import { PacedStore } from '../stores/paced-store.js';
import { findUpload } from '../stores/snapshot-index.js';
import { useUploader } from './use-uploader.js';
import { SteadyRate } from '../format/index.js';

/** One upload at a readable pace, and what can be done with it. */
export interface UseUploadResult {
  /** Undefined once it is removed. Bytes are renewed twice a second, anything else at once. */
  readonly upload: UploadSnapshot | undefined;
  /** Steadied for reading: renewed once a second, the time left rises only when it has to. */
  readonly bytesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
  readonly status: UploadSnapshot['status'] | undefined;
  readonly isPending: boolean;
  readonly isPaused: boolean;
  readonly isSuccess: boolean;
  readonly isError: boolean;
  readonly error: UploadError | null;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
  readonly retry: () => void;
  readonly remove: () => void;
  /** Starts it, where uploads wait for that. */
  readonly start: () => void;
  /** Gives the cloud what goes with it: cover, subtitles. See `Uploader.attach`. */
  readonly attach: (attachment: AttachmentInput) => string | undefined;
  readonly setOptions: (options: Readonly<Record<string, unknown>>) => void;
  /** Title, description and tags, at any time. See `Uploader.setDetails`. */
  readonly setDetails: (details: Parameters<Uploader['setDetails']>[1]) => void;
  /** Takes an upload that has ended away, as if it had not been. */
  readonly reset: () => void;
}

type View = Pick<UseUploadResult, 'upload' | 'bytesPerSecond' | 'remainingSeconds'>;

const numbersEveryMs = 500;

/** Binds one upload. Renders only when that upload changes, so a list of many stays calm. */
export function useUpload(id: string): UseUploadResult {
  const uploader = useUploader();
  const store = useMemo(() => createViewStore(uploader, id), [uploader, id]);
  const view = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
  const actions = useMemo(
    () => ({
      pause: () => {
        uploader.pause(id);
      },
      resume: () => {
        uploader.resume(id);
      },
      cancel: () => {
        uploader.cancel(id);
      },
      retry: () => {
        uploader.retry(id);
      },
      remove: () => {
        uploader.remove(id);
      },
      start: () => {
        uploader.start(id);
      },
      attach: (attachment: AttachmentInput) => uploader.attach(id, attachment),
      setOptions: (options: Readonly<Record<string, unknown>>) => {
        uploader.setOptions(id, options);
      },
      setDetails: (details: Parameters<Uploader['setDetails']>[1]) => {
        uploader.setDetails(id, details);
      },
      reset: () => {
        if (findUpload(uploader.getSnapshot(), id)?.canRemove) uploader.remove(id);
      },
    }),
    [uploader, id],
  );

  const status = view.upload?.status;
  return {
    ...view,
    ...actions,
    status,
    isPaused: status === 'paused',
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
        { bytesPerSecond: upload?.bytesPerSecond, remainingSeconds: upload?.remainingSeconds },
        Date.now(),
      );
      if (
        view &&
        view.upload === upload &&
        view.bytesPerSecond === bytesPerSecond &&
        view.remainingSeconds === remainingSeconds
      )
        return view;
      view = { upload, bytesPerSecond, remainingSeconds };
      return view;
    },
  });
}

const numbers: ReadonlySet<string> = new Set([
  'checkedBytes',
  'sentBytes',
  'storedBytes',
  'bytesPerSecond',
  'remainingSeconds',
]);

/** True when anything but the moving numbers changed. */
function differsInKind(a: UploadSnapshot | undefined, b: UploadSnapshot | undefined): boolean {
  if (a === b) return false;
  if (!a || !b) return true;
  return (Object.keys(b) as (keyof UploadSnapshot)[]).some((key) => !numbers.has(key) && a[key] !== b[key]);
}
