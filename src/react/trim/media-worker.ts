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
  if (isReadError(event.reason)) event.preventDefault();
});
post({ kind: 'here' });
