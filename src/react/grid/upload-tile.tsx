import { memo, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { CancelQuestion } from '../components/cancel-question.js';
import { HostPart } from '../components/host-part.js';
import { EndingText, RowStatus, RowText } from '../components/row-pieces.js';
import { UndoButton } from '../components/lazy-undo.js';
import { FailureSentences } from '../components/upload-failure.js';
import type { UploadItemProps, UploadItemSlots } from '../components/upload-item.js';
import { rowElement } from '../hooks/row-element.js';
import { useRow, type Row } from '../hooks/use-row.js';
import { useTitle, type RowTitle } from '../hooks/use-title.js';
import { useUpload, type UseUploadResult } from '../hooks/use-upload.js';
import { useMediaCopy, type MediaCopy } from '../media/use-media-copy.js';
import { TileEnd, TileNeed } from './tile-end.js';
import { TilePicture } from './tile-picture.js';

const noSlots: UploadItemSlots = {};

/** One upload's tile. Tiles are of one height; a failure or a question makes one grow. */
export const UploadTile = memo(function UploadTile({ id, ...props }: UploadItemProps): ReactNode {
  const view = useUpload(id);
  return view.upload && <Tile {...props} view={view} upload={view.upload} />;
});

interface TileProps extends Omit<UploadItemProps, 'id'> {
  view: UseUploadResult;
  upload: UploadSnapshot;
}

function Tile({
  view,
  upload,
  className = '',
  isCurrent = true,
  place,
  slots = noSlots,
}: TileProps): ReactNode {
  const row = useRow(view, upload);
  const title = useTitle(upload);
  const media = useMediaCopy(upload);
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <li
      className={`vd-tile ${className}`.trim()}
      data-vodrop="upload"
      {...rowElement({ upload, row, title, isCurrent, place })}
    >
      <TilePicture view={view} upload={upload} row={row} media={media} slots={slots} tabIndex={tabIndex} />
      <div className="vd-tile-text">
        {row.asks ? (
          <CancelQuestion upload={upload} onKeep={row.keep} onCancel={row.cancel} />
        ) : (
          <TileContents {...{ view, upload, row, title, media, slots, tabIndex }} />
        )}
      </div>
    </li>
  );
}

interface TileContentsProps {
  view: UseUploadResult;
  upload: UploadSnapshot;
  row: Row;
  title: RowTitle;
  media: MediaCopy;
  slots: UploadItemSlots;
  tabIndex: number;
}

function TileContents({ view, upload, row, title, media, slots, tabIndex }: TileContentsProps): ReactNode {
  const { id, error } = upload;
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
    upload.status === 'failed' && error ? (
      <FailureSentences upload={upload} error={error} />
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
        otherwise={<TileEnd upload={upload} row={row} media={media} tabIndex={tabIndex} />}
      />
      <TileNeed upload={upload} tabIndex={tabIndex} />
    </>
  );
}
