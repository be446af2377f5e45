import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { UploadSnapshot, Uploader, UploaderSnapshot } from '../../engine/index.js';
import { useUploader } from './use-uploader.js';

/** One aspect of an uploader's snapshot. `select` has to return the same reference while nothing changed. */
export function useSelected<T>(uploader: Uploader, select: (snapshot: UploaderSnapshot) => T): T {
  const subscribe = useCallback((listener: () => void) => uploader.subscribe(listener), [uploader]);
  const read = () => select(uploader.getSnapshot());
  return useSyncExternalStore(subscribe, read, read);
}

/** Everything there is to show, renewed with each change (about ten times a second while bytes move). */
export function useUploaderSnapshot(): UploaderSnapshot {
  return useSelected(useUploader(), (snapshot) => snapshot);
}

/**
 * All uploads in the order they were added, renewed with each change.
 * For long lists render rows with {@link useUpload} and take only the ids from here.
 */
export function useUploads(): readonly UploadSnapshot[] {
  return useSelected(useUploader(), (snapshot) => snapshot.uploads);
}

/** Ids only: renewed when rows come or go, not for progress. */
export function useUploadIds(): readonly string[] {
  const uploader = useUploader();
  const select = useMemo(() => selectIds(), []);
  return useSelected(uploader, select);
}

/** Keeps the list it gave out as long as it is still right: joining ten thousand ids ten times a second would be felt. */
function selectIds() {
  let [ids, source]: [readonly string[], UploaderSnapshot['uploads'] | undefined] = [[], undefined];
  return ({ uploads }: UploaderSnapshot): readonly string[] => {
    if (uploads === source) return ids;
    source = uploads;
    if (uploads.length !== ids.length || uploads.some(({ id }, index) => id !== ids[index]))
      ids = uploads.map(({ id }) => id);
    return ids;
  };
}
