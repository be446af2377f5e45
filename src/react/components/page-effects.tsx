import type { ReactNode } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useDocumentTitle } from '../hooks/use-document-title.js';
import { useReadyNotification } from '../hooks/use-ready-notification.js';
import { useWakeLock } from '../hooks/use-wake-lock.js';
import type { Wording } from '../hooks/use-words.js';
import type { FileKind } from '../messages/index.js';

export interface PageEffectsProps {
  uploader: Uploader;
  wording: Wording;
  progressInTitle: boolean;
  wakeLock: boolean;
  notifyWhenReady: boolean;
  kind: FileKind;
}

/** What hosts ask for beside the page: its title, a lit screen, a message of the system. */
export function PageEffects({ uploader, wording, kind, ...wanted }: PageEffectsProps): ReactNode {
  useDocumentTitle(wanted.progressInTitle, uploader, wording);
  useWakeLock(wanted.wakeLock, uploader);
  useReadyNotification(wanted.notifyWhenReady, uploader, { ...wording, kind });
  return null;
}
