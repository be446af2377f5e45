import { abortable } from '../retry/abort.js';
import { stopped } from '../retry/stopped.js';
import { Pace } from './pace.js';

interface Waiter {
  owner: string;
  grant: () => void;
}

/** With so many begins the measurement whether a second name of the store is of use. */
export const fewConnections = 3;
/** An upload that is sent in less time than this does not wait for its turn. */
const quickMs = 1500;
/** A part should take no longer: on a pause, or when the line breaks, what is in flight may be lost. */
const partMs = 4000;
/** While the speed of the line is not known, this counts as quick. */
const quickBytes = 1024 * 1024;

/**
 * The connections to the store, shared by all uploads. As many uploads as there are places have their turn, in the
 * order of the list, and keep it until they are sent; so a person sees some that move and others that wait. A free
 * connection goes to the one of them that holds the fewest. An upload whose check ends soon keeps its turn meanwhile.
 * Files that are sent in a moment do not wait for a turn.
 */
export class ConnectionPool {
  readonly #pace: Pace;
  readonly #places: number;
  readonly #inUse = new Map<string, number>();
  readonly #waiting: Waiter[] = [];
  /** Places in the list, in the order of registration. */
  readonly #order = new Map<string, number>();
  /** Uploads that send, with their sizes, and those of them that have their turn. */
  readonly #joined = new Map<string, number>();
  readonly #turns = new Set<string>();
  /** Uploads that will ask for a connection soon. */
  readonly #expected = new Map<string, { readonly sizeBytes: number; readonly over: AbortController }>();
  #registered = 0;
  #busy = 0;
  #held = Infinity;
  #hasStored = false;

  constructor(size: number, places = Infinity) {
    this.#pace = new Pace(size);
    this.#places = places;
  }

  /** Puts an upload at the end of the list. */
  register(owner: string): void {
    if (!this.#order.has(owner)) this.#order.set(owner, this.#registered++);
  }

  forget(owner: string): void {
    this.#order.delete(owner);
    this.expectNoMore(owner);
  }

  /**
   * The upload is being checked: uploads after it in the list do not take its turn before it asks for a connection.
   * The signal is aborted when the turn is no longer kept.
   */
  expect(owner: string, sizeBytes: number): AbortSignal {
    this.#endExpected(owner);
    const over = new AbortController();
    this.#expected.set(owner, { sizeBytes, over });
    return over.signal;
  }

  expectNoMore(owner: string): void {
    if (this.#endExpected(owner)) this.#grantFree();
  }

  /** From now on the upload wants connections; the returned function ends that, and its turn. */
  join(owner: string, sizeBytes: number): () => void {
    this.register(owner);
    this.#joined.set(owner, sizeBytes);
    return () => {
      this.#joined.delete(owner);
      this.#turns.delete(owner);
      this.#endExpected(owner);
      this.#grantFree();
    };
  }

  /** Whether it is the upload's turn, or it is being sent beside those that have theirs. */
  isMoving(owner: string): boolean {
    return this.#turns.has(owner) || this.#inUse.has(owner);
  }

  /** How many are of use now. */
  get size(): number {
    return Math.min(this.#pace.limit, this.#held);
  }

  /** What one connection sends in a few seconds; undefined before it was measured. */
  get partBytes(): number | undefined {
    const lineMs = this.#pace.millisecondsFor(1);
    return lineMs === undefined ? undefined : partMs / lineMs / this.#pace.limit;
  }

  /** What each connection in use carries, in bytes per ms, by the parts that were stored; Infinity before the first. */
  get carriedByEach(): number {
    const lineMs = this.#pace.millisecondsFor(1);
    return lineMs === undefined ? Infinity : 1 / lineMs / Math.max(1, this.#busy);
  }

  /** How many are taken. */
  get busy(): number {
    return this.#busy;
  }

  /** True while every one of them is taken. */
  get isFull(): boolean {
    return this.#busy >= this.size;
  }

  /** The store has acknowledged something of this page: it lets the page read its answers. */
  get hasStored(): boolean {
    return this.#hasStored;
  }

  /** How many there may ever be. */
  get max(): number {
    return this.#pace.max;
  }

  /** Connections over a smaller size are given back as their parts end. */
  resize(size: number): void {
    this.#pace.setMax(size);
    this.#grantFree();
  }

  /** Not more than so many are taken from now on; the first of the returned functions that is called ends that. */
  hold(size: number): () => void {
    this.#held = size;
    return () => {
      this.#held = Infinity;
      this.#grantFree();
    };
  }

  /** A part was stored with one of them; what that tells of the line is used at once. */
  stored(sizeBytes: number, durationMs: number): void {
    this.#hasStored = true;
    this.#pace.stored(sizeBytes, durationMs, this.#busy);
    this.#grantFree();
  }

  troubled(): void {
    this.#pace.troubled();
  }

  /** Resolves with the function that releases the connection; rejects with the signal's reason. */
  acquire(owner: string, signal: AbortSignal): Promise<() => void> {
    return abortable<() => void>(signal, (resolve) => {
      const waiter: Waiter = { owner, grant: () => resolve(this.#take(owner)) };
      this.#waiting.push(waiter);
      this.#endExpected(owner);
      this.#grantFree();
      return () => void this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
    });
  }

  #take(owner: string): () => void {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#busy -= 1;
      const left = (this.#inUse.get(owner) ?? 1) - 1;
      if (left > 0) this.#inUse.set(owner, left);
      else this.#inUse.delete(owner);
      this.#grantFree();
    };
  }

  #grantFree(): void {
    while (this.#busy < this.size && this.#waiting.length > 0) {
      this.#giveTurns();
      let next: number | undefined;
      for (const [index, waiter] of this.#waiting.entries()) {
        if (!this.#mayMove(waiter.owner)) continue;
        if (next === undefined || this.#inUseBy(waiter) < this.#inUseBy(this.#waiting[next])) next = index;
      }
      if (next === undefined) return;
      const [waiter] = this.#waiting.splice(next, 1);
      if (!waiter) return;
      this.#busy += 1;
      this.#inUse.set(waiter.owner, this.#inUseBy(waiter) + 1);
      waiter.grant();
    }
  }

  /** Free turns go to those that wait for a connection, in the order of the list. */
  #giveTurns(): void {
    while (this.#turns.size < this.#places) {
      let first: string | undefined;
      for (const { owner } of this.#waiting) {
        if (this.#turns.has(owner) || !this.#joined.has(owner)) continue;
        if (first === undefined || this.#placeOf(owner) < this.#placeOf(first)) first = owner;
      }
      if (first === undefined || this.#turns.size + this.#expectedBefore(first) >= this.#places) return;
      this.#turns.add(first);
    }
  }

  #endExpected(owner: string): boolean {
    this.#expected.get(owner)?.over.abort(stopped);
    return this.#expected.delete(owner);
  }

  /** How many turns are kept for uploads before that one. */
  #expectedBefore(owner: string): number {
    let count = 0;
    for (const [other, { sizeBytes }] of this.#expected)
      if (this.#placeOf(other) < this.#placeOf(owner) && !this.#isQuick(sizeBytes)) count += 1;
    return count;
  }

  #mayMove(owner: string): boolean {
    const sizeBytes = this.#joined.get(owner);
    return sizeBytes === undefined || this.#turns.has(owner) || this.#isQuick(sizeBytes);
  }

  #isQuick(sizeBytes: number): boolean {
    const lineMs = this.#pace.millisecondsFor(sizeBytes);
    return lineMs === undefined ? sizeBytes <= quickBytes : lineMs * this.#pace.limit <= quickMs;
  }

  #placeOf(owner: string): number {
    return this.#order.get(owner) ?? Infinity;
  }

  #inUseBy(waiter: Waiter | undefined): number {
    return waiter ? (this.#inUse.get(waiter.owner) ?? 0) : 0;
  }
}
