import { useEffect, useLayoutEffect, useMemo, useState, type RefObject } from 'react';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { filterFromRows } from '../stores/list-view.js';
import { useIsLate } from './use-is-late.js';
import type { Lines, Piece, Range, RowHeights } from './virtual-rows.js';

/** Shorter lists are rendered whole: the browser's own search finds all of it, and nothing can go wrong. */
const wholeUpTo = 60;
/**
 * So many of a longer one are, until the code is there that renders those on screen, or as many as were before; and the
 * one that has the focus. Hundreds at once would keep the page busy just when many files are added.
 */
const firstRows = 28;
/** So many are where that code is late or cannot be loaded: the total says so, whose filters are in the same chunk. */
const rowsWithoutCode = 300;
const patienceMs = 2000;

const oneByOne: Lines = { columns: 1, gapPx: 0 };

const longList = new Deferred(() => import('../components/long-list.js'));

/** Which rows to render: of a short list all, of a long one those on screen, some more, and the one with the focus. */
export function useVirtualRows(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  current: number,
  lines = oneByOne,
): readonly Piece[] {
  const loaded = useDeferred(longList, ids.length >= filterFromRows);
  const isLong = ids.length > wholeUpTo;
  const code = isLong ? loaded : undefined;
  const [shown, setShown] = useState(firstRows);
  if (!isLong && ids.length > shown) setShown(ids.length);
  const most = useIsLate(patienceMs, Number(isLong)) ? rowsWithoutCode : shown;
  const [range, setRange] = useState<Range>();
  const [heights, setHeights] = useState<RowHeights>();
  const tops = useMemo(() => code?.sumTops(ids, lines, heights), [code, ids, lines, heights]);
  useLayoutEffect(
    () => (list.current && code?.measureRows(list.current, setHeights)) ?? undefined,
    [code, list, range, ids, current],
  );
  useEffect(() => tops && code?.followScreen(list, tops, setRange), [code, list, tops]);
  return useMemo(() => {
    if (code && tops) return code.piecesOf(ids, { tops, lines, current, range });
    const count = ids.length;
    return ids.flatMap((id, index) =>
      index < most || index === current ? { id, index, place: isLong ? { index, count } : undefined } : [],
    );
  }, [code, tops, ids, range, current, lines, isLong, most]);
}
