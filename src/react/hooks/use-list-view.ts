import { useSyncExternalStore } from 'react';
import { useWidget } from '../context.js';
import { listViewOf, type ListView } from '../stores/list-view.js';

/** Filter and order of this widget's list, and how they are changed. */
export function useListView(): readonly [ListView, (view: ListView) => void] {
  const store = listViewOf(useWidget().uploader);
  const view = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
  return [
    view,
    (next) => {
      store.set(next);
    },
  ];
}
