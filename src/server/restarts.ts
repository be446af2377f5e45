import type { UploadSession } from '../protocol/index.js';
import type { BatchCall, Opened } from './batch.js';
import type { Session, Signed } from './provider.js';
import { withPlan } from './part-plan.js';
import { issue } from './start-uploads.js';
import { restartKey } from './starts.js';

type Expired = Extract<Signed<unknown>, { outcome: 'expired' }>;

/**
 * Begins the transfer anew, once for each generation of an upload: whichever of its tickets is used, how often, and how
 * much later. A restart that has begun is completed even when the page is gone: the next call is given its session.
 */
export async function restartOnce(
  { restart }: Expired,
  { provider, session }: Opened,
  call: BatchCall,
): Promise<UploadSession> {
  const context = { ...call.context, signal: new AbortController().signal };
  const generation = (session.generation ?? 0) + 1;
  const result = await call.starts.once(restartKey(session), async () => {
    const started = await restart(context);
    // The part size that the page has wished for.
    const transfer = withPlan(started.transfer, session.sizeBytes, partSizeOf(session));
    const identity = { ...session, generation };
    return { outcome: 'started', session: await issue({ ...started, transfer }, identity, provider, call) };
  });
  if (result.outcome !== 'started') throw new Error('A restart needs no checksum.');
  return result.session;
}

/** The session of the upload's latest transfer, as far as this endpoint remembers. */
export async function latestOf(session: Session<unknown>, call: BatchCall): Promise<Session<unknown>> {
  for (let latest = session; ;) {
    const restarted = await call.starts.restarted(latest);
    if (!restarted) return latest;
    latest = (await call.openTicket(restarted.ticket)).session;
  }
}

function partSizeOf({ transfer }: Session<unknown>): number | undefined {
  return transfer.kind === 'multipart' ? transfer.partSizeBytes : undefined;
}
