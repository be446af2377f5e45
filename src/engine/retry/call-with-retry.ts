import { EndpointCallError } from '../endpoint/call-error.js';
import type { SignInGate } from '../endpoint/sign-in.js';
import { UploadError } from '../errors.js';
import type { Waiting } from '../types.js';
import { throwIfAborted } from './abort.js';
import { Patience, type PatiencePorts } from './patience.js';

export interface RetryPorts extends PatiencePorts {
  signIn: SignInGate;
  /** How long a call is repeated that has no answer, or a transient error as its answer. */
  patienceMs: number;
}

export interface CallWithRetryOptions {
  signal: AbortSignal;
  /** Called with why nothing moves, and with `undefined` when it does again. */
  onWaiting: (waiting: Waiting | undefined) => void;
  /** In place of that of the ports. */
  patienceMs?: number;
}

/** After this many sign-ins that did not help, the call fails. */
const maxSignIns = 3;
/** After this many answers of something that has never been the endpoint, the address is taken to be wrong. */
const maxDoubts = 6;

/**
 * Repeats a call to the endpoint until it is answered: waits while offline, lets the person sign in, and backs off from
 * transient failures, woken when the browser comes online. Rejects with `UploadError`, or with the signal's reason.
 * When aborted during a call, it awaits that call, so that the caller learns what the call created.
 */
export async function callWithRetry<T>(
  call: () => Promise<T>,
  ports: RetryPorts,
  { signal, onWaiting, patienceMs = ports.patienceMs }: CallWithRetryOptions,
): Promise<T> {
  const { network, clock, signIn } = ports;
  const patience = new Patience(ports, patienceMs);
  let signIns = 0;
  for (;;) {
    if (!network.isOnline()) {
      onWaiting({ for: 'network' });
      await patience.whileOffline(signal);
    }
    throwIfAborted(signal);
    const isSignedOut = signIn.isWaiting;
    try {
      const result = await call();
      // The person has signed in elsewhere, whatever becomes of the host's way to do it.
      if (isSignedOut) signIn.open();
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
      const delayMs = patience.failed(error.retryAfterMs);
      if (delayMs === undefined || (error.isDoubtful && patience.failures >= maxDoubts))
        throw withAttempts(error.error, patience.failures);
      onWaiting(waitingFor(error, clock.now() + delayMs));
      if (error.isNoReply) await patience.waitForNetwork(delayMs, signal);
      else await clock.sleep(delayMs, signal);
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
