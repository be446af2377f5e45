import type { PartToSign } from '../../protocol/index.js';
import { UploadError } from '../errors.js';
import { orAborted } from '../retry/abort.js';
import type { ActiveSession, FreshRequest } from '../session.js';

/** A request with less life than this left is signed again before it is used. */
const marginMs = 20_000;
/** When fewer signed parts than this are at hand, what is waiting is signed at once. */
const lowWater = 2;
const wantedBatch = 4;
/** Well within what one call may carry. */
const maxBatch = 32;

export interface SignerOptions {
  session: ActiveSession;
  /** How many parts are hashed before the first call, so that all connections can start together. */
  firstBatch: number;
  elapsed: () => number;
  /** Asks the endpoint; puts the answers into `session.requests`. */
  sign: (parts: PartToSign[]) => Promise<void>;
}

interface Order {
  part: PartToSign;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Asks the endpoint to sign, and keeps a few signed parts at hand: ahead of need, so that no connection waits, but
 * not so far that they expire.
 */
export class PartSigner {
  readonly #options: SignerOptions;
  readonly #orders: Order[] = [];
  /** Signed and waiting for a connection. */
  readonly #ready = new Set<number>();
  #isScheduled = false;
  #isSigning = false;
  #isFirst = true;
  #firstBatch: number;

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#firstBatch = options.firstBatch;
  }

  /** A request for the part that will live long enough to be sent. */
  async request(part: PartToSign, signal: AbortSignal): Promise<FreshRequest> {
    for (let asked = 0; ; asked++) {
      const known = this.#options.session.requests.get(part.partNumber);
      // A lifetime that is short from the start is still worth a try.
      if (known && (asked > 0 || this.isFresh(known))) {
        this.#ready.add(part.partNumber);
        if (asked === 0) this.#expectOneLess();
        return known;
      }
      if (asked > 0)
        throw new UploadError('endpoint-invalid-reply', {
          detail: 'sign: a part is missing',
          partNumber: part.partNumber,
        });
      await orAborted(
        new Promise<void>((resolve, reject) => {
          this.#orders.push({ part, resolve, reject });
          this.#schedule();
        }),
        signal,
      );
    }
  }

  isFresh({ expiresAtElapsed, request }: FreshRequest): boolean {
    return expiresAtElapsed - this.#options.elapsed() > Math.min(marginMs, request.expiresInMs / 2);
  }

  /** The part has its connection: there is room for the next. */
  used(partNumber: number): void {
    this.#ready.delete(partNumber);
    this.#schedule();
  }

  /** The store refused it: the next `request` asks for a new signature. */
  discard(partNumber: number): void {
    this.#options.session.requests.delete(partNumber);
  }

  /**
   * A part already has a signed request, for example from a late reply to the attempt before. It places no order, so
   * the first batch must not wait for it.
   */
  #expectOneLess(): void {
    if (!this.#isFirst || this.#firstBatch <= 1) return;
    this.#firstBatch -= 1;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      // One call at a time: when credentials have run out, the first call renews them for all parts that wait.
      if (this.#isSigning || (this.#isFirst && this.#orders.length < this.#firstBatch)) return;
      if (this.#orders.length >= wantedBatch || (this.#orders.length > 0 && this.#ready.size <= lowWater))
        this.#flush();
    });
  }

  #flush(): void {
    const orders = this.#orders.splice(0, maxBatch);
    this.#isSigning = true;
    this.#isFirst = false;
    this.#options
      .sign(orders.map(({ part }) => part))
      .then(
        () => orders.forEach(({ resolve }) => resolve()),
        (error: unknown) => orders.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        this.#isSigning = false;
        this.#schedule();
      })
      // Every order is settled above; nothing else can fail here.
      .catch(() => {});
  }
}
