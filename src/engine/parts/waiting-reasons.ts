import type { Waiting } from '../types.js';

const urgency: readonly Waiting['for'][] = ['sign-in', 'file', 'network', 'rate-limit', 'cloud'];

/**
 * What a person is told while parts and calls each wait for something of their own: nothing as long as any bytes are
 * under way, else the thing that most needs them.
 */
export class WaitingReasons {
  readonly #onChange: (waiting: Waiting | undefined) => void;
  readonly #waits = new Map<string, Waiting>();
  #bodiesInFlight = 0;

  constructor(onChange: (waiting: Waiting | undefined) => void) {
    this.#onChange = onChange;
  }

  /** Where one part, or one kind of call, says what it waits for. */
  reporter(source: string): (waiting: Waiting | undefined) => void {
    return (waiting) => {
      if (waiting) this.#waits.set(source, waiting);
      else if (!this.#waits.delete(source)) return;
      this.#show();
    };
  }

  /** A body is on its way; call the result when it is not any more. */
  begin(): () => void {
    this.#bodiesInFlight += 1;
    this.#show();
    return () => {
      this.#bodiesInFlight -= 1;
      this.#show();
    };
  }

  #show(): void {
    const waits = [...this.#waits.values()].sort((a, b) => urgency.indexOf(a.for) - urgency.indexOf(b.for));
    this.#onChange(this.#bodiesInFlight > 0 ? undefined : waits[0]);
  }
}
