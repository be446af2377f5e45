import { isEnd, type MachineState } from '../machine-state.js';
import type { JournalEntry } from '../resume/store.js';
import type { Clock } from '../retry/clock.js';

/** After a change, the journal is compared with the uploads of this tab so soon, and then less and less often. */
const firstIntervalMs = 30_000;
const maxIntervalMs = 15 * 60_000;

/** What is watched of an upload. */
interface JournalledUpload {
  readonly state: Pick<MachineState, 'status'>;
  readonly attempt: {
    readonly record: { readonly id: string; readonly entry: JournalEntry | undefined };
  };
  readonly isJournalled: boolean;
  rejournal(): Promise<void>;
}

export interface JournalKeeperOptions {
  readonly clock: Clock;
  readonly journal: {
    ids(): Promise<ReadonlySet<string> | undefined>;
    lack(id: string): void;
    settleAllBut(ids: ReadonlySet<string>): void;
  };
  /** The uploads of this tab. */
  readonly uploads: () => readonly JournalledUpload[];
  readonly signal: AbortSignal;
}

/**
 * Writes once more what the journal lacks: what it has refused or not answered, and what was there before the person
 * cleared the site's data.
 */
export class JournalKeeper {
  readonly #options: JournalKeeperOptions;
  #isRunning = false;
  #intervalMs = firstIntervalMs;
  /** When the journal is looked at next, on the monotonic clock. */
  #dueAt = Infinity;
  #nap = new AbortController();

  constructor(options: JournalKeeperOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#nap.abort(), { once: true });
  }

  /** Watches as long as anything is to be found in the journal. */
  wake(): void {
    const dueAt = this.#options.clock.elapsed() + firstIntervalMs;
    this.#intervalMs = firstIntervalMs;
    if (dueAt < this.#dueAt) {
      this.#dueAt = dueAt;
      this.#nap.abort();
    }
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Only an abort ends it early.
    void this.#run().catch(() => {});
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    do {
      await this.#untilDue();
      this.#intervalMs = Math.min(maxIntervalMs, 2 * this.#intervalMs);
      this.#dueAt = clock.elapsed() + this.#intervalMs;
    } while (await this.#look());
    this.#isRunning = false;
    this.#dueAt = Infinity;
  }

  async #untilDue(): Promise<void> {
    const { clock, signal } = this.#options;
    for (;;) {
      const leftMs = this.#dueAt - clock.elapsed();
      if (leftMs <= 0) return;
      this.#nap = new AbortController();
      await clock.sleep(leftMs, this.#nap.signal).catch((error: unknown) => {
        // Otherwise it is due earlier by now.
        if (signal.aborted) throw error;
      });
    }
  }

  /** Answers whether there is anything to watch. */
  async #look(): Promise<boolean> {
    const { journal, uploads } = this.#options;
    const idsOf = (all: readonly JournalledUpload[]) => new Set(all.map(({ attempt }) => attempt.record.id));
    journal.settleAllBut(idsOf(uploads().filter(isWatched)));
    if (!uploads().some(isWatched)) return false;
    const written = await journal.ids();
    if (!written) return true;
    for (const upload of uploads().filter(isWatched)) {
      const { id } = upload.attempt.record;
      if (!written.has(id)) journal.lack(id);
      if (!upload.isJournalled) void upload.rejournal();
    }
    return true;
  }
}

function isWatched({ attempt, state }: JournalledUpload): boolean {
  return attempt.record.entry !== undefined && !(isEnd(state.status) && state.status !== 'failed');
}
