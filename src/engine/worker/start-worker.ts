/** Trusted Types, which the DOM types of TypeScript do not have yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): TrustedPolicy;
}
interface TrustedPolicy {
  createScriptURL(url: string): string;
}

let policy: TrustedPolicy | undefined;

/**
 * Starts a worker of the package. A page that loads this code from another origin, as from a CDN, cannot start a worker
 * of that origin; it starts one of its own that imports it, which needs `worker-src blob:` and that origin. Throws
 * where there are no workers.
 */
export function startWorker(url: string): Worker {
  const options = { type: 'module', name: 'vodrop' } as const;
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
