import type { Capabilities } from '../protocol/index.js';
import { loadFirstFile } from './chunks/first-file.js';
import type { EngineContext } from './context.js';
import { isLoaded, loadCode } from './load-code.js';

/** Asks the endpoint once what the provider needs and can do. */
export class CapabilitiesLoader {
  readonly #context: EngineContext;
  readonly #onLoad: () => void;
  readonly #signal: AbortSignal;
  #loading: Promise<Capabilities> | undefined;
  #loaded: Capabilities | undefined;
  #onFirst: () => void = () => {};
  /** Resolves once they are loaded. */
  readonly described = new Promise<void>((resolve) => (this.#onFirst = resolve));

  constructor(context: EngineContext, onLoad: () => void, signal: AbortSignal) {
    this.#context = context;
    this.#onLoad = onLoad;
    this.#signal = signal;
    globalThis.window?.addEventListener('dragenter', this.approach, { signal, capture: true });
  }

  readonly #accept = (capabilities: Capabilities): void => {
    this.#loaded = capabilities;
    this.#loading = Promise.resolve(capabilities);
    this.#onFirst();
    this.#onLoad();
  };

  /** Undefined until loaded. */
  get loaded(): Capabilities | undefined {
    return this.#loaded;
  }

  load(): Promise<Capabilities> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // The next call asks again.
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Loads although nothing waits for the answer. */
  preload(): void {
    this.load().catch(() => {});
  }

  /** A file is about to come. */
  readonly approach = (): void => {
    const { ports, describeAhead } = this.#context;
    ports.workers.preload?.();
    if (!this.#loading && !isLoaded(loadFirstFile) && ports.network.isOnline()) describeAhead.ask();
    // On a page that has just begun, the code comes with the file.
    if (isLoaded(loadFirstFile)) ports.workers.warmUp?.();
    loadCode(loadFirstFile, ports, this.#signal).then(
      ({ approachStore }) => approachStore(this.#context, this.#accept),
      () => {},
    );
  };

  async #load(): Promise<Capabilities> {
    const { describe } = await loadCode(loadFirstFile, this.#context.ports, this.#signal);
    const capabilities = await describe(this.#context, this.#signal);
    this.#accept(capabilities);
    return capabilities;
  }
}
