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
  /** Called with why nothing moves, and with `undefined` when it does again. */
  onWaiting: (waiting: Waiting | undefined) => void;
}

/** After this many sign-ins that did not help, the call fails. */
const maxSignIns = 3;

/**
 * Repeats a call to the endpoint until it is answered: waits while offline without counting attempts, lets the person
 * sign in, and backs off from transient failures. Rejects with `UploadError`, or with the signal's reason. When aborted
 * during a call, it awaits that call, so that the caller learns what the call created.
 */
export async function callWithRetry<T>(
  call: () => Promise<T>,
  ports: RetryPorts,
  { signal, onWaiting }: CallWithRetryOptions,
): Promise<T> {
  const { network, clock, random, signIn } = ports;
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
      onWaiting(waitingFor(error, clock.now() + delayMs));
      await clock.sleep(delayMs, signal);
    }
  }
}

function waitingFor({ isNoReply, error }: EndpointCallError, retryAt: number): Waiting {
  if (isNoReply) return { for: 'network' };
  return { for: error.code === 'rate-limited' ? 'rate-limit' : 'cloud', retryAt };
}

/** The same error, saying how often it was tried. */
function withAttempts(error: UploadError, attempts: number): UploadError {
  const { code, detail, status, partNumber, vendor, cause } = error;
  return new UploadError(code, { detail, status, partNumber, attempts, vendor, cause });
}
