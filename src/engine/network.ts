import { abortable } from './retry/abort.js';

/** Whether the browser believes that it is online. It may be online and cut off all the same. */
export interface Network {
  isOnline(): boolean;
  /** Whether the person asked the browser to save data. */
  savesData?(): boolean;
  subscribe(listener: () => void): () => void;
}

export const browserNetwork: Network = {
  isOnline: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  savesData: () =>
    typeof navigator !== 'undefined' &&
    (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true,
  subscribe(listener) {
    if (typeof window === 'undefined') return () => {};
    window.addEventListener('online', listener);
    window.addEventListener('offline', listener);
    return () => {
      window.removeEventListener('online', listener);
      window.removeEventListener('offline', listener);
    };
  },
};

/** Resolves when the browser is online, at once if it is. */
export function whenOnline(network: Network, signal: AbortSignal | undefined): Promise<void> {
  return abortable(signal, (resolve) => {
    if (network.isOnline()) {
      resolve();
      return () => {};
    }
    const unsubscribe = network.subscribe(() => {
      if (!network.isOnline()) return;
      unsubscribe();
      resolve();
    });
    return unsubscribe;
  });
}
