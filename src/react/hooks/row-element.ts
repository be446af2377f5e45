import type { HTMLAttributes, KeyboardEvent } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { hasNotes } from '../notes/has-notes.js';
import { folderOf, isInLine } from './row-rules.js';
import type { Row } from './use-row.js';
import type { RowTitle } from './use-title.js';

export interface RowElementOptions {
  upload: UploadSnapshot;
  row: Row;
  title: RowTitle;
  /** Whether it is in the tab order. */
  isCurrent: boolean;
  /** Its position in a list that renders only what is on screen. */
  place: { index: number; count: number } | undefined;
}

/** State, name and keys of the element of an upload: the same in a list and in a grid. */
export function rowElement({
  upload,
  row,
  title,
  isCurrent,
  place,
}: RowElementOptions): HTMLAttributes<HTMLElement> & Record<`data-${string}`, unknown> {
  const { id } = upload;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') row.keep();
    if (event.target !== event.currentTarget) return;
    const edit = row.ending ? undefined : title.edit;
    const act = { ' ': row.doVerb, Enter: row.doEdit, Delete: row.doEnd, F2: edit }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  };
  return {
    'data-status': upload.status,
    'data-upload-id': id,
    'data-file-name': upload.fileName,
    'data-media-id': upload.mediaId,
    'data-error-code': upload.status === 'failed' ? upload.error?.code : undefined,
    'data-waiting': upload.waiting?.for,
    'data-in-line': isInLine(upload) || undefined,
    'data-held': upload.isNotStarted || undefined,
    'data-owner': upload.owner === 'other' ? 'other' : undefined,
    'data-asking': row.asks || undefined,
    'data-ending': row.ending,
    tabIndex: isCurrent ? 0 : -1,
    'aria-labelledby': folderOf(upload) === undefined ? `${id}-name` : `${id}-name ${id}-folder`,
    'aria-describedby': hasNotes(upload) ? `${id}-status ${id}-notes` : `${id}-status`,
    'aria-keyshortcuts': title.edit && 'F2',
    'aria-posinset': place && place.index + 1,
    'aria-setsize': place?.count,
    onKeyDown,
  };
}
