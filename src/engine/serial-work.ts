import { isAbort } from './retry/abort.js';

/** One piece of work at a time: the next aborts the one before and begins when that has settled. */
export class SerialWork {
  #last: Promise<void> = Promise.resolve();
  /** Of the latest work; made with it, as most of ten thousand queued uploads have none yet. */
  #controller: AbortController | undefined;

  /** Resolves when the latest work has settled. Never rejects. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** An error of work that was aborted is dropped. */
  begin(work: (signal: AbortSignal) => Promise<void>, onError: (error: unknown) => void): void {
    this.abort();
    const controller = new AbortController();
    this.#controller = controller;
    const { signal } = controller;
    this.#last = this.#last
      .then(() => (signal.aborted ? undefined : work(signal)))
      .catch((error: unknown) => {
        if (!signal.aborted && !isAbort(error)) onError(error);
      });
  }

  abort(): void {
    this.#controller?.abort();
  }
}
