import type { RefObject } from 'react';

/** Rows kept ready above and below what is on screen; of tiles, lines. */
const spareRows = 8;
const spareLines = 3;
const firstGuessPx = 74;

/** A row, or the room of those that are not rendered. */
export type Piece =
  | {
      readonly id: string;
      readonly index: number;
      /** Set where the list renders only a part of its rows. */
      readonly place: { readonly index: number; readonly count: number } | undefined;
    }
  | { readonly gapPx: number; readonly key: string };

/** The lines on screen. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** How the rows are laid out: in a list one below the other, in a grid several beside each other. */
export interface Lines {
  readonly columns: number;
  /** Between two lines. */
  readonly gapPx: number;
}

/** Rows are of one height, measured on the first of them, except those that differ, which are measured each. */
export interface RowHeights {
  readonly rowPx: number;
  readonly exceptions: ReadonlyMap<string, number>;
}

const unmeasured: RowHeights = { rowPx: firstGuessPx, exceptions: new Map() };
/** Until the screen was looked at. */
const firstRange: Range = { first: 0, last: 20 };

/** The rows on screen, some more, and the one that has the focus. */
export function piecesOf(
  ids: readonly string[],
  {
    tops,
    lines,
    current,
    range = firstRange,
  }: { tops: Float64Array; lines: Lines; current: number; range: Range | undefined },
): readonly Piece[] {
  const lastLine = tops.length - 2;
  const spare = lines.columns > 1 ? spareLines : spareRows;
  const wanted = new Set<number>([Math.min(Math.floor(current / lines.columns), lastLine)]);
  for (let line = Math.max(0, range.first - spare); line <= Math.min(lastLine, range.last + spare); line += 1)
    wanted.add(line);
  return withGaps(
    [...wanted].sort((a, b) => a - b),
    { ids, tops, lines },
  );
}

/** Follows which rows are on screen, until the returned function is called. */
export function followScreen(
  list: RefObject<HTMLElement | null>,
  tops: Float64Array,
  onRange: (renew: (shown: Range | undefined) => Range) => void,
): () => void {
  let frame = 0;
  const look = () => {
    frame = 0;
    const element = list.current;
    if (!element) return;
    const { top } = element.getBoundingClientRect();
    const next = rangeOf(tops, -top, window.innerHeight - top);
    onRange((shown) => (shown?.first === next.first && shown.last === next.last ? shown : next));
  };
  const soon = () => {
    frame ||= requestAnimationFrame(look);
  };
  look();
  // It changes by scrolling of any element around, by resizing, and by rows above that come and go.
  document.addEventListener('scroll', soon, { capture: true, passive: true });
  window.addEventListener('resize', soon);
  return () => {
    cancelAnimationFrame(frame);
    document.removeEventListener('scroll', soon, { capture: true });
    window.removeEventListener('resize', soon);
  };
}

/** Measures the rendered rows. Failed rows, open players and questions are taller; a narrow container changes all of them. */
export function measureRows(
  list: Element,
  onHeights: (renew: (before: RowHeights | undefined) => RowHeights) => void,
): (() => void) | undefined {
  if (typeof ResizeObserver === 'undefined') return undefined;
  const observer = new ResizeObserver((entries) => {
    const sizes = entries.flatMap(({ target, borderBoxSize }) => {
      const id = target instanceof HTMLElement ? target.dataset.uploadId : undefined;
      const px = borderBoxSize[0]?.blockSize ?? 0;
      return id !== undefined && px > 0 ? [{ id, px }] : [];
    });
    onHeights((before = unmeasured) => withMeasured(before, sizes));
  });
  for (const row of list.querySelectorAll(':scope > [data-upload-id]')) observer.observe(row);
  return () => {
    observer.disconnect();
  };
}

/** The same object where nothing differs from what is known. */
function withMeasured(before: RowHeights, sizes: readonly { id: string; px: number }[]): RowHeights {
  const common = mostCommon(sizes.map(({ px }) => px));
  const rowPx = sizes.length > 3 && common !== undefined ? common : before.rowPx;
  const changed = sizes.filter(({ id, px }) => (before.exceptions.get(id) ?? rowPx) !== px);
  if (!changed.length && rowPx === before.rowPx) return before;
  if (!changed.length) return { rowPx, exceptions: before.exceptions };
  const exceptions = new Map(before.exceptions);
  for (const { id, px } of changed) {
    if (px === rowPx) exceptions.delete(id);
    else exceptions.set(id, px);
  }
  return { rowPx, exceptions };
}

/** Where each line begins; one is as high as its highest row. The last entry is the end of all. */
export function sumTops(
  ids: readonly string[],
  { columns, gapPx }: Lines,
  { rowPx, exceptions }: RowHeights = unmeasured,
): Float64Array {
  const tops = new Float64Array(Math.ceil(ids.length / columns) + 1);
  for (let line = 0; line + 1 < tops.length; line += 1) {
    let linePx = 0;
    // Without an array for each line: lists get long.
    for (let index = line * columns; index < Math.min(ids.length, (line + 1) * columns); index += 1)
      linePx = Math.max(linePx, exceptions.get(ids[index] ?? '') ?? rowPx);
    tops[line + 1] = (tops[line] ?? 0) + linePx + gapPx;
  }
  return tops;
}

/** Lines that reach into the stretch from `from` to `to`. */
function rangeOf(tops: Float64Array, from: number, to: number): Range {
  const last = tops.length - 2;
  return { first: Math.min(last, rowAt(tops, from)), last: Math.min(last, rowAt(tops, to)) };
}

/** By halves: the last line that begins at or before that place. */
function rowAt(tops: Float64Array, px: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows of these lines, and the room of those between them. */
export function withGaps(
  shown: readonly number[],
  { ids, tops, lines: { columns, gapPx } }: { ids: readonly string[]; tops: Float64Array; lines: Lines },
): Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  const gap = (upTo: number) => {
    // The room is a line, too, with the gap of one below it.
    const px = (tops[upTo] ?? 0) - (tops[next] ?? 0) - gapPx;
    if (px > 0) pieces.push({ gapPx: px, key: ids[upTo * columns] ?? 'end' });
  };
  for (const line of shown) {
    gap(line);
    for (let index = line * columns; index < Math.min(ids.length, (line + 1) * columns); index += 1) {
      const id = ids[index];
      if (id !== undefined) pieces.push({ id, index, place: { index, count: ids.length } });
    }
    next = line + 1;
  }
  gap(tops.length - 1);
  return pieces;
}

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
