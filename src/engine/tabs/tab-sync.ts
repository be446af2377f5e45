import { isEnd } from '../machine-state.js';
import { placeName, type UploadPlace } from '../place.js';
import type { Clock } from '../retry/clock.js';
import type { UploadSnapshot } from '../types.js';
import { Commands, type SentCommand } from './commands.js';
import type { TabCommand, TabMessage } from './messages.js';
import type { TabsPort } from './port.js';
import { hasEnded, type Mirror, newMirror, show, withoutTab } from './mirror.js';
import { TabChannel } from './tab-channel.js';
import { fromShared, type SharedUpload, toShared } from './shared-upload.js';
import type { UploadLocks } from './upload-locks.js';

export interface OwnedUpload {
  readonly key: string;
  readonly fingerprint: string | undefined;
  readonly snapshot: UploadSnapshot;
}

/** What the other tabs may learn and ask of this one. */
export interface TabSyncHost {
  /** Uploads that this tab owns. */
  owned(): OwnedUpload[];
  /** One of them as it is now. */
  ownedWith(key: string): OwnedUpload | undefined;
  command(key: string, command: TabCommand): void;
  /** What the others show has changed. */
  onMirrors(): void;
  /** Another tab goes on with this upload: it is offered here no more. */
  onClaimed(key: string): void;
  /** Removes what other tabs have continued without a message about it. Answers the keys. */
  refreshUnfinished(): Promise<readonly string[]>;
  /**
   * The lock of this upload is ours: the way to go on with it, with the file if that was handed over, or to carry its
   * cancel out, which answers whether nothing is left. `undefined` when the journal no longer has it: then it was ended,
   * not orphaned.
   */
  inherit(key: string, left: Inheritance): Promise<(() => void | Promise<boolean>) | undefined>;
}

/** What a tab that is gone has left of an upload. */
export interface Inheritance {
  readonly file: File | undefined;
  /** It was canceled there, and the outcome is open. */
  readonly isCanceled: boolean;
}

export interface TabSyncOptions {
  readonly port: TabsPort;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Tabs of the same place share their uploads. */
  readonly place: UploadPlace;
  readonly locks: UploadLocks;
  readonly host: TabSyncHost;
}

/** Progress is sent to other tabs at most this often. */
const shareIntervalMs = 400;
/** An owner that is silent for so long is asked how its upload is; a message may have been lost. */
const askAfterMs = 5000;
/** So long the last word on an upload may come after its lock. */
const lastWordMs = 2500;
/** How often it is asked for, as a question or its answer may be lost, too. */
const lastWordAsks = 3;

/**
 * One owner for each upload, the tab that has its lock; the other tabs mirror what it tells, pass on what the person
 * asks, and wait for the lock: the browser gives it to one of them when the owner dies. Messages may be late, lost or
 * doubled: commands are repeated until the owner has them, and silent owners are asked.
 */
export class TabSync {
  readonly #host: TabSyncHost;
  readonly #locks: UploadLocks;
  readonly #channel: TabChannel;
  readonly #mirrors = new Map<string, Mirror>();
  /** Changed since the others were last told. */
  readonly #changed = new Set<string>();
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #commands: Commands;
  readonly #closed = new AbortController();
  #isTellingSoon = false;
  #isTellingLater = false;
  #isAsking = false;
  /** Nothing is told while no other tab listens: most pages are alone, and a thousand uploads have much to tell. */
  #hasPeers = false;

  constructor({ port, clock, newId, place, locks, host }: TabSyncOptions) {
    this.#clock = clock;
    this.#newId = newId;
    this.#locks = locks;
    this.#host = host;
    this.#commands = new Commands(clock, this.#closed.signal);
    this.#channel = new TabChannel({
      port,
      name: placeName(place),
      onMessage: (message) => this.#receive(message),
      onRefused: () => this.#askWhenSilent(),
    });
    this.#channel.post({ kind: 'hello' });
  }

  /** Uploads of other tabs, as this one shows them. */
  get mirrors(): readonly UploadSnapshot[] {
    return [...this.#mirrors.values()].flatMap((mirror) =>
      // One that was canceled too late may be ours by now.
      mirror.shared && !this.#isOwnAgain(mirror.shared)
        ? (mirror.snapshot ??= fromShared(mirror.shared, mirror.file))
        : [],
    );
  }

  /** The same, as their owners tell them. */
  get shared(): readonly SharedUpload[] {
    return [...this.#mirrors.values()].flatMap(({ shared }) => shared ?? []);
  }

  /** An upload of the journal that some tab is busy with: shown when its owner speaks, taken over when it is gone. */
  watch(key: string): void {
    if (this.#mirrors.has(key) || this.#locks.has(key)) return;
    this.#waitFor(key, this.#mirror(key));
  }

  /** Something about an upload of ours has changed; `now` for what should not wait. */
  share(key: string, now: boolean): void {
    if (!this.#hasPeers) return;
    this.#changed.add(key);
    if (now) this.#tellSoon();
    else this.#tellLater();
  }

  /** This tab now owns the upload: shares its row and its file, so that another tab can take over. */
  announce(key: string, file: File): void {
    const owned = this.#host.ownedWith(key);
    // First the row: a tab that does not know it has no use for the file.
    if (owned) this.#tell([owned]);
    this.#post({ kind: 'file', key, file });
  }

  /** The row was taken away here: the others take theirs away, too. The lock is kept until everything is cleared up. */
  gone(key: string): void {
    this.#post({ kind: 'gone', key });
  }

  /** This tab does not go on with it: all tabs offer it again once they get the lock. */
  putBack(key: string): void {
    this.#post({ kind: 'put-back', key });
  }

  command(key: string, command: TabCommand): void {
    const mirror = this.#mirrors.get(key);
    if (!mirror) return;
    if (command === 'remove' && hasEnded(mirror)) this.#drop(key);
    // Only the latest counts: one that is repeated must not undo what was asked after it.
    this.#commands.takeFor(key);
    this.#commands.send({ id: this.#newId(), key, command }, (sent) =>
      this.#post({ kind: 'command', ...sent }),
    );
  }

  close(): void {
    this.#closed.abort();
    this.#channel.close();
    for (const { waiting } of this.#mirrors.values()) waiting?.abort();
  }

  #receive(message: TabMessage): void {
    this.#hasPeers = true;
    this.#askWhenSilent();
    switch (message.kind) {
      case 'hello':
        // Also when there is nothing to tell: so the newcomer learns that it is not alone.
        this.#tell(this.#host.owned());
        this.#handOver(this.#host.owned());
        return;
      case 'ask':
        this.#answer(message.keys, message.files);
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
      case 'put-back': {
        const mirror = this.#mirrors.get(message.key);
        if (mirror) Object.assign(show(mirror, undefined), { file: undefined });
        this.#host.onMirrors();
        return;
      }
      case 'command':
        this.#perform(message);
        return;
      case 'done':
        this.#commands.done(message.id);
        return;
      default:
        // A newer version of the page speaks here, too; what it says is not for us.
        return;
    }
  }

  #perform({ id, key, command }: SentCommand): void {
    if (!this.#host.ownedWith(key)) return;
    this.#post({ kind: 'done', id });
    if (!this.#commands.isNew(id)) return;
    // What is over here is tried again here; but a row of its own that another tab takes away takes none of ours.
    if (command !== 'remove' || this.#locks.has(key)) this.#host.command(key, command);
  }

  #showRemote(shared: SharedUpload): void {
    const { key } = shared;
    const known = this.#mirrors.get(key);
    // A tab that lost the lock may still be talking; the owner is who holds it. Unless we hold it only to see who does.
    if (!known && this.#locks.has(key)) return;
    const mirror = this.#mirror(key);
    show(mirror, shared);
    mirror.heardAt = this.#clock.elapsed();
    // Also of what had ended, and is tried again.
    if (!hasEnded(mirror)) {
      this.#waitFor(key, mirror);
      this.#host.onClaimed(key);
    }
    this.#host.onMirrors();
  }

  #mirror(key: string): Mirror {
    let mirror = this.#mirrors.get(key);
    if (!mirror) {
      mirror = newMirror(this.#clock.elapsed());
      this.#mirrors.set(key, mirror);
      this.#askWhenSilent();
    }
    return mirror;
  }

  /** Waits for the owner to let go, by ending the upload or by dying. */
  #waitFor(key: string, mirror: Mirror): void {
    if (mirror.waiting) return;
    const controller = new AbortController();
    mirror.waiting = controller;
    this.#takeOver(key, mirror, controller.signal)
      // The row was taken away, or the page is closed.
      .catch(() => {})
      .finally(() => (mirror.waiting = undefined));
  }

  async #takeOver(key: string, mirror: Mirror, signal: AbortSignal): Promise<void> {
    const release = await this.#locks.waitFor(key, signal);
    if (!release) return;
    const isObsolete = () => this.#mirrors.get(key) !== mirror || hasEnded(mirror);
    if (isObsolete()) return release();
    this.#locks.adopt(key, release);
    const isCanceled = mirror.shared?.status === 'canceled';
    const goOn = await this.#host.inherit(key, { file: mirror.file, isCanceled }).catch(() => undefined);
    // Its last word may have come only now: locks and words go different ways, and either may be the faster.
    if (!goOn || isObsolete()) {
      this.#locks.disown(key);
      if (isObsolete()) return;
      // Without a word there is nothing to show; with one, the last is yet to come.
      if (mirror.shared) await this.#awaitLastWord(key, mirror);
      else this.#drop(key);
      return;
    }
    // The row stays, unless it is too late: then it is a row of ours.
    if (isCanceled) return this.#endCancel(key, mirror, (await goOn()) === true);
    this.#mirrors.delete(key);
    void goOn();
    for (const { command } of this.#commands.takeFor(key)) this.#host.command(key, command);
    this.#host.onMirrors();
  }

  #endCancel(key: string, mirror: Mirror, isDone: boolean): void {
    const { shared } = mirror;
    if (shared?.status !== 'canceled') return;
    if (this.#isOwnAgain(shared)) return this.#drop(key);
    show(mirror, { ...shared, cleanup: isDone ? 'done' : 'failed' });
    this.#host.onMirrors();
  }

  #isOwnAgain({ key, status }: SharedUpload): boolean {
    return status === 'canceled' && this.#host.ownedWith(key) !== undefined;
  }

  /** It has ended, or its tab was the only one to know it. Without a word of its owner the row ends, too. */
  async #awaitLastWord(key: string, mirror: Mirror): Promise<void> {
    for (let count = 0; count < lastWordAsks; count += 1) {
      this.#channel.post({ kind: 'ask', keys: [key], files: [] });
      await this.#clock.sleep(lastWordMs, this.#closed.signal);
      if (this.#mirrors.get(key) !== mirror || hasEnded(mirror) || !mirror.shared) return;
    }
    if (!mirror.shared) return;
    show(mirror, withoutTab(mirror.shared));
    this.#host.onMirrors();
  }

  #drop(key: string): void {
    const mirror = this.#mirrors.get(key);
    if (!mirror) return;
    this.#mirrors.delete(key);
    mirror.waiting?.abort();
    this.#host.onMirrors();
  }

  /** Looks from time to time whether something was not heard, as long as there are other tabs. */
  #askWhenSilent(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#keepAsking().catch(() => {});
  }

  async #keepAsking(): Promise<void> {
    for (;;) {
      await this.#clock.sleep(askAfterMs, this.#closed.signal);
      const silent = [...this.#mirrors].filter(
        ([, mirror]) => !hasEnded(mirror) && this.#clock.elapsed() - mirror.heardAt >= askAfterMs,
      );
      if (silent.length > 0) {
        const keys = silent.map(([key]) => key);
        const files = silent.filter(([, { file }]) => !file).map(([key]) => key);
        this.#channel.post({ kind: 'ask', keys, files });
      }
      for (const key of await this.#host.refreshUnfinished()) this.watch(key);
    }
  }

  #answer(keys: readonly string[], files: readonly string[]): void {
    const owned = keys.flatMap((key) => this.#host.ownedWith(key) ?? []);
    if (owned.length > 0) this.#tell(owned);
    this.#handOver(owned.filter(({ key }) => files.includes(key)));
  }

  /** Once for all changes of one turn. */
  #tellSoon(): void {
    if (this.#isTellingSoon) return;
    this.#isTellingSoon = true;
    queueMicrotask(() => {
      this.#isTellingSoon = false;
      this.#tellChanges();
    });
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
    const changed = [...this.#changed].flatMap((key) => this.#host.ownedWith(key) ?? []);
    this.#changed.clear();
    if (changed.some((one) => this.#isToldOf(one))) this.#tell(changed);
  }

  /** A tab that receives an upload waits for its lock, so the lock has to be taken by then. */
  #isToldOf({ key, snapshot }: OwnedUpload): boolean {
    return this.#locks.has(key) || isEnd(snapshot.status);
  }

  #tell(owned: readonly OwnedUpload[]): void {
    const uploads = owned
      .filter((one) => this.#isToldOf(one))
      .map(({ key, snapshot, fingerprint }) => toShared(key, snapshot, fingerprint));
    this.#post({ kind: 'state', uploads });
  }

  #handOver(owned: readonly OwnedUpload[]): void {
    for (const { key, snapshot } of owned) {
      if (snapshot.file && this.#locks.has(key) && !isEnd(snapshot.status))
        this.#post({ kind: 'file', key, file: snapshot.file });
    }
  }

  #post(message: TabMessage): void {
    if (this.#hasPeers && !this.#closed.signal.aborted) this.#channel.post(message);
  }
}
