import type { ListResponse, PartToSign, SignResponse } from '../../protocol/index.js';
import type { EndpointClient, Granted } from '../endpoint/types.js';
import { firstToSign } from '../parts/first-parts.js';
import { pinnedPlan } from '../parts/plan.js';
import type { Clock } from '../retry/clock.js';
import type { JournalEntry } from './store.js';

/** What the endpoint is asked about an unfinished upload while its file is read and its lock is taken. */
export interface AskedAhead {
  readonly ticket: string;
  /** On the monotonic clock. */
  readonly askedAt: number;
  readonly list: Promise<Granted<ListResponse>>;
  readonly sign: Promise<Granted<SignResponse>>;
}

/**
 * Asks for the list of what is stored, and for the first parts that are missing. Only where these can be signed before
 * they are hashed: else the list alone would be early. The endpoint answers both again, and where a signature has begun the
 * transfer anew, as it does for one that has expired, it says so again; so these answers can be dropped when the file is
 * another one, or another tab has the lock.
 */
export function askAhead(
  { ticket, transfer, sizeBytes, partSizeBytes, signsBeforeHash }: JournalEntry,
  stored: ReadonlySet<number>,
  { client, ports }: { readonly client: EndpointClient; readonly ports: { readonly clock: Clock } },
): AskedAhead | undefined {
  if (!signsBeforeHash || transfer.kind === 'single') return undefined;
  const parts: PartToSign[] = firstToSign(
    pinnedPlan(sizeBytes, partSizeBytes),
    (number) => !stored.has(number),
  );
  if (parts.length === 0) return undefined;
  const asked = {
    ticket,
    askedAt: ports.clock.elapsed(),
    sign: client.sign({ ticket, parts }),
    list: client.list(ticket),
  };
  // Asked again, and reported, where the upload goes on.
  for (const answer of [asked.sign, asked.list]) answer.catch(() => {});
  return asked;
}
