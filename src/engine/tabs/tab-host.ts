import type { UploadRunner } from '../runner.js';
import type { UploadSnapshot } from '../types.js';
import type { TabCommand } from './messages.js';
import type { SharedUpload } from './shared-upload.js';
import { loadCode } from '../load-code.js';
import type { TabHostOptions } from './sync-host.js';
import type { TabSync } from './tab-sync.js';

const permissions = {
  pause: 'canPause',
  resume: 'canResume',
  cancel: 'canCancel',
  retry: 'canRetry',
} as const;

/** The uploads of this tab as the other tabs see them, and theirs as this one shows them. */
export class TabHost {
  readonly #options: TabHostOptions;
  /** Uploads of this tab whose file the other tabs have. */
  readonly #announced = new Set<string>();
  #sync: TabSync | undefined;

  constructor(options: TabHostOptions) {
    this.#options = options;
  }

  /** Uploads of other tabs. */
  get mirrors(): readonly UploadSnapshot[] {
    return this.#sync?.mirrors ?? [];
  }

  /** The same, as their owners tell them. */
  get shared(): readonly SharedUpload[] {
    return this.#sync?.shared ?? [];
  }

  /** Joins the other tabs. Never rejects: without the lazy chunk, or a channel, this tab works alone. */
  async open(): Promise<void> {
    const { port, clock, place, locks, signal, context } = this.#options;
    if (!port) return;
    try {
      const { createSyncHost, TabSync } = await loadCode(this.#options.loadTabs, context.ports, signal);
      if (signal.aborted) return;
      const host = createSyncHost(this.#options);
      this.#sync = new TabSync({ port, clock, newId: context.ports.newId, place, locks, host });
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

  /** Acts on all uploads of this tab, and asks the other tabs for the same of theirs. */
  commandAll(command: keyof typeof permissions, act: (runner: UploadRunner) => void): void {
    this.#options.feed.hurry();
    this.#options.list.forAll(act);
    for (const upload of this.shared) if (upload[permissions[command]]) this.command(upload.key, command);
  }

  /** The row of an upload was removed here. Its lock is released once its end is settled. */
  removed(key: string, runner: UploadRunner, settled: Promise<void>): void {
    this.#sync?.gone(key);
    void settled.then(() => {
      if (runner.attempt.record.untold.length === 0) this.#disown(key);
    });
  }

  /** The host has been told everything of an upload that has ended. */
  told({ attempt }: UploadRunner): void {
    this.#disown(attempt.record.id);
  }

  /** This tab does not go on with the upload after all; called before its lock is released. */
  putBack(key: string): void {
    this.#announced.delete(key);
    this.#sync?.putBack(key);
  }

  /** An upload of this tab has changed: tells the others, and releases its lock when it is over. */
  changed(runner: UploadRunner, isProgressOnly: boolean): void {
    const { key, file, settled } = runner;
    if (key === undefined) return;
    this.#sync?.share(key, !isProgressOnly);
    if (isProgressOnly) return;
    // After the others have heard how it ended, and not before the journal has deleted it: a tab that gets the lock and
    // finds it there resumes it.
    // The lock of one of which the host is still to be told something is kept, too.
    if (isOver(runner)) {
      void settled.then(() => {
        if (runner.attempt.record.untold.length === 0) this.#disown(key);
      });
    } else if (file && !this.#announced.has(key) && this.#options.locks.has(key)) {
      this.#announced.add(key);
      this.#sync?.announce(key, file);
    }
  }

  close(): void {
    this.#sync?.close();
    this.#options.locks.close();
  }

  #disown(key: string): void {
    this.#announced.delete(key);
    this.#options.locks.disown(key);
  }
}

function isOver({ state }: UploadRunner): boolean {
  return (
    state.status === 'ready' ||
    (state.status === 'canceled' && state.cleanup !== 'pending') ||
    (state.status === 'failed' && !state.error.isResumable && state.cleanup !== 'pending')
  );
}
