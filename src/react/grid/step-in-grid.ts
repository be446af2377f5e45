export interface GridShape {
  readonly columns: number;
  readonly isRightToLeft: boolean;
}

/** The tile that a key leads to: arrows in two directions, Home and End; undefined for other keys. */
export function stepInGrid(
  key: string,
  index: number,
  last: number,
  { columns, isRightToLeft }: GridShape,
): number | undefined {
  const lineOf = (tile: number) => Math.floor(tile / columns);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowLeft': {
      const isForward = (key === 'ArrowRight') !== isRightToLeft;
      return Math.max(0, Math.min(last, index + (isForward ? 1 : -1)));
    }
    case 'ArrowUp':
      return index >= columns ? index - columns : index;
    case 'ArrowDown':
      // The last line may be shorter: then its last tile is the nearest.
      return lineOf(index) < lineOf(last) ? Math.min(last, index + columns) : index;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
