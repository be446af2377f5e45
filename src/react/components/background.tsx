import { useEffect, type ReactNode } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useDetailsPolling } from '../hooks/use-details-polling.js';
import { useDocumentTitle } from '../hooks/use-document-title.js';
import { useReadyNotification } from '../hooks/use-ready-notification.js';
import { useWakeLock } from '../hooks/use-wake-lock.js';
import type { FileKind } from '../messages/index.js';
import { undoQueueOf } from '../stores/undo.js';
import type { Wording } from '../hooks/use-words.js';

export interface BackgroundProps {
  uploader: Uploader;
  wording: Wording;
  progressInTitle: boolean;
  wakeLock: boolean;
  notifyWhenReady: boolean;
  kind: FileKind;
}

/** What a provider does beside the page while there are uploads; it shows nothing, so it loads with the rows. */
export function Background({ uploader, wording, kind, ...wanted }: BackgroundProps): ReactNode {
  useDetailsPolling(uploader);
  useDocumentTitle(wanted.progressInTitle, uploader, wording);
  useWakeLock(wanted.wakeLock, uploader);
  useReadyNotification(wanted.notifyWhenReady, uploader, { ...wording, kind });
  useEffect(
    () => () => {
      undoQueueOf(uploader).forgetAll();
    },
    [uploader],
  );
  return null;
}
