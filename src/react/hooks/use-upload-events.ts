import { useEffect, useRef } from 'react';
import type { UploadError, UploadSnapshot, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { callHost } from '../../engine/shared.js';
import { diffUploads } from '../stores/diff-uploads.js';
import { useLatest } from './use-latest.js';

/**
 * What a host may listen to. Each is told of one upload of this tab, after the engine's state has changed. All but
 * `onProgress` are called exactly once for each event: also for what happened while the widget was not there, or is found
 * after a reload.
 */
export interface UploadCallbacks {
  /** It leaves the queue, also when it is retried. */
  onUploadStart?: (upload: UploadSnapshot) => void;
  /** Bytes have moved; at most about ten times a second for each upload. */
  onProgress?: (upload: UploadSnapshot) => void;
  /** The cloud has it whole and has been told: `receipt` and `mediaId` are set, the person may leave. */
  onConfirmed?: (upload: UploadSnapshot) => void;
  /** It can be played: `media` is set. */
  onReady?: (upload: UploadSnapshot) => void;
  /** It has failed, also once more after a retry. */
  onError?: (error: UploadError, upload: UploadSnapshot) => void;
}

type OnChange = (previous: UploaderSnapshot, next: UploaderSnapshot) => void;

/** Compares each snapshot with the one before and calls back. The first one before is `since`, or what is there now. */
export function useSnapshotChanges(uploader: Uploader, onChange: OnChange, since?: UploaderSnapshot): void {
  const latest = useLatest(onChange);
  const first = useRef(since);
  useEffect(() => {
    let previous = first.current ?? uploader.getSnapshot();
    first.current = undefined;
    const compare = () => {
      const next = uploader.getSnapshot();
      if (next === previous) return;
      const before = previous;
      previous = next;
      latest.current(before, next);
    };
    compare();
    return uploader.subscribe(compare);
  }, [uploader, latest]);
}

/** Calls the host's callbacks; each event once for an upload of this tab, see `Uploader.onEvent`. */
export function useUploadEvents(uploader: Uploader, callbacks: UploadCallbacks): void {
  const latest = useLatest(callbacks);
  useEffect(
    () =>
      // What a callback throws is reported by the engine, and counts as told.
      uploader.onEvent(({ type, upload }) => {
        const { onUploadStart, onConfirmed, onReady, onError } = latest.current;
        if (type === 'started') onUploadStart?.(upload);
        else if (type === 'confirmed') onConfirmed?.(upload);
        else if (type === 'ready') onReady?.(upload);
        else if (upload.error) onError?.(upload.error, upload);
      }),
    [uploader, latest],
  );
  useSnapshotChanges(uploader, (previous, next) => {
    const { onProgress } = latest.current;
    if (!onProgress) return;
    for (const { type, upload } of diffUploads(previous, next))
      if (type === 'progress' && upload.owner === 'this') callHost(() => onProgress(upload));
  });
}
