import { UploadError } from '../errors.js';
import { type Network, whenOnline } from '../network.js';
import { backoffDelay, networkBackoff, partBackoff } from '../retry/backoff.js';
import type { Clock } from '../retry/clock.js';
import type { ActiveSession } from '../session.js';
import { NoReplyError, type StoreReply } from '../transport/transport.js';
import type { Waiting } from '../types.js';
import type { PartWorkers } from '../worker/client.js';
import { partRange } from './plan.js';
import type { ConnectionPool } from './pool.js';
import type { PartSigner } from './signer.js';
import { judge, type Verdict } from './verdict.js';
import type { WaitingReasons } from './waiting-reasons.js';

export interface SendContext {
  uploadId: string;
  file: File;
  session: ActiveSession;
  workers: PartWorkers;
  pool: ConnectionPool;
  signer: PartSigner;
  network: Network;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  onProgress: () => void;
  waitingReasons: WaitingReasons;
}

/** A signature refused this often in a row, each time a new one, will not be accepted at all. */
const maxRefusals = 4;
/** A part that arrives damaged this often is not the line's bad luck. */
const maxDamages = 4;

/**
 * Sends one part until the store has it. Rejects with `UploadError`, or with the
 * signal's reason. The connection is given back while waiting.
 */
export async function sendPart(partNumber: number, md5Base64: string, context: SendContext): Promise<void> {
  const { session, signer, workers, file, signal } = context;
  const { start, end } = partRange(session.progress.plan, partNumber);
  const body = file.slice(start, end);
  const trouble = new Trouble(partNumber, context);

  for (;;) {
    const attempt = await tryOnce(partNumber, md5Base64, body, trouble, context);
    if (attempt === 'again') continue;
    if (attempt === 'no-reply') {
      await trouble.noReply();
      continue;
    }
    const { verdict, reply } = attempt;
    switch (verdict) {
      case 'stored':
        return;
      case 'damaged': {
        trouble.damaged(reply);
        // Hash again: if the file itself now reads otherwise, sending it once more would mix two contents.
        const now = await workers.hash(body, { signal });
        if (now !== md5Base64)
          throw new UploadError('file-changed', {
            detail: 'the bytes differ from those read before',
            partNumber,
          });
        break;
      }
      case 'refused-signature':
        trouble.refusedSignature(reply);
        signer.discard(partNumber);
        break;
      case 'gone':
        throw new UploadError('upload-not-found', describe(reply, partNumber));
      case 'refused':
        throw new UploadError('store-refused', describe(reply, partNumber));
      case 'later':
        await trouble.later(reply);
        break;
      default:
        return verdict satisfies never;
    }
  }
}

type Attempt = { verdict: Verdict; reply: StoreReply } | 'no-reply' | 'again';

async function tryOnce(
  partNumber: number,
  md5Base64: string,
  body: Blob,
  trouble: Trouble,
  context: SendContext,
): Promise<Attempt> {
  const { session, signer, pool, workers, signal, uploadId, onProgress, waitingReasons } = context;
  const { progress } = session;
  const known = await signer.request({ partNumber, sizeBytes: body.size, md5Base64 }, signal);
  let release: () => void;
  try {
    release = await pool.acquire(uploadId, signal);
  } finally {
    signer.used(partNumber);
  }
  let end = () => {};
  try {
    if (!signer.isFresh(known) && session.requests.get(partNumber) === known && trouble.mayRenew()) {
      // It grew old in the queue.
      signer.discard(partNumber);
      return 'again';
    }
    const { url, headers, fallbackHeaders } = known.request;
    end = waitingReasons.begin();
    const startedAt = context.clock.elapsed();
    const reply = await workers.put(
      { url, headers: trouble.useFallback && fallbackHeaders ? fallbackHeaders : headers },
      body,
      {
        signal,
        onProgress: (sentBytes) => {
          progress.setInFlight(partNumber, sentBytes);
          onProgress();
        },
      },
    );
    const verdict = judge(reply, md5Base64, session.isETagMd5);
    if (verdict === 'stored') {
      session.requests.delete(partNumber);
      pool.stored(body.size, context.clock.elapsed() - startedAt);
    } else {
      progress.dropInFlight(partNumber);
      if (verdict === 'later') pool.troubled();
    }
    return { verdict, reply };
  } catch (error) {
    progress.dropInFlight(partNumber);
    if (error instanceof NoReplyError) {
      pool.troubled();
      return 'no-reply';
    }
    throw error;
  } finally {
    end();
    onProgress();
    release();
  }
}

/** What has gone wrong with one part so far, and how much more of it is borne. */
class Trouble {
  /** The store may want the other headers; see `SignedRequest.fallbackHeaders`. */
  useFallback = false;
  readonly #partNumber: number;
  readonly #context: SendContext;
  readonly #onWaiting: ReturnType<WaitingReasons['reporter']>;
  #silences = 0;
  #failures = 0;
  #refusals = 0;
  #damages = 0;
  #renewals = 0;

  constructor(partNumber: number, context: SendContext) {
    this.#partNumber = partNumber;
    this.#context = context;
    this.#onWaiting = context.waitingReasons.reporter(`part ${partNumber}`);
  }

  /** A lifetime shorter than the queue must not make it go round for ever. */
  mayRenew(): boolean {
    return this.#renewals++ < maxRefusals;
  }

  /** No answer: perhaps the line, perhaps a refusal that CORS keeps from us. */
  async noReply(): Promise<void> {
    const { network, signal, session, signer } = this.#context;
    if (!network.isOnline()) {
      // Not the store's fault and not counted; the same request may be used again if it lives that long.
      return this.#wait({ for: 'network' }, whenOnline(network, signal));
    }
    this.#silences += 1;
    this.useFallback = !this.useFallback;
    // The first silence may be the line's; from the second on, the signature is renewed as well.
    if (this.#silences > 1) signer.discard(this.#partNumber);
    // A store that has taken parts before is surely there: more patience with the line to it.
    const delayMs = backoffDelay(
      this.#silences,
      session.progress.storedBytes > 0 ? networkBackoff : partBackoff,
      this.#context.random,
    );
    if (delayMs === undefined)
      throw new UploadError('store-unreachable', { partNumber: this.#partNumber, attempts: this.#silences });
    await this.#wait({ for: 'network' }, this.#context.clock.sleep(delayMs, signal));
  }

  async later(reply: StoreReply): Promise<void> {
    const { clock, random, signal } = this.#context;
    this.#failures += 1;
    const delayMs = backoffDelay(this.#failures, partBackoff, random, reply.retryAfterMs);
    if (delayMs === undefined)
      throw new UploadError('store-unavailable', {
        ...describe(reply, this.#partNumber),
        attempts: this.#failures,
      });
    await this.#wait({ for: 'cloud', retryAt: clock.now() + delayMs }, clock.sleep(delayMs, signal));
  }

  async #wait(waiting: Waiting, until: Promise<void>): Promise<void> {
    this.#onWaiting(waiting);
    try {
      await until;
    } finally {
      this.#onWaiting(undefined);
    }
  }

  refusedSignature(reply: StoreReply): void {
    this.#refusals += 1;
    this.useFallback = !this.useFallback;
    if (this.#refusals >= maxRefusals)
      throw new UploadError('store-refused', {
        ...describe(reply, this.#partNumber),
        attempts: this.#refusals,
      });
  }

  damaged(reply: StoreReply): void {
    this.#damages += 1;
    if (this.#damages >= maxDamages)
      throw new UploadError('checksum-mismatch', {
        ...describe(reply, this.#partNumber),
        attempts: this.#damages,
      });
  }
}

function describe(reply: StoreReply, partNumber: number) {
  const { status, errorCode, requestId } = reply;
  return {
    status,
    partNumber,
    ...((errorCode ?? requestId) && {
      vendor: { ...(errorCode && { code: errorCode }), ...(requestId && { requestId }) },
    }),
  };
}
