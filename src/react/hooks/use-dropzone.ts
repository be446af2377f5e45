import { useEffect, useRef, useState, type ClipboardEvent, type ComponentProps, type RefObject } from 'react';
import type { AddItem, UploaderSnapshot, UploadStatus } from '../../engine/index.js';
import { hasDevice, useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { inNaturalOrder } from '../files/items.js';
import { handlePicker, pickFiles, pickFolder, pickItems } from '../files/pick-files.js';
import type { Drag } from '../files/read-drag.js';
import { readDrop } from '../files/read-drop.js';
import { useLatest } from './use-latest.js';
import { useFileDrag } from './use-file-drag.js';
import { useStrayDrops } from './use-stray-drops.js';
import { useSelected } from './use-uploads.js';

/** State and props of a drop zone, for markup of one's own. */
export interface UseDropzoneResult {
  /** What hangs over the zone; undefined when nothing does. */
  readonly drag: Drag | undefined;
  /** Set while dropped folders are being read: how many files have been found. */
  readonly readingCount: number | undefined;
  /** Set while what was read is being added: how many of how many are in the list, or were rejected. */
  readonly addingCount: { readonly done: number; readonly of: number } | undefined;
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
  const widget = useWidget();
  const { uploader, addFiles, accept, restrictions, isDisabled, dropTarget, preventStrayDrops } = widget;
  const input = useRef<HTMLInputElement>(null);
  const { maxFiles, countReady } = restrictions;
  const takenPlaces = useSelected(uploader, countReady ? countInAll : countOpen);
  const isFull = maxFiles !== undefined && takenPlaces >= maxFiles;
  const isClosed = isDisabled || isFull || !hasDevice(widget.sources);
  const isPage = dropTarget === 'page';
  const { readingCount, addingCount, take } = useReading();
  const places = maxFiles === undefined ? Infinity : maxFiles - takenPlaces;
  const { drag, handlers } = useFileDrag({ isPage, isClosed, accept, places, onDrop: take });
  const dialogs = useDialogs(isClosed, input);
  useStrayDrops(preventStrayDrops);

  const takeChosen = (target: HTMLInputElement) => {
    const files = Array.from(target.files ?? []);
    // So that choosing the same file again is a change again.
    target.value = '';
    if (files.length) void inNaturalOrder(files).then(addFiles);
  };
  const takeLatest = useLatest(takeChosen);
  useEffect(() => {
    // Chosen before a page that a server has rendered could listen.
    if (input.current?.files?.length) takeLatest.current(input.current);
  }, [takeLatest]);

  // The connection to the store is open by the time a file is chosen.
  const prepare = () => uploader.prepare();
  const near = { onPointerEnter: prepare, onFocus: prepare };
  const onPaste = (event: ClipboardEvent) => {
    if (event.defaultPrevented || isClosed || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void addFiles(Array.from(event.clipboardData.files));
  };
  return {
    drag,
    readingCount,
    addingCount,
    isDisabled,
    isFull,
    takenPlaces,
    ...dialogs,
    // Where the whole page is the target, the page listens.
    getRootProps: () => ({ ...(!isPage && handlers), ...(!isClosed && near), onPaste }),
    getInputProps: () => ({
      ref: input,
      type: 'file',
      multiple: maxFiles !== 1,
      accept: inputAccept(accept),
      disabled: isClosed,
      tabIndex: -1,
      'aria-hidden': true,
      style: visuallyHidden,
      onChange: (event) => takeChosen(event.currentTarget),
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
        dialogs.open();
      },
    }),
  };
}

type Reading = Pick<UseDropzoneResult, 'readingCount' | 'addingCount'>;

const countListed = ({ uploads, rejections }: UploaderSnapshot) => uploads.length + rejections.length;

/** Reads what was dropped, then adds it. */
function useReading(): Reading & { take: (transfer: DataTransfer) => void } {
  const { uploader, addFiles } = useWidget();
  const [readingCount, setReadingCount] = useState<number>();
  const [adding, setAdding] = useState<{ of: number; before: number }>();
  const listed = useSelected(uploader, adding ? countListed : nothingListed);
  const done = adding && Math.max(0, listed - adding.before);
  // The first bytes of a large drop are read once all of it is in the list.
  const isListed = adding && done !== undefined && done >= adding.of;
  return {
    readingCount: isListed ? undefined : readingCount,
    addingCount: adding && !isListed ? { done: done ?? 0, of: adding.of } : undefined,
    take: (transfer) => {
      setReadingCount(0);
      void readDrop(transfer, setReadingCount)
        .then((items) => {
          // Rejections of an earlier drop make room for those of this one.
          setAdding({ of: items.length, before: uploader.getSnapshot().uploads.length });
          return addFiles(items);
        })
        .finally(() => {
          setReadingCount(undefined);
          setAdding(undefined);
        });
    },
  };
}

const nothingListed = () => 0;

/** The system's dialogs: files, a folder, the camera. */
function useDialogs(
  isClosed: boolean,
  input: RefObject<HTMLInputElement | null>,
): Pick<UseDropzoneResult, 'open' | 'openFolder' | 'openCamera'> {
  const { addFiles, accept, restrictions, capture } = useWidget();
  const add = (items: readonly AddItem[]) => {
    if (items.length) void addFiles(items);
  };
  return {
    open: () => {
      if (isClosed) return;
      const isMultiple = restrictions.maxFiles !== 1;
      if (handlePicker()) void pickItems({ accept: inputAccept(accept), isMultiple }).then(add);
      else input.current?.click();
    },
    openFolder: () => {
      if (!isClosed) void pickFolder().then(add);
    },
    openCamera: () => {
      if (!isClosed && capture) void pickFiles({ accept: inputAccept(accept), capture }).then(add);
    },
  };
}

const countOpen = countExcept(['processing', 'ready', 'failed', 'canceled']);
const countInAll = countExcept(['failed', 'canceled']);

function countExcept(statuses: readonly UploadStatus[]): (snapshot: UploaderSnapshot) => number {
  return ({ uploads }) => uploads.filter(({ status }) => !statuses.includes(status)).length;
}

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
