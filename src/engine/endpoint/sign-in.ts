import { UploadError } from '../errors.js';
import { reportHostError } from '../report-error.js';
import { orAborted } from '../retry/abort.js';

/** Calls that the endpoint refused with 401 wait here. However many wait, the application is asked once. */
export class SignInGate {
  readonly #onUnauthorized: (() => void | Promise<void>) | undefined;
  #waiting: { promise: Promise<void>; open: () => void } | undefined;

  constructor(onUnauthorized: (() => void | Promise<void>) | undefined) {
    this.#onUnauthorized = onUnauthorized;
  }

  /** False when the application gave no way to sign in again: then there is nothing to wait for. */
  get canWait(): boolean {
    return this.#onUnauthorized !== undefined;
  }

  /** Resolves once the person has signed in; rejects with `unauthorized` when the application says that it failed. */
  async wait(signal: AbortSignal): Promise<void> {
    this.#waiting ??= this.#ask();
    await orAborted(this.#waiting.promise, signal);
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** The person has signed in. */
  open(): void {
    this.#waiting?.open();
  }

  #ask(): { promise: Promise<void>; open: () => void } {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ask = async () => {
      const asked: unknown = this.#onUnauthorized?.();
      // A hook without a promise only shows a form; `notifySignedIn()` is called when the person has signed in.
      await (typeof (asked as Partial<Promise<unknown>> | undefined)?.then === 'function' ? asked : opened);
    };
    const asked = ask().catch((cause: unknown) => {
      reportHostError(cause);
      throw new UploadError('unauthorized', { detail: 'signing in again failed', cause });
    });
    const promise = Promise.race([opened, asked]).finally(() => {
      this.#waiting = undefined;
    });
    return { promise, open };
  }
}
