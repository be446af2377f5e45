import { useSyncExternalStore } from 'react';
import { Listeners } from '../../engine/shared.js';
import { useRoot } from '../hooks/use-root.js';
import type { StoredRecording } from './recording-files.js';

/** What stands open. */
export type OpenSource =
  | { readonly kind: 'camera' | 'screen' }
  | { readonly kind: 'review'; readonly recording: StoredRecording }
  | {
      readonly kind: 'link';
      readonly text: string;
      /** The failed import whose row goes once another link takes its place. */
      readonly replaces?: string | undefined;
    };

/** Between the buttons in the drop zone and the dialogs beside it; one for each widget. */
export class SourcesStore {
  #open: OpenSource | undefined;
  #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;
  readonly peek = (): OpenSource | undefined => this.#open;

  readonly open = (source: OpenSource): void => {
    this.#set(source);
  };

  readonly close = (): void => {
    this.#set(undefined);
  };

  #set(source: OpenSource | undefined): void {
    this.#open = source;
    this.#listeners.notify();
  }
}

const stores = new WeakMap<object, SourcesStore>();

/** The store of the widget around. */
export function useSources(): SourcesStore {
  const root = useRoot();
  let store = stores.get(root);
  if (!store) stores.set(root, (store = new SourcesStore()));
  return store;
}

export function useOpenSource(): OpenSource | undefined {
  const { subscribe, peek } = useSources();
  return useSyncExternalStore(subscribe, peek, peek);
}
