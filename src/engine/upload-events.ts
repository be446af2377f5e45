import type { EngineContext } from './context.js';
import { isEnd, type MachineState } from './machine-state.js';
import { callHost } from './report-error.js';
import type { UploadRecord } from './resume/upload-record.js';
import type { UploadRunner } from './runner.js';
import { fromShared, toShared } from './tabs/shared-upload.js';
import type { UploadLocks } from './tabs/upload-locks.js';
import type { UploadEvent, UploadSnapshot } from './types.js';
import type { UploadList } from './upload-list.js';

type Listener = (event: UploadEvent) => void;

interface Raised {
  readonly event: UploadEvent;
  readonly runner: UploadRunner;
}

export interface UploadEventsOptions {
  readonly context: EngineContext;
  readonly list: UploadList;
  readonly locks: UploadLocks;
  /** The host has been told everything about an upload of this tab. */
  readonly onTold: (runner: UploadRunner) => void;
}

/**
 * Tells the host once what happens to the uploads of this tab. Events without a listener are kept in the journal for
 * the next one. A host that has never listened gets none of them later.
 */
export class UploadEvents {
  readonly #options: UploadEventsOptions;
  readonly #listeners = new Set<Listener>();
  readonly #started = new WeakSet<UploadRunner>();
  readonly #waiting = new Set<UploadRunner>();
  /** Entries of earlier visits that no upload of this tab goes on with. */
  #stored: readonly string[] = [];
  #raised: Raised[] = [];
  #isKeeping = false;

  constructor(options: UploadEventsOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    // One of its own for each call, so that the same function may listen twice.
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    this.#isKeeping = true;
    this.#tellSoon();
    return () => this.#listeners.delete(own);
  };

  /** Entries of the journal with events that were not told, and no row here. */
  restore(ids: readonly string[]): void {
    this.#stored = [...this.#stored, ...ids];
    if (ids.length > 0) this.#tellSoon();
  }

  /** An upload of this tab has changed. Without `before` it was restored. */
  observe(runner: UploadRunner, before: MachineState | undefined): void {
    for (const type of this.#eventsOf(runner, before)) {
      this.#raised.push({ event: { type, upload: this.#options.list.snapshotOf(runner) }, runner });
      this.#tellSoon();
    }
    // An earlier visit may have left something to tell.
    if (runner.attempt.record.untold.length === 0 || this.#waiting.has(runner)) return;
    this.#waiting.add(runner);
    this.#tellSoon();
  }

  /** A restored upload turned out to be confirmed, which no visit has seen. */
  confirmed(key: string): void {
    const runner = this.#options.list.withKey(key);
    if (!runner) return;
    this.#raised.push({
      event: { type: 'confirmed', upload: this.#options.list.snapshotOf(runner) },
      runner,
    });
    this.#tellSoon();
  }

  #eventsOf(runner: UploadRunner, before: MachineState | undefined): UploadEvent['type'][] {
    const { status } = runner.state;
    if (before === undefined || before.status === status) return [];
    if (before.status === 'failed' || before.status === 'canceled') this.#started.delete(runner);
    if (status === 'processing') return ['confirmed'];
    if (status === 'ready' || status === 'failed') return [status];
    if (status !== 'preparing' && status !== 'uploading') return [];
    // It has started on an earlier visit, or before a pause.
    if (this.#started.has(runner) || runner.attempt.isContinued) return [];
    this.#started.add(runner);
    return ['started'];
  }

  /** After this turn: the state is settled then. */
  #tellSoon(): void {
    queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    const raised = this.#raised;
    this.#raised = [];
    if (this.#listeners.size === 0) {
      if (this.#isKeeping) for (const one of raised) void this.#keep(one);
      return;
    }
    // What was kept happened before.
    for (const runner of [...this.#waiting]) this.#tellKept(runner);
    for (const { event } of raised) this.#call(event);
    const stored = this.#stored;
    this.#stored = [];
    for (const id of stored) void this.#tellStored(id);
  }

  async #keep({ event: { type, upload }, runner }: Raised): Promise<void> {
    const { record, fingerprint } = runner.attempt;
    this.#waiting.add(runner);
    const { id } = record;
    const kept = record.keep({ type, upload: toShared(id, upload, fingerprint) });
    await this.#options.context.resumption.own(id);
    await kept;
  }

  #tellKept(runner: UploadRunner): void {
    this.#waiting.delete(runner);
    const { record } = runner.attempt;
    const { info, file } = runner;
    this.#callAll(record, { id: info.id, file });
    void record.told().then(() => {
      if (isEnd(runner.state.status)) this.#options.onTold(runner);
    });
  }

  #callAll({ untold }: Pick<UploadRecord, 'untold'>, own: Partial<UploadSnapshot> = {}): void {
    for (const { type, upload } of untold)
      this.#call({ type, upload: { ...fromShared(upload, undefined), owner: 'this', ...own } });
  }

  async #tellStored(id: string): Promise<void> {
    const { context, locks, list } = this.#options;
    const { journal } = context;
    // A row of this tab, or another tab, sees to it.
    if (list.withKey(id) || !(await locks.own(id)) || list.withKey(id)) return;
    const entry = await journal.get(id);
    if (entry && entry !== 'gone' && entry.untold) {
      this.#callAll({ untold: entry.untold });
      if (entry.phase === 'ended') await journal.delete(id);
      else await journal.put({ ...entry, untold: undefined });
    }
    if (!list.withKey(id)) locks.disown(id);
  }

  #call(event: UploadEvent): void {
    for (const listener of this.#listeners) callHost(() => listener(event));
  }
}
