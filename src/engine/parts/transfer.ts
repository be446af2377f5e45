import type { JournalPart } from '../resume/store.js';
import { abortReason, linkedController } from '../retry/abort.js';
import { stopped } from '../retry/stopped.js';
import { PartHasher } from './part-hasher.js';
import { partRange } from './plan.js';
import { sendPart, type SendContext } from './send-part.js';

export interface TransferOptions extends SendContext {
  /** Aborted by a pause: parts that are nearly sent are finished, the others are stopped, and none is begun. */
  draining: AbortSignal;
  /** How many there may ever be. */
  connections: number;
  /** Called when the store has acknowledged a part. */
  onStored: (part: JournalPart) => void;
}

/** Parts hashed and signed ahead of those being sent: parts of one size end together, and none waits for its signature. */
const lookAhead = 6;
/** Stored parts compared at once: as many as are hashed together. */
const comparedAtOnce = 4;

/**
 * Sends every part that the store lacks: hashes and signs ahead, and sends as connections become free. Parts of an
 * earlier visit are compared with the file instead of sent. Resolves when the store has all of them.
 */
export async function transferParts(options: TransferOptions): Promise<void> {
  const { session, pool, draining } = options;
  const { controller, unlink } = linkedController(options.signal);
  const { progress, knownMd5s: known } = session;
  // Hashes ahead of need are of no use after a pause.
  const hashing = linkedController(controller.signal, draining);
  const hasher = new PartHasher({
    ...options,
    plan: progress.plan,
    known,
    signal: hashing.controller.signal,
  });
  const context = { ...options, signal: controller.signal };
  // Stored parts are compared while others are sent, so that a slow disk does not delay sending.
  const [toSend, toCompare] = [progress.toSend(), progress.toCompare()];
  let failure: { error: unknown } | undefined;

  async function deliverAll(places: Iterable<[number, number]>, list: readonly number[]): Promise<void> {
    for (const [place, partNumber] of places) {
      if (draining.aborted) return;
      const part = pausable(partNumber, context);
      try {
        const md5Base64 = await hasher.md5(list, place, part.signal);
        await deliver(partNumber, md5Base64, { ...context, signal: part.signal });
      } catch (error) {
        if (part.isGivenUp()) return;
        // One part failed for good: stop the others, so that nothing is sent after the upload has failed.
        failure ??= { error };
        controller.abort();
        return;
      } finally {
        part.end();
      }
    }
  }

  // More than there are connections: those without one hash and sign ahead, and the pool may grow.
  const loopsOver = (list: readonly number[], count: number) => {
    const places = list.entries();
    return Array.from({ length: Math.min(list.length, count) }, () => deliverAll(places, list));
  };
  const leave = pool.join(options.uploadId, progress.plan.sizeBytes);
  await Promise.all([
    ...loopsOver(toSend, options.connections + lookAhead),
    ...loopsOver(toCompare, comparedAtOnce),
  ]);
  leave();
  hashing.controller.abort(stopped);
  hashing.unlink();
  unlink();
  if (!failure) {
    if (draining.aborted && session.progress.isPending) throw abortReason(draining);
    return;
  }
  session.progress.dropAllInFlight();
  throw failure.error;
}

/** A pause lets a part that is nearly sent come to its end, and gives up any other without failing the upload. */
function pausable(partNumber: number, { draining, session, signal }: TransferOptions) {
  const { controller, unlink } = linkedController(signal);
  const giveUp = () => {
    if (!session.progress.isNearlySent(partNumber)) controller.abort();
  };
  draining.addEventListener('abort', giveUp, { once: true });
  return {
    signal: controller.signal,
    isGivenUp: () => draining.aborted && controller.signal.aborted && !signal.aborted,
    end: () => {
      draining.removeEventListener('abort', giveUp);
      unlink();
    },
  };
}

async function deliver(partNumber: number, md5Base64: string, context: TransferOptions): Promise<void> {
  const { progress } = context.session;
  const { start, end } = partRange(progress.plan, partNumber);
  const stored = progress.stored(partNumber);
  if (stored?.md5Base64 === md5Base64) {
    progress.store(partNumber, { ...stored, isCompared: true });
    return;
  }
  // What the store holds under this number is not what this file has there.
  if (stored) progress.forget(partNumber);
  const { isProven } = await sendPart(partNumber, md5Base64, context);
  progress.store(partNumber, { md5Base64, isCompared: true, isProven });
  context.onProgress();
  context.onStored({ partNumber, sizeBytes: end - start, md5Base64, isProven });
}
