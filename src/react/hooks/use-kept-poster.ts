import { useEffect, useMemo, useRef, useState } from 'react';
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

/** The address of the picture that an earlier visit kept of an upload. */
export function useKeptPoster(id: string): string | undefined {
  const { place } = useWidget();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    let address: string | undefined;
    void new KeptPosters(place).find(id).then((picture) => {
      if (picture && isCurrent) setUrl((address = URL.createObjectURL(picture)));
    });
    return () => {
      isCurrent = false;
      setUrl(undefined);
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [place, id]);
  return url;
}

/** Deletes the pictures of unfinished uploads that are continued to their end or discarded, once there were some. */
export function useTidyPosters(unfinishedCount: number): void {
  const { uploader, place } = useWidget();
  const posters = useMemo(() => new KeptPosters(place), [place]);
  const before = useRef(0);
  useEffect(() => {
    if (unfinishedCount < before.current) void posters.tidy(continuableIn(uploader));
    before.current = unfinishedCount;
  }, [uploader, posters, unfinishedCount]);
}

function continuableIn(uploader: Uploader): (id: string) => boolean {
  const { uploads, unfinished } = uploader.getSnapshot();
  const ended = new Set(['ready', 'failed', 'canceled']);
  const ids = new Set([
    ...unfinished.map(({ id }) => id),
    ...uploads.filter(({ status }) => !ended.has(status)).map(({ id }) => id),
  ]);
  return (id) => ids.has(id);
}
