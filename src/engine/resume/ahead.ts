import type { PartToSign } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { firstToSign, hashAhead } from '../parts/first-parts.js';
import { pinnedPlan } from '../parts/plan.js';
import type { JournalEntry } from './store.js';

/**
 * Asks for the list of what is stored, and for the first parts that are missing. Only where these can be signed before
 * they are hashed: else the list alone would be early. The endpoint answers both again, and where a signature has begun the
 * transfer anew, as it does for one that has expired, it says so again; so these answers can be dropped when the file is
 * another one, or another tab has the lock.
 */
export function askAhead(
  { ticket, transfer, sizeBytes, partSizeBytes, signsBeforeHash }: JournalEntry,
  file: File,
  stored: ReadonlySet<number>,
  { client, ports, askedAhead }: EngineContext,
): void {
  if (!signsBeforeHash || transfer.kind === 'single') return;
  const parts: PartToSign[] = firstToSign(
    pinnedPlan(sizeBytes, partSizeBytes),
    (number) => !stored.has(number),
  );
  if (parts.length === 0) return;
  const asked = {
    ticket,
    askedAt: ports.clock.elapsed(),
    sign: client.sign({ ticket, parts }),
    list: client.list(ticket),
  };
  // Asked again, and reported, where the upload goes on.
  for (const answer of [asked.sign, asked.list]) answer.catch(() => {});
  askedAhead.set(file, asked);
}

/** Hashes the first part that the store lacks while the rest of the way to it is gone. */
export function hashMissing(
  { id, transfer, sizeBytes, partSizeBytes }: JournalEntry,
  file: File,
  { context, signal }: { readonly context: EngineContext; readonly signal: AbortSignal },
): void {
  if (transfer.kind === 'single' || file.size !== sizeBytes) return;
  const hash = async () => {
    const stored = new Set((await context.journal.parts(id)).map(({ partNumber }) => partNumber));
    const isMissing = (partNumber: number) => !stored.has(partNumber);
    return hashAhead([pinnedPlan(sizeBytes, partSizeBytes)], isMissing, { file, ...context.ports, signal });
  };
  context.hashedAhead.set(
    file,
    hash().catch(() => []),
  );
}
