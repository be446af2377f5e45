import { EndpointCallError } from '../endpoint/call-error.js';
import type { SignInGate } from '../endpoint/sign-in.js';
import { UploadError } from '../errors.js';
import { type Network, whenOnline } from '../network.js';
import type { Waiting } from '../types.js';
import { backoffDelay, endpointBackoff } from './backoff.js';
import { throwIfAborted } from './abort.js';
import type { Clock } from './clock.js';

export interface RetryPorts {
  network: Network;
  clock: Clock;
  random: () => number;
  signIn: SignInGate;
}

export interface CallWithRetryOptions {
  signal: AbortSignal;
  /** Told why nothing moves, and `undefined` when it does again. */
  onWaiting: (waiting: Waiting | undefined) => void;
}

/** A sign-in that does not help is not asked for for ever. */
const maxSignIns = 3;

/**
 * Repeats a call to the endpoint until it is answered: waits while offline without counting it, lets the person sign
 * in, and backs off from trouble that may pass. Rejects with `UploadError`, or with the signal's reason. A call that is
 * under way when the signal is aborted is waited for, so that nothing it made is lost sight of.
 */
export async function callWithRetry<T>(
  call: () => Promise<T>,
  patience: RetryPorts,
  { signal, onWaiting }: CallWithRetryOptions,
): Promise<T> {
  const { network, clock, random, signIn } = patience;
  let failures = 0;
  let signIns = 0;
  for (;;) {
    if (!network.isOnline()) {
      onWaiting({ for: 'network' });
      await whenOnline(network, signal);
    }
    throwIfAborted(signal);
    try {
      const result = await call();
      onWaiting(undefined);
      return result;
    } catch (error) {
      if (!(error instanceof EndpointCallError)) throw error;
      if (error.error.code === 'unauthorized' && signIn.canWait && signIns++ < maxSignIns) {
        onWaiting({ for: 'sign-in' });
        await signIn.wait(signal);
        continue;
      }
      if (!error.isTransient) throw error.error;
      if (!network.isOnline()) continue;
      failures += 1;
      const delayMs = backoffDelay(failures, endpointBackoff, random, error.retryAfterMs);
      if (delayMs === undefined) throw withAttempts(error.error, failures);
      onWaiting(error.isNoReply ? { for: 'network' } : { for: 'cloud', retryAt: clock.now() + delayMs });
      await clock.sleep(delayMs, signal);
    }
  }
}

/** The same error, saying how often it was tried. */
export function withAttempts(error: UploadError, attempts: number): UploadError {
  const { code, detail, status, partNumber, vendor, cause } = error;
  return new UploadError(code, {
    attempts,
    cause,
    ...(detail !== undefined && { detail }),
    ...(status !== undefined && { status }),
    ...(partNumber !== undefined && { partNumber }),
    ...(vendor && { vendor }),
  });
}
