import type { StoredPart } from '../../protocol/index.js';
import type { EarlierUpload } from '../attempt.js';
import { base64ToHex, isMd5ETag } from '../digest.js';
import { isNotOurs, UploadError } from '../errors.js';
import { firstToSign, hashAhead } from '../parts/first-parts.js';
import { partRange } from '../parts/plan.js';
import { askAhead, hashMissing } from '../resume/ahead.js';
import type { AskedAhead } from '../resume/asked-ahead.js';
import type { JournalEntry, JournalPart } from '../resume/store.js';
import { isStoredWhole, storedBytesOf } from '../resume/unfinished-uploads.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { ActiveSession } from '../session.js';
import { discardEntry, type DiscardOutcome } from './discard-entry.js';
import { noteStore, openConnection } from './near-store.js';
import type { PrepareOptions } from './prepare-options.js';

/** In the same chunk, as most visits have no upload of an earlier one. */
export { askAhead, discardEntry, hashMissing };

/**
 * Before resuming, stored parts are compared with the file for at most this long, unless more than these bytes are stored:
 * then all of them are compared while sending, since a look at a small share is not worth the delay. Most files with other
 * content are noticed here and start an upload of their own. The rest is compared while sending.
 */
const comparedAheadBytes = 128 * 1024 * 1024;
const comparedAheadMs = 300;

/** As long as reading the file and taking its lock may take. */
const freshMs = 30_000;

/** Resumes the session of an earlier visit. `undefined` when that is impossible: gone at the store, or another file. */
export async function resumeSession(
  { entry, parts: journalled, origin }: EarlierUpload,
  options: PrepareOptions,
): Promise<ActiveSession | undefined> {
  const { context, signal, onWaiting, onAbandon } = options;
  const { client } = context;
  const ahead = askedAhead(entry, options);
  const session = new ActiveSession(entry, entry.sizeBytes, {
    isResumed: true,
    partSizeBytes: entry.partSizeBytes,
  });
  try {
    openConnection(context);
    const signing = signAhead(session, journalled, { ...options, ahead });
    let early = ahead?.list;
    const list = () => {
      // What has become of an early question says nothing of one that is asked now.
      const asked = early?.catch(() => client.list(entry.ticket)) ?? client.list(entry.ticket);
      early = undefined;
      return asked;
    };
    const answer = await callWithRetry(list, context.retry, { signal, onWaiting });
    const known = new Map(journalled.map((part) => [part.partNumber, part]));
    // Where parts cannot be listed, acknowledged parts count as stored; the store compares them on completion.
    const parts =
      answer.outcome === 'listed'
        ? answer.parts
        : journalled.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes, eTag: '' }));
    const isSame = await takeOverParts(entry.id, { parts, known }, session, options);
    await signing;
    if (isSame) return session;
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
    // The store or the endpoint no longer knows it: nothing is left to resume, or its completion has gone through.
    if (typeof (await giveUp(entry, options)) === 'object' && (await isWholeAndSame(entry, session, options)))
      return session;
    onAbandon(true);
    return undefined;
  }
}

/** The answers to the early questions, once, and not where the upload has waited for its turn since then. */
function askedAhead({ ticket }: JournalEntry, { file, context }: PrepareOptions): AskedAhead | undefined {
  const ahead = context.askedAhead.get(file);
  context.askedAhead.delete(file);
  const isOld = ahead && context.ports.clock.elapsed() - ahead.askedAt > freshMs;
  return ahead?.ticket === ticket && !isOld ? ahead : undefined;
}

/** Asks for the first parts that are missing while the store is asked for those that it has. Never rejects. */
async function signAhead(
  session: ActiveSession,
  journalled: readonly JournalPart[],
  { file, context, signal, earlier, ahead }: PrepareOptions & { readonly ahead: AskedAhead | undefined },
): Promise<void> {
  if (session.transfer.kind === 'single') return;
  const { client, ports } = context;
  try {
    const stored = new Set(journalled.map(({ partNumber }) => partNumber));
    const isMissing = (partNumber: number) => !stored.has(partNumber);
    const { plan } = session.progress;
    const known = context.hashedAhead.get(file);
    const hashing = hashAhead([plan], isMissing, { file, ...ports, signal, known });
    const signedBefore = earlier?.entry.signsBeforeHash;
    if (!signedBefore) await Promise.race([hashing, context.described()]);
    const isEarly = signedBefore || context.capabilities()?.signsBeforeHash;
    const parts = isEarly ? firstToSign(plan, isMissing) : (await hashing).map(({ part }) => part);
    if (parts.length === 0) return;
    let askedAt = ahead?.askedAt ?? ports.clock.elapsed();
    const sign = (ticket: string) => {
      askedAt = ports.clock.elapsed();
      return client.sign({ ticket, parts });
    };
    const answer = await session.call(
      (ticket) => ahead?.sign.catch(() => sign(ticket)) ?? sign(ticket),
      signal,
    );
    // The endpoint has restarted the transfer; it says so again in its reply to the next `sign`.
    if (answer.outcome !== 'signed') return;
    // The endpoint may be configured otherwise by now: then they are signed again, with their MD5s.
    const requests = isEarly ? answer.requests.filter(({ addsMd5 }) => addsMd5) : answer.requests;
    session.keep(requests, askedAt);
    noteStore(context, requests);
    for (const { part } of await hashing) session.knownMd5s.set(part.partNumber, part.md5Base64);
  } catch {
    // Asked again, and reported, when the parts are sent.
  }
}

/** Discards the upload, so that the media which the service has made for it does not stay in creation. */
async function giveUp(
  entry: JournalEntry,
  { context, signal, lifetime }: PrepareOptions,
): Promise<DiscardOutcome> {
  const { client, journal, retry } = context;
  const outcome = await discardEntry(entry, { client, retry, signal });
  // Once the engine is destroyed, another tab may have its lock.
  if (outcome === 'not-now' && lifetime.aborted) return outcome;
  if (outcome === 'not-now') await journal.put({ ...entry, phase: 'discarding' });
  // An upload that belongs to another person, or is complete, is left as it is.
  else if (outcome === 'done') await journal.delete(entry.id);
  return outcome;
}

/** Whether the upload that the cloud calls complete is that of this file: then only its confirmation is asked for again. */
async function isWholeAndSame(
  entry: JournalEntry,
  session: ActiveSession,
  options: PrepareOptions,
): Promise<boolean> {
  const { journal } = options.context;
  const journalled = await journal.parts(entry.id);
  const isWhole = isStoredWhole({ ...entry, phase: 'finishing' }, journalled);
  if (isWhole) {
    const known = new Map(journalled.map((part) => [part.partNumber, part]));
    const parts = journalled.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes, eTag: '' }));
    const isSame = await takeOverParts(entry.id, { parts, known }, session, options);
    if (isSame && session.progress.isComplete) {
      session.mayHaveFinished = true;
      return true;
    }
  }
  await journal.delete(entry.id);
  return false;
}

/**
 * Records the store's parts as stored, after comparing them with the file up to a bound. The store's list says what
 * is stored; the MD5s come from the journal or, where it lacks one, from an MD5 ETag. Answers `false` when the file
 * is another one.
 */
async function takeOverParts(
  id: string,
  { parts, known }: { parts: readonly StoredPart[]; known: ReadonlyMap<number, JournalPart> },
  session: ActiveSession,
  options: PrepareOptions,
): Promise<boolean> {
  const { file, context, signal, onChecked } = options;
  const { progress, knownMd5s } = session;
  const { plan } = progress;
  const { clock, workers } = context.ports;
  const isComparedAhead = storedBytesOf(parts) <= comparedAheadBytes;
  const endsAt = clock.elapsed() + (isComparedAhead ? comparedAheadMs : 0);
  let checkedBytes = 0;
  for (const { partNumber, sizeBytes, eTag } of parts) {
    const { start, end } = partRange(plan, partNumber);
    if (partNumber > plan.partCount || end - start !== sizeBytes) continue;
    const isTelling = session.isETagMd5 && isMd5ETag(eTag);
    const { md5Base64: journalled, isProven: wasProven = false } = known.get(partNumber) ?? {};
    if (journalled !== undefined && isTelling && base64ToHex(journalled) !== eTag.toLowerCase()) continue;
    if (clock.elapsed() < endsAt) {
      const done = checkedBytes;
      const md5Base64 = await workers.hash(file.slice(start, end), {
        signal,
        onProgress: (bytes) => onChecked(done + bytes),
      });
      checkedBytes += sizeBytes;
      onChecked(checkedBytes);
      const isSame = isTelling ? base64ToHex(md5Base64) === eTag.toLowerCase() : md5Base64 === journalled;
      if (isSame) {
        const isProven = isTelling || wasProven;
        progress.store(partNumber, { md5Base64, isCompared: true, isProven });
        // The page that stored it ended before its journal said so: write it now, as the store may not list it later.
        if (journalled === undefined)
          void context.journal.putPart(id, { partNumber, sizeBytes, md5Base64, isProven });
      }
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
