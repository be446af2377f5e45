/** What went wrong at the other end, in words that may be printed: nothing of an answer or an address is in them. */
export class Trouble extends Error {}

/** In place of what `fetch` throws, whose message says nothing, or too much. */
export function troubleOfFetch(error: unknown, what: string, timeoutMs: number): Trouble {
  const name = error instanceof Error ? error.name : '';
  return new Trouble(
    name === 'TimeoutError' || name === 'AbortError'
      ? `${what} did not answer within ${timeoutMs / 1000} s.`
      : `${what} cannot be reached, or has closed the connection.`,
  );
}
