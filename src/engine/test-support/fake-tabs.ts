import type { TabsPort } from '../tabs/port.js';

/** A browser with several tabs: locks and lines as they have them, and a way to kill one. */
export class FakeBrowser {
  readonly #locks = new Map<string, { owner: object; waiting: (() => void)[] }>();
  /** Everything that any tab posted. */
  readonly posted: { kind: string; uploads?: readonly unknown[] }[] = [];
  /** How often a message arrives: 0 is lost, 2 is doubled. */
  timesOf: (message: { kind: string }) => number = () => 1;
  readonly #lines = new Map<string, Map<object, Set<(message: unknown) => void>>>();
  #late: (() => void)[] | undefined;
  #untilLock = false;

  /** From now on messages are late: all of them, or up to the moment when a waiting tab gets its lock. */
  hold({ untilLock = false } = {}): void {
    this.#late ??= [];
    this.#untilLock = untilLock;
  }

  /** What was held arrives, and what comes is late no more. */
  deliver(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const arrive of late) arrive();
  }

  openTab(): TabsPort & { kill(): void; areLocksSlow: boolean } {
    const tab = {};
    const grant = (name: string): (() => void) => {
      const lock = { owner: tab, waiting: this.#locks.get(name)?.waiting ?? [] };
      this.#locks.set(name, lock);
      return () => this.#release(name, tab);
    };
    const port = {
      /** The others' requests may come before its own. */
      areLocksSlow: false,
      acquire: async (
        name: string,
        { wait, signal }: { wait: boolean; signal?: AbortSignal },
      ): Promise<(() => void) | undefined> => {
        if (port.areLocksSlow) await new Promise((resolve) => setImmediate(resolve));
        if (!this.#locks.has(name)) return grant(name);
        if (!wait) return undefined;
        return new Promise((resolve, reject) => {
          const go = () => {
            resolve(grant(name));
            if (this.#untilLock) setImmediate(() => this.deliver());
          };
          this.#locks.get(name)?.waiting.push(go);
          signal?.addEventListener(
            'abort',
            () => {
              const waiting = this.#locks.get(name)?.waiting ?? [];
              if (waiting.includes(go)) waiting.splice(waiting.indexOf(go), 1);
              reject(new DOMException('aborted', 'AbortError'));
            },
            { once: true },
          );
        });
      },
      lockedNames: () => Promise.resolve(new Set(this.#locks.keys())),
      open: (name: string, onMessage: (message: unknown) => void) => {
        const line = this.#lines.get(name) ?? new Map<object, Set<(message: unknown) => void>>();
        this.#lines.set(name, line);
        const mine = line.get(tab) ?? new Set();
        line.set(tab, mine.add(onMessage));
        return {
          post: (message: unknown) => {
            if (!this.#lines.get(name)?.get(tab)?.has(onMessage)) return;
            this.posted.push(message as { kind: string });
            const arrive = () => {
              for (const [other, listeners] of line)
                if (other !== tab) for (const listen of listeners) listen(message);
            };
            const times = this.timesOf(message as { kind: string });
            for (let time = 0; time < times; time += 1) {
              if (this.#late) this.#late.push(arrive);
              else queueMicrotask(arrive);
            }
          },
          close: () => mine.delete(onMessage),
        };
      },
      kill: () => {
        for (const line of this.#lines.values()) line.delete(tab);
        for (const [name, { owner }] of this.#locks) if (owner === tab) this.#release(name, tab);
      },
    };
    return port;
  }

  #release(name: string, tab: object): void {
    const lock = this.#locks.get(name);
    if (lock?.owner !== tab) return;
    this.#locks.delete(name);
    const [next, ...waiting] = lock.waiting;
    if (!next) return;
    next();
    this.#locks.get(name)?.waiting.push(...waiting);
  }
}
