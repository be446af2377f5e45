import { judgeMimeType } from './accept.js';

/** What the browser says about files before they are dropped. */
export interface Drag {
  readonly state: 'accept' | 'reject' | 'mixed' | 'unknown';
  /** How many items; 0 when the browser does not say. */
  readonly count: number;
  readonly accepted: number;
  /** How many will be left out, in a mixed drag. */
  readonly left: number;
  /** The one type that all items share, in capitals: `PDF`. */
  readonly type: string | undefined;
}

/** Whether a drag carries files; text, links and elements of the page are left alone. */
export function hasFiles(transfer: DataTransfer | null): transfer is DataTransfer {
  return transfer !== null && Array.from(transfer.types).includes('Files');
}

/** File inputs take dropped files by themselves. */
export function isFileInput(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'file' && !target.disabled;
}

/**
 * Reads a drag by the count and the MIME types of its items, which is all that browsers tell before the drop (Safari
 * not even that). A folder, or a file whose type the system does not know, has an empty type: cannot be known yet.
 */
export function readDrag(transfer: DataTransfer, accept: readonly string[], places = Infinity): Drag {
  const items = Array.from(transfer.items).filter((item) => item.kind === 'file');
  const judged = items.map((item) => judgeMimeType(item.type, accept));
  const fitting = judged.filter((verdict) => verdict === 'yes').length;
  const accepted = Math.min(fitting, places);
  const left = items.length - accepted;
  const types = new Set(items.map((item) => item.type));
  const [type = ''] = types;
  const counts = {
    count: items.length,
    accepted,
    left,
    type: types.size === 1 ? shortType(type) : undefined,
  };
  if (items.length === 0 || judged.includes('unknown')) return { state: 'unknown', ...counts };
  if (fitting === 0) return { state: 'reject', ...counts };
  return { state: left > 0 ? 'mixed' : 'accept', ...counts };
}

function shortType(type: string): string | undefined {
  const subtype = type.split('/')[1] ?? '';
  return /^[a-z0-9]{2,5}$/.test(subtype) ? subtype.toUpperCase() : undefined;
}
