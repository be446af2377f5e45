import { Listeners } from '../../engine/shared.js';

/** How a sentence is spoken: `polite` waits for a pause, `assertive` interrupts. */
export type Urgency = 'polite' | 'assertive';

export interface Announcement {
  readonly text: string;
  /** Grows by one each time, so that the same sentence said twice is a change. */
  readonly serial: number;
}

/** Polite as well, but at once: an answer to what the person has just done, or what needs them. */
type Prompt = 'prompt';

/** What is counted is counted when it is said. */
type Text = string | (() => string);

interface Waiting {
  readonly text: Text;
  readonly isStillTrue: () => boolean;
}

const politeEveryMs = 5000;
const always = () => true;

/**
 * Holds what the two live regions say: polite words at most one per 5 s, the newest wins, and none that is no longer
 * true when its turn comes; prompt and assertive ones at once. What is polite waits 5 s after a failure, too.
 */
export class Announcer {
  #said: Record<Urgency, Announcement> = {
    polite: { text: '', serial: 0 },
    assertive: { text: '', serial: 0 },
  };
  #spokeAt = -Infinity;
  #next: Waiting | undefined;
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

  /** `isStillTrue` is asked when a polite sentence has waited for its turn. */
  say(text: Text, urgency: Urgency | Prompt = 'polite', isStillTrue = always): void {
    if (urgency === 'polite') {
      this.#next = { text, isStillTrue };
      this.#speakNext();
    } else {
      this.#spokeAt = Date.now();
      this.#speak(urgency === 'prompt' ? 'polite' : urgency, text);
    }
  }

  #speakNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waitMs = this.#spokeAt + politeEveryMs - Date.now();
    if (waitMs > 0) {
      this.#timer = setTimeout(() => {
        this.#speakNext();
      }, waitMs);
      return;
    }
    const next = this.#next;
    this.#next = undefined;
    if (!next?.isStillTrue()) return;
    this.#spokeAt = Date.now();
    this.#speak('polite', next.text);
  }

  #speak(urgency: Urgency, said: Text): void {
    const text = typeof said === 'string' ? said : said();
    this.#said = { ...this.#said, [urgency]: { text, serial: this.#said[urgency].serial + 1 } };
    this.#listeners.notify();
  }
}
