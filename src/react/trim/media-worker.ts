import { repairDescriptions } from './avc-description.js';
import { keepFewFrames } from './few-frames.js';
import type { MediaRequest, MediaResponse } from './media-messages.js';
import { createMediaWork } from './media-work.js';
import { isReadError } from './read-error.js';

/** Entry of the worker that reads, cuts and encodes films. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const post = (response: MediaResponse) => {
  scope.postMessage(response);
};
keepFewFrames();
repairDescriptions();
const work = createMediaWork(post);
scope.onmessage = (event: MessageEvent<MediaRequest>) => {
  work(event.data);
};
// mediabunny reads ahead; what cannot be read fails once more where it is waited for. All else is a defect, and is told.
scope.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  if (!isReadError(event.reason)) post({ kind: 'defect', text: String(event.reason) });
});

/** No event tells the page that a worker was ended, but the lock of one is free then. */
function holdLock(): Promise<string | undefined> {
  // Absent in old browsers and on pages without HTTPS, though the types say otherwise.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return Promise.resolve(undefined);
  const lock = `vodrop-media-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks
      .request(lock, () => {
        resolve(lock);
        return new Promise<never>(() => undefined);
      })
      .catch(() => resolve(undefined));
  });
}

void holdLock().then((lock) => {
  post({ kind: 'here', lock });
});
