import type { Uploader, UploaderSnapshot } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';

const emptySnapshot: UploaderSnapshot = {
  uploads: [],
  unfinished: [],
  rejections: [],
  checkedFileCount: 0,
  isOnline: true,
  canResumeAfterReload: true,
  capabilities: undefined,
  priority: 'normal',
};

/**
 * Stands in for the engine of a mounted widget. Components have this one from their first render on, also on a
 * server, where there is no engine; StrictMode may mount, unmount and mount again.
 */
export interface HostedUploader extends Uploader {
  /** Speaks for that engine from now on; the returned function disconnects it, and leaves it as it is. */
  connect(engine: Uploader): () => void;
}

/** The engine behind it at this moment; itself where there is none, or where it stands for none. */
export function engineOf(uploader: Uploader): Uploader {
  return (uploader as { engine?: Uploader }).engine ?? uploader;
}

type EventListener = Parameters<Uploader['onEvent']>[0];

/** Methods that answer nothing, or may: without an engine they do nothing. */
type Forwarded = {
  [Name in Method]: undefined extends ReturnType<Uploader[Name]> ? Name : never;
}[Method];
type Method = Exclude<keyof Uploader, 'polling'>;

export function createHostedUploader(): HostedUploader {
  const connection = new Connection();
  // A method that must answer without an engine belongs to `Connection`; its type says so.
  return new Proxy(connection as unknown as HostedUploader, {
    get: (_target, name): unknown => {
      if (name in connection) return Reflect.get(connection, name);
      return (...args: unknown[]): unknown => {
        const { engine } = connection;
        return engine && (Reflect.get(engine, name) as (...args: unknown[]) => unknown).apply(engine, args);
      };
    },
  });
}

class Connection implements Omit<HostedUploader, Forwarded> {
  engine: Uploader | undefined;
  /** The widget polls for the engines that it makes. */
  readonly polling = 'manual';
  readonly #listeners = new Listeners();
  readonly #waiting = new Set<(engine: Uploader) => void>();
  /** Who listens to events, and how that ends at the present engine. */
  readonly #eventListeners = new Map<EventListener, (() => void) | undefined>();
  /** Stays after the disconnection: the uploads go on, and nothing has become of them that could be shown. */
  #latest = emptySnapshot;

  readonly subscribe = this.#listeners.subscribe;

  readonly connect = (engine: Uploader): (() => void) => {
    this.engine = engine;
    const stop = engine.subscribe(this.#listeners.notify);
    for (const proceed of this.#waiting) proceed(engine);
    this.#waiting.clear();
    for (const listener of this.#eventListeners.keys()) this.#listen(listener);
    this.#listeners.notify();
    return () => {
      stop();
      this.#latest = engine.getSnapshot();
      if (this.engine !== engine) return;
      for (const [listener, stopListening] of this.#eventListeners) {
        stopListening?.();
        this.#eventListeners.set(listener, undefined);
      }
      this.engine = undefined;
    };
  };

  readonly onEvent: Uploader['onEvent'] = (listener) => {
    // A function of its own for each call, so that the same listener may listen twice.
    const own: EventListener = (event) => {
      listener(event);
    };
    this.#listen(own);
    return () => {
      this.#eventListeners.get(own)?.();
      this.#eventListeners.delete(own);
    };
  };

  readonly getSnapshot = (): UploaderSnapshot => this.engine?.getSnapshot() ?? this.#latest;

  readonly add: Uploader['add'] = async (files, options) => {
    // The input is emptied before an engine is there.
    const items = [...files];
    return (await this.#connected()).add(items, options);
  };

  readonly addLinks: Uploader['addLinks'] = async (links, options) => {
    const items = [...links];
    return (await this.#connected()).addLinks(items, options);
  };

  readonly loadCapabilities: Uploader['loadCapabilities'] = async () =>
    (await this.#connected()).loadCapabilities();

  readonly continueUnfinished: Uploader['continueUnfinished'] = async (id, file) =>
    this.engine?.continueUnfinished(id, file) ?? 'needs-file';

  readonly replaceFile: Uploader['replaceFile'] = async (id, file) =>
    this.engine?.replaceFile(id, file) ?? 'needs-file';

  readonly refreshDetails: Uploader['refreshDetails'] = async (signal) =>
    this.engine?.refreshDetails(signal) ?? 0;

  #listen(listener: EventListener): void {
    this.#eventListeners.set(listener, this.engine?.onEvent(listener));
  }

  /** The engine, once there is one. */
  #connected(): Promise<Uploader> {
    const { engine } = this;
    return engine ? Promise.resolve(engine) : new Promise((resolve) => this.#waiting.add(resolve));
  }
}
