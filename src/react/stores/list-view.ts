import type { UploadSnapshot, Uploader, UploaderSnapshot, UploadStatus } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';
import { isInLine, isMoving } from '../hooks/row-rules.js';

export type ListFilter = 'all' | 'uploading' | 'attention' | 'ready';
export type ListOrder = 'added' | 'name' | 'status';

/** Which rows of a widget are shown, and in which order. */
export interface ListView {
  readonly filter: ListFilter;
  readonly order: ListOrder;
}

/** From so many rows on, a list can be filtered and sorted. */
export const filterFromRows = 50;

const unchanged: ListView = { filter: 'all', order: 'added' };

/** One for each widget; the total changes it, and the list follows. */
class ListViewStore {
  #view = unchanged;
  readonly #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;

  readonly getSnapshot = (): ListView => this.#view;

  set(patch: Partial<ListView>): void {
    this.#view = { ...this.#view, ...patch };
    this.#listeners.notify();
  }
}

const stores = new WeakMap<Uploader, ListViewStore>();

export function listViewOf(uploader: Uploader): ListViewStore {
  let store = stores.get(uploader);
  if (!store) stores.set(uploader, (store = new ListViewStore()));
  return store;
}

const matches: Record<Exclude<ListFilter, 'all'>, (upload: UploadSnapshot) => boolean> = {
  uploading: isMoving,
  attention: ({ status }) => status === 'failed',
  ready: ({ status }) => status === 'ready',
};

/** What needs a person first, then what moves, then what waits, then what has ended. */
const ranks: Record<UploadStatus, number> = {
  failed: 0,
  importing: 1,
  uploading: 1,
  confirming: 1,
  preparing: 1,
  paused: 2,
  queued: 3,
  processing: 4,
  ready: 5,
  canceled: 6,
};
const rankOf = (upload: UploadSnapshot) => (isInLine(upload) ? ranks.queued : ranks[upload.status]);

/**
 * The ids to show. Keeps the list it gave out as long as it is still right: lists get long, and snapshots come ten times
 * a second. A filter that nothing passes shows everything; a list that got short is shown whole.
 */
export function selectShownIds(): (snapshot: UploaderSnapshot, view: ListView) => readonly string[] {
  let ids: readonly string[] = [];
  let source: UploaderSnapshot['uploads'] | undefined;
  let seen: ListView | undefined;
  const names = new NameOrder();
  return ({ uploads }, asked) => {
    if (uploads === source && asked === seen) return ids;
    [source, seen] = [uploads, asked];
    const { filter, order } = uploads.length < filterFromRows ? unchanged : asked;
    const passed = filter === 'all' ? uploads : uploads.filter(matches[filter]);
    const shown = passed.length ? passed : uploads;
    const next = order === 'name' ? names.sort(shown) : order === 'status' ? byRank(shown) : shown;
    if (next.length !== ids.length || next.some(({ id }, index) => id !== ids[index]))
      ids = next.map(({ id }) => id);
    return ids;
  };
}

/** In one pass: sorting ten thousand rows ten times a second would be felt. */
function byRank(uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] {
  const piles: UploadSnapshot[][] = Array.from({ length: 7 }, () => []);
  for (const upload of uploads) piles[rankOf(upload)]?.push(upload);
  return piles.flat();
}

/** Sorts by path and name as people count, `C2` before `C10`; places are kept, as names do not change. */
class NameOrder {
  readonly #collator = new Intl.Collator(undefined, { numeric: true });
  #places = new Map<string, number>();

  sort(uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] {
    if (uploads.some(({ id }) => !this.#places.has(id))) {
      const sorted = [...uploads].sort((a, b) => this.#collator.compare(nameOf(a), nameOf(b)));
      this.#places = new Map(sorted.map(({ id }, place) => [id, place]));
    }
    const placed: UploadSnapshot[] = [];
    for (const upload of uploads) placed[this.#places.get(upload.id) ?? 0] = upload;
    return placed.filter(() => true);
  }
}

const nameOf = ({ path, fileName }: UploadSnapshot) => path ?? fileName;
