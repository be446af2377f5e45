import type { ImportItem } from '../../protocol/index.js';
import { tellMalformed } from '../endpoint/malformed.js';
import type { EngineContext } from '../context.js';
import { isNotOurs, UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import { isGivenUp } from '../machine-state.js';
import type { AskedImport, JournalEntry } from '../resume/store.js';
import { isAbort } from '../retry/abort.js';
import { callToTheEnd } from '../retry/call-to-the-end.js';
import { ActiveSession } from '../session.js';

/** What the engine calls the transfer of an import, which has none. */
const noTransfer = { kind: 'single' } as const;
/** What is known of an import before its call is answered. */
const unanswered = { ticket: '', mediaId: undefined, transfer: noTransfer };

/**
 * Gives the link to the cloud, once. When aborted during the call, it awaits the answer, so that what the call began can
 * be canceled.
 */
export async function importLink(job: UploadJob, signal: AbortSignal): Promise<void> {
  if (!job.session) await begin(job, signal);
  if (!signal.aborted) job.dispatchSession(job.attempt.needSession());
}

async function begin(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { info, attempt, context, options, url, adder, lifetime, onWaiting } = job;
  // Restored without its link: it can only go on.
  if (url === undefined) throw new UploadError('internal', { detail: 'the link has to be given again' });
  const note = new ImportNote(job);
  const clientId = (job.importId ??= context.ports.newId());
  const onGivenUp = () => {
    if (isGivenUp(job.state)) void note.write(clientId, true);
  };
  job.isStarting = true;
  signal.addEventListener('abort', onGivenUp);
  try {
    const item = (): ImportItem => ({
      clientId,
      url,
      fileName: info.fileName,
      metadata: info.metadata,
      options: Object.keys(options).length > 0 ? { ...options } : undefined,
      addedBy: adder.tag || undefined,
    });
    const call = async () => {
      // Before the call, which the cloud goes on with when this page ends.
      await noteTogether(context, note.write(clientId, isGivenUp(job.state)));
      const answer = await context.client.import(item());
      adder.tag ??= answer.caller ?? '';
      return answer;
    };
    const begun = await callToTheEnd(call, context.retry, {
      ...{ signal, lifetime, onWaiting },
      onRefused: () => void note.erase(),
    });
    job.importId = undefined;
    // The next visit, or another tab, goes on with what the note says.
    if (lifetime.aborted && !isGivenUp(job.state)) return;
    job.importing = { state: 'waiting', canCancel: begun.canCancel };
    const session = new ActiveSession({ ...begun.session, transfer: noTransfer }, 0);
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
    // What its row calls failed does not come back by itself.
    if (!lifetime.aborted && !isAbort(error)) void note.giveUp();
    throw tellMalformed(error);
  } finally {
    signal.removeEventListener('abort', onGivenUp);
    job.isStarting = false;
  }
}

/** What the journal has of a call that begins an import, until it is answered. */
class ImportNote {
  readonly #job: UploadJob;
  readonly #isOwned: Promise<void>;
  #asked: AskedImport | undefined;

  constructor(job: UploadJob) {
    this.#job = job;
    // The lock comes before the entry: no other tab may find one that it could take.
    this.#isOwned = job.context.resumption.own(job.attempt.record.id);
  }

  async write(clientId: string, isCanceled: boolean): Promise<void> {
    const { adder, context } = this.#job;
    const asked = { clientId, addedBy: adder.tag || undefined, isCanceled };
    this.#asked = asked;
    await this.#isOwned;
    // Answered, or written anew, meanwhile.
    if (this.#asked !== asked) return;
    await context.journal.put({ ...entryOf(this.#job, unanswered), asked, phase: 'discarding' });
  }

  async giveUp(): Promise<void> {
    if (this.#asked) await this.write(this.#asked.clientId, true);
  }

  async erase(): Promise<void> {
    this.#asked = undefined;
    await this.#isOwned;
    await this.#job.context.journal.delete(this.#job.attempt.record.id);
  }
}

interface Noting {
  readonly notes: Promise<void>[];
  /** All of them are written. */
  readonly done: Promise<void>;
}

/** By uploader. */
const noting = new WeakMap<EngineContext, Noting>();

/** Of links that are added together, all are noted before the first is asked for, so that their calls share a batch. */
function noteTogether(context: EngineContext, note: Promise<void>): Promise<void> {
  const group = noting.get(context) ?? beginNoting(context);
  group.notes.push(note);
  return group.done;
}

function beginNoting(context: EngineContext): Noting {
  const notes: Promise<void>[] = [];
  const writeAll = async () => {
    for (let count = -1; count < notes.length;) {
      count = notes.length;
      await Promise.allSettled(notes);
    }
    noting.delete(context);
  };
  const group = { notes, done: writeAll() };
  noting.set(context, group);
  return group;
}

/** The ticket names the import; the link itself is not kept. */
function entryOf(
  { info, attempt, context }: UploadJob,
  { ticket, mediaId, transfer }: Pick<ActiveSession, 'ticket' | 'mediaId' | 'transfer'>,
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
