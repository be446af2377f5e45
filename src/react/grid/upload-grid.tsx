import { useRef, type ReactNode } from 'react';
import { ListFrame, type RowsProps } from '../components/list-frame.js';
import { useRowFocus } from '../hooks/use-row-focus.js';
import { useSheet } from '../hooks/use-sheet.js';
import { useShownIds } from '../hooks/use-shown-ids.js';
import { useVirtualRows } from '../hooks/use-virtual-rows.js';
import css from './grid.css?inline';
import { stepInGrid } from './step-in-grid.js';
import { UploadTile } from './upload-tile.js';
import { useLines } from './use-lines.js';

/** The uploads as tiles with large pictures: the same words, keys and marks as in the list. */
export function UploadGrid(props: RowsProps): ReactNode {
  useSheet('grid-styles', css);
  const ids = useShownIds();
  const list = useRef<HTMLUListElement>(null);
  const lines = useLines(list, ids.length > 0);
  const focus = useRowFocus(list, ids, (key, index, last) =>
    stepInGrid(key, index, last, {
      columns: lines.columns,
      isRightToLeft: list.current !== null && getComputedStyle(list.current).direction === 'rtl',
    }),
  );
  const pieces = useVirtualRows(list, ids, focus.current, lines);
  return (
    <ListFrame
      {...props}
      list={list}
      rowsClassName="vd-rows vd-grid"
      focus={focus}
      pieces={pieces}
      renderItem={(item) => <UploadTile {...item} />}
    />
  );
}
