import type { ImportItem } from '../../protocol/index.js';
import { tellMalformed } from '../endpoint/malformed.js';
import { isNotOurs, UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import type { JournalEntry } from '../resume/store.js';
import { callToTheEnd } from '../retry/call-to-the-end.js';
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
  const { info, attempt, context, options, url, adder } = job;
  // Restored without its link: it can only go on.
  if (url === undefined) throw new UploadError('internal', { detail: 'the link has to be given again' });
  const { id } = attempt.record;
  job.importId ??= context.ports.newId();
  job.isStarting = true;
  try {
    // The lock comes before the entry: no other tab may find one that it could take.
    const isOwned = context.resumption.own(id);
    const clientId = job.importId;
    const item = (): ImportItem => ({
      clientId,
      url,
      fileName: info.fileName,
      metadata: info.metadata,
      options: Object.keys(options).length > 0 ? { ...options } : undefined,
      addedBy: adder.tag || undefined,
    });
    const { lifetime, onWaiting } = job;
    const call = async () => {
      const answer = await context.client.import(item());
      adder.tag ??= answer.caller ?? '';
      return answer;
    };
    const begun = await callToTheEnd(call, context.retry, { signal, lifetime, onWaiting });
    job.importId = undefined;
    job.importing = { state: 'waiting', canCancel: begun.canCancel };
    const session = new ActiveSession({ ...begun.session, transfer: noTransfer }, 0);
    await isOwned;
    const entry = entryOf(job, session);
    // Not awaited: the journal keeps its own order.
    void context.journal.put(entry);
    attempt.begin(session, entry);
    job.keepAttachments();
    job.keepDetails();
    // A pause, or a cancel, during the call is kept.
    if (signal.aborted) void job.remember('finishing');
    job.changed();
  } catch (error) {
    // The repeat of a call that was refused for good is another import; that of one refused to another person is not.
    if (error instanceof UploadError && !error.isResumable && !isNotOurs(error.code))
      job.importId = undefined;
    throw tellMalformed(error);
  } finally {
    job.isStarting = false;
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
