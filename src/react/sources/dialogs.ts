import { Deferred } from '../stores/deferred.js';
import type { OpenSource } from './sources-store.js';

/** Each dialog is loaded when it is first wanted. */
export const recorderDialog = new Deferred(() => import('./recorder-dialog.js'));

export const linkDialog = new Deferred(() => import('./link-dialog.js'));

/** Loads it before the click, while the pointer comes near. */
export function preloadDialog(kind: OpenSource['kind']): void {
  void (kind === 'link' ? linkDialog : recorderDialog).load();
}
