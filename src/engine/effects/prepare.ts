import type { StoredPart } from '../../protocol/index.js';
import { base64ToHex, isMd5ETag } from '../digest.js';
import type { Attachments } from '../attachments.js';
import type { EngineContext } from '../context.js';
import { UploadError } from '../errors.js';
import { partRange } from '../parts/plan.js';
import { fingerprint, isReadWhole, wholeFingerprint } from '../resume/fingerprint.js';
import type { JournalEntry } from '../resume/store.js';
import { throwIfAborted } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { ActiveSession } from '../session.js';
import type { Waiting } from '../types.js';

export interface PrepareOptions {
  id: string;
  file: File;
  handle: FileSystemFileHandle | undefined;
  context: EngineContext;
  signal: AbortSignal;
  onChecked: (bytes: number) => void;
  onWaiting: (waiting: Waiting | undefined) => void;
  attachments: Attachments;
  /** The vendor's own parameters. */
  options: Readonly<Record<string, unknown>>;
  /** Ticket of the attempt before this one, which ended: its media may be taken over. */
  replaces: string | undefined;
}

const defaultKeptFileBytes = 10_000_000;

export interface Prepared {
  session: ActiveSession;
  /** The id under which it was journalled before; ours gives way to it. */
  entry: JournalEntry;
}

/** Files up to this size are hashed before the start: the one pass serves the provider and the only part alike. */
const eagerHashBytes = 20 * 1024 * 1024;
/** Of what an earlier visit stored, so much is compared before going on; the rest is compared on the way. */
const comparedAheadBytes = 256 * 1024 * 1024;

/**
 * Finds out what the file is and opens (or finds again) its session. When aborted, a start call under way is waited
 * for: what it made must not be lost sight of, so the session comes back all the same.
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { file, context, signal, onChecked } = options;
  // Who the file is has to be known whenever there is a session, also when that is stopped; it is 192 kB to read.
  const toTheEnd = new AbortController().signal;
  // Of a small file one pass gives who it is and what the provider and the store want to know.
  const whole = isReadWhole(file)
    ? context.ports.workers.hash(file, { signal: toTheEnd, onProgress: onChecked })
    : undefined;
  const print = whole
    ? whole.then((md5Base64) => wholeFingerprint(file, md5Base64))
    : fingerprint(file, context.ports.workers, toTheEnd);
  // Awaited below; until then its failure is nobody's surprise.
  print.catch(() => {});
  if (context.hasUnfinished()) {
    const earlier = await context.claim(await print);
    const session = earlier && (await goOn(earlier, options));
    if (earlier && session) return { session, entry: earlier };
    throwIfAborted(signal);
  }
  // With nothing to go on with, who the file is can be found out while the endpoint is asked.
  return begin(print, whole, options);
}

async function begin(
  print: Promise<string>,
  whole: Promise<string> | undefined,
  options: PrepareOptions,
): Promise<Prepared> {
  const { id, file, context, signal, onChecked, onWaiting, attachments } = options;
  const { ports, client } = context;
  let { replaces } = options;
  const declared = await attachments.declare(signal);
  const hash = () => whole ?? ports.workers.hash(file, { signal, onProgress: onChecked });
  const metadata = context.options.metadata?.(file);
  const ask = (md5Base64: string | undefined) =>
    callWithRetry(
      () =>
        client.start({
          clientId: id,
          fileName: file.name,
          sizeBytes: file.size,
          contentType: file.type,
          ...(md5Base64 && { md5Base64 }),
          ...(metadata && { metadata }),
          ...(Object.keys(options.options).length > 0 && { options: { ...options.options } }),
          ...(declared.length > 0 && { attachments: declared }),
          ...(replaces !== undefined && { replaces }),
        }),
      { ...ports, signIn: context.signIn },
      { signal, onWaiting },
    );

  let md5Base64 = file.size <= eagerHashBytes ? await hash() : undefined;
  let answer = await ask(md5Base64).catch((error: unknown) => {
    if (replaces === undefined || !(error instanceof UploadError) || !error.code.startsWith('ticket-'))
      throw error;
    // The old ticket no longer opens anything: then it is a new upload.
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

  const session = new ActiveSession(answer.session, file.size);
  session.keep(answer.session.signed ?? [], ports.clock.elapsed());
  attachments.accept(answer.session.attachments ?? []);
  if (md5Base64 && session.progress.plan.partCount === 1) session.knownMd5s.set(1, md5Base64);
  const identity = await print.catch(async (error: unknown) => {
    // The file cannot be read, but the session is there: it is given back before the error is told.
    await client.finish({ ticket: session.ticket, status: 'failed' }).catch(() => {});
    throw error;
  });
  const now = ports.clock.now();
  const entry: JournalEntry = {
    id,
    endpoint: context.options.endpoint,
    provider: context.options.provider,
    fileName: file.name,
    sizeBytes: file.size,
    contentType: file.type,
    fingerprint: identity,
    ticket: session.ticket,
    mediaId: session.mediaId,
    transfer: session.transfer,
    partSizeBytes: session.progress.plan.partSizeBytes,
    phase: 'uploading',
    addedAt: now,
    updatedAt: now,
    ...(options.handle && { handle: options.handle }),
  };
  // Not waited for: the journal keeps its own order, and the bytes need not stand still for it.
  void context.journal.put(entry);
  if (file.size <= (context.options.keepFilesMaxSizeBytes ?? defaultKeptFileBytes))
    void context.journal.putFile(id, file.slice());
  return { session, entry };
}

/** Takes up an earlier visit's session. `undefined` when it cannot be: gone at the store, or another file after all. */
async function goOn(entry: JournalEntry, options: PrepareOptions): Promise<ActiveSession | undefined> {
  const { context, signal, onWaiting } = options;
  const { ports, client, journal } = context;
  const session = new ActiveSession(entry, entry.sizeBytes, {
    isResumed: true,
    partSizeBytes: entry.partSizeBytes,
  });
  try {
    const answer = await callWithRetry(
      () => client.list(entry.ticket),
      { ...ports, signIn: context.signIn },
      { signal, onWaiting },
    );
    const journalled = await journal.parts(entry.id);
    const md5s = new Map(journalled.map((part) => [part.partNumber, part.md5Base64]));
    // Where nobody may look, what was acknowledged is taken to be there; the store has the last word on completion.
    const parts =
      answer.outcome === 'listed'
        ? answer.parts
        : journalled.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes, eTag: '' }));
    if (await isSameFile(parts, md5s, session, options)) return session;
    context.unclaim(entry);
    return undefined;
  } catch (error) {
    if (!(error instanceof UploadError) || error.isResumable) {
      context.unclaim(entry);
      throw error;
    }
    // The store or the endpoint no longer knows it. Nothing is left to go on with; the file starts afresh.
    if (error.code === 'file-changed' || error.code === 'file-unreadable') throw error;
    await journal.delete(entry.id);
    return undefined;
  }
}

/**
 * Enters the store's parts into the progress, those up to a bound compared with the file first. The store's list is the
 * truth about what is stored; the journal knows the MD5s, and where it missed one, an MD5 ETag does.
 */
async function isSameFile(
  parts: readonly StoredPart[],
  md5s: ReadonlyMap<number, string>,
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
    const journalled = md5s.get(partNumber);
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
      if (isSame) progress.store(partNumber, { md5Base64, isProven: true });
      // What was acknowledged is not in this file: it is another. What never was may have arrived damaged; it is sent again.
      else if (journalled !== undefined) return false;
      knownMd5s.set(partNumber, md5Base64);
    } else if (journalled !== undefined) {
      progress.store(partNumber, { md5Base64: journalled, isProven: false });
    }
  }
  return true;
}
