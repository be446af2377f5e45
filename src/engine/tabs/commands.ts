import type { Clock } from '../retry/clock.js';
import type { TabCommand } from './messages.js';

const repeatAfterMs = 1500;
const maxRepeats = 5;
/** Commands of which a tab remembers that it has performed them. */
const rememberedCount = 500;

export interface SentCommand {
  readonly id: string;
  readonly key: string;
  readonly command: TabCommand;
}

/** Commands to other tabs: repeated until the owner says that it has them, performed once. */
export class Commands {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, SentCommand>();
  readonly #performed = new Set<string>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  send(sent: SentCommand, post: (sent: SentCommand) => void): void {
    this.#waiting.set(sent.id, sent);
    post(sent);
    void this.#repeat(sent, post);
  }

  /** The owner has it. */
  done(id: string): void {
    this.#waiting.delete(id);
  }

  /** The upload is ours now: commands that its owner has not answered. */
  takeFor(key: string): SentCommand[] {
    const found = [...this.#waiting.values()].filter((sent) => sent.key === key);
    for (const { id } of found) this.#waiting.delete(id);
    return found;
  }

  /** False when it was performed before. */
  isNew(id: string): boolean {
    if (this.#performed.has(id)) return false;
    this.#performed.add(id);
    const [oldest] = this.#performed;
    if (this.#performed.size > rememberedCount && oldest !== undefined) this.#performed.delete(oldest);
    return true;
  }

  async #repeat(sent: SentCommand, post: (sent: SentCommand) => void): Promise<void> {
    try {
      for (let count = 0; count < maxRepeats; count += 1) {
        await this.#clock.sleep(repeatAfterMs, this.#signal);
        if (!this.#waiting.has(sent.id)) return;
        post(sent);
      }
    } catch {
      // Closed: there is nothing to repeat any more.
    }
    this.#waiting.delete(sent.id);
  }
}
