import { EndpointCallError } from '../endpoint/call-error.js';
import { warnOnce } from '../warn-once.js';

/** What a page learns of a store whose answers it cannot read. */
export interface StoreLook {
  /**
   * The network is not to blame: the store answers without CORS headers, and so refuses without a reason, or the
   * page's own policy forbids it.
   */
  readonly isRefusing: boolean;
}

export interface StoreLookOptions {
  readonly ticket: string;
  readonly client: { list(ticket: string): Promise<unknown> };
  /** See `EnginePorts.reach`. */
  readonly reach: ((url: string) => Promise<boolean>) | undefined;
  /** The store has acknowledged something of this page. */
  readonly hasStored: boolean;
}

/** A server that takes longer is as good as silent. */
const reachTimeoutMs = 10_000;

/**
 * Looks why a store is silent. Rejects with `upload-not-found` when the endpoint says that the store no longer knows
 * the upload. A lazy chunk.
 */
export async function lookAtStore(
  url: string,
  { ticket, client, reach = reachWithoutCors, hasStored }: StoreLookOptions,
): Promise<StoreLook> {
  const policy = watchPolicy(url);
  const [isReached] = await Promise.all([
    reach(url).catch(() => false),
    client.list(ticket).catch((error: unknown) => {
      if (error instanceof EndpointCallError && error.error.code === 'upload-not-found') throw error.error;
    }),
    // The report of a violation is a task of its own, after the request has failed.
  ]).finally(policy.end);
  if (isReached && !hasStored) warnOf(url);
  if (policy.isViolated()) warnOnce(policyText(url));
  return { isRefusing: isReached || policy.isViolated() };
}

/**
 * Without CORS a page may not read an answer, but it learns that there was one
 * (https://fetch.spec.whatwg.org/#concept-request-mode). A policy of the page that forbids the store rejects.
 */
async function reachWithoutCors(url: string): Promise<boolean> {
  const { origin } = new URL(url);
  await fetch(origin, {
    mode: 'no-cors',
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(reachTimeoutMs),
  });
  return true;
}

/** Whether the page's policy forbids the address. */
function watchPolicy(url: string): { isViolated: () => boolean; end: () => void } {
  let isViolated = false;
  const listen = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    isViolated ||= effectiveDirective === 'connect-src' && blockedURI.startsWith(new URL(url).origin);
  };
  const target = typeof document === 'undefined' ? undefined : document;
  target?.addEventListener('securitypolicyviolation', listen);
  return {
    isViolated: () => isViolated,
    end: () => target?.removeEventListener('securitypolicyviolation', listen),
  };
}

function policyText(url: string): string {
  return `The content security policy of this page forbids the store: add ${new URL(url).origin} to connect-src.`;
}

function warnOf(url: string): void {
  warnOnce(
    `The store at ${new URL(url).origin} answers, but this page may not read its answers. Allow the origin ` +
      `${typeof location === 'undefined' ? 'of the page' : location.origin} in the CORS rules of the bucket, with the ` +
      'method PUT, all request headers, and ETag among the exposed headers.',
  );
}
