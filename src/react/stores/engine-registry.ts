import type {
  Restrictions,
  Uploader,
  UploaderOptions,
  UploaderSnapshot,
  UploadStatus,
} from '../../engine/index.js';
import { PollingPace } from './polling-pace.js';

/** What an engine asks its widget for. The engine outlives the widget, so it asks the newest one, or the last there was. */
export interface EngineHost {
  headers: Extract<UploaderOptions['headers'], () => unknown>;
  metadata: NonNullable<UploaderOptions['metadata']>;
  onUnauthorized: (() => void | Promise<void>) | undefined;
  validate: NonNullable<Restrictions['validate']>;
}

/** An engine that no widget holds at the moment. */
export interface Orphan {
  readonly key: string;
  readonly engine: Uploader;
}

interface Entry extends Orphan {
  readonly host: { current: EngineHost };
  isHeld: boolean;
  /** By how many docks it is shown: what they show is not taken away. */
  watchers: number;
  stop: () => void;
  stopAsking: (() => void) | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** How long an engine with nothing under way waits for its widget to come back. */
export const graceMs = 30_000;

const underWay: ReadonlySet<UploadStatus> = new Set([
  'queued',
  'preparing',
  'uploading',
  'paused',
  'confirming',
  'processing',
]);

/**
 * Keeps the engines of widgets. A widget that goes while something is under way leaves its engine here, at work; the
 * next one with the same endpoint, provider and limits takes it over. Two widgets on one page have an engine each.
 */
export class EngineRegistry {
  readonly #entries = new Set<Entry>();
  readonly #listeners = new Set<() => void>();
  #orphans: readonly Orphan[] = [];

  /** Takes over the engine left under that key, or makes one. Call `release` when the widget goes. */
  acquire(
    key: string,
    host: EngineHost,
    create: (host: { readonly current: EngineHost }) => Uploader,
  ): { engine: Uploader; release: () => void } {
    const left = [...this.#entries].find((entry) => entry.key === key && !entry.isHeld);
    const entry = left ?? this.#add(key, host, create);
    entry.host.current = host;
    entry.isHeld = true;
    this.#rest(entry);
    this.#changed();
    return {
      engine: entry.engine,
      release: () => {
        this.#release(entry);
      },
    };
  }

  readonly getOrphans = (): readonly Orphan[] => this.#orphans;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Keeps an orphan, and what it has to show, until the returned function is called. */
  watch(engine: Uploader): () => void {
    const entry = [...this.#entries].find((one) => one.engine === engine);
    if (!entry) return () => undefined;
    entry.watchers += 1;
    this.#consider(entry);
    return () => {
      entry.watchers -= 1;
      this.#consider(entry);
    };
  }

  #add(key: string, host: EngineHost, create: (host: { readonly current: EngineHost }) => Uploader): Entry {
    const asked = { current: host };
    const entry: Entry = {
      key,
      host: asked,
      engine: create(asked),
      isHeld: true,
      watchers: 0,
      stop: () => undefined,
      stopAsking: undefined,
      timer: undefined,
    };
    this.#entries.add(entry);
    return entry;
  }

  #release(entry: Entry): void {
    entry.isHeld = false;
    entry.stop = entry.engine.subscribe(() => {
      this.#consider(entry);
    });
    this.#consider(entry);
    this.#changed();
  }

  /** Starts or stops the time after which an orphan is given up. */
  #consider(entry: Entry): void {
    if (entry.isHeld) return;
    // A dock asks by itself.
    if (entry.watchers === 0) entry.stopAsking ??= keepAsking(entry.engine);
    else this.#askNoMore(entry);
    const isNeeded = entry.watchers > 0 || isBusy(entry.engine.getSnapshot());
    if (isNeeded) {
      clearTimeout(entry.timer);
      entry.timer = undefined;
    } else {
      entry.timer ??= setTimeout(() => {
        this.#give(entry);
      }, graceMs);
    }
  }

  #give(entry: Entry): void {
    this.#rest(entry);
    this.#entries.delete(entry);
    entry.engine.destroy();
    this.#changed();
  }

  #askNoMore(entry: Entry): void {
    entry.stopAsking?.();
    entry.stopAsking = undefined;
  }

  #rest(entry: Entry): void {
    this.#askNoMore(entry);
    entry.stop();
    entry.stop = () => undefined;
    clearTimeout(entry.timer);
    entry.timer = undefined;
  }

  #changed(): void {
    this.#orphans = [...this.#entries].filter(({ isHeld }) => !isHeld);
    for (const listener of this.#listeners) listener();
  }
}

/** The one of this page. */
export const engines = new EngineRegistry();

/** Whether anything would be cut off if the engine were destroyed. */
function isBusy({ uploads }: UploaderSnapshot): boolean {
  return uploads.some(({ status }) => underWay.has(status));
}

/** With its widget gone nobody else asks whether the cloud is done. */
function keepAsking(engine: Uploader): () => void {
  const pace = new PollingPace();
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    if (stop.signal.aborted) return;
    const processing = engine
      .getSnapshot()
      .uploads.filter(({ status }) => status === 'processing')
      .map(({ id }) => id);
    pace.see(processing);
    if (!processing.length || timer !== undefined) return;
    timer = setTimeout(() => {
      pace.asked();
      void engine
        .refreshDetails(stop.signal)
        .catch(() => undefined)
        .finally(() => {
          timer = undefined;
          next();
        });
    }, pace.nextMs());
  };
  const unsubscribe = engine.subscribe(next);
  next();
  return () => {
    stop.abort();
    unsubscribe();
    clearTimeout(timer);
  };
}
