import { EndpointError } from '../../errors.js';
import { callHost } from '../../host-hooks.js';
import type { SigV4Keys } from '../../signing/sigv4.js';

/** An access key of the store, temporary or not. */
export interface S3Keys extends SigV4Keys {
  /** When temporary keys end. Without it they are asked for on every call. */
  readonly expiresAt?: Date | number;
}

/** Keys of the store, or a function that gets them. */
export type S3Credentials = S3Keys | (() => S3Keys | Promise<S3Keys>);

/** Where a provider gets its keys from. */
export interface KeyRing {
  current(): Promise<S3Keys>;
  /** The store says that the keys have ended: whether there may be others now. */
  renew(): boolean;
}

/** Longer than asking a service for keys, and asking again. */
const timeoutMs = 30_000;
/** Keys that end sooner are renewed first, as long as they lived for more. */
const renewBeforeMs = 5 * 60_000;

/** Keeps what a function named until shortly before its end. Many callers at once cause one call. */
export function createKeyRing(credentials: S3Credentials, now: () => number): KeyRing {
  if (typeof credentials !== 'function')
    return { current: () => Promise.resolve(credentials), renew: () => false };
  let kept: S3Keys | undefined;
  let pending: Promise<S3Keys> | undefined;

  async function obtain(): Promise<S3Keys> {
    try {
      const keys = await callHost('credentials', credentials as () => S3Keys | Promise<S3Keys>, timeoutMs);
      kept = keys.expiresAt === undefined ? undefined : keys;
      return keys;
    } catch (error) {
      throw error instanceof EndpointError
        ? error
        : new EndpointError('vendor-credentials', {
            detail: 'The credentials could not be obtained.',
            cause: error,
          });
    } finally {
      pending = undefined;
    }
  }

  return {
    current: async () => (kept && lifetimeMs(kept, now()) > renewBeforeMs ? kept : (pending ??= obtain())),
    renew: () => {
      kept = undefined;
      return true;
    },
  };
}

/** How long the keys hold yet. */
export function lifetimeMs({ expiresAt }: S3Keys, nowMs: number): number {
  return expiresAt === undefined ? Infinity : Math.max(0, Number(expiresAt) - nowMs);
}
