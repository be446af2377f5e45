import { UploadError } from './errors.js';
import { type Network, whenOnline } from './network.js';
import { throwIfAborted } from './retry/abort.js';
import type { Clock } from './retry/clock.js';
import type { Waiting } from './types.js';

export interface LoadPorts {
  readonly network: Network;
  readonly clock: Clock;
}

const retryDelaysMs = [1000, 2000];
/** What has been loaded, by its loader. */
const loaded = new WeakMap<() => Promise<unknown>, unknown>();

export function isLoaded(load: () => Promise<unknown>): boolean {
  return loaded.has(load);
}

/**
 * Loads a part of our own code. While offline it waits and asks for nothing, because browsers may remember a module
 * that could not be fetched until the page is loaded again (https://github.com/whatwg/html/issues/6768). A failure
 * while online, as after a deploy that has removed the file, is retried; then `code-unavailable` is thrown. `load` has
 * to be the same function each time.
 */
export async function loadCode<T>(
  load: () => Promise<T>,
  { network, clock }: LoadPorts,
  signal?: AbortSignal,
  onWaiting: (waiting: Waiting | undefined) => void = () => {},
): Promise<T> {
  if (loaded.has(load)) return loaded.get(load) as T;
  for (let failures = 0; ; failures++) {
    if (!network.isOnline()) {
      onWaiting({ for: 'network' });
      await whenOnline(network, signal);
      onWaiting(undefined);
    }
    if (signal) throwIfAborted(signal);
    try {
      const code = await load();
      loaded.set(load, code);
      return code;
    } catch (cause) {
      if (!network.isOnline()) continue;
      const delayMs = retryDelaysMs[failures];
      if (delayMs === undefined) throw new UploadError('code-unavailable', { attempts: failures + 1, cause });
      await clock.sleep(delayMs, signal);
    }
  }
}
