import { CopyError } from './copy-types.js';
import { inspect } from './inspect.js';
import { makeCopy } from './make-copy.js';
import { PauseSwitch } from './pause-switch.js';
import type { MediaRequest, MediaResponse } from './media-messages.js';

const tellEveryMs = 200;

/** Does one job, in a worker or on the page. */
export function createMediaWork(post: (response: MediaResponse) => void): (request: MediaRequest) => void {
  const stop = new AbortController();
  const pausing = new PauseSwitch();
  let told = 0;
  const onProgress = (ratio: number) => {
    if (performance.now() - told < tellEveryMs) return;
    told = performance.now();
    post({ kind: 'progress', ratio });
  };
  return (request) => {
    if (request.kind !== 'inspect' && request.kind !== 'copy') {
      if (request.kind === 'cancel') stop.abort();
      pausing.set(request.kind === 'pause');
      return;
    }
    const work: Promise<unknown> =
      request.kind === 'inspect'
        ? inspect(request.source)
        : makeCopy(request.order, { onProgress, signal: stop.signal, pausing });
    work.then(
      (result) => {
        post({ kind: 'done', result });
      },
      (error: unknown) => {
        // A decoder that the browser has taken back fails with the name of a full disk.
        post({ kind: 'failed', problem: error instanceof CopyError ? error.problem : 'stopped' });
      },
    );
  };
}
