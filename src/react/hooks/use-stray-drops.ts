import { useEffect } from 'react';
import { hasFiles, isFileInput } from '../files/read-drag.js';

/**
 * Keeps the page when files are dropped beside every target: browsers open them in its place, or in another tab. Drops
 * that anything else on the page has taken are left alone, and so are file inputs.
 */
export function useStrayDrops(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const stop = new AbortController();
    const keepPage = (event: DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event.dataTransfer) || isFileInput(event.target)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', keepPage, { signal: stop.signal });
    window.addEventListener('drop', keepPage, { signal: stop.signal });
    return () => {
      stop.abort();
    };
  }, [isWanted]);
}
