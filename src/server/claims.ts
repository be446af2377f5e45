import type { SafeStore } from './bounded.js';
import { EndpointError } from './errors.js';
import { withinTime } from './within-time.js';

const prefix = 'vodrop:claim:';
/** A claim that is not renewed within this time belongs to an instance that has stopped. */
const lifetimeMs = 30_000;
const renewAfterMs = 10_000;
/** Work is bounded by the timeouts of its calls; what is not done by then may be done by another as well. */
const maxRenewals = 30;
/** How long a call waits for the same work of others. The page waits two minutes for an answer, and repeats. */
const defaultPatienceMs = 60_000;
const firstPollMs = 50;
const longestPollMs = 500;
/** A store that refuses a claim so often without showing another's has lost it, or keeps what was given back. */
const maxContradictions = 3;

export interface AloneOptions {
  /** Told when the work has to wait for that of another call. */
  readonly onWait?: (() => void) | undefined;
  readonly patienceMs?: number | undefined;
}

/**
 * Lets calls with the same key work one after the other: those of this instance, and those of others that share the
 * store. Who comes later finds what the earlier one has noted.
 *
 * Across instances this is a claim in the store, with a lifetime. With `putIfAbsent` it has one winner. Without it, the
 * last of those that write at the same time wins, which fails for two calls within one round trip to the store. A store
 * that is down, hangs or contradicts itself grants nothing and holds nothing up: then only the calls of this instance wait
 * for each other.
 */
export class Claims {
  readonly #store: SafeStore;
  /** Of this instance, by key: settled when all calls before have ended. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(store: SafeStore) {
    this.#store = store;
  }

  /** Throws `vendor-unavailable`, which pages repeat, where the work of others takes too long. */
  async alone<T>(
    key: string,
    work: () => Promise<T>,
    { onWait, patienceMs = defaultPatienceMs }: AloneOptions = {},
  ): Promise<T> {
    const before = this.#queues.get(key);
    const run = async (): Promise<T> => {
      if (before) {
        onWait?.();
        await withinTime(() => before, patienceMs, busy);
      }
      const claim = new Claim(this.#store, prefix + key);
      await claim.take({ onWait, patienceMs });
      try {
        return await work();
      } finally {
        await claim.release();
      }
    };
    const turn = run();
    const queue = Promise.allSettled([before, turn]);
    this.#queues.set(key, queue);
    try {
      return await turn;
    } finally {
      if (this.#queues.get(key) === queue) this.#queues.delete(key);
    }
  }
}

/** What a try to take a claim has come to. `unknown`: the store does not say. */
type Outcome = 'taken' | 'held' | 'unknown';

/** The claim of one call. Its text changes with each renewal, so that others see that its holder lives. */
class Claim {
  readonly #store: SafeStore;
  readonly #key: string;
  readonly #id = crypto.randomUUID();
  #renewals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<void> = Promise.resolve();

  constructor(store: SafeStore, key: string) {
    this.#store = store;
    this.#key = key;
  }

  async take({ onWait, patienceMs }: AloneOptions & { readonly patienceMs: number }): Promise<void> {
    let outcome = await this.#try();
    for (let waitedMs = 0, contradictions = 0, seen: string | undefined, seenAtMs = 0; outcome === 'held';) {
      const text = await this.#read();
      if (text === undefined) contradictions += 1;
      // Other instances have other clocks: how long a text stands is measured by this one.
      if (text !== seen) [seen, seenAtMs] = [text, waitedMs];
      // The store does not end what has outlived its holder, so it is taken over.
      const isDead = waitedMs - seenAtMs > lifetimeMs + renewAfterMs / 2;
      if (contradictions >= maxContradictions || isDead) {
        outcome = await this.#overwrite();
        contradictions = 0;
        continue;
      }
      if (waitedMs >= patienceMs) throw busy();
      onWait?.();
      const delayMs = Math.min(longestPollMs, firstPollMs + waitedMs / 2);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      waitedMs += delayMs;
      outcome = await this.#try();
    }
    if (outcome === 'taken') this.#renewLater();
  }

  /** Leaves alone what another has taken since. */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    this.#renewals = maxRenewals;
    await this.#renewing;
    if (this.#isOwn(await this.#read())) await this.#put('', 1);
  }

  async #try(): Promise<Outcome> {
    if (!this.#store.putIfAbsent) return (await this.#read()) === undefined ? this.#overwrite() : 'held';
    const isTaken = await this.#store.putIfAbsent(this.#key, this.#text, lifetimeMs).catch(() => undefined);
    if (isTaken === undefined) return 'unknown';
    return isTaken ? 'taken' : 'held';
  }

  /** The last of those that write wins: each reads what has become of it. */
  async #overwrite(): Promise<Outcome> {
    await this.#put(this.#text, lifetimeMs);
    const text = await this.#read();
    if (text === undefined) return 'unknown';
    return this.#isOwn(text) ? 'taken' : 'held';
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => {
      this.#renewing = this.#renew();
    }, renewAfterMs);
  }

  async #renew(): Promise<void> {
    const text = await this.#read();
    // Lost to another, while this instance stood still.
    if (text !== undefined && !this.#isOwn(text)) return;
    if (this.#renewals >= maxRenewals) return;
    this.#renewals += 1;
    await this.#put(this.#text, lifetimeMs);
    if (this.#renewals < maxRenewals) this.#renewLater();
  }

  get #text(): string {
    return `claim ${this.#id} ${this.#renewals}`;
  }

  #isOwn(text: string | undefined): boolean {
    return text?.startsWith(`claim ${this.#id} `) === true;
  }

  /** What is no claim was not written here, and is none. */
  async #read(): Promise<string | undefined> {
    const text = await this.#store.get(this.#key).catch(() => undefined);
    return text?.startsWith('claim ') ? text : undefined;
  }

  #put(text: string, ms: number): Promise<void> {
    return this.#store.put(this.#key, text, ms).catch(() => undefined);
  }
}

function busy(): EndpointError {
  return new EndpointError('vendor-unavailable', {
    detail: 'Another call about the same upload is under way.',
    retryAfterMs: 1000,
  });
}
