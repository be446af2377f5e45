import { useEffect, useRef, useState, type DragEvent } from 'react';
import { hasFiles, isFileInput, readDrag, type Drag } from '../files/read-drag.js';
import { watchDrag } from '../files/watch-drag.js';
import { useLatest } from './use-latest.js';

export interface FileDragOptions {
  /** True: the whole page is the target. */
  readonly isPage: boolean;
  /** While true, a drag changes nothing and a drop is ignored, but does not replace the page either. */
  readonly isClosed: boolean;
  readonly accept: readonly string[];
  /** How many more files may be added. */
  readonly places: number;
  readonly onDrop: (transfer: DataTransfer) => void;
}

type DragHandlers = Record<'onDragEnter' | 'onDragOver' | 'onDrop', (event: DragEvent) => void>;

/** What hangs over the zone at the moment, and the handlers of the element that is the zone. */
export function useFileDrag({ isPage, isClosed, accept, places, onDrop }: FileDragOptions): {
  readonly drag: Drag | undefined;
  readonly handlers: DragHandlers;
} {
  const [drag, setDrag] = useState<Drag>();
  const stopWatching = useRef<() => void>(undefined);
  useEffect(
    () => () => {
      stopWatching.current?.();
    },
    [],
  );

  const enter = (event: DragLike, zone: Node) => {
    if (!hasFiles(event.dataTransfer)) return;
    // Also while closed: a file dropped on a closed zone must not replace the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = isClosed ? 'none' : 'copy';
    if (isClosed || (stopWatching.current && event.type === 'dragover')) return;
    stopWatching.current ??= watchDrag(zone, event.target, () => {
      stopWatching.current = undefined;
      setDrag(undefined);
    });
    setDrag(readDrag(event.dataTransfer, accept, places));
  };
  const drop = (event: DragLike) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (!isClosed) onDrop(event.dataTransfer);
  };
  const leave = () => {
    stopWatching.current?.();
    stopWatching.current = undefined;
    setDrag(undefined);
  };
  usePageDrag(isPage, { enter, drop, leave });

  const onZone = (event: DragEvent) => {
    enter(event, event.currentTarget);
  };
  return { drag, handlers: { onDragEnter: onZone, onDragOver: onZone, onDrop: drop } };
}

type DragLike = Pick<DragEvent, 'dataTransfer' | 'preventDefault' | 'target' | 'type'>;

/** The same for the whole page. What the host's own targets have taken is left to them, and file inputs take theirs. */
function usePageDrag(
  isWanted: boolean,
  handlers: {
    enter: (event: DragLike, zone: Node) => void;
    drop: (event: DragLike) => void;
    leave: () => void;
  },
): void {
  const latest = useLatest(handlers);
  useEffect(() => {
    if (!isWanted) return;
    const stop = new AbortController();
    const listen = (type: 'dragenter' | 'dragover' | 'drop', handle: (event: DragLike) => void) => {
      // On the document: the guard against stray drops listens on the window, so it comes later.
      document.addEventListener(
        type,
        (event) => {
          if (event.defaultPrevented || isFileInput(event.target)) latest.current.leave();
          else if (event.dataTransfer) handle(event as DragLike);
        },
        { signal: stop.signal },
      );
    };
    const enter = (event: DragLike) => {
      latest.current.enter(event, document);
    };
    listen('dragenter', enter);
    listen('dragover', enter);
    listen('drop', (event) => {
      latest.current.drop(event);
    });
    return () => {
      stop.abort();
    };
  }, [isWanted, latest]);
}
