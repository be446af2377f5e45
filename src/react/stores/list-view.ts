import type { UploadSnapshot, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';

export type ListFilter = 'all' | 'uploading' | 'attention' | 'ready';
export type ListOrder = 'added' | 'name' | 'status';

/** Which rows of a widget are shown, and in which order. */
export interface ListView {
  readonly filter: ListFilter;
  readonly order: ListOrder;
  /** Carries them out; only who changes them has its code. */
  readonly arrange?: Arrange;
}

export type Arrange = (uploads: readonly UploadSnapshot[]) => readonly UploadSnapshot[];

/** From so many rows on, a list can be filtered and sorted. */
export const filterFromRows = 50;

const unchanged: ListView = { filter: 'all', order: 'added' };

/** One for each widget; the total changes it, and the list follows. */
class ListViewStore {
  #view = unchanged;
  readonly #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;

  readonly getSnapshot = (): ListView => this.#view;

  set(view: ListView): void {
    this.#view = view;
    this.#listeners.notify();
  }
}

const stores = new WeakMap<Uploader, ListViewStore>();

export function listViewOf(uploader: Uploader): ListViewStore {
  let store = stores.get(uploader);
  if (!store) stores.set(uploader, (store = new ListViewStore()));
  return store;
}

/**
 * The ids to show. Keeps the list it gave out as long as it is still right: lists get long, and snapshots come ten times
 * a second. A list that got short is shown whole.
 */
export function selectShownIds(): (snapshot: UploaderSnapshot, view: ListView) => readonly string[] {
  let ids: readonly string[] = [];
  let source: UploaderSnapshot['uploads'] | undefined;
  let seen: ListView | undefined;
  return ({ uploads }, asked) => {
    if (uploads === source && asked === seen) return ids;
    [source, seen] = [uploads, asked];
    const next = (uploads.length < filterFromRows ? undefined : asked.arrange?.(uploads)) ?? uploads;
    if (next.length !== ids.length || next.some(({ id }, index) => id !== ids[index]))
      ids = next.map(({ id }) => id);
    return ids;
  };
}
