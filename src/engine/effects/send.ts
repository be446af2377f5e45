import type { SignedAttachment, UploadSession } from '../../protocol/index.js';
import { loadSecondName } from '../chunks/second-name.js';
import { loadStoreLook } from '../chunks/store-look.js';
import type { EngineContext } from '../context.js';
import { loadCode } from '../load-code.js';
import { FirstSend } from '../parts/first-send.js';
import { fewConnections } from '../parts/pool.js';
import type { SecondName } from '../parts/second-name.js';
import { PartSigner } from '../parts/signer.js';
import { transferParts } from '../parts/transfer.js';
import { WaitingReasons } from '../parts/waiting-reasons.js';
import type { JournalPart } from '../resume/store.js';
import { linkedController } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { stopped } from '../retry/stopped.js';
import { ActiveSession } from '../session.js';
import type { Waiting } from '../types.js';
import type { StoreLook } from './look-at-store.js';
import { noteStore } from './near-store.js';

export interface SendOptions {
  uploadId: string;
  file: File;
  session: ActiveSession;
  context: EngineContext;
  signal: AbortSignal;
  /** Aborted by a pause; see `TransferOptions`. */
  draining: AbortSignal;
  onWaiting: (waiting: Waiting | undefined) => void;
  onProgress: () => void;
  /** The store has acknowledged a part. */
  onStored: (part: JournalPart) => void;
}

export type Sent =
  | { outcome: 'stored' }
  /** The endpoint has restarted the transfer: the file has to be sent again, under this session. */
  | { outcome: 'restarted'; session: ActiveSession; attachments: readonly SignedAttachment[] };

/** Up to this size, hashing a part for each connection takes less time than one call to the endpoint. */
const promptPartBytes = 4 * 1024 * 1024;
/** For so long at most, few connections wait for the code that decides about the second name of a store. */
const holdMs = 3000;

/** Sends every part that the store does not have. */
export async function sendFile(options: SendOptions): Promise<Sent> {
  const { session, context, signal, onWaiting } = options;
  const { ports, pool, client, retry } = context;
  const { progress } = session;
  const waitingReasons = new WaitingReasons(onWaiting);
  const firstSend = new FirstSend(ports.clock);
  const { controller, unlink } = linkedController(signal);
  let restarted: UploadSession | undefined;
  const toSend = progress.toSend();
  const unsigned = toSend.filter((partNumber) => !session.requests.has(partNumber));
  const isReady = (partNumber: number) =>
    session.requests.has(partNumber) && session.knownMd5s.has(partNumber);
  if (!pool.isFull && toSend.some(isReady)) firstSend.begin();
  // Small parts are hashed quickly; of large ones, the first is signed alone so that it is sent early.
  const firstBatch =
    progress.plan.partSizeBytes <= promptPartBytes ? Math.min(unsigned.length, pool.size) : 1;
  let names: SecondName | undefined;
  const { transfer } = session;
  // The host may have said how many connections there are.
  const isFree = context.options.concurrency?.connections === undefined && toSend.length > pool.max;
  const second = isFree && transfer.kind === 'multipart' ? transfer.secondStore : undefined;
  if (second) {
    // Its measurement begins with few connections, and a part of a bad line keeps its connection for half a minute.
    const giveBack = pool.hold(fewConnections);
    const code = loadCode(loadSecondName, ports, controller.signal).then((loaded) => {
      names = loaded.useSecondName(second, toSend.length, context, controller.signal);
    });
    // Without the code, the upload does without.
    Promise.race([code, ports.clock.sleep(holdMs, controller.signal)]).then(giveBack, giveBack);
  }
  const signer = new PartSigner({
    session,
    firstBatch,
    elapsed: () => ports.clock.elapsed(),
    sign: async (parts) => {
      const answer = await callWithRetry(
        () => session.call((ticket) => client.sign({ ticket, parts }), controller.signal),
        retry,
        { signal: controller.signal, onWaiting: waitingReasons.reporter('sign') },
      );
      if (answer.outcome === 'signed') {
        noteStore(context, answer.requests);
        return session.keep(answer.requests, ports.clock.elapsed());
      }
      restarted = answer.session;
      // Requests still in progress go to the discarded transfer.
      controller.abort();
    },
  });
  try {
    const { workers, network, clock, random } = ports;
    const looks = new StoreLooks(session, context, controller.signal);
    await transferParts({
      ...options,
      signal: controller.signal,
      patienceMs: retry.patienceMs,
      lookAtStore: (url) => looks.at(url),
      secondName: () => names,
      // Browsers open as many more to the second name.
      connections: second ? 2 * pool.max : pool.max,
      ...{ workers, network, clock, random, pool, signer, firstSend, waitingReasons },
    });
    return { outcome: 'stored' };
  } catch (error) {
    if (!restarted || signal.aborted) throw error;
    const opened = new ActiveSession(restarted, progress.plan.sizeBytes, {
      isResumed: session.isResumed,
      wishes: { partSizeBytes: context.options.partSizeBytes, lineBytes: context.pool.partBytes },
    });
    opened.keep(restarted.signed ?? [], ports.clock.elapsed());
    return { outcome: 'restarted', session: opened, attachments: restarted.attachments ?? [] };
  } finally {
    unlink();
    controller.abort(stopped);
  }
}

/** Parts that fail within this time share one look at the store. */
const lookIntervalMs = 10_000;

class StoreLooks {
  readonly #session: ActiveSession;
  readonly #context: EngineContext;
  readonly #signal: AbortSignal;
  #latest: { readonly at: number; readonly look: Promise<StoreLook> } | undefined;

  constructor(session: ActiveSession, context: EngineContext, signal: AbortSignal) {
    this.#session = session;
    this.#context = context;
    this.#signal = signal;
  }

  at(url: string): Promise<StoreLook> {
    const at = this.#context.ports.clock.elapsed();
    if (!this.#latest || at - this.#latest.at >= lookIntervalMs) this.#latest = { at, look: this.#look(url) };
    return this.#latest.look;
  }

  async #look(url: string): Promise<StoreLook> {
    const code = await loadCode(loadStoreLook, this.#context.ports, this.#signal).catch(() => undefined);
    if (!code) return { isRefusing: false };
    const { client, pool, ports } = this.#context;
    const { ticket } = this.#session;
    return code.lookAtStore(url, { ticket, client, reach: ports.reach, hasStored: pool.hasStored });
  }
}
