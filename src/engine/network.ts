import { abortReason } from './retry/abort.js';

/** Whether there is a line at all. What the browser believes, which is only half the truth: it may be online and cut off. */
export interface Network {
  isOnline(): boolean;
  /** Whether the person asked the browser to be sparing. */
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
export function whenOnline(network: Network, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    if (network.isOnline()) return resolve();
    const stop = () => {
      unsubscribe();
      reject(abortReason(signal));
    };
    const unsubscribe = network.subscribe(() => {
      if (!network.isOnline()) return;
      unsubscribe();
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
