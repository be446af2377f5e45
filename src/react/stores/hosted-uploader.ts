import type {
  AddItem,
  AddOptions,
  AddResult,
  AttachmentInput,
  Capabilities,
  ContinueOutcome,
  Priority,
  Uploader,
  UploaderSnapshot,
} from '../../engine/index.js';

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
 * Stands in for the engine of a mounted widget. Components hold this one from their first render on, also on a
 * server, where there is no engine at all; StrictMode may mount, unmount and mount again.
 */
export class HostedUploader implements Uploader {
  #engine: Uploader | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  /** Who hears of events, and how that ends at the present engine. */
  readonly #eventListeners = new Map<Parameters<Uploader['onEvent']>[0], (() => void) | undefined>();

  /** Speaks for that engine from now on; the returned function lets go of it, and leaves it as it is. */
  connect(engine: Uploader): () => void {
    this.#engine = engine;
    const stop = engine.subscribe(this.#notify);
    for (const go of this.#waiting) go();
    this.#waiting.clear();
    for (const listener of this.#eventListeners.keys()) this.#listen(listener);
    this.#notify();
    return () => {
      stop();
      if (this.#engine === engine)
        for (const [listener, unlisten] of this.#eventListeners) {
          unlisten?.();
          this.#eventListeners.set(listener, undefined);
        }
      if (this.#engine !== engine) return;
      this.#engine = undefined;
      this.#notify();
    };
  }

  readonly getSnapshot = (): UploaderSnapshot => this.#engine?.getSnapshot() ?? emptySnapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  onEvent(listener: Parameters<Uploader['onEvent']>[0]): () => void {
    // One of its own for each call, so that the same function may listen twice.
    const own: typeof listener = (event) => {
      listener(event);
    };
    this.#listen(own);
    return () => {
      this.#eventListeners.get(own)?.();
      this.#eventListeners.delete(own);
    };
  }

  #listen(listener: Parameters<Uploader['onEvent']>[0]): void {
    this.#eventListeners.set(listener, this.#engine?.onEvent(listener));
  }

  async add(files: Iterable<AddItem>, options?: AddOptions): Promise<AddResult> {
    const kept = [...files];
    if (!this.#engine) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.#engine?.add(kept, options) ?? { added: [], rejections: [] };
  }

  async loadCapabilities(): Promise<Capabilities> {
    if (!this.#engine) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    if (!this.#engine) throw new DOMException('The widget was unmounted.', 'AbortError');
    return this.#engine.loadCapabilities();
  }

  start(id?: string): void {
    this.#engine?.start(id);
  }
  attach(id: string, attachment: AttachmentInput): string | undefined {
    return this.#engine?.attach(id, attachment);
  }
  detach(id: string, attachmentId: string): void {
    this.#engine?.detach(id, attachmentId);
  }
  setOptions(id: string, options: Readonly<Record<string, unknown>>): void {
    this.#engine?.setOptions(id, options);
  }
  continueUnfinished(id: string, file?: AddItem): Promise<ContinueOutcome> {
    return this.#engine?.continueUnfinished(id, file) ?? Promise.resolve('needs-file');
  }
  setPriority(priority: Priority): void {
    this.#engine?.setPriority(priority);
  }
  pause(id: string): void {
    this.#engine?.pause(id);
  }
  resume(id: string): void {
    this.#engine?.resume(id);
  }
  cancel(id: string): void {
    this.#engine?.cancel(id);
  }
  retry(id: string): void {
    this.#engine?.retry(id);
  }
  remove(id: string): void {
    this.#engine?.remove(id);
  }
  pauseAll(): void {
    this.#engine?.pauseAll();
  }
  resumeAll(): void {
    this.#engine?.resumeAll();
  }
  retryAll(): void {
    this.#engine?.retryAll();
  }
  removeAll(): void {
    this.#engine?.removeAll();
  }
  cancelAll(): void {
    this.#engine?.cancelAll();
  }
  discardUnfinished(id: string): void {
    this.#engine?.discardUnfinished(id);
  }
  dismissRejections(): void {
    this.#engine?.dismissRejections();
  }
  notifySignedIn(): void {
    this.#engine?.notifySignedIn();
  }
  refreshDetails(signal?: AbortSignal): Promise<number> {
    return this.#engine?.refreshDetails(signal) ?? Promise.resolve(0);
  }
  destroy(): void {
    this.#engine?.destroy();
  }

  readonly #notify = (): void => {
    for (const listener of this.#listeners) listener();
  };
}
