import type { Uploader, UploaderSnapshot, UploadStatus } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';
import { pollDetails } from './poll-details.js';

/** An engine without a mounted widget. */
export interface Orphan {
  readonly key: string;
  readonly engine: Uploader;
}

interface Entry<Settings> extends Orphan {
  /** The settings of the widget that is mounted, or was last. */
  readonly settings: { current: () => Settings };
  isMounted: boolean;
  /** How many docks show it: while one does, the engine is kept. */
  watchers: number;
  unsubscribe: () => void;
  stopPolling: (() => void) | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** How long an engine with nothing under way is kept for a widget that mounts again. */
export const graceMs = 30_000;

const underWay: ReadonlySet<UploadStatus> = new Set([
  'queued',
  'preparing',
  'uploading',
  'paused',
  'importing',
  'confirming',
  'processing',
]);

/**
 * Keeps the engines of widgets. A widget that unmounts while something is under way leaves its engine here, and the
 * engine goes on; the next widget of the same key (endpoint, provider and scope) takes it over. Two widgets that are
 * mounted at once have an engine each.
 */
export class EngineRegistry<Settings> {
  readonly #entries = new Set<Entry<Settings>>();
  readonly #listeners = new Listeners();
  #orphans: readonly Orphan[] = [];

  readonly subscribe = this.#listeners.subscribe;

  /**
   * Takes over the engine left under that key, or makes one. Call `release` when the widget unmounts.
   * @param create gets a function that returns the settings of the widget that is mounted, or was last.
   */
  acquire(
    key: string,
    settings: () => Settings,
    create: (current: () => Settings) => Uploader,
  ): { engine: Uploader; release: () => void } {
    const left = [...this.#entries].find((entry) => entry.key === key && !entry.isMounted);
    const entry = left ?? this.#add(key, settings, create);
    entry.settings.current = settings;
    entry.isMounted = true;
    this.#stopWaiting(entry);
    this.#changed();
    return {
      engine: entry.engine,
      release: () => {
        this.#release(entry);
      },
    };
  }

  readonly getOrphans = (): readonly Orphan[] => this.#orphans;

  /** Keeps an orphan, and what it has to show, until the returned function is called. */
  watch(engine: Uploader): () => void {
    const entry = [...this.#entries].find((one) => one.engine === engine);
    if (!entry) return () => undefined;
    entry.watchers += 1;
    this.#review(entry);
    return () => {
      entry.watchers -= 1;
      this.#review(entry);
    };
  }

  #add(
    key: string,
    settings: () => Settings,
    create: (current: () => Settings) => Uploader,
  ): Entry<Settings> {
    const newest = { current: settings };
    const entry: Entry<Settings> = {
      key,
      engine: create(() => newest.current()),
      settings: newest,
      isMounted: true,
      watchers: 0,
      unsubscribe: () => undefined,
      stopPolling: undefined,
      timer: undefined,
    };
    this.#entries.add(entry);
    return entry;
  }

  #release(entry: Entry<Settings>): void {
    entry.isMounted = false;
    entry.unsubscribe = entry.engine.subscribe(() => {
      this.#review(entry);
    });
    this.#review(entry);
    this.#changed();
  }

  /** Decides whether an orphan polls, and starts or stops the time after which it is destroyed. */
  #review(entry: Entry<Settings>): void {
    if (entry.isMounted) return;
    // A dock polls by itself.
    if (entry.watchers === 0) entry.stopPolling ??= pollDetails(entry.engine);
    else this.#stopPolling(entry);
    const isNeeded = entry.watchers > 0 || isBusy(entry.engine.getSnapshot());
    if (isNeeded) {
      clearTimeout(entry.timer);
      entry.timer = undefined;
    } else {
      entry.timer ??= setTimeout(() => {
        this.#destroy(entry);
      }, graceMs);
    }
  }

  #destroy(entry: Entry<Settings>): void {
    this.#stopWaiting(entry);
    this.#entries.delete(entry);
    entry.engine.destroy();
    this.#changed();
  }

  #stopPolling(entry: Entry<Settings>): void {
    entry.stopPolling?.();
    entry.stopPolling = undefined;
  }

  #stopWaiting(entry: Entry<Settings>): void {
    this.#stopPolling(entry);
    entry.unsubscribe();
    entry.unsubscribe = () => undefined;
    clearTimeout(entry.timer);
    entry.timer = undefined;
  }

  #changed(): void {
    this.#orphans = [...this.#entries].filter(({ isMounted }) => !isMounted);
    this.#listeners.notify();
  }
}

/** Whether anything would be interrupted if the engine were destroyed. */
function isBusy({ uploads }: UploaderSnapshot): boolean {
  return uploads.some(({ status }) => underWay.has(status));
}
