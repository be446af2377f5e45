import { createContext, useContext, useLayoutEffect, useState, type RefObject } from 'react';

/** Below this, in pixels of the container, buttons fold into a menu. The same as in the styles. */
const narrowPx = 480;

export const NarrowContext = createContext(false);

/** Whether the widget around is narrow. What only looks different is left to container queries. */
export function useIsNarrow(): boolean {
  return useContext(NarrowContext);
}

/** Measures an element. */
export function useMeasuredNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [isNarrow, setIsNarrow] = useState(false);
  useLayoutEffect(() => {
    if (!element.current || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setIsNarrow(entry.contentRect.width <= narrowPx);
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return isNarrow;
}
