import type { Chance } from './chance.js';

/** What may go wrong, and how often where it may: of messages the share, of `per run` faults the probability per run. */
interface Fault {
  readonly level: number;
  /** What the project does not survive yet: the fault stays off until the law it belongs to holds. */
  readonly gap?: string;
}

/**
 * The faults. A run turns on a third of them, so that single ones and rare pairs are met as well as all at once.
 * A gap that is mended loses its `gap`; `VODROP_SIMULATION_GAPS=name,name` (or `all`) turns gaps on for one run.
 */
export const faults = {
  'endpoint.late': { level: 0.15 },
  'endpoint.request-lost': { level: 0.06 },
  'endpoint.reply-lost': { level: 0.06 },
  'endpoint.doubled': { level: 0.05 },
  'endpoint.silent': { level: 0.02 },
  'endpoint.html': { level: 0.04 },
  'endpoint.502': { level: 0.05 },
  'endpoint.login-page': { level: 0.03 },
  'endpoint.restart': { level: 0.5 },

  'cloud.late': { level: 0.1 },
  'cloud.request-lost': { level: 0.03 },
  'cloud.reply-lost': { level: 0.03 },
  'cloud.doubled': { level: 0.03 },
  'cloud.silent': { level: 0.01 },
  'cloud.html': { level: 0.02 },
  'cloud.502': { level: 0.03 },

  'cloud.refuses-repeated-commit': { level: 1 },

  'store.late': { level: 0.15 },
  'store.request-lost': { level: 0.06 },
  'store.reply-lost': { level: 0.06 },
  'store.doubled': { level: 0.04 },
  'store.stalled': { level: 0.04 },
  'store.html': { level: 0.04 },
  'store.503': { level: 0.05 },
  'store.corrupt': { level: 0.05 },
  'store.corrupts-unproven': { level: 1 },
  'store.forgets-uploads': { level: 0.2 },
  'store.hides-refusals': { level: 1 },

  'worker.dies': { level: 0.03 },
  'worker.silent': { level: 0.02 },
  'file.unreadable': { level: 0.02 },

  'disk.late': { level: 0.2 },
  'disk.refuses': { level: 0.03 },
  'disk.silent': { level: 0.01 },
  'disk.cleared': { level: 0.3 },

  'channel.late': { level: 0.2 },
  'channel.doubled': { level: 0.05 },
  'channel.lost': { level: 0.05 },
  'lock.late': { level: 0.2 },
  'lock.refused': { level: 0.3 },

  'host.headers-throw': { level: 0.02 },
  'host.metadata-throws': { level: 0.1 },
  'host.listener-throws': { level: 0.1 },

  'line.offline': { level: 0.5 },
  'tab.second': { level: 0.6 },
  'tab.closed': { level: 0.5 },
  'tab.killed': { level: 0.5 },
  'session.expires': { level: 0.4 },

  'person.pauses': { level: 0.8 },
  'person.cancels': { level: 0.6 },
  'person.removes': { level: 0.4 },
  'person.retries': { level: 0.8 },
  'person.gives-wrong-file': { level: 0.3 },
  'person.discards': { level: 0.4 },
  'person.signs-out': { level: 0.3 },
  'person.discards-what-runs': { level: 0.4 },
  'person.continues-twice': { level: 0.4 },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Share of the faults that one run turns on. */
const shareOfRun = 0.35;

/** The faults of one run. */
export class FaultPlan {
  readonly #chance: Chance;
  readonly #active = new Set<FaultName>();
  #isOver = false;

  constructor(chance: Chance, gapsOn: ReadonlySet<string>) {
    this.#chance = chance;
    for (const [name, fault] of Object.entries(faults) as [FaultName, Fault][]) {
      if (fault.gap !== undefined && !gapsOn.has(name) && !gapsOn.has('all')) continue;
      if (chance.happens(`fault ${name}`, shareOfRun)) this.#active.add(name);
    }
  }

  get active(): readonly FaultName[] {
    return [...this.#active];
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** From now on nothing goes wrong. */
  end(): void {
    this.#isOver = true;
  }

  isActive(name: FaultName): boolean {
    return this.#active.has(name);
  }

  strikes(name: FaultName, key: string): boolean {
    return (
      !this.#isOver && this.#active.has(name) && this.#chance.happens(`${name} ${key}`, faults[name].level)
    );
  }

  /** The first of the faults that strikes. */
  fateOf<F extends FaultName>(names: readonly F[], key: string): F | undefined {
    return names.find((name) => this.strikes(name, key));
  }
}
