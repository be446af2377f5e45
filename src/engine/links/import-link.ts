import type { ImportItem } from '../../protocol/index.js';
import { EndpointCallError } from '../endpoint/call-error.js';
import { UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import type { JournalEntry } from '../resume/store.js';
import { isAbort } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { ActiveSession } from '../session.js';

/** What the engine calls the transfer of an import, which has none. */
const noTransfer = { kind: 'single' } as const;

/**
 * Gives the link to the cloud, once. When aborted during the call, it awaits the answer, so that what the call began can
 * be canceled.
 */
export async function importLink(job: UploadJob, signal: AbortSignal): Promise<void> {
  if (!job.session) await begin(job, signal);
  if (!signal.aborted) job.dispatchSession(job.attempt.needSession());
}

async function begin(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { info, attempt, context, options, url } = job;
  // Restored without its link: it can only go on.
  if (url === undefined) throw new UploadError('internal', { detail: 'the link has to be given again' });
  const { id } = attempt.record;
  job.importId ??= context.ports.newId();
  job.isStarting = true;
  try {
    // The lock comes before the entry: no other tab may find one that it could take.
    const isOwned = context.resumption.own(id);
    const item: ImportItem = {
      clientId: job.importId,
      url,
      fileName: info.fileName,
      metadata: info.metadata,
      options: Object.keys(options).length > 0 ? { ...options } : undefined,
    };
    const { session: begun, canCancel } = await callToTheEnd(item, job, signal);
    job.importId = undefined;
    job.importing = { state: 'waiting', canCancel };
    const session = new ActiveSession({ ...begun, transfer: noTransfer }, 0);
    await isOwned;
    const entry = entryOf(job, session);
    // Not awaited: the journal keeps its own order.
    void context.journal.put(entry);
    attempt.begin(session, entry);
    job.keepDetails();
    // A pause, or a cancel, during the call is kept.
    if (signal.aborted) void job.remember('finishing');
    job.changed();
  } catch (error) {
    // The repeat of a call that was refused for good is another import.
    if (error instanceof UploadError && !error.isResumable) job.importId = undefined;
    throw error;
  } finally {
    job.isStarting = false;
  }
}

/**
 * Repeats the call as `callWithRetry` does. One that is aborted after an answer was lost is repeated all the same,
 * because only the answer says what has to be canceled; the endpoint answers the import that the lost call has begun.
 */
async function callToTheEnd(
  item: ImportItem,
  { context, lifetime, onWaiting }: UploadJob,
  signal: AbortSignal,
) {
  const { client, retry } = context;
  let isUnheard = false;
  const call = () =>
    client.import(item).catch((error: unknown) => {
      isUnheard = error instanceof EndpointCallError && error.isUnheard;
      throw error;
    });
  try {
    return await callWithRetry(call, retry, { signal, onWaiting });
  } catch (error) {
    if (!isUnheard || !isAbort(error) || lifetime.aborted) throw error;
    return callWithRetry(call, retry, { signal: lifetime, onWaiting: () => {} });
  }
}

/** The ticket names the import; the link itself is not kept. */
function entryOf(
  { info, attempt, context }: UploadJob,
  { ticket, mediaId, transfer }: ActiveSession,
): JournalEntry {
  const { endpoint, provider } = context.options;
  const now = context.ports.clock.now();
  return {
    id: attempt.record.id,
    endpoint,
    provider,
    fileName: info.fileName,
    sizeBytes: 0,
    contentType: '',
    source: info.source,
    fingerprint: '',
    ticket,
    mediaId,
    metadata: info.metadata,
    transfer,
    partSizeBytes: 1,
    // Nothing of it is to be sent: a later visit needs no file to go on.
    phase: 'finishing',
    addedAt: info.addedAt,
    updatedAt: now,
  };
}
