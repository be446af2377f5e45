import type { SignedRequest } from '../../protocol/index.js';
import { UploadError } from '../errors.js';
import type { Network } from '../network.js';
import { backoffDelay } from '../retry/backoff.js';
import { Patience } from '../retry/patience.js';
import type { Clock } from '../retry/clock.js';
import type { StoreLook } from '../effects/look-at-store.js';
import type { ActiveSession, FreshRequest } from '../session.js';
import { NoReplyError, type PutRequest, type StoreReply } from '../transport/transport.js';
import type { Waiting } from '../types.js';
import type { PartWorkers } from '../worker/client.js';
import { FallbackHeaders } from './fallback-headers.js';
import type { FirstSend } from './first-send.js';
import { partRange } from './plan.js';
import type { ConnectionPool } from './pool.js';
import type { SecondName } from './second-name.js';
import type { PartSigner } from './signer.js';
import { judge, provesPart, type Verdict } from './verdict.js';
import type { WaitingReasons } from './waiting-reasons.js';

export interface SendContext {
  uploadId: string;
  file: File;
  session: ActiveSession;
  workers: PartWorkers;
  /** Sends in their place, where the store has two names. */
  secondName: () => SecondName | undefined;
  pool: ConnectionPool;
  signer: PartSigner;
  firstSend: FirstSend;
  network: Network;
  clock: Clock;
  random: () => number;
  /** How long a part is repeated while the store does not reply, or replies that it is busy or failing. */
  patienceMs: number;
  /** Looks why the store is silent; rejects with `upload-not-found` when it no longer knows the upload. */
  lookAtStore: (url: string) => Promise<StoreLook>;
  signal: AbortSignal;
  onProgress: () => void;
  waitingReasons: WaitingReasons;
}

/** After this many refused signatures of one part, the first included, the upload fails. */
const maxRefusals = 4;
/** A part that arrives damaged this often is not damaged by chance. */
const maxDamages = 4;
/** How many requests without a reply before the store is looked at: a refusal without CORS headers looks like no reply. */
const silencesPerLook = 4;
/** Requests without a reply until a store that never let this page read one is given up. */
const maxUnreadable = 8;
/** How long a store that is reachable may refuse without a readable reason before the upload fails. */
const maxRefusingMs = 10 * 60_000;
/** Minimum time between two assumptions that a single PUT whose reply was lost has arrived. */
const assumeIntervalMs = 2 * 60_000;

/**
 * Sends one part until the store has it. Rejects with `UploadError`, or with the
 * signal's reason. The connection is given back while waiting.
 */
export async function sendPart(
  partNumber: number,
  md5Base64: string,
  context: SendContext,
): Promise<{ isProven: boolean }> {
  const { session, workers, file, signal } = context;
  const { start, end } = partRange(session.progress.plan, partNumber);
  // Each slice is told to another process.
  const body = end - start < file.size ? file.slice(start, end) : file;
  const trouble = new Trouble(partNumber, context);

  for (;;) {
    const attempt = await tryOnce(partNumber, md5Base64, body, trouble, context);
    if (attempt === 'again') continue;
    if (attempt === 'no-reply') {
      if ((await trouble.noReply()) === 'assumed') return { isProven: false };
      continue;
    }
    if (attempt === 'assumed') return { isProven: false };
    const { verdict, reply } = attempt;
    switch (verdict) {
      case 'stored':
        return { isProven: attempt.isProven };
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
        await trouble.signatureRefused(reply);
        break;
      case 'gone':
        throw new UploadError('upload-not-found', replyDetails(reply, partNumber));
      case 'refused':
        throw new UploadError('store-refused', replyDetails(reply, partNumber));
      case 'later':
        await trouble.storeBusy(reply);
        break;
      default:
        return verdict satisfies never;
    }
  }
}

type Attempt = { verdict: Verdict; reply: StoreReply; isProven: boolean } | 'no-reply' | 'again' | 'assumed';

async function tryOnce(
  partNumber: number,
  md5Base64: string,
  body: Blob,
  trouble: Trouble,
  context: SendContext,
): Promise<Attempt> {
  const { session, signer, pool, workers, firstSend, signal, uploadId, onProgress, waitingReasons } = context;
  const { progress } = session;
  let known: FreshRequest;
  try {
    known = await signer.request({ partNumber, sizeBytes: body.size, md5Base64 }, signal);
  } catch (error) {
    // The cloud has the whole file already: an answer was lost.
    const isClosed = error instanceof UploadError && error.code === 'media-state-conflict';
    if (isClosed && session.transfer.kind === 'single') {
      // Said again soon after it was found not to be there, the completion counts it as a disagreement.
      trouble.assumeStored();
      return 'assumed';
    }
    throw error;
  }
  let release: () => void;
  try {
    release = await pool.acquire(uploadId, signal);
  } finally {
    signer.used(partNumber);
  }
  let end = () => {};
  try {
    if (!signer.isFresh(known) && session.requests.get(partNumber) === known && trouble.countRenewal()) {
      // The signature expired while waiting for a connection.
      signer.discard(partNumber);
      return 'again';
    }
    end = waitingReasons.begin();
    const startedAt = context.clock.elapsed();
    progress.begin(partNumber, startedAt);
    const request = trouble.requestOf(known.request, md5Base64);
    firstSend.begin();
    const reply = await (context.secondName() ?? workers).put(request, body, {
      signal,
      onProgress: (sentBytes) => {
        progress.setInFlight(partNumber, sentBytes);
        firstSend.end();
        onProgress();
      },
    });
    if (reply === 'again') {
      progress.dropInFlight(partNumber);
      return reply;
    }
    const verdict = judge(reply, md5Base64, session.isETagMd5);
    if (verdict === 'stored') {
      session.requests.delete(partNumber);
      pool.stored(body.size, context.clock.elapsed() - startedAt);
    } else {
      progress.dropInFlight(partNumber);
      if (verdict === 'later') pool.troubled();
    }
    return { verdict, reply, isProven: provesPart(reply, request.headers, session.isETagMd5) };
  } catch (error) {
    progress.dropInFlight(partNumber);
    if (error instanceof NoReplyError) {
      pool.troubled();
      return 'no-reply';
    }
    throw error;
  } finally {
    end();
    firstSend.end();
    onProgress();
    release();
  }
}

/** Counts what has gone wrong with one part, and decides how long to wait or whether to give up. */
class Trouble {
  readonly #partNumber: number;
  readonly #context: SendContext;
  readonly #onWaiting: ReturnType<WaitingReasons['reporter']>;
  readonly #silences: Patience;
  readonly #failures: Patience;
  #refusals = 0;
  #damages = 0;
  #renewals = 0;
  #refusingSince: number | undefined;
  readonly #fallback = new FallbackHeaders();
  #latest: SignedRequest | undefined;

  constructor(partNumber: number, context: SendContext) {
    this.#partNumber = partNumber;
    this.#context = context;
    this.#onWaiting = context.waitingReasons.reporter(`part ${partNumber}`);
    this.#silences = new Patience(context, context.patienceMs);
    this.#failures = new Patience(context, context.patienceMs);
  }

  /** Counts a renewal. False when a lifetime shorter than the queue has caused too many of them. */
  countRenewal(): boolean {
    return this.#renewals++ < maxRefusals;
  }

  /** The request to send, with the fallback headers after the store has refused its own. */
  requestOf(request: SignedRequest, md5Base64: string): PutRequest {
    this.#latest = request;
    const { url, secondUrl, addsMd5 } = request;
    const headers = this.#fallback.of(request);
    return { url, secondUrl, headers: addsMd5 ? { ...headers, 'Content-MD5': md5Base64 } : headers };
  }

  /** No answer: the line, or a refusal that CORS hides. */
  async noReply(): Promise<'assumed' | undefined> {
    const { network, signal, signer, lookAtStore } = this.#context;
    if (!network.isOnline()) {
      // Not counted; the same request is used again if it has not expired by then.
      this.#refusingSince = undefined;
      await this.#wait({ for: 'network' }, this.#silences.whileOffline(signal));
      return undefined;
    }
    const delayMs = this.#silences.failed();
    const { failures } = this.#silences;
    // CORS may hide a refusal. The first silence may be the line's; from the second on, the signature is renewed.
    if (!this.#useFallback() && failures > 1) signer.discard(this.#partNumber);
    if (delayMs === undefined)
      throw new UploadError('store-unreachable', { partNumber: this.#partNumber, attempts: failures });
    if (failures % silencesPerLook === 0 && this.#latest) {
      const { isRefusing } = await this.#wait(this.#silence(), lookAtStore(this.#latest.url));
      if (!isRefusing) this.#refusingSince = undefined;
      else if (this.assumeStored()) return 'assumed';
      else this.#refused(failures);
    }
    await this.#wait(this.#silence(delayMs), this.#silences.waitForNetwork(delayMs, signal));
    return undefined;
  }

  /** Assumes that a single PUT has arrived; completion verifies it. False for parts, and when it was assumed lately. */
  assumeStored(): boolean {
    const { session, clock } = this.#context;
    const now = clock.elapsed();
    if (session.transfer.kind !== 'single' || now - session.assumedAt < assumeIntervalMs) return false;
    session.isAssumed = true;
    session.assumedAt = now;
    return true;
  }

  /** The store is reachable, but the page cannot read why it refuses. */
  #refused(attempts: number): void {
    const { session, pool, clock } = this.#context;
    const partNumber = this.#partNumber;
    const detail = 'this page may not read its answers: see CORS of the bucket, connect-src of the page';
    this.#refusingSince ??= clock.elapsed();
    const isUnread = !pool.hasStored && session.progress.storedBytes === 0 && attempts >= maxUnreadable;
    if (!isUnread && clock.elapsed() - this.#refusingSince < maxRefusingMs) return;
    // The first retry goes on; where that fails, too, the next begins from nothing.
    const isResumable = !session.wasRefused;
    session.wasRefused = true;
    throw new UploadError('store-unreachable', { partNumber, attempts, detail, isResumable });
  }

  #silence(delayMs = 0): Waiting {
    return this.#refusingSince === undefined
      ? { for: 'network' }
      : { for: 'cloud', retryAt: this.#context.clock.now() + delayMs };
  }

  async storeBusy(reply: StoreReply): Promise<void> {
    const { clock, signal } = this.#context;
    const delayMs = this.#failures.failed(reply.retryAfterMs);
    if (delayMs === undefined)
      throw new UploadError('store-unavailable', {
        ...replyDetails(reply, this.#partNumber),
        attempts: this.#failures.failures,
      });
    await this.#wait({ for: 'cloud', retryAt: clock.now() + delayMs }, clock.sleep(delayMs, signal));
  }

  async #wait<T>(waiting: Waiting, until: Promise<T>): Promise<T> {
    this.#onWaiting(waiting);
    try {
      return await until;
    } finally {
      this.#onWaiting(undefined);
    }
  }

  /** The fallback headers are tried once with the same URL; then the part is signed again, with a growing delay. */
  async signatureRefused(reply: StoreReply): Promise<void> {
    if (this.#useFallback()) return;
    const { clock, random, signal, signer } = this.#context;
    this.#refusals += 1;
    if (this.#refusals >= maxRefusals)
      throw new UploadError('store-refused', {
        ...replyDetails(reply, this.#partNumber),
        attempts: this.#refusals,
      });
    signer.discard(this.#partNumber);
    // Once is normal: signatures expire. A store that refuses a new one as well may refuse all of them.
    const delayMs = this.#refusals > 1 ? backoffDelay(this.#refusals - 1, random) : 0;
    if (delayMs > 0)
      await this.#wait({ for: 'cloud', retryAt: clock.now() + delayMs }, clock.sleep(delayMs, signal));
  }

  #useFallback(): boolean {
    return this.#latest !== undefined && this.#fallback.use(this.#latest);
  }

  damaged(reply: StoreReply): void {
    this.#damages += 1;
    if (this.#damages >= maxDamages)
      throw new UploadError('checksum-mismatch', {
        ...replyDetails(reply, this.#partNumber),
        attempts: this.#damages,
      });
  }
}

function replyDetails(reply: StoreReply, partNumber: number) {
  const { status, errorCode, requestId } = reply;
  return {
    status,
    partNumber,
    vendor: (errorCode ?? requestId) ? { code: errorCode, requestId } : undefined,
  };
}
