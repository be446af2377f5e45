import type { Capabilities } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import type { Adder } from '../file-info.js';
import { callWithRetry } from '../retry/call-with-retry.js';

/** A caller that needs the answer calls again. */
const askPatienceMs = 20_000;

/** Asks what the provider needs and can do, and who is signed in. Rejects with `UploadError`. */
export async function describe(
  { client, retry }: EngineContext,
  signal: AbortSignal,
  adder?: Adder,
): Promise<Capabilities> {
  const options = { signal, onWaiting: () => {}, patienceMs: Math.min(askPatienceMs, retry.patienceMs) };
  const { capabilities, caller = '' } = await callWithRetry(() => client.describe(), retry, options);
  if (adder) adder.tag ??= caller;
  return capabilities;
}
