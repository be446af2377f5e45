import { UploadError } from '../errors.js';
import { placeName, type UploadPlace } from '../place.js';
import type { Clock } from '../retry/clock.js';
import type { UploadSnapshot } from '../types.js';
import { readMessage, type SharedUpload, type TabCommand, type TabMessage, toWire } from './messages.js';
import type { TabsPort } from './port.js';
import type { UploadLocks } from './upload-locks.js';

export interface OwnedUpload {
  readonly key: string;
  readonly snapshot: UploadSnapshot;
}

/** What the other tabs may learn and ask of this one. */
export interface TabSyncHost {
  /** Uploads that this tab owns, by key. */
  owned(): OwnedUpload[];
  /** One of them as it is now. */
  snapshotOf(key: string): UploadSnapshot | undefined;
  command(key: string, command: TabCommand): void;
  /** What the others show has changed. */
  onMirrors(): void;
  /**
   * The lock of this upload is ours: the way to go on with it, with the file if that was handed over. `undefined` when
   * the journal no longer has it: then it was ended, not orphaned.
   */
  inherit(key: string, file: File | undefined): Promise<(() => void) | undefined>;
}

export interface TabSyncOptions {
  readonly port: TabsPort;
  readonly clock: Clock;
  /** Tabs of the same place share their uploads. */
  readonly place: UploadPlace;
  readonly locks: UploadLocks;
  readonly host: TabSyncHost;
}

interface Mirror {
  /** Nothing until the owner has spoken. */
  shared: SharedUpload | undefined;
  snapshot: UploadSnapshot | undefined;
  file: File | undefined;
  /** Ends the waiting for its lock; `undefined` when there is nothing to wait for. */
  waiting: AbortController | undefined;
}

/** Other tabs hear of progress at most this often. */
const shareIntervalMs = 400;
const endStatuses: readonly UploadSnapshot['status'][] = ['ready', 'failed', 'canceled'];

/**
 * The tab that has an upload's lock is its owner; the other tabs mirror what it tells, pass on what the person asks,
 * and wait for the lock: the browser gives it to one of them when the owner dies.
 */
export class TabSync {
  readonly #host: TabSyncHost;
  readonly #locks: UploadLocks;
  readonly #channel: { post: (message: unknown) => void; close: () => void };
  readonly #mirrors = new Map<string, Mirror>();
  /** Changed since the others were last told. */
  readonly #changed = new Set<string>();
  readonly #clock: Clock;
  readonly #closed = new AbortController();
  #isTellingLater = false;
  /** No message is sent while no other tab listens: most pages are alone, and a thousand uploads send many. */
  #hasPeers = false;

  constructor({ port, clock, place, locks, host }: TabSyncOptions) {
    this.#clock = clock;
    this.#locks = locks;
    this.#host = host;
    this.#channel = port.open(placeName(place), (data) => {
      const message = readMessage(data);
      if (message) this.#receive(message);
    });
    this.#channel.post(toWire({ kind: 'hello' }));
  }

  /** Uploads of other tabs, as this one shows them. */
  get mirrors(): readonly UploadSnapshot[] {
    return [...this.#mirrors.values()].flatMap((mirror) =>
      mirror.shared ? (mirror.snapshot ??= mirrorSnapshot(mirror.shared, mirror.file)) : [],
    );
  }

  /** An upload of the journal that some tab is busy with: shown when its owner speaks, taken over when it is gone. */
  watch(key: string): void {
    if (this.#mirrors.has(key) || this.#locks.has(key)) return;
    const mirror: Mirror = { shared: undefined, snapshot: undefined, file: undefined, waiting: undefined };
    this.#mirrors.set(key, mirror);
    this.#takeOverWhenFree(key, mirror);
  }

  /** Something about an upload of ours has changed; `now` for what should not wait. */
  share(key: string, now: boolean): void {
    if (!this.#hasPeers) return;
    this.#changed.add(key);
    if (now) this.#tellChanges();
    else this.#tellLater();
  }

  /** The row was taken away here: the others take theirs away, too. The lock is kept until everything is cleared up. */
  gone(key: string): void {
    this.#post({ kind: 'gone', key });
  }

  command(key: string, command: TabCommand): void {
    const mirror = this.#mirrors.get(key);
    if (!mirror) return;
    if (command === 'remove' && hasEnded(mirror)) this.#drop(key);
    this.#post({ kind: 'command', key, command });
  }

  close(): void {
    this.#closed.abort();
    this.#channel.close();
    for (const { waiting } of this.#mirrors.values()) waiting?.abort();
  }

  #receive(message: TabMessage): void {
    this.#hasPeers = true;
    switch (message.kind) {
      case 'hello':
        // Also when there is nothing to tell: so the newcomer learns that it is not alone.
        this.#tell(this.#host.owned().filter(({ key, snapshot }) => this.#isToldOf(key, snapshot)));
        this.#handOver();
        return;
      case 'state':
        for (const shared of message.uploads) this.#showRemote(shared);
        return;
      case 'file': {
        const mirror = this.#mirrors.get(message.key);
        if (mirror) Object.assign(mirror, { file: message.file, snapshot: undefined });
        return;
      }
      case 'gone':
        this.#drop(message.key);
        return;
      case 'command':
        // What is over here is tried again here; but who takes away a row of his own takes none of ours.
        if (message.command !== 'remove' || this.#locks.has(message.key))
          this.#host.command(message.key, message.command);
        return;
      default:
        // A newer version of the page speaks here, too; what it says is not for us.
        return;
    }
  }

  #showRemote(shared: SharedUpload): void {
    const { key } = shared;
    const known = this.#mirrors.get(key);
    // A tab that lost the lock may still be talking; the owner is who holds it. Unless we hold it only to see who does.
    if (!known && this.#locks.has(key)) return;
    const mirror: Mirror = known ?? { shared, snapshot: undefined, file: undefined, waiting: undefined };
    Object.assign(mirror, { shared, snapshot: undefined });
    this.#mirrors.set(key, mirror);
    // Also of what had ended, and is tried again.
    if (!hasEnded(mirror)) this.#takeOverWhenFree(key, mirror);
    this.#host.onMirrors();
  }

  /** Waits for the owner to let go, by ending the upload or by dying. */
  #takeOverWhenFree(key: string, mirror: Mirror): void {
    if (mirror.waiting) return;
    const controller = new AbortController();
    mirror.waiting = controller;
    this.#takeOver(key, mirror, controller.signal)
      // The row was removed, or the page is closed.
      .catch(() => {})
      .finally(() => (mirror.waiting = undefined));
  }

  async #takeOver(key: string, mirror: Mirror, signal: AbortSignal): Promise<void> {
    const release = await this.#locks.waitFor(key, signal);
    if (!release) return;
    if (this.#mirrors.get(key) !== mirror || hasEnded(mirror)) return release();
    this.#locks.adopt(key, release);
    const goOn = await this.#host.inherit(key, mirror.file).catch(() => undefined);
    // Its last word may have come only now: locks and words go different ways, and either may be the faster.
    if (!goOn || this.#mirrors.get(key) !== mirror || hasEnded(mirror)) {
      this.#locks.disown(key);
      // Without a word there is nothing to show; with one, the last is yet to come.
      if (!mirror.shared) this.#drop(key);
      return;
    }
    this.#mirrors.delete(key);
    goOn();
    this.#host.onMirrors();
  }

  #drop(key: string): void {
    const mirror = this.#mirrors.get(key);
    if (!mirror) return;
    this.#mirrors.delete(key);
    mirror.waiting?.abort();
    this.#host.onMirrors();
  }

  #tellLater(): void {
    if (this.#isTellingLater) return;
    this.#isTellingLater = true;
    this.#clock.sleep(shareIntervalMs, this.#closed.signal).then(
      () => {
        this.#isTellingLater = false;
        this.#tellChanges();
      },
      // Closed: there is nothing to tell any more.
      () => {},
    );
  }

  #tellChanges(): void {
    const changed = [...this.#changed].flatMap((key): OwnedUpload[] => {
      const snapshot = this.#host.snapshotOf(key);
      return snapshot && this.#isToldOf(key, snapshot) ? [{ key, snapshot }] : [];
    });
    this.#changed.clear();
    if (changed.length > 0) this.#tell(changed);
  }

  /** A tab that receives an upload waits for its lock, so the lock has to be taken by then. */
  #isToldOf(key: string, { status }: UploadSnapshot): boolean {
    return this.#locks.has(key) || endStatuses.includes(status);
  }

  #tell(uploads: readonly OwnedUpload[]): void {
    this.#post({ kind: 'state', uploads: uploads.map(({ key, snapshot }) => toShared(key, snapshot)) });
  }

  #handOver(): void {
    for (const { key, snapshot } of this.#host.owned()) {
      if (snapshot.file && this.#locks.has(key) && !endStatuses.includes(snapshot.status))
        this.#post({ kind: 'file', key, file: snapshot.file });
    }
  }

  /** This tab now owns the upload: shares its row and its file, so that another tab can take over. */
  announce(key: string, file: File): void {
    this.share(key, true);
    this.#post({ kind: 'file', key, file });
  }

  #post(message: TabMessage): void {
    if (this.#hasPeers) this.#channel.post(toWire(message));
  }
}

function hasEnded({ shared }: Mirror): boolean {
  return shared !== undefined && endStatuses.includes(shared.status);
}

function toShared(key: string, snapshot: UploadSnapshot): SharedUpload {
  const {
    fileName,
    path,
    sizeBytes,
    contentType,
    status,
    waiting,
    checkedBytes,
    sentBytes,
    bytesPerSecond,
    remainingSeconds,
    isResumed,
    mediaId,
    media,
    receipt,
    cleanup,
    addedAt,
    metadata,
    error,
  } = snapshot;
  const { canPause, canResume, canCancel, canRetry, canRemove } = snapshot;
  return {
    key,
    fileName,
    path,
    sizeBytes,
    contentType,
    status,
    waiting,
    checkedBytes,
    sentBytes,
    bytesPerSecond,
    remainingSeconds,
    isResumed,
    mediaId,
    media,
    receipt,
    cleanup,
    addedAt,
    metadata,
    canPause,
    canResume,
    canCancel,
    canRetry,
    canRemove,
    errorCode: error?.code,
  };
}

function mirrorSnapshot({ key, errorCode, ...shared }: SharedUpload, file: File | undefined): UploadSnapshot {
  return {
    ...shared,
    id: key,
    owner: 'other',
    isNotStarted: false,
    queuePosition: undefined,
    error: errorCode && new UploadError(errorCode),
    attachments: [],
    options: {},
    canSetOptions: false,
    probe: undefined,
    file,
  };
}
