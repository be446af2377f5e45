import { isEnd, type MachineState } from '../machine-state.js';
import type { JournalEntry, JournalPart } from '../resume/store.js';
import type { Clock } from '../retry/clock.js';

/** After a change, the journal is compared with the uploads of this tab so soon, and then less and less often. */
const firstIntervalMs = 30_000;
const maxIntervalMs = 15 * 60_000;

/** What is watched of an upload. */
interface JournalledUpload {
  readonly state: Pick<MachineState, 'status'>;
  readonly attempt: {
    readonly record: {
      readonly id: string;
      readonly entry: JournalEntry | undefined;
      rewrite(parts: readonly JournalPart[]): Promise<void>;
    };
    readonly session: { readonly progress: { journalParts(): JournalPart[] } } | undefined;
  };
}

export interface JournalKeeperOptions {
  readonly clock: Clock;
  readonly journal: { ids(): Promise<ReadonlySet<string> | undefined> };
  /** The uploads of this tab. */
  readonly uploads: () => readonly JournalledUpload[];
  readonly signal: AbortSignal;
}

/**
 * Writes once more what the journal lacks: what it has refused or not answered, and what was there before the person
 * cleared the site's data. A lazy chunk.
 */
export class JournalKeeper {
  readonly #options: JournalKeeperOptions;
  #isRunning = false;
  #intervalMs = firstIntervalMs;

  constructor(options: JournalKeeperOptions) {
    this.#options = options;
  }

  /** Watches as long as anything is to be found in the journal. */
  wake(): void {
    this.#intervalMs = firstIntervalMs;
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Only an abort ends it early.
    void this.#run().catch(() => {});
  }

  async #run(): Promise<void> {
    const { clock, signal } = this.#options;
    do {
      const intervalMs = this.#intervalMs;
      this.#intervalMs = Math.min(maxIntervalMs, 2 * intervalMs);
      await clock.sleep(intervalMs, signal);
    } while (await this.#look());
    this.#isRunning = false;
  }

  /** Answers whether there is anything to watch. */
  async #look(): Promise<boolean> {
    const { journal, uploads } = this.#options;
    if (!uploads().some(isJournalled)) return false;
    const written = await journal.ids();
    if (!written) return true;
    for (const { attempt } of uploads().filter(isJournalled)) {
      const { record, session } = attempt;
      if (!written.has(record.id)) void record.rewrite(session?.progress.journalParts() ?? []);
    }
    return true;
  }
}

function isJournalled({ attempt, state }: JournalledUpload): boolean {
  return attempt.record.entry !== undefined && !(isEnd(state.status) && state.status !== 'failed');
}
