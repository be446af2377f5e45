import { isNotOurs, UploadError } from '../errors.js';
import type { JournalEntry } from '../resume/store.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { type DiscardOptions, findAsked } from './find-asked.js';

export type DiscardOutcome =
  /** Nothing of it is left, or what is left is out of reach. */
  | 'done'
  /** It has a row again: its completion had gone through, or it is an import that was not given up, or has no ticket. */
  | JournalEntry
  /** It is another person's, or that of one who is signed out. */
  | 'not-ours'
  /** To be repeated on the next visit. */
  | 'not-now';

/** Tells store and service that an upload of an earlier visit is given up. Never rejects. */
export async function discardEntry(entry: JournalEntry, ports: DiscardOptions): Promise<DiscardOutcome> {
  const { client, retry, signal } = ports;
  let known: JournalEntry | undefined = entry;
  try {
    if (!entry.ticket) known = await findAsked(entry, ports);
    if (!known) return 'done';
    const { ticket, asked } = known;
    if (known !== entry && asked?.isCanceled === false) return known;
    const options = { signal, onWaiting: () => {} };
    await callWithRetry(() => client.finish({ ticket, status: 'canceled' }), retry, options);
    return 'done';
  } catch (error) {
    if (!(error instanceof UploadError)) return 'not-now';
    if (error.code === 'media-state-conflict') return known ?? 'done';
    if (isNotOurs(error.code)) return 'not-ours';
    // Its row says that the cloud may go on with it.
    if (error.code === 'import-lost') return entry;
    return error.isResumable ? 'not-now' : 'done';
  }
}
