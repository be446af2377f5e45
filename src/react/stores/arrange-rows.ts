import type { UploadSnapshot, UploadStatus } from '../../engine/index.js';
import { isInLine, isMoving } from '../hooks/row-rules.js';
import type { Arrange, ListFilter, ListView } from './list-view.js';

/** Filters and sorts a long list. A filter that nothing passes shows everything. */
export function arrangementOf({ filter, order }: ListView): Arrange {
  const names = new NameOrder();
  return (uploads) => {
    const passed = filter === 'all' ? uploads : uploads.filter(matches[filter]);
    const shown = passed.length ? passed : uploads;
    return order === 'name' ? names.sort(shown) : order === 'status' ? byRank(shown) : shown;
  };
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
