import { type Network, whenOnline } from '../network.js';
import { abortable } from './abort.js';
import { backoffDelay } from './backoff.js';
import type { Clock } from './clock.js';

export interface PatiencePorts {
  network: Network;
  clock: Clock;
  random: () => number;
}

/**
 * Failures in a row of one thing that may succeed later: how many, since when, and how long to wait before the next
 * attempt. Time spent offline does not count.
 */
export class Patience {
  readonly #ports: PatiencePorts;
  readonly #patienceMs: number;
  #failures = 0;
  #since: number | undefined;

  constructor(ports: PatiencePorts, patienceMs: number) {
    this.#ports = ports;
    this.#patienceMs = patienceMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure. Returns the delay before the next attempt, or `undefined` after `patienceMs` of failures. */
  failed(retryAfterMs?: number): number | undefined {
    const now = this.#ports.clock.elapsed();
    this.#since ??= now;
    this.#failures += 1;
    if (now - this.#since >= this.#patienceMs) return undefined;
    return backoffDelay(this.#failures, this.#ports.random, retryAfterMs);
  }

  /** It has succeeded, or there is reason to begin again with short delays. */
  reset(): void {
    this.#failures = 0;
    this.#since = undefined;
  }

  /** Waits for the delay, or until the browser comes online in the meantime: then the delays begin again. */
  async waitForNetwork(delayMs: number, signal: AbortSignal): Promise<void> {
    const { clock, network } = this.#ports;
    const woken = new AbortController();
    let wasOnline = network.isOnline();
    const unsubscribe = network.subscribe(() => {
      const isOnline = network.isOnline();
      if (isOnline && !wasOnline) {
        this.reset();
        woken.abort();
      }
      wasOnline = isOnline;
    });
    try {
      await orWoken(clock, delayMs, woken.signal, signal);
    } finally {
      unsubscribe();
    }
  }

  /** Waits until the browser is online. */
  async whileOffline(signal: AbortSignal): Promise<void> {
    await whenOnline(this.#ports.network, signal);
    this.reset();
  }
}

function orWoken(clock: Clock, delayMs: number, woken: AbortSignal, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve, reject) => {
    const sleeping = new AbortController();
    const stop = () => sleeping.abort();
    woken.addEventListener('abort', stop, { once: true });
    clock
      .sleep(delayMs, sleeping.signal)
      .then(resolve, (error: unknown) => (woken.aborted ? resolve() : reject(error)));
    return stop;
  });
}
