import type { MediaUpdate } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import type { ActiveSession } from '../session.js';

/** A save that the cloud does not answer within this time, while online, has failed: "Saving" must not stay for ever. */
const patienceMs = 2 * 60_000;

/** Changes title, description or tags of confirmed media. Rejects with `UploadError`, or with the signal's reason. */
export async function updateDetails(
  update: MediaUpdate,
  { session, context, signal }: { session: ActiveSession; context: EngineContext; signal: AbortSignal },
): Promise<void> {
  const { client, retry } = context;
  await callWithRetry(() => client.update({ ticket: session.ticket, update }), retry, {
    signal,
    onWaiting: () => {},
    patienceMs: Math.min(patienceMs, retry.patienceMs),
  });
}
