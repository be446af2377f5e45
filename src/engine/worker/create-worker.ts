import address from './part-worker.ts?worker&url';

/** Trusted Types, which the DOM types of TypeScript do not have yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): TrustedPolicy;
}
interface TrustedPolicy {
  createScriptURL(url: string): string;
}

let policy: TrustedPolicy | undefined;
/** Started before the code that gives it work is there. */
let ahead: Worker | undefined;

/** Starts a worker for the next `takeWorker`, so that its file is fetched beside the rest of the code. */
export function startWorkerAhead(): void {
  if (ahead) return;
  try {
    ahead = createWorker();
    // Started again, and its failure handled, when it is needed.
    ahead.onerror = closeWorkerAhead;
  } catch {
    // No such thing as a Worker here, which is found out again by `takeWorker`.
  }
}

/** Nothing gives it work any more. */
export function closeWorkerAhead(): void {
  ahead?.terminate();
  ahead = undefined;
}

/** The one that was started ahead, or a new one. Throws where there are no workers. */
export function takeWorker(): Worker {
  const worker = ahead ?? createWorker();
  ahead = undefined;
  worker.onerror = null;
  return worker;
}

/**
 * Starts a worker of parts. A page that loads this code from another origin, as from a CDN, cannot start a worker
 * of that origin; it starts one of its own that imports it, which needs `worker-src blob:` and that origin. Throws
 * where there are no workers.
 */
function createWorker(): Worker {
  const options = { type: 'module', name: 'vodrop' } as const;
  // The build makes it an object: its address is worked out here, where a failure means work on the page.
  const url = String(address);
  const { location } = globalThis as { location?: Location };
  if (!location || new URL(url, location.href).origin === location.origin)
    return new Worker(trusted(url), options);
  const shim = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  const worker = new Worker(trusted(shim), options);
  const revoke = () => URL.revokeObjectURL(shim);
  worker.addEventListener('message', revoke, { once: true });
  worker.addEventListener('error', revoke, { once: true });
  return worker;
}

/** Under Trusted Types only this policy makes the address of a worker: `trusted-types vodrop`. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('vodrop', { createScriptURL: (ours) => ours });
  return policy.createScriptURL(url);
}
