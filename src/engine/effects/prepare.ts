import type { PartToSign, SignedRequest } from '../../protocol/index.js';
import { loadEarlier } from '../chunks/earlier.js';
import { isKept } from '../kept-file.js';
import { loadCode } from '../load-code.js';
import { expectationOf, type HashedPart, hashFollowing, isInPlan } from '../parts/first-parts.js';
import { fingerprint, isReadWhole, wholeFingerprint } from '../resume/fingerprint.js';
import type { JournalEntry } from '../resume/store.js';
import { linkedController, orAborted, throwIfAborted } from '../retry/abort.js';
import { stopped } from '../retry/stopped.js';
import { ActiveSession } from '../session.js';
import { askStart, type StartNote } from './ask-start.js';
import { noteStore, openConnection } from './near-store.js';
import type { PrepareOptions } from './prepare-options.js';

export interface Prepared {
  session: ActiveSession;
  entry: JournalEntry;
}

/**
 * Fingerprints the file and starts, or resumes, its session. When aborted during a start call, it awaits the call and
 * returns the session, so that what the call created can be discarded.
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { file, context, signal, onWaiting, onChecked, earlier } = options;
  if (earlier) {
    const { resumeSession } = await loadCode(loadEarlier, context.ports, signal, onWaiting);
    const session = await resumeSession(earlier, options);
    if (session) return { session, entry: earlier.entry };
  }
  throwIfAborted(signal);
  // Not abortable: a started session must always be journalled with its fingerprint, which reads 192 kB.
  const neverAborted = new AbortController().signal;
  // Of a small file, one hash serves the fingerprint, the provider and the store.
  const whole = isReadWhole(file)
    ? context.ports.workers.hash(file, { signal: neverAborted, onProgress: onChecked })
    : undefined;
  // Awaited later, or not at all.
  whole?.catch(() => {});
  let print: Promise<string> | undefined;
  const identify = (): Promise<string> => {
    print ??= whole
      ? whole.then((md5Base64) => wholeFingerprint(file, md5Base64))
      : fingerprint(file, context.ports.workers, neverAborted);
    // Avoids an unhandled rejection; awaited later.
    print.catch(() => {});
    return print;
  };
  if (options.isFileDoubtful) await orAborted(identify(), signal);
  return begin(identify, whole, options);
}

async function begin(
  identify: () => Promise<string>,
  whole: Promise<string> | undefined,
  options: PrepareOptions,
): Promise<Prepared> {
  const { file, context, attachments } = options;
  const { ports, client } = context;
  const id = options.id();
  // The lock comes before the entry: no other tab may find one that it could take.
  const isOwned = context.resumption.own(id);
  openConnection(context);
  // Not awaited. A page that is left writes what a busy journal lets wait. No entry names what is answered in its last
  // moment, or in the last tenth of a second of one that is killed: that is left to the endpoint's `sweep`.
  const note: StartNote = {
    write: (start) =>
      void isOwned.then(() =>
        context.journal.put({ ...entryOf(id, unstarted, options), start, phase: 'discarding' }),
      ),
    erase: () => void isOwned.then(() => context.journal.delete(id)),
  };
  const following: HashedPart[] = [];
  let firstParts: Promise<readonly HashedPart[]> | undefined;
  // Not needed once it is answered, nor when the upload is paused or given up meanwhile.
  const answered = new AbortController();
  const wanted = linkedController(answered.signal, options.signal);
  const { answer, md5Base64, named } = await askStart(id, whole, {
    ...options,
    note,
    // At the same time as the call: before it, the small reads would delay the hashes of the first parts.
    onAsking: (parts) => {
      firstParts = parts;
      void identify();
      const options = { file, ...ports, signal: wanted.controller.signal };
      void parts.then((first) => hashFollowing(expectationOf(context), first, following, options));
      // While nothing else is to be done: with the first part's request, it would delay that.
      ports.workers.preload?.(2);
    },
  }).finally(() => {
    answered.abort(stopped);
    wanted.unlink();
  });
  const session = new ActiveSession(answer, file.size, {
    wishes: { partSizeBytes: context.options.partSizeBytes, lineBytes: context.pool.partBytes },
  });
  if (md5Base64 && session.progress.plan.partCount === 1) session.knownMd5s.set(1, md5Base64);
  const hashed = [...((await firstParts) ?? []), ...following];
  const signed = takeOver(answer.signed ?? [], named, hashed, session);
  session.keep(signed, ports.clock.elapsed());
  noteStore(context, signed);
  attachments.accept(answer.attachments ?? []);
  await isOwned;
  const written = entryOf(id, session, options);
  const print = identify();
  const settled = print.then(
    () => true,
    () => true,
  );
  // Until it is known what file this is, the next visit can only discard it.
  if (!(await Promise.race([settled, later()])))
    void context.journal.put({ ...written, phase: 'discarding' });
  const identity = await print.catch(async (error: unknown) => {
    // The file cannot be read, but the session exists: discard it before failing.
    const isDiscarded = await client.finish({ ticket: session.ticket, status: 'failed' }).then(
      () => true,
      () => false,
    );
    if (isDiscarded) await context.journal.delete(id);
    throw error;
  });
  const isSignedBefore = signed.some(({ addsMd5 }) => addsMd5);
  const signsBeforeHash = isSignedBefore || context.capabilities()?.signsBeforeHash;
  const entry: JournalEntry = { ...written, fingerprint: identity, signsBeforeHash };
  keep(entry, options);
  return { session, entry };
}

/** Keeps the digests of parts that are in its plan. Answers the requests that the parts can be sent with. */
function takeOver(
  signed: readonly SignedRequest[],
  named: readonly PartToSign[],
  hashed: readonly HashedPart[],
  { progress: { plan }, knownMd5s }: ActiveSession,
): readonly SignedRequest[] {
  // Signed with the MD5 of the whole file, where that was asked for.
  if (plan.partCount === 1 && (named.length === 0 || knownMd5s.has(1))) return signed;
  for (const one of hashed) if (isInPlan(one, plan)) knownMd5s.set(one.part.partNumber, one.part.md5Base64);
  const isNamedWithMd5 = (partNumber: number) =>
    named.some((part) => part.partNumber === partNumber && part.md5Base64 !== undefined);
  // Without `addsMd5`, a request is good only with the MD5 that it was signed with: the endpoint may be configured
  // otherwise by now, and it tells parts of other plans by their number and size only.
  return signed.filter(
    ({ partNumber, addsMd5 }) => addsMd5 || (isNamedWithMd5(partNumber) && knownMd5s.has(partNumber)),
  );
}

/** Resolves after the handlers of promises that are settled already. */
async function later(): Promise<false> {
  await Promise.resolve();
  await Promise.resolve();
  return false;
}

/** What is known of a session before its start is answered. */
const unstarted: EntrySession = { ticket: '', mediaId: undefined, transfer: { kind: 'single' } };

type EntrySession = Pick<JournalEntry, 'ticket' | 'mediaId' | 'transfer'> & {
  readonly progress?: ActiveSession['progress'];
};

/** The journal entry of a session that has just begun, without its fingerprint. */
function entryOf(id: string, session: EntrySession, options: PrepareOptions): JournalEntry {
  const { file, handle, path, context } = options;
  const { endpoint, provider } = context.options;
  const now = context.ports.clock.now();
  return {
    id,
    endpoint,
    provider,
    fileName: file.name,
    path,
    sizeBytes: file.size,
    contentType: file.type,
    fingerprint: '',
    ticket: session.ticket,
    mediaId: session.mediaId,
    metadata: options.metadata,
    transfer: session.transfer,
    partSizeBytes: session.progress?.plan.partSizeBytes ?? file.size,
    phase: 'uploading',
    addedAt: now,
    updatedAt: now,
    handle,
  };
}

/** Journals it, with the file itself where that is small. */
function keep(entry: JournalEntry, { file, context: { options, journal } }: PrepareOptions): void {
  // Not awaited: the journal keeps its own order, and sending does not depend on it.
  void journal.put(entry);
  if (isKept(file, options)) void journal.putFile(entry.id, file);
}
