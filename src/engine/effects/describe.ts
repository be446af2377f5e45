import type { Capabilities } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { callWithRetry } from '../retry/call-with-retry.js';

/** A caller that needs the answer calls again. */
const askPatienceMs = 20_000;

/** Asks what the provider needs and can do. Rejects with `UploadError`. */
export async function describe({ client, retry }: EngineContext, signal: AbortSignal): Promise<Capabilities> {
  const options = { signal, onWaiting: () => {}, patienceMs: Math.min(askPatienceMs, retry.patienceMs) };
  return (await callWithRetry(() => client.describe(), retry, options)).capabilities;
}
