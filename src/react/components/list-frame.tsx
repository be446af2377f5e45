import { Fragment, type ReactNode, type RefObject } from 'react';
import { useWidget } from '../context.js';
import type { RowFocus } from '../hooks/use-row-focus.js';
import type { Piece } from '../hooks/virtual-rows.js';
import { loadUndo } from '../stores/undo-code.js';
import { HostPart } from './host-part.js';
import { TotalProgress } from './total-progress.js';
import type { UploadItemProps, UploadItemSlots } from './upload-item.js';

/** What a list and a grid are given. */
export interface RowsProps {
  className?: string;
  itemClassName?: string;
  itemSlots?: UploadItemSlots;
  /** What stands above the rows. Default {@link TotalProgress}; `null` for nothing. */
  header?: ReactNode;
  /** A row of one's own, for each id. Default {@link UploadItem}. Its root needs `data-upload-id` and takes the focus. */
  children?: (id: string, isCurrent: boolean) => ReactNode;
}

export interface ListFrameProps extends RowsProps {
  list: RefObject<HTMLUListElement | null>;
  rowsClassName: string;
  focus: RowFocus;
  pieces: readonly Piece[];
  renderItem: (props: UploadItemProps) => ReactNode;
}

const noSlots: UploadItemSlots = {};

/** The panel with the total and the rows that are rendered. */
export function ListFrame({
  className = '',
  itemClassName = '',
  itemSlots = noSlots,
  header = <TotalProgress />,
  children,
  list,
  rowsClassName,
  focus: { current, onKeyDown, onFocus },
  pieces,
  renderItem,
}: ListFrameProps): ReactNode {
  const { messages, kind } = useWidget();
  if (!pieces.length) return null;
  return (
    <div
      className={`vd-panel ${className}`.trim()}
      data-vodrop="upload-list"
      onPointerEnter={loadUndo}
      onFocus={loadUndo}
    >
      {header}
      <ul
        className={rowsClassName}
        role="list"
        ref={list}
        aria-label={messages.listLabel(kind)}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {pieces.map((piece) => {
          if ('gapPx' in piece)
            return (
              <li
                key={`gap ${piece.key}`}
                className="vd-gap"
                aria-hidden="true"
                style={{ blockSize: piece.gapPx }}
              />
            );
          const { id, place } = piece;
          const isCurrent = piece.index === current;
          return (
            <Fragment key={id}>
              <HostPart
                render={children && (() => children(id, isCurrent) ?? false)}
                otherwise={renderItem({ id, className: itemClassName, slots: itemSlots, isCurrent, place })}
              />
            </Fragment>
          );
        })}
      </ul>
    </div>
  );
}
