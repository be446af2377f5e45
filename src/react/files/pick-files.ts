import type { AddItem } from '../../engine/index.js';
import { inNaturalOrder, unreadable } from './items.js';
import { isSystemPath } from './system-names.js';

export interface PickOptions {
  /** As the `accept` attribute takes it. */
  accept?: string;
  isFolder?: boolean;
  isMultiple?: boolean;
  /** Opens the camera on phones. */
  capture?: 'user' | 'environment';
}

/** Referenced until it answers: without a reference the input may be collected as garbage, and its event never comes. */
let open: HTMLInputElement | undefined;

/** Opens the system's file dialog apart from the drop zone's own input: for one missing file, a folder, or the camera. */
export function pickFiles({
  accept = '',
  isFolder = false,
  isMultiple = false,
  capture,
}: PickOptions): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = isMultiple;
    input.accept = accept;
    if (capture) input.setAttribute('capture', capture);
    input.webkitdirectory = isFolder;
    const answer = () => {
      open = undefined;
      // None after a cancel.
      resolve(Array.from(input.files ?? []));
    };
    for (const type of ['change', 'cancel']) input.addEventListener(type, answer, { once: true });
    open = input;
    open.click();
  });
}

interface OpenFilePicker {
  (options: {
    multiple: boolean;
    types?: { accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle[]>;
}

/**
 * The browser's picker whose handles open the same files again after a crash, where there is one. Test tools can put
 * files into an input and not into this picker, so pages that are driven by one keep the input.
 */
export function handlePicker(): OpenFilePicker | undefined {
  const { showOpenFilePicker } = window as { showOpenFilePicker?: OpenFilePicker };
  return navigator.webdriver ? undefined : showOpenFilePicker?.bind(window);
}

/** Like {@link pickFiles}, with handles where the browser has them. A chosen file that cannot be opened is rejected by its name. */
export async function pickItems({
  accept = '',
  isMultiple = false,
}: PickOptions): Promise<readonly AddItem[]> {
  const handles = await pickHandles(accept, isMultiple);
  if (!handles) return inNaturalOrder(await pickFiles({ accept, isMultiple }));
  return Promise.all(
    (await inNaturalOrder(handles)).map((handle) =>
      handle.getFile().then(
        (file) => ({ file, handle }),
        () => unreadable(handle.name),
      ),
    ),
  );
}

/** Undefined where the browser has no such picker, or does not open it. */
async function pickHandles(
  accept: string,
  isMultiple: boolean,
): Promise<readonly FileSystemFileHandle[] | undefined> {
  try {
    return await handlePicker()?.({ multiple: isMultiple, types: pickerTypes(accept) });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return [];
    // Frames of another origin may not open it; types it does not know are an error as well.
    return undefined;
  }
}

/** The files of a chosen folder, by the same rules as those of a dropped one: see `readDrop`. */
export async function pickFolder(): Promise<readonly AddItem[]> {
  const files = await pickFiles({ isFolder: true });
  return inNaturalOrder(
    files
      .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
      .filter(({ path }) => !isSystemPath(path)),
  );
}

/** `video/*,.mkv` as the picker wants it: extensions under a MIME type. */
function pickerTypes(accept: string): { accept: Record<string, string[]> }[] {
  const entries = accept.split(',').filter(Boolean);
  const extensions = entries.filter((entry) => entry.startsWith('.'));
  const types = entries.filter((entry) => entry.includes('/'));
  return entries.length
    ? [
        {
          accept: Object.fromEntries(
            (types.length ? types : ['application/octet-stream']).map((type) => [type, extensions]),
          ),
        },
      ]
    : [];
}
