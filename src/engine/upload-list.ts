import { loadRunner } from './chunks.js';
import type { EngineContext } from './context.js';
import { UploadError } from './errors.js';
import type { FileSource } from './file-info.js';
import { loadCode } from './load-code.js';
import { Queue } from './queue.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import type { RunnerObserver, UploadRunner } from './runner.js';
import { SnapshotBuilder } from './snapshot.js';
import type { AddOptions, UploadSnapshot } from './types.js';

/** Statuses that no longer count against `maxFiles`. */
const closedStatuses: readonly UploadSnapshot['status'][] = ['ready', 'failed', 'canceled', 'processing'];

/** The uploads of this tab, and who of them may begin. */
export class UploadList {
  readonly #context: EngineContext;
  readonly #observer: RunnerObserver;
  readonly #runners = new Map<string, UploadRunner>();
  readonly #queue: Queue;
  readonly #snapshots: SnapshotBuilder;
  /** Wait for `start`. */
  readonly #notStarted = new Set<string>();
  #Runner: typeof UploadRunner | undefined;

  constructor(context: EngineContext, observer: RunnerObserver, places: number) {
    this.#context = context;
    this.#observer = observer;
    this.#queue = new Queue(places);
    this.#snapshots = new SnapshotBuilder(context.ports.clock, this.#notStarted);
  }

  get all(): readonly UploadRunner[] {
    return [...this.#runners.values()];
  }

  get snapshots(): readonly UploadSnapshot[] {
    return this.#snapshots.build(this.all);
  }

  /** Uploads that have or want a place; ended ones do not count against `maxFiles`. */
  get openCount(): number {
    return this.all.filter(({ state }) => !closedStatuses.includes(state.status)).length;
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
    return this.all.find((runner) => runner.key === key);
  }

  inStatus(status: UploadSnapshot['status']): readonly UploadRunner[] {
    return this.all.filter(({ state }) => state.status === status);
  }

  snapshotOf(runner: UploadRunner): UploadSnapshot {
    return this.#snapshots.one(runner);
  }

  /** Has to be done before `append` and `restore`. Rejects when the code cannot be loaded. */
  async load(): Promise<void> {
    this.#Runner = (await loadCode(loadRunner, this.#context.ports)).UploadRunner;
  }

  /** Adds a file at the end. Answers the id of its upload. */
  append(source: FileSource & { file: File }, options?: AddOptions['options']): string {
    const { newId, clock } = this.#context.ports;
    const { name: fileName, size: sizeBytes, type: contentType } = source.file;
    const { path, metadata } = source;
    const info = { id: newId(), fileName, path, sizeBytes, contentType, addedAt: clock.now(), metadata };
    if (this.#context.options.autoStart === false) this.#notStarted.add(info.id);
    const runner = new (this.#loaded())(info, source, this.#context, this.#observer);
    this.#runners.set(info.id, runner);
    if (options) runner.setOptions(options);
    this.#enqueue(runner);
    return info.id;
  }

  /** Adds an upload of an earlier visit whose bytes are all at the store. */
  restore(entry: JournalEntry, parts: readonly JournalPart[]): void {
    const runner = this.#loaded().restore(entry, parts, this.#context, this.#observer);
    this.#runners.set(entry.id, runner);
    this.#observer.changed(runner, undefined);
  }

  drop(id: string): void {
    this.#runners.delete(id);
    this.#notStarted.delete(id);
    this.#queue.leave(id);
    this.#snapshots.drop(id);
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
    this.#snapshots.touch(runner);
  }

  /** The status of an upload has changed: it may have left a place, or want one. */
  reschedule(runner: UploadRunner): void {
    this.#enqueue(runner);
    this.schedule();
  }

  schedule(): void {
    for (const id of this.#queue.admit()) this.#runners.get(id)?.dispatch({ type: 'begin' });
  }

  #loaded(): typeof UploadRunner {
    if (!this.#Runner) throw new UploadError('internal', { detail: 'the code of uploads is not loaded' });
    return this.#Runner;
  }

  /** Updates the queue from the runner's status. */
  #enqueue({ state, info }: UploadRunner): void {
    if (state.status === 'queued' && !this.#notStarted.has(info.id)) this.#queue.wait(info);
    else if (state.status === 'preparing' || state.status === 'uploading') this.#queue.begin(info);
    else this.#queue.leave(info.id);
  }
}
