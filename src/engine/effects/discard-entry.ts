import type { EndpointClient } from '../endpoint/types.js';
import { isNotOurs, UploadError } from '../errors.js';
import type { JournalEntry } from '../resume/store.js';
import { callWithRetry, type RetryPorts } from '../retry/call-with-retry.js';

export type DiscardOutcome =
  /** Nothing of it is left, or what is left is out of reach. */
  | 'done'
  /** Its completion had gone through. */
  | 'too-late'
  /** It is another person's, or that of one who is signed out. */
  | 'not-ours'
  /** To be repeated on the next visit. */
  | 'not-now';

/** As long as endpoints remember a start: a later repeat would begin another upload. */
const startLifetimeMs = 60 * 60_000;

interface DiscardOptions {
  readonly client: EndpointClient;
  readonly retry: RetryPorts;
  readonly signal: AbortSignal;
}

/** Tells store and service that an upload of an earlier visit is given up. Never rejects. */
export async function discardEntry(
  { ticket: known, start, updatedAt }: JournalEntry,
  { client, retry, signal }: DiscardOptions,
): Promise<DiscardOutcome> {
  try {
    const options = { signal, onWaiting: () => {} };
    let ticket = known;
    if (start) {
      if (retry.clock.now() - updatedAt > startLifetimeMs) return 'done';
      const answer = await callWithRetry(() => client.start(start), retry, options);
      if (answer.outcome !== 'started') return 'done';
      ticket = answer.session.ticket;
    }
    await callWithRetry(() => client.finish({ ticket, status: 'canceled' }), retry, options);
    return 'done';
  } catch (error) {
    if (!(error instanceof UploadError)) return 'not-now';
    if (error.code === 'media-state-conflict') return 'too-late';
    if (isNotOurs(error.code)) return 'not-ours';
    return error.isResumable ? 'not-now' : 'done';
  }
}
