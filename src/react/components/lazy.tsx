import { useState, type ReactNode } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import type { SourceButtonsProps } from '../sources/source-buttons.js';
import type { NotesProps } from '../notes/notes-card.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import type { BackgroundProps } from './background.js';
import type { PageDropProps } from './page-drop-frame.js';
import type { RejectionsProps } from './rejections-card.js';
import type { TotalProgressProps } from './total-progress.js';
import type { UnfinishedUploadsProps } from './unfinished-cards.js';
import type { UploadItemProps } from './upload-item.js';
import type { UploadListProps } from './upload-list.js';

/*
 * The components that show uploads, as hosts import them. A page has no uploads when it opens, so their code is loaded
 * after the drop zone instead of with it.
 */

export const uploadComponents = new Deferred(() => import('./lazy-chunk.js'));

/** The rows, with their total. One stop of the Tab key: arrows move between rows, Tab goes into a row's buttons. */
export function UploadList(props: UploadListProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.UploadList;
  return Part && <Part {...props} />;
}

/** One row: poster, name, status, actions and progress of an upload. */
export function UploadItem(props: UploadItemProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.UploadItem;
  return Part && <Part {...props} />;
}

/** All uploads in one status line, with the buttons that act on all. */
export function TotalProgress(props: TotalProgressProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.TotalProgress;
  return Part && <Part {...props} />;
}

/** One card for all files of a drop that cannot be added, grouped by reason. Nothing while there are none. */
export function Rejections(props: RejectionsProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.Rejections;
  return Part && <Part {...props} />;
}

/** One card with what is worth knowing of files before they are sent; see `notes`. Nothing while there is none. */
export function Notes(props: NotesProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.Notes;
  return Part && <Part {...props} />;
}

/** Uploads of earlier visits. Where the browser can open the file again, one click continues; else the file is asked for. */
export function UnfinishedUploads(props: UnfinishedUploadsProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.UnfinishedUploads;
  return Part && <Part {...props} />;
}

export function Voice(props: { since: UploaderSnapshot }): ReactNode {
  const Part = useDeferred(uploadComponents)?.Voice;
  return Part && <Part {...props} />;
}

export function Background(props: BackgroundProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.Background;
  return Part && <Part {...props} />;
}

export function PageDrop(props: PageDropProps): ReactNode {
  const Part = useDeferred(uploadComponents)?.PageDrop;
  return Part && <Part {...props} />;
}

/** The ways in beside files: loaded where the host wants one of them. */
const sources = new Deferred(() => import('../sources/sources.js'));

/** Link, camera and screen, in the drop zone. */
export function SourceButtons(props: SourceButtonsProps): ReactNode {
  return useWidget().sources && <LoadedButtons {...props} />;
}

function LoadedButtons(props: SourceButtonsProps): ReactNode {
  const Part = useDeferred(sources)?.SourceButtons;
  return Part && <Part {...props} />;
}

/** Recordings of earlier visits that were not uploaded, and the dialogs of `sources`. */
export function Recordings(): ReactNode {
  return useWidget().sources && <LoadedRecordings />;
}

function LoadedRecordings(): ReactNode {
  const Part = useDeferred(sources)?.Recordings;
  return Part && <Part />;
}

/** Trimming and shrinking: loaded where the host wants one of them. */
const copies = new Deferred(() => import('../trim/copies.js'));

/** Films on their way to smaller copies, and the care for copies that were made. */
export function Copies(): ReactNode {
  const { trim, shrink } = useWidget();
  const isWanted = trim || shrink !== undefined;
  const [wasWanted, setWasWanted] = useState(isWanted);
  // A film may be on its way when the host turns it off.
  if (isWanted && !wasWanted) setWasWanted(true);
  return wasWanted && <LoadedCopies />;
}

function LoadedCopies(): ReactNode {
  const Part = useDeferred(copies)?.Copies;
  return Part && <Part />;
}
