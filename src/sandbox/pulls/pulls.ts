import type { Clock } from '../clock.js';
import type { ObjectStore } from '../store/object-store.js';
import type { StoredBytes } from '../store/receive.js';
import type { PullSettings } from './settings.js';

/** Why a pull has failed: the source does not answer, refuses, or sends too much. */
export type PullFailure = 'unreachable' | 'refused' | 'not-found' | 'too-large';

export type PullState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly at: number }
  | { readonly kind: 'failed'; readonly reason: PullFailure; readonly at: number }
  | { readonly kind: 'canceled'; readonly at: number };

interface PullOptions {
  readonly url: string;
  /** Puts the bytes where they belong, and makes the media. */
  readonly onDone: (bytes: StoredBytes) => void | Promise<void>;
  readonly onFailed?: (reason: PullFailure) => void;
}

interface Desk {
  readonly settings: PullSettings;
  readonly store: ObjectStore;
  readonly now: Clock;
}

/** One file that a cloud fetches from a link. */
export class Pull {
  readonly createdAt: number;
  readonly #options: PullOptions;
  readonly #desk: Desk;
  readonly #stop = new AbortController();
  #state: PullState = { kind: 'waiting' };
  #beganAt: number | undefined;
  #receivedBytes = 0;
  #totalBytes: number | undefined;

  constructor(options: PullOptions, desk: Desk) {
    this.#options = options;
    this.#desk = desk;
    this.createdAt = desk.now();
  }

  /** As of now: one whose time has come begins when it is asked about. */
  get state(): PullState {
    const isDue = this.#desk.now() >= this.createdAt + this.#desk.settings.pullWaitMs;
    if (this.#state.kind === 'waiting' && isDue) this.#begin();
    return this.#state;
  }

  get beganAt(): number | undefined {
    return this.#beganAt;
  }

  /** Whole percent of what the source has announced. */
  get percent(): number {
    if (this.#state.kind === 'done') return 100;
    return this.#totalBytes ? Math.min(99, Math.floor((100 * this.#receivedBytes) / this.#totalBytes)) : 0;
  }

  /** False where it has begun. */
  cancel(): boolean {
    if (this.state.kind !== 'waiting') return false;
    this.#state = { kind: 'canceled', at: this.#desk.now() };
    return true;
  }

  /** The sandbox ends, or forgets everything. */
  abort(): void {
    this.#stop.abort();
  }

  #begin(): void {
    this.#state = { kind: 'running' };
    this.#beganAt = this.#desk.now();
    this.#run().catch(() => this.#fail('unreachable'));
  }

  async #run(): Promise<void> {
    const { url, onDone } = this.#options;
    const { settings, store } = this.#desk;
    if (!settings.pullOrigins.includes(new URL(url).origin)) return this.#fail('unreachable');
    const response = await fetch(url, { redirect: 'manual', signal: this.#stop.signal });
    if (response.status === 404) return this.#refuse(response, 'not-found');
    if (!response.ok || !response.body) return this.#refuse(response, 'refused');
    this.#totalBytes = Number(response.headers.get('content-length')) || undefined;
    let isTooLarge = false;
    const bytes = await store
      .receive(
        this.#counted(response.body, () => {
          isTooLarge = true;
        }),
      )
      .catch((error: unknown) => {
        if (isTooLarge) return undefined;
        throw error;
      });
    if (!bytes) return this.#fail('too-large');
    await onDone(bytes);
    this.#state = { kind: 'done', at: this.#desk.now() };
  }

  async *#counted(body: ReadableStream<Uint8Array>, onTooLarge: () => void): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      this.#receivedBytes += chunk.length;
      if (this.#receivedBytes > this.#desk.settings.pullMaxBytes) {
        onTooLarge();
        throw new RangeError('The source sends more than the cloud takes.');
      }
      yield Buffer.from(chunk);
    }
  }

  async #refuse(response: Response, reason: PullFailure): Promise<void> {
    await response.body?.cancel();
    this.#fail(reason);
  }

  #fail(reason: PullFailure): void {
    if (this.#stop.signal.aborted || this.#state.kind === 'failed') return;
    this.#state = { kind: 'failed', reason, at: this.#desk.now() };
    this.#options.onFailed?.(reason);
  }
}

/** The pulls of one emulated cloud. */
export class PullDesk {
  readonly #desk: Desk;
  readonly #pulls = new Set<Pull>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  add(options: PullOptions): Pull {
    const pull = new Pull(options, this.#desk);
    this.#pulls.add(pull);
    return pull;
  }

  /** Ends those under way: nothing of theirs is stored any more. */
  clear(): void {
    for (const pull of this.#pulls) pull.abort();
    this.#pulls.clear();
  }
}
