import { useEffect, useRef } from 'react';
import type { UploadError, UploadSnapshot, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { diffUploads, type UploadEvent } from '../stores/diff-uploads.js';
import { useLatest } from './use-latest.js';

/** What a host may listen to. Each is told of one upload, after the engine's state has changed. */
export interface UploadCallbacks {
  /** It leaves the queue, also when it is retried. */
  onUploadStart?: (upload: UploadSnapshot) => void;
  /** Bytes have moved; at most about ten times a second for each upload. */
  onProgress?: (upload: UploadSnapshot) => void;
  /** The cloud has it whole and has been told: `receipt` and `mediaId` are set, the person may leave. */
  onConfirmed?: (upload: UploadSnapshot) => void;
  /** It can be played: `media` is set. */
  onReady?: (upload: UploadSnapshot) => void;
  onError?: (error: UploadError, upload: UploadSnapshot) => void;
}

type OnChange = (previous: UploaderSnapshot, next: UploaderSnapshot, events: UploadEvent[]) => void;

/** Compares each snapshot with the one before and calls back with the difference. The first one before is `since`, or what is there now. */
export function useSnapshotChanges(uploader: Uploader, onChange: OnChange, since?: UploaderSnapshot): void {
  const latest = useLatest(onChange);
  const first = useRef(since);
  useEffect(() => {
    let previous = first.current ?? uploader.getSnapshot();
    first.current = undefined;
    const compare = () => {
      const next = uploader.getSnapshot();
      if (next === previous) return;
      const events = diffUploads(previous, next);
      const before = previous;
      previous = next;
      latest.current(before, next, events);
    };
    compare();
    return uploader.subscribe(compare);
  }, [uploader, latest]);
}

/** Turns changes of the uploader's state into the host's callbacks. */
export function useUploadEvents(uploader: Uploader, callbacks: UploadCallbacks): void {
  useSnapshotChanges(uploader, (_previous, _next, events) => {
    for (const event of events) {
      try {
        tell(event, callbacks);
      } catch (error) {
        // Uncaught, as the host expects of its own errors, and after the other events are told.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  });
}

function tell({ type, upload }: UploadEvent, callbacks: UploadCallbacks): void {
  switch (type) {
    case 'start':
      callbacks.onUploadStart?.(upload);
      break;
    case 'progress':
      callbacks.onProgress?.(upload);
      break;
    case 'confirmed':
      callbacks.onConfirmed?.(upload);
      break;
    case 'ready':
      callbacks.onReady?.(upload);
      break;
    case 'failed':
      if (upload.error) callbacks.onError?.(upload.error, upload);
      break;
    case 'canceled':
      break;
    default:
      return type satisfies never;
  }
}
