import type { Capabilities, MediaUpdate } from '../protocol/index.js';
import type { Adding } from './adding.js';
import { CapabilitiesLoader } from './capabilities-loader.js';
import { ChangeFeed } from './change-feed.js';
import { loadEarlier } from './chunks/earlier.js';
import { loadFirstFile } from './chunks/first-file.js';
import {
  backgroundConnections,
  batchDelaysMs,
  batchThreshold,
  createContext,
  defaultConnections,
  defaultPlaces,
  type EngineContext,
} from './context.js';
import type { JournalKeeper } from './effects/journal-keeper.js';
import type { MediaUpdates } from './effects/media-updates.js';
import { fileOf } from './links/is-link.js';
import { loadCode } from './load-code.js';
import { canRetryWith, isEnd, type MachineState, waitsForFile } from './machine-state.js';
import type { UploaderOptions } from './options.js';
import type { EnginePorts } from './ports.js';
import { Journal } from './resume/journal.js';
import { Resumption } from './resume/resumption.js';
import type { JournalEntry } from './resume/store.js';
import { UnfinishedUploads } from './resume/unfinished-uploads.js';
import type { RunnerObserver, UploadRunner } from './runner.js';
import type { TabCommand } from './tabs/messages.js';
import { TabHost } from './tabs/tab-host.js';
import { UploadLocks } from './tabs/upload-locks.js';
import type {
  AddItem,
  AddOptions,
  AddResult,
  AttachmentInput,
  ContinueOutcome,
  LinkItem,
  Priority,
  Rejection,
  Uploader,
  UploaderSnapshot,
} from './types.js';
import { UploadEvents } from './upload-events.js';
import { UploadList } from './upload-list.js';

/** The object users hold; see `Uploader`. Assembles the engine and passes each call to the part that answers it. */
export class EngineUploader implements Uploader, RunnerObserver {
  readonly #options: UploaderOptions;
  readonly #ports: EnginePorts;
  readonly #stop = new AbortController();
  readonly #feed: ChangeFeed;
  readonly #unfinished: UnfinishedUploads;
  readonly #context: EngineContext;
  readonly #list: UploadList;
  readonly #tabs: TabHost;
  readonly #capabilities: CapabilitiesLoader;
  readonly #events: UploadEvents;
  readonly onEvent: Uploader['onEvent'];
  readonly polling: 'auto' | 'manual';
  readonly addLinks: Uploader['addLinks'] = async (links, how) =>
    how?.isTrial ? (await this.#loadAdding()).addLinks(links, how) : this.add(links, how);
  readonly #ready: Promise<void>;
  #rejections: readonly Rejection[] = [];
  #checkedFileCount = 0;
  #priority: Priority = 'normal';
  #snapshot: UploaderSnapshot | undefined;
  #updates: MediaUpdates | undefined;
  #keeper: JournalKeeper | undefined;
  #adding: Adding | undefined;

  constructor(options: UploaderOptions, ports: EnginePorts) {
    const { endpoint, provider, scope = '', concurrency, abandonAfterMs } = options;
    const { clock, tabs, network, store } = ports;
    const { signal } = this.#stop;
    const place = { endpoint, provider, scope };
    const onChange = () => this.#changed();
    const places = concurrency?.files ?? defaultPlaces;
    const listOptions = { places, loadUploads: loadFirstFile, onChange, signal };
    const locks = new UploadLocks(tabs, place);
    const journal = new Journal(store, place, {
      onChange: (key) => {
        this.#list.touchKept(key);
        this.#changed();
      },
      onLack: () => void this.#keepJournal(),
    });
    this.#options = options;
    this.polling = options.polling ?? 'auto';
    this.#ports = ports;
    this.#feed = new ChangeFeed(clock, signal, () => this.#list.count);
    this.#unfinished = new UnfinishedUploads(journal, clock, abandonAfterMs);
    this.#context = createContext(options, ports, {
      journal,
      loadClient: loadFirstFile,
      abilities: () => this.#capabilities,
      batchDelayMs: (operation) => this.#batchDelayMs(operation),
      createResumption: (client, retry) =>
        new Resumption({
          unfinished: this.#unfinished,
          journal,
          locks,
          onTooLate: async (entry, parts) => {
            await this.#list.load();
            this.#list.restore(entry, parts);
            if (entry.phase === 'processing') this.#events.confirmed(entry.id);
          },
          onChange,
          onPutBack: (id) => this.#tabs.putBack(id),
          loadEarlier: () => this.#loadCode(loadEarlier),
          ...{ client, retry, signal },
        }),
    });
    this.#list = new UploadList(this.#context, this, listOptions);
    this.#tabs = new TabHost({
      port: tabs,
      clock,
      place,
      locks,
      list: this.#list,
      unfinished: this.#unfinished,
      context: this.#context,
      loadTabs: loadFirstFile,
      ...{ commands: this, feed: this.#feed, onChange, signal },
    });
    this.#events = new UploadEvents({
      context: this.#context,
      list: this.#list,
      locks,
      onTold: (runner) => this.#tabs.told(runner),
    });
    this.onEvent = this.#events.subscribe;
    this.#capabilities = new CapabilitiesLoader(this.#context, onChange, signal);
    signal.addEventListener(
      'abort',
      network.subscribe(() => {
        this.#changed();
        if (network.isOnline()) this.#list.retryPassing();
      }),
      { once: true },
    );
    this.#ready = this.#restore();
  }

  getSnapshot(): UploaderSnapshot {
    this.#snapshot ??= {
      uploads: [...this.#list.snapshots, ...this.#tabs.mirrors],
      ...this.#list.rate,
      unfinished: this.#unfinished.list,
      rejections: this.#rejections,
      checkedFileCount: this.#checkedFileCount,
      capabilities: this.#capabilities.loaded,
      isOnline: this.#ports.network.isOnline(),
      priority: this.#priority,
      canResumeAfterReload: this.#context.journal.isWorking,
    };
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    return this.#feed.subscribe(listener);
  }

  async add(files: Iterable<AddItem | LinkItem>, addOptions: AddOptions = {}): Promise<AddResult> {
    const items = [...files];
    if (this.#stop.signal.aborted) return { added: [], rejections: [] };
    if (this.#options.autoStart === false) this.#capabilities.preload();
    this.#ports.workers.preload?.();
    // Beside the reading of the journal.
    const loading = this.#loadAdding().catch(() => undefined);
    void loading.then((adding) => adding?.expect(items));
    await this.#ready;
    // Asked about and added all the same: the other rejections of that drop stay.
    const kept = (this.#rejections = addOptions.duplicates
      ? this.#rejections.filter(({ item }) => item === undefined || !items.includes(item))
      : []);
    if (kept.length === 0) this.#checkedFileCount = items.length;
    const [added, dropped, rejections]: [string[], Set<string>, Rejection[]] = [[], new Set(), []];
    const adding = await loading;
    if (!adding) return this.#rejectAll(items);
    for await (const group of adding.add(items, addOptions)) {
      added.push(...group.added);
      for (const id of group.dropped) dropped.add(id);
      rejections.push(...group.rejections);
      if (group.rejections.length > 0) this.#rejections = [...kept, ...rejections];
      this.#changed();
      this.#list.schedule();
    }
    return { added: added.filter((id) => !dropped.has(id)), rejections };
  }

  readonly prepare: Uploader['prepare'] = () => this.#capabilities.approach();

  start(id?: string): void {
    this.#list.start(id);
    this.#changed();
  }

  attach(id: string, attachment: AttachmentInput): string | undefined {
    return this.#list.get(id)?.attach(attachment, this.#capabilities.loaded);
  }

  detach(id: string, attachmentId: string): void {
    this.#list.get(id)?.detach(attachmentId);
  }

  retryAttachment(id: string, attachmentId: string): void {
    this.#list.get(id)?.retryAttachment(attachmentId);
  }

  setOptions(id: string, options: Readonly<Record<string, unknown>>): void {
    this.#list.get(id)?.setOptions(options);
  }

  setDetails(id: string, details: MediaUpdate): void {
    this.#list.get(id)?.setDetails(details, this.#capabilities.loaded);
  }

  readonly loadCapabilities = (): Promise<Capabilities> => this.#capabilities.load();

  pause(id: string): void {
    this.#command(id, 'pause', (runner) => runner.dispatch({ type: 'pause' }));
  }

  resume(id: string): void {
    this.#command(id, 'resume', (runner) => runner.dispatch({ type: 'resume' }));
  }

  cancel(id: string): void {
    this.#command(id, 'cancel', (runner) => runner.cancel());
  }

  retry(id: string): void {
    this.#command(id, 'retry', (runner) => runner.retry());
  }

  remove(id: string): void {
    this.#command(id, 'remove', (runner) => {
      if (!runner.mayBeStored || !runner.isGivenUpByRemoval) return this.#remove(runner);
      // It is taken away once it is certain that the cloud does not have it.
      runner.cancel();
      void runner.settled.then(() => {
        if (runner.state.status === 'canceled') this.#remove(runner);
      });
    });
  }

  pauseAll(): void {
    this.#tabs.commandAll('pause', (runner) => runner.dispatch({ type: 'pause' }));
  }

  resumeAll(): void {
    this.#tabs.commandAll('resume', (runner) => runner.dispatch({ type: 'resume' }));
  }

  cancelAll(): void {
    this.#tabs.commandAll('cancel', (runner) => runner.cancel());
  }

  retryAll(): void {
    this.#tabs.commandAll('retry', (runner) => {
      if (canRetryWith(runner.state, runner.isAtHand)) runner.dispatch({ type: 'retry' });
    });
  }

  removeAll(): void {
    this.#list.forAll(({ info: { id }, state: { status } }) => {
      if (isEnd(status)) this.remove(id);
    });
  }

  async continueUnfinished(id: string, item?: AddItem): Promise<ContinueOutcome> {
    return (await this.#loadAdding()).continue(id, item);
  }

  async replaceFile(id: string, item: AddItem): Promise<ContinueOutcome> {
    return (await this.#list.get(id)?.replaceFile('file' in item ? item : { file: item })) ?? 'needs-file';
  }

  discardUnfinished(id: string): void {
    void this.#context.resumption.discard(id).then(async (claim) => {
      if (claim.outcome === 'elsewhere') this.#tabs.watch(id);
      if (claim.outcome !== 'whole') return;
      // Another tab has sent all of it meanwhile: this is no unfinished upload any more.
      await this.#list.load();
      this.#list.restore(claim.entry, claim.parts);
    });
  }

  setPriority(priority: Priority): void {
    const { connections = defaultConnections } = this.#options.concurrency ?? {};
    const isBackground = priority === 'background';
    this.#priority = priority;
    this.#context.pool.resize(isBackground ? Math.min(connections, backgroundConnections) : connections);
    this.#changed();
  }

  dismissRejections(): void {
    this.#rejections = [];
    this.#changed();
  }

  readonly notifySignedIn = (): void => this.#context.signIn.open();

  readonly refreshDetails: Uploader['refreshDetails'] = async (signal) =>
    (await this.#loadUpdates()).refresh(signal);

  destroy(): void {
    this.#stop.abort();
    this.#tabs.close();
    for (const runner of this.#list.all) runner.destroy();
    this.#ports.workers.close();
  }

  /** Called by the runners; see `RunnerObserver`. */
  changed(runner: UploadRunner, before: MachineState | undefined): void {
    const { status } = runner.state;
    const isNewStatus = before?.status !== status;
    // An upload that waits for its file does not block the queue.
    const isNewInQueue = isNewStatus || waitsForFile(before) !== waitsForFile(runner.state);
    const isProgressOnly = !isNewStatus && (status === 'uploading' || status === 'preparing');
    if (isNewInQueue) this.#list.reschedule(runner);
    if (isNewStatus) {
      // With the first upload under way: before that it would delay the start.
      if (status === 'uploading') this.#capabilities.preload();
      if (runner.key !== undefined) void this.#keepJournal();
      if (status === 'processing' && this.polling === 'auto') void this.#poll();
    }
    this.#list.touch(runner);
    this.#snapshot = undefined;
    if (isProgressOnly) this.#feed.progressed();
    else this.#feed.changed();
    this.#tabs.changed(runner, isProgressOnly);
    this.#events.observe(runner, before);
    if (status === 'uploading') this.#feed.keepFresh(this.#refreshSpeeds);
  }

  /** Called by the runners; see `RunnerObserver`. */
  fileNeeded(runner: UploadRunner, entry: JournalEntry): void {
    this.#list.drop(runner.info.id);
    void this.#context.resumption.putBack(entry);
  }

  /** Called by the runners; see `RunnerObserver`. */
  notOurs(runner: UploadRunner): void {
    this.#list.drop(runner.info.id);
    this.#changed();
  }

  async #restore(): Promise<void> {
    await this.#tabs.open();
    const { whole, kept, elsewhere, untold } = await this.#context.resumption.restore();
    const isAble = whole.length + kept.length === 0 || (await this.#list.tryToLoad());
    // Without the code of uploads, they go on after the page has been loaded again.
    if (this.#stop.signal.aborted || !isAble) return;
    for (const { entry, parts } of whole) this.#list.restore(entry, parts);
    // Small enough to have been kept: they need not be chosen again.
    for (const { file, ...earlier } of kept) {
      const { handle, path } = earlier.entry;
      this.#list.append({ file, handle, path }, { earlier: { ...earlier, origin: 'kept' } });
    }
    for (const key of elsewhere) this.#tabs.watch(key);
    this.#events.restore(untold);
    this.#changed();
    this.#list.schedule();
  }

  async #loadAdding(): Promise<Adding> {
    const [{ Adding }] = await Promise.all([this.#loadCode(loadFirstFile), this.#list.load()]);
    return (this.#adding ??= new Adding({
      context: this.#context,
      list: this.#list,
      unfinished: this.#unfinished,
      tabs: this.#tabs,
      onChange: () => this.#changed(),
      signal: this.#stop.signal,
      capabilities: () => this.#capabilities.loaded,
    }));
  }

  #remove(runner: UploadRunner): void {
    const ended = runner.endUnseen();
    const { key } = runner;
    if (key !== undefined) this.#tabs.removed(key, runner, ended);
    this.#list.drop(runner.info.id);
    this.#changed();
    this.#list.schedule();
  }

  #rejectAll(items: readonly (AddItem | LinkItem)[]): AddResult {
    this.#rejections = items.map((item) => ({ file: fileOf(item), code: 'code-unavailable' }));
    this.#changed();
    return { added: [], rejections: [...this.#rejections] };
  }

  #loadCode<T>(load: () => Promise<T>): Promise<T> {
    return loadCode(load, this.#ports, this.#stop.signal);
  }

  /** Acts on an upload of this tab, or asks the tab that owns it. */
  #command(id: string, command: TabCommand, act: (runner: UploadRunner) => void): void {
    const runner = this.#list.get(id);
    if (runner) act(runner);
    else this.#tabs.command(id, command);
  }

  /** Calls share a batch only when many uploads are active, and a start never waits while a connection is free. */
  #batchDelayMs(operation: 'start' | 'finish'): number {
    const { pool } = this.#context;
    if (this.#list.activeCount <= batchThreshold || (operation === 'start' && !pool.isFull)) return 0;
    return batchDelaysMs[operation];
  }

  async #loadUpdates(): Promise<MediaUpdates> {
    const { MediaUpdates } = await this.#loadCode(loadFirstFile);
    return (this.#updates ??= new MediaUpdates(
      this.#context,
      () => this.#list.inStatus('processing'),
      this.#stop.signal,
    ));
  }

  async #keepJournal(): Promise<void> {
    // Without its code, the journal is written as things happen.
    const code = await this.#loadCode(loadFirstFile).catch(() => undefined);
    if (!code) return;
    this.#keeper ??= new code.JournalKeeper({
      clock: this.#ports.clock,
      journal: this.#context.journal,
      uploads: () => this.#list.all,
      signal: this.#stop.signal,
    });
    this.#keeper.wake();
  }

  async #poll(): Promise<void> {
    // Loaded by then, with the first file; an upload of an earlier visit is asked about on the next one otherwise.
    const updates = await this.#loadUpdates().catch(() => undefined);
    updates?.wake();
  }

  readonly #refreshSpeeds = (): boolean => {
    this.#snapshot = undefined;
    return this.#list.touchUploading();
  };

  #changed(): void {
    this.#snapshot = undefined;
    this.#feed.changed();
  }
}
