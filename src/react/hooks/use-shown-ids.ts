import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useWidget } from '../context.js';
import { listViewOf, selectShownIds } from '../stores/list-view.js';

/** The ids of the rows to show: renewed when they change, not for progress. */
export function useShownIds(): readonly string[] {
  const { uploader } = useWidget();
  const store = listViewOf(uploader);
  const select = useMemo(() => selectShownIds(), []);
  const read = () => select(uploader.getSnapshot(), store.getSnapshot());
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [uploader.subscribe(listener), store.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [uploader, store],
  );
  return useSyncExternalStore(subscribe, read, read);
}
