import { useRef, useState, type ComponentProps, type ClipboardEvent, type DragEvent } from 'react';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { pickFiles } from '../files/pick-files.js';
import { hasFiles, readDrag, type Drag } from '../files/read-drag.js';
import { readDrop } from '../files/read-drop.js';
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
  /** For the element that files are dropped on, and that gets pasted into. */
  readonly getRootProps: () => ComponentProps<'div'>;
  /** For the one native input; it stays in the document, visually hidden. */
  readonly getInputProps: () => ComponentProps<'input'>;
  /** For the real button, by which keyboards and screen readers reach the zone. */
  readonly getButtonProps: () => ComponentProps<'button'>;
}

/** One path for drop, click, keyboard and paste: all end in `addFiles` of the widget around. */
export function useDropzone(): UseDropzoneResult {
  const { uploader, addFiles, accept, restrictions, isDisabled } = useWidget();
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
    return readDrop(transfer, setReadingCount).then(addFiles).finally(() => { setReadingCount(undefined); });
  };
  const open = () => { if (!isClosed) input.current?.click(); };
  const openFolder = () => { if (!isClosed) void pickFiles({ isFolder: true }).then(addFiles); };

  const onDragEnter = (event: DragEvent) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth.current += 1;
    if (!isClosed) setDrag(readDrag(event.dataTransfer, accept, places));
  };
  const onDragOver = (event: DragEvent) => {
    if (!hasFiles(event.dataTransfer)) return;
    // Also while closed: a file dropped on a closed zone must not replace the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = isClosed ? 'none' : 'copy';
  };
  const onDragLeave = (event: DragEvent) => {
    if (!hasFiles(event.dataTransfer)) return;
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setDrag(undefined);
  };
  const onDrop = (event: DragEvent) => {
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

  return {
    drag,
    readingCount,
    isDisabled,
    isFull,
    takenPlaces,
    open,
    openFolder,
    getRootProps: () => ({ onDragEnter, onDragOver, onDragLeave, onDrop, onPaste }),
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
      onClick: (event) => { event.stopPropagation(); },
    }),
    getButtonProps: () => ({ type: 'button', disabled: isClosed, onClick: (event) => { event.stopPropagation(); open(); } }),
  };
}

const ended = new Set(['ready', 'failed', 'canceled']);
const countTaken = ({ uploads }: { uploads: readonly { status: string }[] }) =>
  uploads.reduce((count, { status }) => count + (ended.has(status) ? 0 : 1), 0);

/** Inline, so that the input stays out of sight even where the stylesheet is missing. Not `display: none`: Safari would not open it. */
const visuallyHidden = {
  position: 'absolute', inlineSize: 1, blockSize: 1, margin: -1, padding: 0, border: 0, overflow: 'hidden', clipPath: 'inset(50%)', opacity: 0,
} as const;
