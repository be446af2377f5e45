/** What a person sees of an upload. */
export interface SeenUpload {
  readonly fileName: string;
  /** `uploading`, `ready` …: the status of the upload. */
  readonly status: string;
  /** The second line of the row. */
  readonly text: string;
  /** The names of the row's buttons, in order. */
  readonly buttons: readonly string[];
  readonly mediaId: string | undefined;
  /** Set when it has failed. */
  readonly errorCode: string | undefined;
  /** The row's element, for queries of your own. */
  readonly element: HTMLElement;
}

/** Where to look: a document, an element, or a shadow root. */
export type Where = Document | Element | ShadowRoot;

/** The uploads that are listed, in order; also those in a `<vodrop-uploader>`. */
export function seenUploads(where: Where = document): readonly SeenUpload[] {
  return findAll(where, '[data-vodrop="upload"]').map(readRow);
}

/**
 * The upload of that file name.
 * @throws where there is none, with the names that are listed.
 */
export function seenUpload(fileName: string, where: Where = document): SeenUpload {
  const all = seenUploads(where);
  const found = all.find((upload) => upload.fileName === fileName);
  if (found) return found;
  throw new Error(
    `No upload "${fileName}" is listed; listed are: ${all.map(({ fileName: name }) => name).join(', ') || 'none'}.`,
  );
}

/**
 * The button of that name: in the row of an upload, or anywhere in the widget.
 * @throws where there is none.
 */
export function seenButton(name: string, where: SeenUpload | Where = document): HTMLButtonElement {
  const root = 'element' in where ? where.element : where;
  const buttons = findAll(root, 'button') as HTMLButtonElement[];
  const found = buttons.find((button) => nameOf(button) === name);
  if (found) return found;
  throw new Error(`There is no button "${name}"; there are: ${buttons.map(nameOf).join(', ') || 'none'}.`);
}

/** Gives files to the widget as its file dialog does. */
export function chooseFiles(files: readonly File[], where: Where = document): void {
  const input = findAll(where, '[data-vodrop="dropzone"] input[type="file"]')[0];
  if (!input) throw new Error('There is no drop zone here.');
  Object.defineProperty(input, 'files', { configurable: true, value: files });
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function readRow(element: HTMLElement): SeenUpload {
  const { status = '', fileName = '', mediaId, errorCode } = element.dataset;
  return {
    fileName,
    status,
    text: textOf(element.querySelector('.vd-status')),
    buttons: findAll(element, 'button').map(nameOf),
    mediaId,
    errorCode,
    element,
  };
}

/** Also inside open shadow roots. */
function findAll(where: Where, selector: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (const element of where.querySelectorAll<HTMLElement>('*')) {
    if (element.matches(selector)) found.push(element);
    if (element.shadowRoot) found.push(...findAll(element.shadowRoot, selector));
  }
  return found;
}

const nameOf = (button: Element) => button.getAttribute('aria-label') ?? textOf(button);

/** Without the spaces that keep numbers and units together. */
const textOf = (element: Element | null) =>
  (element?.textContent ?? '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[\u2066-\u2069]/g, '')
    .trim();
