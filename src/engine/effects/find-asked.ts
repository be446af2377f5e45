import type { EndpointClient } from '../endpoint/types.js';
import type { JournalEntry } from '../resume/store.js';
import { callWithRetry, type RetryPorts } from '../retry/call-with-retry.js';

export interface DiscardOptions {
  readonly client: EndpointClient;
  readonly retry: RetryPorts;
  readonly signal: AbortSignal;
}

/** As long as endpoints remember the start of an upload: a later repeat would begin another upload. */
const startLifetimeMs = 60 * 60_000;

/**
 * The entry with the ticket of what a call has begun whose answer was not journalled. Undefined: nothing, or nothing that
 * can be found again.
 */
export async function findAsked(
  entry: JournalEntry,
  { client, retry, signal }: DiscardOptions,
): Promise<JournalEntry | undefined> {
  const { start, asked, fileName, updatedAt } = entry;
  const options = { signal, onWaiting: () => {} };
  if (asked) {
    const { clientId, addedBy } = asked;
    const { session } = await callWithRetry(
      () => client.import({ clientId, addedBy, fileName }),
      retry,
      options,
    );
    return { ...entry, ticket: session.ticket, mediaId: session.mediaId };
  }
  if (!start || retry.clock.now() - updatedAt > startLifetimeMs) return undefined;
  const answer = await callWithRetry(() => client.start(start), retry, options);
  return answer.outcome === 'started' ? { ...entry, ticket: answer.session.ticket } : undefined;
}
