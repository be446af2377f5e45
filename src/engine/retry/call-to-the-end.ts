import { EndpointCallError } from '../endpoint/call-error.js';
import { isNotOurs } from '../errors.js';
import { isAbort } from './abort.js';
import { callWithRetry, type CallWithRetryOptions, type RetryPorts } from './call-with-retry.js';

interface CallToTheEndOptions extends CallWithRetryOptions {
  /** Aborted when the engine is destroyed. */
  readonly lifetime: AbortSignal;
  /** The endpoint has refused the call: it has begun nothing, also not by a repeat that another person made. */
  readonly onRefused?: () => void;
}

/**
 * Repeats a call that begins something, as `callWithRetry` does. One that is aborted after an answer was lost is repeated
 * all the same, because only the answer says what has to be taken back; the endpoint answers what the lost call has begun.
 */
export async function callToTheEnd<T>(
  call: () => Promise<T>,
  ports: RetryPorts,
  { lifetime, onRefused, ...options }: CallToTheEndOptions,
): Promise<T> {
  let isUnheard = false;
  let mayHaveBegun = false;
  const noting = () =>
    call().catch((error: unknown) => {
      const refusal = error instanceof EndpointCallError ? error : undefined;
      isUnheard = refusal?.isUnheard === true;
      mayHaveBegun ||= isUnheard;
      // Another person is refused whatever the first call has begun.
      const isAnswered = !isUnheard && !(mayHaveBegun && refusal && isNotOurs(refusal.error.code));
      if (isAnswered && !isAbort(error)) onRefused?.();
      throw error;
    });
  try {
    return await callWithRetry(noting, ports, options);
  } catch (error) {
    if (!isUnheard || !isAbort(error) || lifetime.aborted) throw error;
    return callWithRetry(call, ports, { signal: lifetime, onWaiting: () => {} });
  }
}
