import type { EnginePorts, Network } from '../engine/index.js';
import type { Disk } from './disk.js';
import type { FaultPlan } from './faults.js';
import type { Scheduler } from './scheduler.js';

type TabsPort = NonNullable<EnginePorts['tabs']>;
type Channel = ReturnType<TabsPort['open']>;

interface Lock {
  owner: string;
  readonly waiting: { readonly tab: string; readonly grant: () => void }[];
}

interface Listener {
  readonly tab: string;
  readonly channel: string;
  readonly hear: (message: unknown) => void;
}

/** One browser on one computer: its disk, its line, its locks and the channels between its tabs. */
export class Browser {
  readonly name: string;
  readonly disk: Disk;
  /** Whose session its cookies carry. */
  cookie: string | undefined;
  readonly #scheduler: Scheduler;
  readonly #faultPlan: FaultPlan;
  readonly #locks = new Map<string, Lock>();
  readonly #aloneTabs = new Map<string, boolean>();
  readonly #listeners = new Set<Listener>();
  readonly #networkListeners = new Set<() => void>();
  /** When the latest message between two tabs arrives: a channel keeps its order. */
  readonly #arrivals = new Map<string, number>();
  #isOnline = true;

  constructor(name: string, disk: Disk, scheduler: Scheduler, faultPlan: FaultPlan) {
    this.name = name;
    this.disk = disk;
    this.#scheduler = scheduler;
    this.#faultPlan = faultPlan;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline;
    for (const listener of [...this.#networkListeners]) listener();
  }

  get heldLocks(): readonly string[] {
    return [...this.#locks.keys()];
  }

  networkOf(isDead: () => boolean): Network {
    return {
      isOnline: () => this.#isOnline,
      subscribe: (listener) => {
        const hear = () => {
          if (!isDead()) listener();
        };
        this.#networkListeners.add(hear);
        return () => this.#networkListeners.delete(hear);
      },
    };
  }

  /** In a frame with an origin of its own: no locks, and neither disk nor channels in common with other pages. */
  isAlone(tab: string): boolean {
    const isAlone = this.#aloneTabs.get(tab) ?? this.#faultPlan.strikes('lock.refused', tab);
    this.#aloneTabs.set(tab, isAlone);
    return isAlone;
  }

  tabsOf(tab: string, isDead: () => boolean): TabsPort {
    const isAlone = this.isAlone(tab);
    const lockAnswer = <T>(name: string, work: () => T | Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        if (isAlone) return reject(new DOMException('Locks are not allowed here.', 'SecurityError'));
        this.#scheduler.after(this.#lockDelay(tab), name, () => {
          if (!isDead()) Promise.resolve(work()).then(resolve, reject);
        });
      });
    return {
      acquire: (name, { wait, signal }) =>
        lockAnswer(`lock ${tab} ${name}`, () => this.#acquire(tab, name, wait, signal)),
      lockedNames: () => lockAnswer(`query locks ${tab}`, () => new Set(this.#locks.keys())),
      open: (name, hear) => this.#open(tab, isAlone ? `${name} of ${tab}` : name, hear, isDead),
    };
  }

  /** The browser takes back what the tab had. */
  forget(tab: string): void {
    for (const listener of [...this.#listeners]) if (listener.tab === tab) this.#listeners.delete(listener);
    this.#scheduler.after(this.#lockDelay(tab), `locks of ${tab} are free`, () => {
      for (const [name, lock] of [...this.#locks]) {
        const kept = lock.waiting.filter((one) => one.tab !== tab);
        lock.waiting.splice(0, lock.waiting.length, ...kept);
        if (lock.owner === tab) this.#pass(name, lock);
      }
    });
  }

  #acquire(
    tab: string,
    name: string,
    wait: boolean,
    signal: AbortSignal | undefined,
  ): Promise<(() => void) | undefined> | (() => void) | undefined {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const lock = this.#locks.get(name);
    if (!lock) return this.#take(tab, name, []);
    if (!wait) return undefined;
    return new Promise((resolve, reject) => {
      const one = { tab, grant: () => resolve(this.#take(tab, name, lock.waiting)) };
      lock.waiting.push(one);
      signal?.addEventListener(
        'abort',
        () => {
          if (lock.waiting.includes(one)) lock.waiting.splice(lock.waiting.indexOf(one), 1);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }

  #take(tab: string, name: string, waiting: Lock['waiting']): () => void {
    const lock: Lock = { owner: tab, waiting };
    this.#locks.set(name, lock);
    return () => {
      this.#scheduler.after(this.#lockDelay(tab), `release ${tab} ${name}`, () => {
        if (this.#locks.get(name) === lock) this.#pass(name, lock);
      });
    };
  }

  #pass(name: string, lock: Lock): void {
    this.#locks.delete(name);
    lock.waiting.shift()?.grant();
  }

  #lockDelay(tab: string): number {
    const isLate = this.#faultPlan.strikes('lock.late', tab);
    return isLate ? this.#scheduler.chance.between(`late lock ${tab}`, 50, 2000) : 1;
  }

  #open(tab: string, channel: string, listener: (message: unknown) => void, isDead: () => boolean): Channel {
    const mine: Listener = { tab, channel, hear: (message) => !isDead() && listener(message) };
    this.#listeners.add(mine);
    return {
      post: (message) => {
        if (isDead() || !this.#listeners.has(mine)) return;
        for (const other of this.#listeners)
          if (other.tab !== tab && other.channel === channel) this.#tell(tab, other, message);
      },
      close: () => this.#listeners.delete(mine),
    };
  }

  #tell(from: string, to: Listener, message: unknown): void {
    const { kind } = message as { kind?: string };
    const key = `channel ${from} to ${to.tab} ${kind ?? ''}`;
    if (this.#faultPlan.strikes('channel.lost', key)) return;
    const isLate = this.#faultPlan.strikes('channel.late', key);
    const delayMs = isLate ? this.#scheduler.chance.between(`late ${key}`, 50, 4000) : 1;
    const at = Math.max(
      (this.#arrivals.get(`${from} ${to.tab}`) ?? 0) + 0.01,
      this.#scheduler.elapsedMs + delayMs,
    );
    this.#arrivals.set(`${from} ${to.tab}`, at);
    const times = this.#faultPlan.strikes('channel.doubled', key) ? 2 : 1;
    for (let time = 0; time < times; time += 1)
      this.#scheduler.after(at - this.#scheduler.elapsedMs, key, () => {
        if (this.#listeners.has(to)) to.hear(message);
      });
  }
}
