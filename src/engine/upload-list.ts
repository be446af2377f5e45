import type { EarlierUpload } from './attempt.js';
import type { EngineContext } from './context.js';
import { passingErrors, UploadError } from './errors.js';
import type { FileSource } from './file-info.js';
import { loadCode } from './load-code.js';
import { waitsForFile } from './machine-state.js';
import { isSmall, Queue } from './queue.js';
import type { JournalPart } from './resume/store.js';
import type { RestoredEntry, RunnerObserver, UploadRunner } from './runner.js';
import type { SnapshotBuilder } from './snapshot.js';
import type { AddOptions, UploaderSnapshot, UploadSnapshot } from './types.js';

/**
 * How long the turn of an upload is kept while it is checked. A small file takes much less; a disk or an endpoint that
 * does not answer must not hold up the others.
 */
const turnKeptMs = 10_000;

/** Statuses that no longer count against `maxFiles`. */
const closedStatuses: readonly UploadSnapshot['status'][] = ['ready', 'failed', 'canceled', 'processing'];

export interface AppendOptions {
  readonly options?: AddOptions['options'];
  /** The upload of an earlier visit that goes on with this file. Its lock is ours. */
  readonly earlier?: EarlierUpload | undefined;
}

type NewFile = FileSource & { readonly file: File; readonly isUnread?: boolean | undefined };

interface Code {
  readonly UploadRunner: typeof UploadRunner;
  readonly SnapshotBuilder: typeof SnapshotBuilder;
}

export interface UploadListOptions {
  readonly places: number;
  /** Loads the code of uploads; the same function each time. */
  readonly loadUploads: () => Promise<Code>;
  /** The list has to be built again. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** The uploads of this tab, and who of them may begin. */
export class UploadList {
  readonly #context: EngineContext;
  readonly #observer: RunnerObserver;
  readonly #runners = new Map<string, UploadRunner>();
  readonly #queue: Queue;
  readonly #options: UploadListOptions;
  /** Wait for `start`. */
  readonly #notStarted = new Set<string>();
  /** Wait until their first bytes were read. */
  readonly #unread = new Set<string>();
  /** By their ids in the journal. */
  readonly #byKey = new Map<string, UploadRunner>();
  #isBatch = false;
  readonly #continued = new Set<UploadRunner>();
  readonly #bySize = new Map<number, Set<UploadRunner>>();
  /** Comes with the first upload. */
  #code: { readonly UploadRunner: typeof UploadRunner; readonly snapshots: SnapshotBuilder } | undefined;

  constructor(context: EngineContext, observer: RunnerObserver, options: UploadListOptions) {
    this.#context = context;
    this.#observer = observer;
    this.#queue = new Queue(options.places);
    this.#options = options;
  }

  get all(): readonly UploadRunner[] {
    return [...this.#runners.values()];
  }

  get snapshots(): readonly UploadSnapshot[] {
    return this.#code?.snapshots.build(this.all) ?? [];
  }

  /** Of all of them together. */
  get rate(): Pick<UploaderSnapshot, 'bytesPerSecond' | 'remainingSeconds'> {
    return this.#code?.snapshots.rate ?? {};
  }

  get count(): number {
    return this.#runners.size;
  }

  /** Uploads that have or want a place; ended ones do not count against `maxFiles`. */
  get openCount(): number {
    return this.all.filter(({ state }) => !closedStatuses.includes(state.status)).length;
  }

  /** Uploads that the cloud has. */
  get storedCount(): number {
    return this.inStatus('processing').length + this.inStatus('ready').length;
  }

  /** Uploads that have a place. */
  get activeCount(): number {
    return this.#queue.activeCount;
  }

  get(id: string): UploadRunner | undefined {
    return this.#runners.get(id);
  }

  /** By its id in the journal and among the tabs. */
  withKey(key: string): UploadRunner | undefined {
    const runner = this.#byKey.get(key);
    // An attempt may have got another id.
    return runner?.key === key ? runner : undefined;
  }

  /** Those of that many bytes. */
  ofSize(sizeBytes: number): ReadonlySet<UploadRunner> {
    return this.#bySize.get(sizeBytes) ?? new Set();
  }

  /** Whether any of them goes on from an earlier visit. */
  get hasContinued(): boolean {
    return this.#continued.size > 0;
  }

  inStatus(status: UploadSnapshot['status']): readonly UploadRunner[] {
    return this.all.filter(({ state }) => state.status === status);
  }

  snapshotOf(runner: UploadRunner): UploadSnapshot {
    return this.#loaded().snapshots.one(runner);
  }

  /** Has to be done before `append` and `restore`. Rejects when the code cannot be loaded. */
  async load(): Promise<void> {
    const { ports, pool } = this.#context;
    const { loadUploads, ...options } = this.#options;
    const { UploadRunner, SnapshotBuilder } = await loadCode(loadUploads, ports);
    const rules = {
      ...options,
      notStarted: this.#notStarted,
      positions: () => this.#queue.positions,
    };
    this.#code ??= { UploadRunner, snapshots: new SnapshotBuilder(ports.clock, pool, rules) };
  }

  /** The same, and answers whether the code is there. */
  tryToLoad(): Promise<boolean> {
    return this.load().then(
      () => true,
      () => false,
    );
  }

  /** Adds a file at the end. Answers the id of its upload. */
  append(source: NewFile, { options, earlier }: AppendOptions = {}): string {
    const { newId, clock } = this.#context.ports;
    const { name: fileName, size: sizeBytes, type: contentType } = source.file;
    const { path, source: from } = source;
    const { id, addedAt, metadata } = earlier?.entry ?? {
      id: newId(),
      addedAt: clock.now(),
      metadata: source.metadata,
    };
    const info = { id, fileName, path, sizeBytes, contentType, addedAt, metadata, source: from };
    // An upload of an earlier visit was started then.
    if (this.#context.options.autoStart === false && !earlier) this.#notStarted.add(id);
    if (source.isUnread && !earlier) this.#unread.add(id);
    const runner = new (this.#loaded().UploadRunner)(info, source, this.#context, this.#observer);
    if (options) runner.setOptions(options);
    if (earlier) runner.continueFrom(earlier);
    runner.attempt.fingerprint ??= source.fingerprint;
    this.#include(runner);
    this.#enqueue(runner);
    // It is sent to the other tabs although it may have to wait in the queue.
    if (earlier) this.#observer.changed(runner, runner.state);
    return id;
  }

  /** The first bytes of one that was added unread are known. Answers whether it was there, and is taken away. */
  settle(id: string, isAccepted: boolean): boolean {
    const runner = this.#runners.get(id);
    if (!this.#unread.delete(id) || !runner) return false;
    if (isAccepted) this.#enqueue(runner);
    // The person has canceled it: its row says so, and no rejection is needed.
    else if (runner.state.status === 'canceled') return false;
    else this.drop(id);
    return !isAccepted;
  }

  /** Adds an upload of an earlier visit whose bytes are all at the store. */
  restore(entry: RestoredEntry, parts: readonly JournalPart[]): void {
    const runner = this.#loaded().UploadRunner.restore(entry, parts, this.#context, this.#observer);
    this.#include(runner);
    this.#observer.changed(runner, undefined);
  }

  drop(id: string): void {
    const runner = this.#runners.get(id);
    if (!runner) return;
    const { key, info } = runner;
    if (key !== undefined) this.#byKey.delete(key);
    this.#continued.delete(runner);
    this.#bySize.get(info.sizeBytes)?.delete(runner);
    this.#runners.delete(id);
    this.#notStarted.delete(id);
    this.#unread.delete(id);
    this.#queue.leave(id);
    this.#context.pool.forget(id);
    this.#code?.snapshots.drop(id);
  }

  /** Lets uploads begin that wait for `start`; without an id, all of them. */
  start(id: string | undefined): void {
    for (const one of id === undefined ? [...this.#notStarted] : [id]) {
      const runner = this.#runners.get(one);
      if (!this.#notStarted.delete(one) || !runner) continue;
      this.touch(runner);
      this.#enqueue(runner);
    }
    this.schedule();
  }

  /** What is shown of an upload may have changed: its state, its speed or its options. */
  touch(runner: UploadRunner): void {
    if (runner.key !== undefined && this.#runners.has(runner.info.id)) this.#byKey.set(runner.key, runner);
    if (!isCheckedSoon(runner)) this.#context.pool.expectNoMore(runner.info.id);
    this.#code?.snapshots.touch(runner);
  }

  /** What the journal keeps of the upload with this key has changed; without a key, of all. */
  touchKept(key: string | undefined): void {
    const changed = key === undefined ? this.all : [this.withKey(key)];
    for (const runner of changed) if (runner) this.touch(runner);
  }

  /** Speeds change without an event. Answers whether anything has one. */
  touchUploading(): boolean {
    const uploading = this.inStatus('uploading');
    for (const runner of uploading) this.touch(runner);
    return uploading.length > 0;
  }

  /** The status of an upload has changed: it may have left a place, or want one. */
  reschedule(runner: UploadRunner): void {
    this.#enqueue(runner);
    this.schedule();
  }

  /** Acts on all of them, and asks the queue once. */
  forAll(act: (runner: UploadRunner) => void): void {
    this.#isBatch = true;
    try {
      for (const runner of this.all) act(runner);
    } finally {
      this.#isBatch = false;
    }
    this.schedule();
  }

  /** The browser is online again. */
  retryPassing(): void {
    this.forAll((runner) => {
      if (runner.state.status === 'failed' && passingErrors.has(runner.state.error.code))
        runner.dispatch({ type: 'retry' });
    });
  }

  schedule(): void {
    if (this.#isBatch) return;
    // Each that begins asks for this again: with a hundred of them, that would be a hundred times for each.
    this.#isBatch = true;
    try {
      while (this.#beginAdmitted()) {
        // One may have ended at once, and left its place.
      }
    } finally {
      this.#isBatch = false;
    }
  }

  /** Answers whether any has begun. */
  #beginAdmitted(): boolean {
    let hasBegun = false;
    for (const id of this.#queue.admit()) {
      const runner = this.#runners.get(id);
      if (runner?.state.status !== 'queued') continue;
      this.#keepTurn(runner);
      runner.dispatch({ type: 'begin' });
      hasBegun = true;
    }
    return hasBegun;
  }

  /** Files begin in the order of the list, not in the order in which their checks end. */
  #keepTurn({ info: { id, sizeBytes, source } }: UploadRunner): void {
    const { pool, ports } = this.#context;
    // What the cloud pulls takes no turn.
    if (source) return;
    ports.clock.sleep(turnKeptMs, pool.expect(id, sizeBytes)).then(
      () => pool.expectNoMore(id),
      () => {},
    );
  }

  #include(runner: UploadRunner): void {
    const { id, sizeBytes } = runner.info;
    const sameSize = this.#bySize.get(sizeBytes) ?? new Set();
    this.#runners.set(id, runner);
    this.#context.pool.register(id);
    this.#bySize.set(sizeBytes, sameSize.add(runner));
    if (runner.attempt.isContinued) this.#continued.add(runner);
  }

  #loaded() {
    if (!this.#code) throw new UploadError('internal', { detail: 'the code of uploads is not loaded' });
    return this.#code;
  }

  /** Updates the queue from the runner's status. */
  #enqueue({ state, info }: UploadRunner): void {
    const isHeld = this.#notStarted.has(info.id) || this.#unread.has(info.id);
    if (state.status === 'queued' && !isHeld) this.#queue.wait(info);
    else if ((state.status === 'preparing' || state.status === 'uploading') && !waitsForFile(state))
      this.#queue.begin(info);
    else this.#queue.leave(info.id);
  }
}

/** A large file that is read from end to end may take minutes. */
function isCheckedSoon({ state, info }: UploadRunner): boolean {
  if (!('waiting' in state) || state.waiting) return false;
  return (
    state.status === 'uploading' ||
    (state.status === 'preparing' && (isSmall(info) || state.checkedBytes === 0))
  );
}
