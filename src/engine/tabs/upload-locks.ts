import { placeName, type UploadPlace } from '../place.js';
import { withinPatience } from '../retry/within-patience.js';
import type { TabsPort } from './port.js';

/**
 * The locks that decide which tab owns an upload. Where the browser has no locks, or refuses them (a sandboxed frame),
 * this tab is alone and owns everything.
 */
export class UploadLocks {
  readonly #port: TabsPort | undefined;
  readonly #prefix: string;
  readonly #releases = new Map<string, () => void>();
  readonly #asking = new Map<string, Promise<boolean>>();
  #isClosed = false;

  constructor(port: TabsPort | undefined, place: UploadPlace) {
    this.#port = port;
    this.#prefix = `${placeName(place)}/`;
  }

  has(key: string): boolean {
    return this.#releases.has(key);
  }

  /** True when this tab has, or now gets, the lock of an upload. */
  async own(key: string): Promise<boolean> {
    if (!this.#port || this.has(key)) return true;
    let asking = this.#asking.get(key);
    if (!asking) {
      asking = this.#ask(key, this.#port).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  /** Waits for another tab to release the lock. Rejects with the signal's reason. */
  async waitFor(key: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    return this.#port?.acquire(this.#prefix + key, { wait: true, signal });
  }

  /** A lock that was waited for is ours from now on. */
  adopt(key: string, release: () => void): void {
    if (this.#isClosed) release();
    else this.#releases.set(key, release);
  }

  /** The upload is over, or given up: no tab needs to wait for it any more. */
  disown(key: string): void {
    this.#releases.get(key)?.();
    this.#releases.delete(key);
  }

  /** Keys of the uploads that any tab owns. */
  async lockedKeys(): Promise<ReadonlySet<string>> {
    // Refused (a sandboxed frame, for example), or without an answer: this tab is alone.
    const names = this.#port ? await withinPatience(this.#port.lockedNames()).catch(() => []) : [];
    return new Set(
      [...names].flatMap((name) => (name.startsWith(this.#prefix) ? [name.slice(this.#prefix.length)] : [])),
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const key of this.#releases.keys()) this.disown(key);
  }

  async #ask(key: string, port: TabsPort): Promise<boolean> {
    try {
      const asked = port.acquire(this.#prefix + key, { wait: false }).then((release) => {
        if (release) this.adopt(key, release);
        return release !== undefined && !this.#isClosed;
      });
      return await withinPatience(asked);
    } catch {
      // Refused, or without an answer: this tab is alone.
      return true;
    }
  }
}
