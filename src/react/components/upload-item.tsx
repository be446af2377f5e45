import { memo, Suspense, useCallback, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { useRow, type Row } from '../hooks/use-row.js';
import { countedBytes, folderOf, isInLine, percentOf } from '../hooks/row-rules.js';
import { useTitle, type RowTitle } from '../hooks/use-title.js';
import { useUpload, type UseUploadResult } from '../hooks/use-upload.js';
import { findUpload } from '../stores/snapshot-index.js';
import { CancelQuestion } from './cancel-question.js';
import { FileName } from './file-name.js';
import { Poster } from './poster.js';
import { ProgressLine, type LineRatios, type LineTone } from './progress-line.js';
import { RowPlayer } from './row-player.js';
import { lazyPart } from './lazy-part.js';
import { StatusItems, StatusLine } from './status-line.js';
import { UndoButton, UndoLine, UndoStatus } from './undo.js';
import { UploadActions } from './upload-actions.js';
import { UploadFailure } from './upload-failure.js';

/** The host's own pieces of a row; each gets the upload. */
export interface UploadItemSlots {
  poster?: ((upload: UploadSnapshot) => ReactNode) | undefined;
  /** In place of the second line. */
  status?: ((upload: UploadSnapshot) => ReactNode) | undefined;
  /** In place of the buttons. */
  actions?: ((upload: UploadSnapshot) => ReactNode) | undefined;
}

/** Props of {@link UploadItem}. */
export interface UploadItemProps {
  /** Id of the upload. */
  id: string;
  className?: string | undefined;
  /** Whether the row and its buttons are in the tab order; a list keeps one row there. Default true. */
  isCurrent?: boolean | undefined;
  /** Its position in a list that renders only what is on screen. */
  place?: { index: number; count: number } | undefined;
  slots?: UploadItemSlots | undefined;
}

const noSlots: UploadItemSlots = {};

const TitleEditor = lazyPart(() => import('./title-editor.js').then(({ TitleEditor }) => TitleEditor));

/** One upload's row. It keeps its height, name and buttons in every status; only a failure makes it grow. */
export const UploadItem = memo(function UploadItem({ id, ...props }: UploadItemProps): ReactNode {
  const view = useUpload(id);
  return view.upload && <UploadRow {...props} view={view} upload={view.upload} />;
});

interface UploadRowProps extends Omit<UploadItemProps, 'id'> {
  view: UseUploadResult;
  upload: UploadSnapshot;
}

function UploadRow({
  view,
  upload,
  className = '',
  isCurrent = true,
  place,
  slots = noSlots,
}: UploadRowProps): ReactNode {
  const row = useRow(view, upload);
  const title = useTitle(upload);
  const tabIndex = isCurrent ? 0 : -1;
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
  return (
    <li
      className={`vd-row ${className}`.trim()}
      data-vodrop="upload"
      data-status={upload.status}
      data-upload-id={id}
      data-file-name={upload.fileName}
      data-media-id={upload.mediaId}
      data-error-code={upload.status === 'failed' ? upload.error?.code : undefined}
      data-waiting={upload.waiting?.for}
      data-in-line={isInLine(upload) || undefined}
      data-held={upload.isNotStarted || undefined}
      data-owner={upload.owner === 'other' ? 'other' : undefined}
      data-asking={row.asks || undefined}
      data-ending={row.ending}
      tabIndex={tabIndex}
      aria-labelledby={folderOf(upload) === undefined ? `${id}-name` : `${id}-name ${id}-folder`}
      aria-describedby={`${id}-status`}
      aria-keyshortcuts={title.edit && 'F2'}
      aria-posinset={place && place.index + 1}
      aria-setsize={place?.count}
      onKeyDown={onKeyDown}
    >
      {slots.poster?.(upload) ?? <RowPoster upload={upload} row={row} tabIndex={tabIndex} />}
      {row.asks ? (
        <CancelQuestion upload={upload} onKeep={row.keep} onCancel={row.cancel} />
      ) : (
        <RowContents view={view} upload={upload} title={title} slots={slots} tabIndex={tabIndex} row={row} />
      )}
      {row.ending ? <UndoLine id={id} /> : <RowProgress view={view} upload={upload} />}
      <RowPlayer upload={upload} row={row} />
    </li>
  );
}

interface RowTextProps extends RowPieceProps {
  title: RowTitle;
  slots: UploadItemSlots;
  tabIndex: number;
}

/** Text and buttons; what is about to end has one button, whatever else the host puts there. */
function RowContents({ row, ...props }: RowTextProps & { row: Row }): ReactNode {
  const { upload, slots, tabIndex } = props;
  const { id } = upload;
  if (row.ending)
    return (
      <>
        <div className="vd-text">
          <RowName upload={upload} title={{ ...props.title, edit: undefined }} />
          <div className="vd:contents" id={`${id}-status`}>
            <UndoStatus upload={upload} />
          </div>
        </div>
        <div className="vd-end">
          <UndoButton ids={[id]} tabIndex={tabIndex} describedBy={`${id}-name`} focusWish={row.focusWish} />
        </div>
      </>
    );
  return (
    <>
      <RowText {...props} />
      {slots.actions?.(upload) ?? <UploadActions upload={upload} row={row} tabIndex={tabIndex} />}
    </>
  );
}

/** Name and status, or the editor of the title in their place; the row keeps its height. */
function RowText({ view, upload, title, slots, tabIndex }: RowTextProps): ReactNode {
  const { messages } = useWidget();
  const own = slots.status?.(upload);
  const status = own ?? <RowStatus view={view} upload={upload} tabIndex={tabIndex} />;
  const shown = (
    <div className="vd-text">
      <RowName upload={upload} title={title} />
      {title.isSaved && own === undefined ? (
        <StatusItems status={[messages.saved]} icon="check" tone="ok" />
      ) : (
        status
      )}
    </div>
  );
  if (!title.isEditing) return shown;
  return (
    <Suspense fallback={shown}>
      <div className="vd-text">
        <span className="vd-hidden" id={`${upload.id}-name`}>
          {title.title ?? upload.fileName}
        </span>
        <TitleEditor upload={upload} title={title.title} limit={title.limit} onEnd={title.end} />
      </div>
    </Suspense>
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
  if (folder === undefined) return name;
  return (
    <div className="vd-named">
      {name}
      <bdi className="vd-folder" id={`${id}-folder`} title={folder}>
        {folder}
      </bdi>
    </div>
  );
}

function RowPoster({
  upload,
  row,
  tabIndex,
}: {
  upload: UploadSnapshot;
  row: Row;
  tabIndex: number;
}): ReactNode {
  return (
    <Poster
      name={upload.fileName}
      file={upload.file}
      coverFile={upload.attachments.find(({ kind }) => kind === 'cover')?.file}
      coverUrl={upload.media?.coverUrl}
      durationSeconds={upload.media?.durationSeconds ?? upload.probe?.durationSeconds}
      onClick={upload.status === 'ready' && row.verb === 'play' ? row.doVerb : row.doEdit}
      onPlay={row.playLocal}
      isPlaying={row.player?.isOpen}
      tabIndex={tabIndex}
      describedBy={`${upload.id}-name`}
    />
  );
}

interface RowPieceProps {
  view: UseUploadResult;
  upload: UploadSnapshot;
}

function RowStatus({ view, upload, tabIndex }: RowPieceProps & { tabIndex: number }): ReactNode {
  if (upload.status === 'failed')
    return <UploadFailure upload={upload} onRetry={view.retry} tabIndex={tabIndex} />;
  const { bytesPerSecond, remainingSeconds } = view;
  return (
    <div className="vd:contents" id={`${upload.id}-status`}>
      <StatusLine view={{ upload, bytesPerSecond, remainingSeconds }} tabIndex={tabIndex} />
    </div>
  );
}

function RowProgress({ view: { remainingSeconds }, upload }: RowPieceProps): ReactNode {
  const { messages, format } = useWidget();
  const { id } = upload;
  const ratioOf = useCallback((snapshot: UploaderSnapshot) => ratiosIn(findUpload(snapshot, id)), [id]);
  const percent = percentOf(upload) ?? wholePercent(countedBytes(upload), upload.sizeBytes);
  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  const moves = messages.progressText({ percent, timeLeft }, format);
  return (
    <ProgressLine
      tone={toneOf(upload)}
      ratioOf={ratioOf}
      label={upload.fileName}
      percent={percent}
      valueText={
        upload.status === 'confirming' ? messages.busyText : upload.waiting ? messages.waitingText : moves
      }
    />
  );
}

/** What is stored, and what is on its way; both from 0 to 1. */
export function ratiosIn(upload: UploadSnapshot | undefined): LineRatios {
  if (upload?.status === 'importing') return { stored: (upload.importing?.percent ?? 0) / 100, sent: 0 };
  if (!upload || upload.sizeBytes === 0) return { stored: 0, sent: 0 };
  const { status, checkedBytes, sizeBytes, sentBytes, storedBytes = sentBytes } = upload;
  if (status === 'preparing') return { stored: checkedBytes / sizeBytes, sent: 0 };
  return { stored: storedBytes / sizeBytes, sent: sentBytes / sizeBytes };
}

function toneOf(upload: UploadSnapshot): LineTone {
  const { status, waiting, sentBytes, error, owner } = upload;
  if (waiting) return 'paused';
  if (isInLine(upload)) return 'rest';
  switch (status) {
    case 'preparing':
      return 'calm';
    // Another tab sends the bytes; this line only shows its progress.
    case 'uploading':
      return owner === 'other' ? 'calm' : 'up';
    case 'paused':
      return upload.finishingParts ? 'up' : 'paused';
    case 'importing':
      return upload.importing?.percent === undefined ? 'rest' : 'up';
    case 'confirming':
      return 'busy';
    case 'failed':
      return sentBytes > 0 && error?.isResumable ? 'bad' : 'rest';
    case 'queued':
    case 'processing':
    case 'ready':
    case 'canceled':
      return 'rest';
    default:
      return status satisfies never;
  }
}
