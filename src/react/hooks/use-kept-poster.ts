import { useEffect, useMemo, useRef, useState } from 'react';
import { useWidget } from '../context.js';
import { KeptPosters } from '../files/kept-posters.js';
import { continuableIn } from './use-keep-poster.js';

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
