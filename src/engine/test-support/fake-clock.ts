import { abortable } from '../retry/abort.js';
import type { Clock } from '../retry/clock.js';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** Time that moves only when told to. */
export class FakeClock implements Clock {
  #elapsed = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return Date.UTC(2026, 0, 15) + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return abortable<void>(signal, (resolve) => {
      const sleeper: Sleeper = { until: this.#elapsed + delayMs, wake: resolve };
      this.#sleepers.add(sleeper);
      return () => this.#sleepers.delete(sleeper);
    });
  }

  /** Moves on by `ms`, waking sleepers in order and letting each do its work before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
      if (!next || next.until > end) break;
      this.#elapsed = Math.max(this.#elapsed, next.until);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }
}

/** Lets everything that can go on without time passing do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
