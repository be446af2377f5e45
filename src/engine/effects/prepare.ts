import type { StoredPart } from '../../protocol/index.js';
import { base64ToHex, isMd5ETag } from '../digest.js';
import type { Attachments } from '../attachments.js';
import type { EarlierUpload } from '../attempt.js';
import type { EngineContext } from '../context.js';
import { EndpointCallError } from '../endpoint/call-error.js';
import { isNotOurs, UploadError } from '../errors.js';
import { partRange } from '../parts/plan.js';
import { fingerprint, isReadWhole, wholeFingerprint } from '../resume/fingerprint.js';
import type { JournalEntry, JournalPart } from '../resume/store.js';
import { isAbort, orAborted, throwIfAborted } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { ActiveSession } from '../session.js';
import type { Waiting } from '../types.js';
import { discardEntry } from './discard-entry.js';

export interface PrepareOptions {
  /** Under which it is to be journalled. */
  id: () => string;
  file: File;
  handle: FileSystemFileHandle | undefined;
  path: string | undefined;
  context: EngineContext;
  signal: AbortSignal;
  /** Aborted when the engine is destroyed. */
  lifetime: AbortSignal;
  onChecked: (bytes: number) => void;
  onWaiting: (waiting: Waiting | undefined) => void;
  attachments: Attachments;
  /** The host's words about the file. */
  metadata: Readonly<Record<string, unknown>> | undefined;
  /** The vendor's own parameters. */
  options: Readonly<Record<string, unknown>>;
  /** It could not be read the last time: nothing is started before it can. */
  isFileDoubtful: boolean;
  /** Ticket of the attempt before this one, which ended: its media may be taken over. */
  replaces: string | undefined;
  /** To go on with, if its parts are those of this file. */
  earlier: EarlierUpload | undefined;
  /** It does not go on; `isLeft`: because it is another person's. */
  onAbandon: (isLeft: boolean) => void;
}

const defaultKeptFileBytes = 10_000_000;

export interface Prepared {
  session: ActiveSession;
  entry: JournalEntry;
}

/** Files up to this size are hashed before the start: one hash serves the provider and the only part. */
const eagerHashBytes = 20 * 1024 * 1024;
/** So much of what an earlier visit stored is compared before resuming; the rest is compared while sending. */
const comparedAheadBytes = 256 * 1024 * 1024;

/**
 * Fingerprints the file and starts, or resumes, its session. When aborted during a start call, it awaits the call and
 * returns the session, so that what the call created can be discarded.
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { file, context, signal, onChecked } = options;
  const { earlier } = options;
  const session = earlier && (await goOn(earlier, options));
  if (earlier && session) return { session, entry: earlier.entry };
  throwIfAborted(signal);
  // Not abortable: a started session must always be journalled with its fingerprint, which reads 192 kB.
  const toTheEnd = new AbortController().signal;
  // Of a small file, one hash serves the fingerprint, the provider and the store.
  const whole = isReadWhole(file)
    ? context.ports.workers.hash(file, { signal: toTheEnd, onProgress: onChecked })
    : undefined;
  const print = whole
    ? whole.then((md5Base64) => wholeFingerprint(file, md5Base64))
    : fingerprint(file, context.ports.workers, toTheEnd);
  // Avoids an unhandled rejection; awaited below.
  print.catch(() => {});
  if (options.isFileDoubtful) await orAborted(print, signal);
  return begin(print, whole, options);
}

async function begin(
  print: Promise<string>,
  whole: Promise<string> | undefined,
  options: PrepareOptions,
): Promise<Prepared> {
  const { file, context, signal, onChecked, attachments } = options;
  const { ports, client } = context;
  const id = options.id();
  let { replaces } = options;
  // The lock comes before the entry: no other tab may find one that it could take.
  const isOwned = context.resumption.own(id);
  const declared = await attachments.declare(signal);
  const hash = () => whole ?? ports.workers.hash(file, { signal, onProgress: onChecked });
  const ask = (md5Base64: string | undefined) =>
    callToTheEnd(
      () =>
        client.start({
          clientId: id,
          fileName: file.name,
          sizeBytes: file.size,
          contentType: file.type,
          md5Base64,
          metadata: options.metadata,
          options: Object.keys(options.options).length > 0 ? { ...options.options } : undefined,
          attachments: declared.length > 0 ? declared : undefined,
          replaces,
        }),
      options,
    );

  let md5Base64 = file.size <= eagerHashBytes ? await hash() : undefined;
  let answer = await ask(md5Base64).catch((error: unknown) => {
    if (replaces === undefined || !(error instanceof UploadError) || !error.code.startsWith('ticket-'))
      throw error;
    // The old ticket is no longer accepted: start a new upload.
    replaces = undefined;
    return ask(md5Base64);
  });
  if (answer.outcome === 'checksum-required') {
    if (md5Base64)
      throw new UploadError('endpoint-invalid-reply', {
        detail: 'start: asks for the checksum that it was given',
      });
    md5Base64 = await hash();
    answer = await ask(md5Base64);
  }
  if (answer.outcome !== 'started')
    throw new UploadError('endpoint-invalid-reply', {
      detail: 'start: asks for the checksum that it was given',
    });

  const session = new ActiveSession(answer.session, file.size, {
    wishes: { partSizeBytes: context.options.partSizeBytes, lineBytes: context.pool.partBytes },
  });
  session.keep(answer.session.signed ?? [], ports.clock.elapsed());
  attachments.accept(answer.session.attachments ?? []);
  if (md5Base64 && session.progress.plan.partCount === 1) session.knownMd5s.set(1, md5Base64);
  await isOwned;
  const written = entryOf(id, session, options);
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
  const entry: JournalEntry = { ...written, fingerprint: identity };
  keep(entry, options);
  return { session, entry };
}

/** After what is settled already. */
async function later(): Promise<false> {
  await Promise.resolve();
  await Promise.resolve();
  return false;
}

/**
 * Repeats a call as `callWithRetry` does. One that is aborted after an answer was lost is repeated all the same,
 * because only the answer says what has to be discarded; the endpoint answers the session that the lost call has
 * created.
 */
async function callToTheEnd<T>(
  call: () => Promise<T>,
  { context: { retry }, signal, lifetime, onWaiting }: PrepareOptions,
): Promise<T> {
  let isUnheard = false;
  const noting = () =>
    call().catch((error: unknown) => {
      isUnheard = error instanceof EndpointCallError && error.isUnheard;
      throw error;
    });
  try {
    return await callWithRetry(noting, retry, { signal, onWaiting });
  } catch (error) {
    if (!isUnheard || !isAbort(error) || lifetime.aborted) throw error;
    return callWithRetry(call, retry, { signal: lifetime, onWaiting: () => {} });
  }
}

/** What the journal is to have of a session that has just begun, but for its fingerprint. */
function entryOf(id: string, session: ActiveSession, options: PrepareOptions): JournalEntry {
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
    partSizeBytes: session.progress.plan.partSizeBytes,
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
  if (file.size <= (options.keepFilesMaxSizeBytes ?? defaultKeptFileBytes))
    void journal.putFile(entry.id, file.slice());
}

/** Resumes the session of an earlier visit. `undefined` when that is impossible: gone at the store, or another file. */
async function goOn(
  { entry, origin }: EarlierUpload,
  options: PrepareOptions,
): Promise<ActiveSession | undefined> {
  const { context, signal, onWaiting, onAbandon } = options;
  const { client, journal } = context;
  const session = new ActiveSession(entry, entry.sizeBytes, {
    isResumed: true,
    partSizeBytes: entry.partSizeBytes,
  });
  try {
    const answer = await callWithRetry(() => client.list(entry.ticket), context.retry, { signal, onWaiting });
    const journalled = await journal.parts(entry.id);
    const known = new Map(journalled.map((part) => [part.partNumber, part]));
    // Where parts cannot be listed, acknowledged parts count as stored; the store compares them on completion.
    const parts =
      answer.outcome === 'listed'
        ? answer.parts
        : journalled.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes, eTag: '' }));
    if (await takeOverParts(parts, known, session, options)) return session;
    onAbandon(false);
    return undefined;
  } catch (error) {
    if (!(error instanceof UploadError) || error.isResumable) throw error;
    if (error.code === 'file-changed' || error.code === 'file-unreadable') throw error;
    if (isNotOurs(error.code)) {
      // A file that the person has added is uploaded again from the start, for this person; nothing else is.
      if (origin !== 'added') throw error;
      onAbandon(true);
      return undefined;
    }
    // The store or the endpoint no longer knows it. Nothing is left to resume; the file starts from the beginning.
    await giveUp(entry, options);
    onAbandon(true);
    return undefined;
  }
}

/** The media that the service has made for the upload would stay in creation. */
async function giveUp(entry: JournalEntry, { context, signal }: PrepareOptions): Promise<void> {
  const { client, journal, retry } = context;
  const outcome = await discardEntry(entry, { client, retry, signal });
  if (outcome === 'not-now') await journal.put({ ...entry, phase: 'discarding' });
  // What turns out to be another person's stays as it is.
  else if (outcome !== 'not-ours') await journal.delete(entry.id);
}

/**
 * Records the store's parts as stored, after comparing them with the file up to a bound. The store's list says what
 * is stored; the MD5s come from the journal or, where it lacks one, from an MD5 ETag. Answers `false` when the file
 * is another one.
 */
async function takeOverParts(
  parts: readonly StoredPart[],
  known: ReadonlyMap<number, JournalPart>,
  session: ActiveSession,
  options: PrepareOptions,
): Promise<boolean> {
  const { file, context, signal, onChecked } = options;
  const { progress, knownMd5s } = session;
  const { plan } = progress;
  let checkedBytes = 0;
  for (const { partNumber, sizeBytes, eTag } of parts) {
    const { start, end } = partRange(plan, partNumber);
    if (partNumber > plan.partCount || end - start !== sizeBytes) continue;
    const isTelling = session.isETagMd5 && isMd5ETag(eTag);
    const { md5Base64: journalled, isProven: wasProven = false } = known.get(partNumber) ?? {};
    if (journalled !== undefined && isTelling && base64ToHex(journalled) !== eTag.toLowerCase()) continue;
    if (checkedBytes < comparedAheadBytes) {
      const done = checkedBytes;
      const md5Base64 = await context.ports.workers.hash(file.slice(start, end), {
        signal,
        onProgress: (bytes) => onChecked(done + bytes),
      });
      checkedBytes += sizeBytes;
      onChecked(checkedBytes);
      const isSame = isTelling ? base64ToHex(md5Base64) === eTag.toLowerCase() : md5Base64 === journalled;
      if (isSame)
        progress.store(partNumber, { md5Base64, isCompared: true, isProven: isTelling || wasProven });
      // An acknowledged part differs: another file. A part that was never acknowledged may be damaged: sent again.
      else if (journalled !== undefined) return false;
      knownMd5s.set(partNumber, md5Base64);
    } else if (journalled !== undefined) {
      progress.store(partNumber, {
        md5Base64: journalled,
        isCompared: false,
        isProven: isTelling || wasProven,
      });
    }
  }
  return true;
}
