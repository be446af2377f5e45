import { isAbort } from './retry/abort.js';
import { stopped } from './retry/stopped.js';

/** One piece of work at a time: the next aborts the one before and begins when that has settled. */
export class SerialWork {
  #last: Promise<void> = Promise.resolve();
  /** Of the latest work; made with it, as most of ten thousand queued uploads have none yet. */
  #controller: AbortController | undefined;

  /** Resolves when the latest work has settled. Never rejects. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /**
   * An error of work that was aborted is dropped.
   * @param isPatient lets the work before come to its end; an abort ends both.
   */
  begin(
    work: (signal: AbortSignal) => Promise<void>,
    onError: (error: unknown) => void,
    isPatient = false,
  ): void {
    const controller = new AbortController();
    const { signal } = controller;
    if (isPatient) signal.addEventListener('abort', this.aborter(), { once: true });
    else this.abort();
    this.#controller = controller;
    this.#last = this.#last
      .then(() => (signal.aborted ? undefined : work(signal)))
      .catch((error: unknown) => {
        if (!signal.aborted && !isAbort(error)) onError(error);
      });
  }

  abort(): void {
    this.aborter()();
  }

  /** Aborts the present work, also once there is another. */
  aborter(): () => void {
    const controller = this.#controller;
    return () => controller?.abort(stopped);
  }
}
