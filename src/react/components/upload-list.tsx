import { useMemo, useRef, type ReactNode } from 'react';
import { MediaTexts, type MediaText } from '../media/use-media-texts.js';
import { useRowFocus, type Step } from '../hooks/use-row-focus.js';
import { useIsLate } from '../hooks/use-is-late.js';
import { useShownIds } from '../hooks/use-shown-ids.js';
import { useVirtualRows } from '../hooks/use-virtual-rows.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { ListFrame, type RowsProps } from './list-frame.js';
import { UploadItem } from './upload-item.js';

/** Props of {@link UploadList}. */
export interface UploadListProps extends RowsProps {
  /** Rows (`list`, default), or tiles with large pictures (`grid`), whose code is loaded when it is used. */
  layout?: 'list' | 'grid' | undefined;
  /** What "Copy link" of a ready upload copies, e.g. the page that plays it; undefined: it has no link. */
  mediaLink?: MediaText | undefined;
  /** What "Copy embed code" of a ready upload copies; undefined: it has none. */
  mediaEmbed?: MediaText | undefined;
}

/**
 * The uploads, with their total. One stop of the Tab key: arrows move between them, Tab goes into the buttons of one. Of
 * long lists only what is on screen is rendered, and what has the focus.
 */
export function UploadList({ layout = 'list', mediaLink, mediaEmbed, ...props }: UploadListProps): ReactNode {
  const texts = useMemo(() => ({ link: mediaLink, embed: mediaEmbed }), [mediaLink, mediaEmbed]);
  return (
    <MediaTexts value={texts}>{layout === 'grid' ? <Grid {...props} /> : <Rows {...props} />}</MediaTexts>
  );
}

const grid = new Deferred(() => import('../grid/upload-grid.js'));
/** As long as rows would only flash before the grid. */
const patienceMs = 2000;

/** The grid, once its code is there. Where that takes long or fails, rows show the uploads until it is. */
function Grid(props: RowsProps): ReactNode {
  const Part = useDeferred(grid)?.UploadGrid;
  const isLate = useIsLate(patienceMs);
  if (Part) return <Part {...props} />;
  return isLate ? <Rows {...props} /> : null;
}

const steps: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_index, last) => last,
};
const stepInRows: Step = (key, index, last) => steps[key]?.(index, last);

function Rows(props: RowsProps): ReactNode {
  const ids = useShownIds();
  const list = useRef<HTMLUListElement>(null);
  const focus = useRowFocus(list, ids, stepInRows);
  const pieces = useVirtualRows(list, ids, focus.current);
  return (
    <ListFrame
      {...props}
      list={list}
      rowsClassName="vd-rows"
      focus={focus}
      pieces={pieces}
      renderItem={(item) => <UploadItem {...item} />}
    />
  );
}
