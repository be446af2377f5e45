import { Suspense, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { folderOf } from '../hooks/row-rules.js';
import type { Row } from '../hooks/use-row.js';
import type { RowTitle } from '../hooks/use-title.js';
import type { UseUploadResult } from '../hooks/use-upload.js';
import { hasNotes } from '../notes/has-notes.js';
import { RowNotes } from '../notes/row-notes.js';
import type { MediaCopy } from '../media/use-media-copy.js';
import { FileName } from './file-name.js';
import { HostPart } from './host-part.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';
import { Poster } from './poster.js';
import { StatusItems } from './status-items.js';
import { StatusLine } from './status-line.js';
import { UndoStatus } from './lazy-undo.js';

/*
 * What the row of a list and the tile of a grid have in common.
 */

const TitleEditor = lazyPart(() => import('./title-editor.js').then(({ TitleEditor }) => TitleEditor));

export interface RowTextProps {
  upload: UploadSnapshot;
  title: RowTitle;
  notice: MediaCopy['notice'];
  /** What the host shows in place of the status. */
  ownStatus: () => ReactNode;
  /** The status of the widget. */
  status: ReactNode;
}

/** Name and status, or the editor of the title in their place; the row keeps its height. */
export function RowText({ upload, title, notice, ownStatus, status }: RowTextProps): ReactNode {
  const { messages } = useWidget();
  const news = title.isSaved ? { text: messages.saved, isDone: true } : notice;
  const second = <HostPart render={ownStatus} otherwise={news ? <News {...news} /> : status} />;
  const shown = (content: ReactNode) => (
    <div className="vd-text">
      <RowName upload={upload} title={title} />
      {content}
    </div>
  );
  if (!title.isEditing) return shown(second);
  const keepTitle = () => {
    title.end(undefined);
  };
  const late = (
    <LateNote isInline onClose={keepTitle}>
      {second}
    </LateNote>
  );
  return (
    <Suspense fallback={shown(late)}>
      <div className="vd-text">
        <span className="vd-hidden" id={`${upload.id}-name`}>
          {title.title ?? upload.fileName}
        </span>
        <TitleEditor upload={upload} title={title.title} limit={title.limit} onEnd={title.end} />
      </div>
    </Suspense>
  );
}

/** What has just been done, for two seconds in place of the status. */
function News({ text, isDone }: NonNullable<MediaCopy['notice']>): ReactNode {
  return <StatusItems status={[text]} icon={isDone ? 'check' : 'alert'} tone={isDone ? 'ok' : 'bad'} />;
}

/** The text of what is about to end. */
export function EndingText({ upload, title }: { upload: UploadSnapshot; title: RowTitle }): ReactNode {
  return (
    <div className="vd-text">
      <RowName upload={upload} title={{ ...title, edit: undefined }} />
      <div className="vd:contents" id={`${upload.id}-status`}>
        <UndoStatus upload={upload} />
      </div>
    </div>
  );
}

/** The file's name, and the folder it comes from: cameras give the same name to files of different cards. */
function RowName({ upload, title: { title, edit } }: { upload: UploadSnapshot; title: RowTitle }): ReactNode {
  const { id, fileName } = upload;
  const folder = folderOf(upload);
  // By keyboard it is F2 on the row, or the dialog.
  const name = (
    <div className="vd-title" data-editable={edit !== undefined || undefined} onClick={edit}>
      <FileName name={title ?? fileName} id={`${id}-name`} hasExtension={title === undefined} />
    </div>
  );
  if (folder === undefined && !hasNotes(upload)) return name;
  return (
    <div className="vd-named">
      {name}
      <RowNotes upload={upload} />
      {folder !== undefined && (
        <bdi className="vd-folder" id={`${id}-folder`} title={folder}>
          {folder}
        </bdi>
      )}
    </div>
  );
}

export interface RowPosterProps {
  upload: UploadSnapshot;
  row: Row;
  tabIndex: number;
  /** In the size of a tile. */
  isLarge?: boolean;
}

/** What an upload that stops in one of these leaves is continued with its file. */
const needsFile: ReadonlySet<string> = new Set(['uploading', 'paused']);

export function RowPoster({ upload, row, tabIndex, isLarge }: RowPosterProps): ReactNode {
  return (
    <Poster
      name={upload.fileName}
      file={upload.file}
      coverFile={upload.attachments.find(({ kind }) => kind === 'cover')?.file}
      coverUrl={upload.media?.coverUrl}
      durationSeconds={upload.media?.durationSeconds ?? upload.probe?.durationSeconds}
      keepFor={needsFile.has(upload.status) && upload.owner === 'this' ? upload.id : undefined}
      isLarge={isLarge}
      onClick={upload.status === 'ready' && row.verb === 'play' ? row.doVerb : row.doEdit}
      onPlay={row.playLocal}
      isPlaying={row.player?.isOpen}
      tabIndex={tabIndex}
      describedBy={`${upload.id}-name`}
    />
  );
}

/** The status of an upload that has not failed; failures have more to say. */
export function RowStatus({
  view: { bytesPerSecond, remainingSeconds },
  upload,
  tabIndex,
}: {
  view: UseUploadResult;
  upload: UploadSnapshot;
  tabIndex: number;
}): ReactNode {
  return (
    <div className="vd:contents" id={`${upload.id}-status`}>
      <StatusLine view={{ upload, bytesPerSecond, remainingSeconds }} tabIndex={tabIndex} />
    </div>
  );
}
