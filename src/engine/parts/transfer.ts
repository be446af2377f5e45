import { abortReason } from '../retry/abort.js';
import type { JournalPart } from '../resume/store.js';
import { partRange } from './plan.js';
import { sendPart, type SendContext } from './send-part.js';

export interface TransferOptions extends SendContext {
  /** Called when the store has acknowledged a part. */
  onStored: (part: JournalPart) => void;
}

/** Parts hashed and signed ahead of those being sent. */
const lookAhead = 4;

/**
 * Brings every part that is missing to the store: hashes ahead, signs ahead, sends as connections come free. Parts of
 * an earlier visit are compared with the file instead of sent. Resolves when the store has all of them.
 */
export async function transferParts(options: TransferOptions): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort(abortReason(options.signal));
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const pending = options.session.progress.pending();
  const context = { ...options, signal: controller.signal };
  let next = 0;

  let failure: { error: unknown } | undefined;

  async function lane(): Promise<void> {
    try {
      for (let partNumber = pending[next++]; partNumber !== undefined; partNumber = pending[next++]) {
        await deliver(partNumber, context);
      }
    } catch (error) {
      // One part failed for good: the others are stopped, none goes on behind the back of a failed upload.
      failure ??= { error };
      controller.abort(abortReason(controller.signal));
    }
  }

  // The pool may grow on the way; lanes that find no connection wait.
  const lanes = Math.min(pending.length, options.pool.max + lookAhead);
  await Promise.all(Array.from({ length: lanes }, lane));
  options.signal.removeEventListener('abort', stop);
  if (!failure) return;
  options.session.progress.dropAllInFlight();
  throw failure.error;
}

async function deliver(partNumber: number, context: TransferOptions): Promise<void> {
  const { session, file, workers, signal } = context;
  const { progress, knownMd5s } = session;
  const { start, end } = partRange(progress.plan, partNumber);
  const md5Base64 = knownMd5s.get(partNumber) ?? (await workers.hash(file.slice(start, end), { signal }));
  const stored = progress.stored(partNumber);
  if (stored?.md5Base64 === md5Base64) {
    progress.store(partNumber, { md5Base64, isProven: true });
    return;
  }
  // What the store holds under this number is not what this file has there.
  if (stored) progress.forget(partNumber);
  await sendPart(partNumber, md5Base64, context);
  progress.store(partNumber, { md5Base64, isProven: true });
  context.onStored({ partNumber, sizeBytes: end - start, md5Base64 });
}
