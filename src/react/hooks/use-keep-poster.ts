import { useEffect, useRef } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { KeptPosters } from '../files/kept-posters.js';

/** Keeps the picture for a later visit as long as an id is given, and deletes it when there is none any more. */
export function useKeepPoster(id: string | undefined, picture: Blob | undefined): void {
  const { uploader, place } = useWidget();
  const kept = useRef<string>(undefined);
  useEffect(() => {
    const posters = new KeptPosters(place);
    if (id === undefined) {
      if (kept.current !== undefined) void posters.delete(kept.current);
      kept.current = undefined;
    } else if (picture) {
      kept.current = id;
      void posters.keep(id, picture, continuableIn(uploader));
    }
  }, [uploader, place, id, picture]);
}

/** Uploads that a later visit can continue. */
export function continuableIn(uploader: Uploader): (id: string) => boolean {
  const { uploads, unfinished } = uploader.getSnapshot();
  const ended = new Set(['ready', 'failed', 'canceled']);
  const ids = new Set([
    ...unfinished.map(({ id }) => id),
    ...uploads.filter(({ status }) => !ended.has(status)).map(({ id }) => id),
  ]);
  return (id) => ids.has(id);
}
