import { useEffect, useRef, useState, type ComponentProps, type ClipboardEvent, type DragEvent } from 'react';
import type { AddItem } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { handlePicker, pickFiles, pickItems } from '../files/pick-files.js';
import { hasFiles, readDrag, type Drag } from '../files/read-drag.js';
import { readDrop } from '../files/read-drop.js';
import { useLatest } from './use-latest.js';
import { useSelected } from './use-uploads.js';

/** State and props of a drop zone, for markup of one's own. */
export interface UseDropzoneResult {
  /** What hangs over the zone; undefined when nothing does. */
  readonly drag: Drag | undefined;
  /** Set while dropped folders are being read: how many files have been found. */
  readonly readingCount: number | undefined;
  readonly isDisabled: boolean;
  /** True when `maxFiles` uploads stand in the list. */
  readonly isFull: boolean;
  readonly takenPlaces: number;
  /** Opens the system's file dialog. */
  readonly open: () => void;
  readonly openFolder: () => void;
  /** Opens the camera, where `capture` is set and the device has one. */
  readonly openCamera: () => void;
  /** For the element that files are dropped on, and that gets pasted into. */
  readonly getRootProps: () => ComponentProps<'div'>;
  /** For the one native input; it stays in the document, visually hidden. */
  readonly getInputProps: () => ComponentProps<'input'>;
  /** For the real button, by which keyboards and screen readers reach the zone. */
  readonly getButtonProps: () => ComponentProps<'button'>;
}

/** One path for drop, click, keyboard and paste: all end in `addFiles` of the widget around. */
export function useDropzone(): UseDropzoneResult {
  const { uploader, addFiles, accept, restrictions, isDisabled, dropTarget, capture } = useWidget();
  const input = useRef<HTMLInputElement>(null);
  // Entering a child fires before leaving its parent: without a count the state would flicker at each edge.
  const depth = useRef(0);
  const [drag, setDrag] = useState<Drag>();
  const [readingCount, setReadingCount] = useState<number>();
  const takenPlaces = useSelected(uploader, countTaken);

  const { maxFiles } = restrictions;
  const isFull = maxFiles !== undefined && takenPlaces >= maxFiles;
  const isClosed = isDisabled || isFull;
  const places = maxFiles === undefined ? Infinity : maxFiles - takenPlaces;

  const take = (transfer: DataTransfer) => {
    setReadingCount(0);
    return readDrop(transfer, setReadingCount)
      .then(addFiles)
      .finally(() => {
        setReadingCount(undefined);
      });
  };
  const addAll = (items: readonly AddItem[]) => {
    if (items.length) void addFiles(items);
  };
  const open = () => {
    if (isClosed) return;
    if (handlePicker())
      void pickItems({ accept: inputAccept(accept), isMultiple: maxFiles !== 1 }).then(addAll);
    else input.current?.click();
  };
  const openFolder = () => {
    if (!isClosed) void pickFiles({ isFolder: true }).then(addAll);
  };
  const openCamera = () => {
    if (!isClosed && capture) void pickFiles({ accept: inputAccept(accept), capture }).then(addAll);
  };

  const onDragEnter = (event: DragLike) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth.current += 1;
    if (!isClosed) setDrag(readDrag(event.dataTransfer, accept, places));
  };
  const onDragOver = (event: DragLike) => {
    if (!hasFiles(event.dataTransfer)) return;
    // Also while closed: a file dropped on a closed zone must not replace the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = isClosed ? 'none' : 'copy';
  };
  const onDragLeave = (event: DragLike) => {
    if (!hasFiles(event.dataTransfer)) return;
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setDrag(undefined);
  };
  const onDrop = (event: DragLike) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth.current = 0;
    setDrag(undefined);
    if (!isClosed) void take(event.dataTransfer);
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.defaultPrevented || isClosed || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void addFiles(Array.from(event.clipboardData.files));
  };

  const onGone = () => {
    depth.current = 0;
    setDrag(undefined);
  };
  usePageDrag(dropTarget === 'page', { onDragEnter, onDragOver, onDragLeave, onDrop, onGone });

  return {
    drag,
    readingCount,
    isDisabled,
    isFull,
    takenPlaces,
    open,
    openFolder,
    openCamera,
    // Where the whole page is the target, the page listens.
    getRootProps: () =>
      dropTarget === 'page' ? { onPaste } : { onDragEnter, onDragOver, onDragLeave, onDrop, onPaste },
    getInputProps: () => ({
      ref: input,
      type: 'file',
      multiple: maxFiles !== 1,
      accept: inputAccept(accept),
      disabled: isClosed,
      tabIndex: -1,
      'aria-hidden': true,
      style: visuallyHidden,
      onChange: (event) => {
        const files = Array.from(event.currentTarget.files ?? []);
        // So that choosing the same file again is a change again.
        event.currentTarget.value = '';
        if (files.length) void addFiles(files);
      },
      // The click opens the dialog; it is not also a click on the zone.
      onClick: (event) => {
        event.stopPropagation();
      },
    }),
    getButtonProps: () => ({
      type: 'button',
      disabled: isClosed,
      onClick: (event) => {
        event.stopPropagation();
        open();
      },
    }),
  };
}

type DragLike = Pick<DragEvent, 'dataTransfer' | 'preventDefault'>;
type DragHandlers = Record<
  'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop',
  (event: DragLike) => void
> & { onGone: () => void };

/** The same handlers for the whole window. What the host's own targets have taken is left to them. */
function usePageDrag(isWanted: boolean, handlers: DragHandlers): void {
  const latest = useLatest(handlers);
  useEffect(() => {
    if (!isWanted) return;
    const stop = new AbortController();
    const listen = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      name: Exclude<keyof DragHandlers, 'onGone'>,
    ) => {
      window.addEventListener(
        type,
        (event) => {
          if (event.dataTransfer && (type === 'dragleave' || !event.defaultPrevented))
            latest.current[name](event as DragLike);
        },
        { signal: stop.signal },
      );
    };
    listen('dragenter', 'onDragEnter');
    listen('dragover', 'onDragOver');
    listen('dragleave', 'onDragLeave');
    listen('drop', 'onDrop');
    // Whoever took it, nothing hangs over the page any more.
    window.addEventListener(
      'drop',
      () => {
        latest.current.onGone();
      },
      { signal: stop.signal },
    );
    return () => {
      stop.abort();
    };
  }, [isWanted, latest]);
}

const ended = new Set(['processing', 'ready', 'failed', 'canceled']);
const countTaken = ({ uploads }: { uploads: readonly { status: string }[] }) =>
  uploads.reduce((count, { status }) => count + (ended.has(status) ? 0 : 1), 0);

/** Inline, so that the input stays out of sight even where the stylesheet is missing. Not `display: none`: Safari would not open it. */
const visuallyHidden = {
  position: 'absolute',
  inlineSize: 1,
  blockSize: 1,
  margin: -1,
  padding: 0,
  border: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  opacity: 0,
} as const;
