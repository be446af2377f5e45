import type { UploadRunner } from '../runner.js';
import type { UploadSnapshot } from '../types.js';
import type { TabCommand } from './messages.js';
import type { TabHostOptions } from './sync-host.js';
import type { TabSync } from './tab-sync.js';

/** The uploads of this tab as the other tabs see them, and theirs as this one shows them. */
export class TabHost {
  readonly #options: TabHostOptions;
  #sync: TabSync | undefined;

  constructor(options: TabHostOptions) {
    this.#options = options;
  }

  /** Uploads of other tabs. */
  get mirrors(): readonly UploadSnapshot[] {
    return this.#sync?.mirrors ?? [];
  }

  /** Joins the other tabs. Never rejects: without the lazy chunk, or a channel, this tab works alone. */
  async open(): Promise<void> {
    const { port, clock, place, locks, signal } = this.#options;
    if (!port) return;
    try {
      const { createSyncHost, TabSync } = await import('./index.js');
      if (signal.aborted) return;
      const host = createSyncHost(this.#options);
      this.#sync = new TabSync({ port, clock, place, locks, host });
    } catch {
      // See above.
    }
  }

  /** Shows an upload of another tab once that tab reports it, and takes it over when that tab is gone. */
  watch(key: string): void {
    this.#sync?.watch(key);
  }

  /** Asks the tab that owns the upload. */
  command(id: string, command: TabCommand): void {
    this.#sync?.command(id, command);
  }

  /** The row of an upload was removed here. Its lock is released once its end is settled. */
  removed(key: string, settled: Promise<void>): void {
    this.#sync?.gone(key);
    void settled.then(() => this.#options.locks.disown(key));
  }

  /** An upload of this tab has changed: tells the others, and takes or releases its lock. */
  changed(runner: UploadRunner, isProgressOnly: boolean): void {
    if (runner.key === undefined) return;
    this.#sync?.share(runner.key, !isProgressOnly);
    // After the others have heard how it ended: they must not take it over.
    if (!isProgressOnly) this.#updateLock(runner, runner.key);
  }

  close(): void {
    this.#sync?.close();
    this.#options.locks.close();
  }

  #updateLock({ state, file, settled }: UploadRunner, key: string): void {
    const { locks } = this.#options;
    const isOver =
      state.status === 'ready' ||
      (state.status === 'canceled' && state.cleanup !== 'pending') ||
      (state.status === 'failed' && !state.error.isResumable && state.cleanup !== 'pending');
    // Not before the journal has deleted it: a tab that gets the lock and finds it there resumes it.
    if (isOver) void settled.then(() => locks.disown(key));
    else if (state.status === 'uploading' && file && !locks.has(key)) {
      void locks.own(key).then((isOurs) => {
        if (isOurs) this.#sync?.announce(key, file);
      });
    }
  }
}
