import { Listeners } from '../../engine/shared.js';

/** How a sentence is spoken: `polite` waits for a pause, `assertive` interrupts. */
export type Urgency = 'polite' | 'assertive';

export interface Announcement {
  readonly text: string;
  /** Grows by one each time, so that the same sentence said twice is a change. */
  readonly serial: number;
}

const politeEveryMs = 5000;

/**
 * Holds what the two live regions say: polite words at most one per 5 s, the newest wins, after
 * what is to be kept; assertive ones at once.
 */
export class Announcer {
  #said: Record<Urgency, Announcement> = {
    polite: { text: '', serial: 0 },
    assertive: { text: '', serial: 0 },
  };
  #politeAt = -Infinity;
  #next: string | undefined;
  #kept: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Listeners();

  readonly subscribe = (listener: () => void): (() => void) => {
    const unsubscribe = this.#listeners.subscribe(listener);
    return () => {
      unsubscribe();
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly getSnapshot = (): Record<Urgency, Announcement> => this.#said;

  /** True while a polite sentence waits for its turn. */
  get isBusy(): boolean {
    return this.#next !== undefined;
  }

  say(text: string, urgency: Urgency | 'kept' = 'polite'): void {
    if (urgency === 'assertive') {
      this.#speak(urgency, text);
      return;
    }
    if (urgency === 'kept') this.#kept = text;
    else this.#next = text;
    const waitMs = this.#politeAt + politeEveryMs - Date.now();
    if (waitMs <= 0) this.#speakNext();
    else
      this.#timer ??= setTimeout(() => {
        this.#speakNext();
      }, waitMs);
  }

  #speakNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = [this.#kept, this.#next].filter(Boolean).join('. ');
    if (!text) return;
    this.#politeAt = Date.now();
    this.#speak('polite', text);
    this.#next = this.#kept = undefined;
  }

  #speak(urgency: Urgency, text: string): void {
    this.#said = { ...this.#said, [urgency]: { text, serial: this.#said[urgency].serial + 1 } };
    this.#listeners.notify();
  }
}
