import type { Capabilities } from '../protocol/index.js';
import type { EngineContext } from './context.js';
import { EndpointCallError } from './endpoint/call-error.js';
import { SignInGate } from './endpoint/sign-in.js';
import { UploadError } from './errors.js';
import { lazyClient } from './lazy.js';
import type { MachineState } from './machine.js';
import type { UploaderOptions } from './options.js';
import { ConnectionPool } from './parts/pool.js';
import { Poller } from './poller.js';
import type { EnginePorts } from './ports.js';
import { Queue } from './queue.js';
import type { Accepted } from './restrictions/intake.js';
import { fingerprint } from './resume/fingerprint.js';
import { reopen } from './resume/reopen.js';
import { Journal } from './resume/journal.js';
import { isStoredWhole, UnfinishedUploads } from './resume/unfinished-uploads.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import { callWithRetry } from './retry/call-with-retry.js';
import { UploadRunner } from './runner.js';
import { SnapshotBuilder } from './snapshot.js';
import type { TabSync } from './tabs/index.js';
import type {
  AddItem,
  AddOptions,
  AddResult,
  AttachmentInput,
  Priority,
  Rejection,
  Uploader,
  UploaderSnapshot,
} from './types.js';

const defaultPlaces = 3;
/** What browsers open to one origin over HTTP/1.1. */
const defaultConnections = 6;
/** With more uploads than this on their way they begin in groups, and their ends are told in groups. */
const batchThreshold = 12;
const batchDelayMs = { start: 150, finish: 1000 };
/** Two, so that the line is not idle between parts, and most of it is left to others. */
const backgroundConnections = 2;
/** Listeners hear of progress at most this often; of anything else at once. */
const progressIntervalMs = 100;
/** Speeds are looked at this often even when nothing moves, so that a stalled one vanishes. */
const tickMs = 1000;

/** The object users hold; see `Uploader`. Owns the list, the queue and the shared resources. */
export class EngineUploader implements Uploader {
  readonly #options: UploaderOptions;
  readonly #ports: EnginePorts;
  readonly #context: EngineContext;
  readonly #shelf: UnfinishedUploads;
  readonly #poller: Poller;
  readonly #snapshots: SnapshotBuilder;
  readonly #runners = new Map<string, UploadRunner>();
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #ready: Promise<void>;
  readonly #unsubscribeNetwork: () => void;
  readonly #queue: Queue;
  /** Added with `autoStart: false` and not started yet. */
  readonly #held = new Set<string>();
  #tabs: TabSync | undefined;
  #capabilities: Capabilities | undefined;
  #describing: Promise<Capabilities> | undefined;
  #rejections: readonly Rejection[] = [];
  #checkedFileCount = 0;
  #priority: Priority = 'normal';
  #snapshot: UploaderSnapshot | undefined;
  #isNotifying = false;
  #isDelayed = false;
  #isTicking = false;

  constructor(options: UploaderOptions, ports: EnginePorts) {
    const { endpoint, provider, headers = {} } = options;
    this.#options = options;
    this.#ports = ports;
    this.#queue = new Queue(options.concurrency?.files ?? defaultPlaces);
    const journal = new Journal(ports.store, () => this.#changed());
    this.#shelf = new UnfinishedUploads(journal, ports.clock, options.abandonAfterMs);
    const client = lazyClient({
      endpoint,
      provider,
      fetch: ports.fetch,
      headers: typeof headers === 'function' ? headers : () => headers,
      batchDelayMs: (operation) => this.#batchDelay(operation),
    });
    this.#context = {
      options,
      ports,
      client,
      journal,
      signIn: new SignInGate(options.onUnauthorized),
      pool: new ConnectionPool(
        options.concurrency?.connections ??
          (ports.network.savesData?.() ? backgroundConnections : defaultConnections),
      ),
      claim: async (print) => {
        const entry = this.#shelf.claim(print);
        if (entry) this.#changed();
        return entry && (await this.#mayOwn(entry.id)) ? entry : undefined;
      },
      hasUnfinished: () => this.#shelf.unfinished.length > 0,
      unclaim: (entry) => this.#unclaim(entry),
      shelve: (entry) => {
        this.#drop(entry.id);
        this.#tabs?.disown(entry.id);
        this.#unclaim(entry);
      },
    };
    this.#snapshots = new SnapshotBuilder(ports.clock, (id) => this.#held.has(id));
    this.#poller = new Poller(ports.clock, (signal) => this.refreshDetails(signal), this.#stop.signal);
    this.#unsubscribeNetwork = ports.network.subscribe(() => this.#changed());
    this.#ready = this.#restore();
  }

  getSnapshot(): UploaderSnapshot {
    this.#snapshot ??= {
      uploads: [...this.#snapshots.build([...this.#runners.values()]), ...(this.#tabs?.mirrors ?? [])],
      unfinished: this.#shelf.unfinished,
      rejections: this.#rejections,
      checkedFileCount: this.#checkedFileCount,
      capabilities: this.#capabilities,
      isOnline: this.#ports.network.isOnline(),
      priority: this.#priority,
      canResumeAfterReload: this.#context.journal.isWorking,
    };
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async add(files: Iterable<AddItem>, { options }: AddOptions = {}): Promise<AddResult> {
    const list = [...files];
    if (this.#options.autoStart === false) this.loadCapabilities().catch(() => {});
    await this.#ready;
    this.#rejections = [];
    this.#checkedFileCount = list.length;
    const added: string[] = [];
    const rejections: Rejection[] = [];
    // Group by group: of ten thousand files the first rows stand there while the last are not looked at yet.
    const { checkFiles } = await import('./restrictions/intake.js');
    for await (const group of checkFiles(list, this.#options.restrictions ?? {}, this.#ports.probe, () =>
      this.#openCount(),
    )) {
      added.push(...group.accepted.map((one) => this.#append(one, options)));
      rejections.push(...group.rejections);
      if (group.rejections.length > 0) this.#rejections = [...rejections];
      this.#changed();
      this.#schedule();
    }
    return { added, rejections };
  }

  start(id?: string): void {
    const freed = id === undefined ? [...this.#held] : [id];
    for (const one of freed) {
      if (!this.#held.delete(one)) continue;
      const runner = this.#runners.get(one);
      if (!runner) continue;
      this.#snapshots.touch(runner);
      this.#file(runner);
    }
    this.#changed();
    this.#schedule();
  }

  attach(id: string, attachment: AttachmentInput): string | undefined {
    const rule = attachment.kind === 'cover' ? this.#capabilities?.cover : this.#capabilities?.subtitles;
    return this.#runners.get(id)?.attach(attachment, rule?.when === 'any');
  }

  detach(id: string, attachmentId: string): void {
    this.#runners.get(id)?.detach(attachmentId);
  }

  setOptions(id: string, options: Readonly<Record<string, unknown>>): void {
    this.#runners.get(id)?.setOptions(options);
  }

  loadCapabilities(): Promise<Capabilities> {
    this.#describing ??= this.#describe().catch((error: unknown) => {
      // Asked again next time.
      this.#describing = undefined;
      throw error;
    });
    return this.#describing;
  }

  pause(id: string): void {
    const runner = this.#runners.get(id);
    if (runner) runner.dispatch({ type: 'pause' });
    else this.#tabs?.command(id, 'pause');
  }

  resume(id: string): void {
    const runner = this.#runners.get(id);
    if (runner) runner.dispatch({ type: 'resume' });
    else this.#tabs?.command(id, 'resume');
  }

  cancel(id: string): void {
    const runner = this.#runners.get(id);
    if (runner) runner.cancel();
    else this.#tabs?.command(id, 'cancel');
  }

  retry(id: string): void {
    const runner = this.#runners.get(id);
    if (runner) runner.dispatch({ type: 'retry' });
    else this.#tabs?.command(id, 'retry');
  }

  remove(id: string): void {
    const runner = this.#runners.get(id);
    if (!runner) return this.#tabs?.command(id, 'remove');
    const { status } = runner.state;
    const { key } = runner;
    // A failed upload that is taken away is given up; one under way is canceled. Both are carried through unseen.
    const end = () => {
      if (status === 'failed' && runner.state.session && runner.state.cleanup === 'none')
        return runner.giveUp();
      if (status === 'processing') return runner.letGo();
      runner.cancel();
      return runner.settled;
    };
    const ended = end();
    if (key !== undefined) {
      this.#tabs?.gone(key);
      void ended.then(() => this.#tabs?.disown(key));
    }
    this.#drop(id);
    this.#changed();
    this.#schedule();
  }

  pauseAll(): void {
    for (const runner of this.#runners.values()) runner.dispatch({ type: 'pause' });
  }

  resumeAll(): void {
    for (const runner of this.#runners.values()) runner.dispatch({ type: 'resume' });
  }

  cancelAll(): void {
    for (const runner of this.#runners.values()) runner.cancel();
  }

  async continueUnfinished(id: string, item?: AddItem): Promise<'continued' | 'needs-file' | 'wrong-file'> {
    const entry = this.#shelf.get(id);
    const given = item instanceof File ? { file: item } : (item ?? (await reopen(entry?.handle)));
    if (!entry || !given) return 'needs-file';
    const print = await fingerprint(given.file, this.#ports.workers, this.#stop.signal).catch(
      () => undefined,
    );
    if (print !== entry.fingerprint) {
      this.#shelf.refuse(id, given.file.name);
      this.#changed();
      return print === undefined ? 'needs-file' : 'wrong-file';
    }
    this.#append(given);
    this.#changed();
    this.#schedule();
    return 'continued';
  }

  setPriority(priority: Priority): void {
    const { connections = defaultConnections } = this.#options.concurrency ?? {};
    this.#priority = priority;
    this.#context.pool.resize(
      priority === 'background' ? Math.min(connections, backgroundConnections) : connections,
    );
    this.#changed();
  }

  discardUnfinished(id: string): void {
    const entry = this.#shelf.take(id);
    if (!entry) return;
    this.#changed();
    void this.#discard(entry);
  }

  dismissRejections(): void {
    this.#rejections = [];
    this.#changed();
  }

  notifySignedIn(): void {
    this.#context.signIn.open();
  }

  async refreshDetails(signal?: AbortSignal): Promise<number> {
    const processing = () => [...this.#runners.values()].filter(({ state }) => state.status === 'processing');
    await Promise.all(processing().map((runner) => this.#refresh(runner, signal)));
    return processing().length;
  }

  destroy(): void {
    this.#stop.abort();
    this.#unsubscribeNetwork();
    this.#tabs?.close();
    for (const runner of this.#runners.values()) runner.destroy();
    this.#listeners.clear();
    this.#ports.workers.close();
  }

  async #describe(): Promise<Capabilities> {
    const { ports, signIn, client } = this.#context;
    const { capabilities } = await callWithRetry(
      () => client.describe(),
      { ...ports, signIn },
      { signal: this.#stop.signal, onWaiting: () => {} },
    );
    this.#capabilities = capabilities;
    this.#changed();
    return capabilities;
  }

  async #refresh(runner: UploadRunner, signal: AbortSignal | undefined): Promise<void> {
    const { ticket } = runner;
    if (!ticket) return;
    try {
      const { media } = await this.#context.client.details(ticket);
      if (signal?.aborted) return;
      if (media.status === 'failed') runner.fail(mediaFailure(media.failure), media);
      else runner.dispatch({ type: 'media', media });
    } catch (error) {
      if (!(error instanceof EndpointCallError)) throw error;
      // Trouble that may pass is asked about again later; a refusal for good ends the waiting.
      if (!error.isTransient && !error.error.isResumable) runner.fail(error.error);
    }
  }

  async #restore(): Promise<void> {
    const { endpoint, provider } = this.#options;
    const busy = await this.#openTabs();
    const { whole, kept, dead, elsewhere } = await this.#shelf.load(endpoint, provider, busy);
    if (this.#stop.signal.aborted) return;
    for (const { entry, parts } of whole) if (await this.#mayOwn(entry.id)) this.#restoreWhole(entry, parts);
    // Small enough to have been kept: nobody needs to choose them again.
    for (const { entry, file } of kept)
      if (await this.#mayOwn(entry.id)) this.#append({ file, handle: entry.handle });
    for (const entry of dead) if (await this.#mayOwn(entry.id)) void this.#discard(entry);
    for (const key of elsewhere) this.#tabs?.watch(key);
    this.#changed();
    this.#schedule();
  }

  /** Clears away what an upload of an earlier visit has left. Never rejects: what cannot be told now is told on the next visit. */
  async #discard(entry: JournalEntry): Promise<void> {
    const { client, journal } = this.#context;
    await journal.put({ ...entry, phase: 'discarding' });
    try {
      await client.finish({ ticket: entry.ticket, status: 'canceled' });
      await journal.delete(entry.id);
    } catch (error) {
      // Refused for good: it is gone already, or beyond our reach.
      if (error instanceof EndpointCallError && !error.isTransient) await journal.delete(entry.id);
    }
    this.#tabs?.disown(entry.id);
  }

  #restoreWhole(entry: JournalEntry, parts: readonly JournalPart[]): void {
    const runner = UploadRunner.restore(entry, parts, this.#context, this.#onRunner);
    this.#runners.set(entry.id, runner);
    this.#onRunner(runner);
  }

  /** Joins the other tabs; answers what they are busy with. */
  async #openTabs(): Promise<ReadonlySet<string>> {
    const { tabs, clock } = this.#ports;
    if (!tabs) return new Set();
    const scope = `${this.#options.endpoint} ${this.#options.provider}`;
    try {
      const { busyKeys, TabSync } = await import('./tabs/index.js');
      if (this.#stop.signal.aborted) return new Set();
      this.#tabs = new TabSync(tabs, clock, scope, {
        owned: () =>
          [...this.#runners.values()].flatMap((runner) =>
            runner.key === undefined ? [] : [{ key: runner.key, snapshot: this.#snapshots.one(runner) }],
          ),
        snapshotOf: (key) => {
          const runner = this.#runnerOf(key);
          return runner && this.#snapshots.one(runner);
        },
        command: (key, command) => {
          const runner = this.#runnerOf(key);
          if (runner) this[command](runner.info.id);
        },
        onMirrors: () => this.#changed(),
        inherit: (key, file) => this.#inherit(key, file),
      });
      return await busyKeys(tabs, scope);
    } catch {
      // Locks refused (a sandboxed frame, say): then this tab is alone.
      return new Set();
    }
  }

  async #mayOwn(key: string): Promise<boolean> {
    return this.#tabs ? this.#tabs.own(key) : true;
  }

  #runnerOf(key: string): UploadRunner | undefined {
    return [...this.#runners.values()].find((runner) => runner.key === key);
  }

  /** The tab that moved these bytes is gone. With its file we go on; without, the person is asked for it. */
  async #inherit(key: string, file: File | undefined): Promise<(() => void) | undefined> {
    const { endpoint, provider } = this.#options;
    const entry = (await this.#context.journal.load(endpoint, provider)).find(({ id }) => id === key);
    if (!entry) return undefined;
    if (entry.phase === 'discarding') return () => void this.#discard(entry);
    const isReadable =
      file &&
      (await fingerprint(file, this.#ports.workers, this.#stop.signal).catch(() => undefined)) ===
        entry.fingerprint;
    const parts = await this.#context.journal.parts(key);
    return () => {
      if (isStoredWhole(entry, parts)) this.#restoreWhole(entry, parts);
      else {
        this.#shelf.put(entry, parts);
        if (isReadable) this.#append({ file, handle: entry.handle });
        else this.#tabs?.disown(key);
      }
      this.#changed();
      this.#schedule();
    };
  }

  /** Takes the lock with the first thing that is worth going on with, and lets it go when there is nothing left. */
  #keepLock(runner: UploadRunner): void {
    const { key, state, file } = runner;
    const tabs = this.#tabs;
    if (!tabs || key === undefined) return;
    const isOver =
      state.status === 'ready' ||
      (state.status === 'canceled' && state.cleanup !== 'pending') ||
      (state.status === 'failed' && !state.error.isResumable && state.cleanup !== 'pending');
    // Not before the journal has forgotten it: who gets the lock then, and finds it there, goes on with it.
    if (isOver) void runner.settled.then(() => tabs.disown(key));
    else if (state.status === 'uploading' && file) {
      void tabs.own(key).then(
        (isOurs) => {
          if (isOurs) tabs.handOver(key, file);
        },
        () => {},
      );
    }
  }

  #append(accepted: Partial<Accepted> & { file: File }, options?: AddOptions['options']): string {
    const { file } = accepted;
    const { newId, clock } = this.#ports;
    const info = {
      id: newId(),
      fileName: file.name,
      sizeBytes: file.size,
      contentType: file.type,
      addedAt: clock.now(),
    };
    const runner = new UploadRunner(info, accepted, this.#context, this.#onRunner);
    if (options) runner.setOptions(options);
    if (this.#options.autoStart === false) this.#held.add(info.id);
    this.#runners.set(info.id, runner);
    this.#file(runner);
    return info.id;
  }

  #unclaim(entry: JournalEntry): void {
    void this.#shelf.unclaim(entry).then(() => this.#changed());
  }

  #drop(id: string): void {
    this.#runners.delete(id);
    this.#held.delete(id);
    this.#queue.leave(id);
    this.#snapshots.drop(id);
  }

  /** Uploads that still want a place or hold one; ended ones do not count against `maxFiles`. */
  #openCount(): number {
    return [...this.#runners.values()].filter(
      ({ state }) => !['ready', 'failed', 'canceled', 'processing'].includes(state.status),
    ).length;
  }

  readonly #onRunner = (runner: UploadRunner, before?: MachineState): void => {
    const { state } = runner;
    const isProgressOnly =
      before?.status === state.status && (state.status === 'uploading' || state.status === 'preparing');
    if (before?.status !== state.status) {
      this.#file(runner);
      this.#schedule();
      // Asked when the first upload is on its way: before that it would only be in the way.
      if (state.status === 'uploading') this.loadCapabilities().catch(() => {});
    }
    if (
      state.status === 'processing' &&
      before?.status !== 'processing' &&
      this.#options.polling !== 'manual'
    )
      this.#poller.wake();
    this.#snapshots.touch(runner);
    this.#changed(isProgressOnly ? progressIntervalMs : 0);
    if (runner.key !== undefined) this.#tabs?.share(runner.key, !isProgressOnly);
    // After the others have heard how it ended: they must not take it over.
    if (!isProgressOnly) this.#keepLock(runner);
    if (state.status === 'uploading') this.#tick();
  };

  #schedule(): void {
    for (const id of this.#queue.admit()) this.#runners.get(id)?.dispatch({ type: 'begin' });
  }

  /** A batchThreshold waits for company, but no connection waits for the batchThreshold, and nobody for the last of it. */
  #batchDelay(operation: 'start' | 'finish'): number {
    if (this.#queue.activeCount <= batchThreshold || (operation === 'start' && !this.#context.pool.isFull))
      return 0;
    return batchDelayMs[operation];
  }

  /** Keeps the queue's books by what the runner's status has become. */
  #file({ state, info }: UploadRunner): void {
    if (state.status === 'queued' && !this.#held.has(info.id)) this.#queue.wait(info);
    else if (state.status === 'preparing' || state.status === 'uploading') this.#queue.begin(info);
    else this.#queue.leave(info.id);
  }

  /** Tells the listeners after this turn, or within `delayMs`; many changes meanwhile are one call. */
  #changed(delayMs = 0): void {
    this.#snapshot = undefined;
    if (delayMs > 0) this.#later(delayMs);
    else if (!this.#isNotifying) {
      this.#isNotifying = true;
      queueMicrotask(() => {
        this.#isNotifying = false;
        this.#notify();
      });
    }
  }

  #later(delayMs: number): void {
    if (this.#isDelayed) return;
    this.#isDelayed = true;
    this.#ports.clock.sleep(delayMs, this.#stop.signal).then(
      () => {
        this.#isDelayed = false;
        this.#notify();
      },
      // Destroyed: nobody is left to tell.
      () => {},
    );
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#ports.clock.sleep(tickMs, this.#stop.signal).then(
      () => {
        this.#isTicking = false;
        const uploading = [...this.#runners.values()].filter(({ state }) => state.status === 'uploading');
        for (const runner of uploading) this.#snapshots.touch(runner);
        if (uploading.length === 0) return;
        this.#changed();
        this.#tick();
      },
      () => {},
    );
  }
}

function mediaFailure(failure: { code?: string | undefined; reason: string } | undefined): UploadError {
  return new UploadError('media-failed', {
    ...(failure && { detail: failure.reason }),
    ...(failure?.code && { vendor: { code: failure.code } }),
  });
}
