import { memo, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { rowElement } from '../hooks/row-element.js';
import { useRowProgress } from '../hooks/use-row-progress.js';
import { useRow, type Row } from '../hooks/use-row.js';
import { useTitle, type RowTitle } from '../hooks/use-title.js';
import { useUpload, type UseUploadResult } from '../hooks/use-upload.js';
import { useMediaCopy, type MediaCopy } from '../media/use-media-copy.js';
import { CancelQuestion } from './cancel-question.js';
import { HostPart } from './host-part.js';
import { ProgressLine } from './progress-line.js';
import { EndingText, RowPoster, RowStatus, RowText } from './row-pieces.js';
import { RowPlayer } from './row-player.js';
import { UndoButton, UndoLine } from './lazy-undo.js';
import { UploadActions } from './upload-actions.js';
import { UploadFailure } from './upload-failure.js';

/** The host's own pieces of a row; each gets the upload. */
export interface UploadItemSlots {
  poster?: ((upload: UploadSnapshot) => ReactNode) | undefined;
  /** In place of the second line. */
  status?: ((upload: UploadSnapshot) => ReactNode) | undefined;
  /** In place of the buttons. */
  actions?: ((upload: UploadSnapshot) => ReactNode) | undefined;
  /** In a grid only: beside "Copy link", on the picture of a ready upload. */
  mediaActions?: ((upload: UploadSnapshot) => ReactNode) | undefined;
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
  const media = useMediaCopy(upload);
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <li
      className={`vd-row ${className}`.trim()}
      data-vodrop="upload"
      {...rowElement({ upload, row, title, isCurrent, place })}
    >
      <HostPart
        render={() => slots.poster?.(upload)}
        otherwise={<RowPoster upload={upload} row={row} tabIndex={tabIndex} />}
      />
      {row.asks ? (
        <CancelQuestion upload={upload} onKeep={row.keep} onCancel={row.cancel} />
      ) : (
        <RowContents {...{ view, upload, title, slots, tabIndex, row, media }} />
      )}
      {row.ending ? <UndoLine id={upload.id} /> : <RowProgress view={view} upload={upload} />}
      <RowPlayer upload={upload} row={row} />
    </li>
  );
}

interface RowContentsProps {
  view: UseUploadResult;
  upload: UploadSnapshot;
  title: RowTitle;
  slots: UploadItemSlots;
  tabIndex: number;
  row: Row;
  media: MediaCopy;
}

/** Text and buttons; what is about to end has one button, whatever else the host puts there. */
function RowContents({ view, upload, title, slots, tabIndex, row, media }: RowContentsProps): ReactNode {
  const { id } = upload;
  if (row.ending)
    return (
      <>
        <EndingText upload={upload} title={title} />
        <div className="vd-end">
          <UndoButton ids={[id]} tabIndex={tabIndex} describedBy={`${id}-name`} focusWish={row.focusWish} />
        </div>
      </>
    );
  const status =
    upload.status === 'failed' ? (
      <UploadFailure upload={upload} onRetry={view.retry} tabIndex={tabIndex} />
    ) : (
      <RowStatus view={view} upload={upload} tabIndex={tabIndex} />
    );
  return (
    <>
      <RowText
        upload={upload}
        title={title}
        notice={media.notice}
        ownStatus={() => slots.status?.(upload)}
        status={status}
      />
      <HostPart
        render={() => slots.actions?.(upload)}
        otherwise={<UploadActions upload={upload} row={row} media={media} tabIndex={tabIndex} />}
      />
    </>
  );
}

function RowProgress({ view, upload }: { view: UseUploadResult; upload: UploadSnapshot }): ReactNode {
  return <ProgressLine {...useRowProgress(view, upload)} />;
}
