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

/** Tells store and service that an upload of an earlier visit is given up. Never rejects. */
export async function discardEntry(
  { ticket }: JournalEntry,
  { client, retry, signal }: { client: EndpointClient; retry: RetryPorts; signal: AbortSignal },
): Promise<DiscardOutcome> {
  try {
    const options = { signal, onWaiting: () => {} };
    await callWithRetry(() => client.finish({ ticket, status: 'canceled' }), retry, options);
    return 'done';
  } catch (error) {
    if (!(error instanceof UploadError)) return 'not-now';
    if (error.code === 'media-state-conflict') return 'too-late';
    if (isNotOurs(error.code)) return 'not-ours';
    return error.isResumable ? 'not-now' : 'done';
  }
}
