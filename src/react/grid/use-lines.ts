import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Lines } from '../hooks/virtual-rows.js';

/** Before the grid is measured. */
const firstGuess: Lines = { columns: 4, gapPx: 16 };

/** How many tiles the styles put beside each other, and how far apart lines are. */
export function useLines(list: RefObject<HTMLElement | null>, hasTiles: boolean): Lines {
  const [lines, setLines] = useState(firstGuess);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const look = () => {
      const { gridTemplateColumns, rowGap } = getComputedStyle(element);
      const columns = gridTemplateColumns.split(' ').length;
      const gapPx = Number.parseFloat(rowGap) || 0;
      setLines((known) => (known.columns === columns && known.gapPx === gapPx ? known : { columns, gapPx }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [list, hasTiles]);
  return lines;
}
