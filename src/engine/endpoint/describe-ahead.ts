import { orAborted } from '../retry/abort.js';
import type { Clock } from '../retry/clock.js';
import type { EndpointClientOptions } from './types.js';

/** An answer that waits for longer than this is not used: somebody else may be signed in by then. */
const freshMs = 10_000;

export interface DescribeAhead {
  /** Sends the question, once. */
  ask(): void;
  /** For the client: the first `describe` gets the answer that was asked for, if it is good. */
  readonly fetch: typeof fetch;
}

/**
 * Asks `describe` while the code of the client is still on its way: on a page that has loaded nothing yet, the answer
 * comes with that code instead of a round trip after it. Only the client reads it; where there is none that it can use,
 * it asks itself.
 */
export function createDescribeAhead(options: EndpointClientOptions, clock: Clock): DescribeAhead {
  const { fetch, headers, provider, credentials = 'same-origin' } = options;
  const url = `${options.endpoint}/describe`;
  let answer: Promise<Response> | undefined;
  let askedAt = 0;
  const call = new AbortController();
  const send = async () =>
    fetch(url, {
      method: 'POST',
      headers: jsonHeaders(await headers()),
      body: JSON.stringify({ providers: [provider] }),
      credentials,
      signal: call.signal,
    });
  return {
    ask: () => {
      if (answer) return;
      askedAt = clock.elapsed();
      answer = send();
      // Without an answer, the client asks.
      answer.catch(() => {});
    },
    fetch: async (input, init) => {
      if (answer && input === url && init?.signal && clock.elapsed() - askedAt < freshMs) {
        // A body can be read once: calls after this one, also at the same time, ask for themselves.
        askedAt = -Infinity;
        // The body is read under the signal of the request that brought it.
        init.signal.addEventListener('abort', () => call.abort(), { once: true });
        const early = await orAborted(answer, init.signal).catch(() => undefined);
        if (early?.ok) return early;
      }
      return fetch(input, init);
    },
  };
}

/** Those of the host, and ours. Throws where no request can carry them. */
export function jsonHeaders(given: HeadersInit | null | undefined): Record<string, string> {
  const headers = new Headers(given ?? {});
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/json');
  return Object.fromEntries(headers);
}
