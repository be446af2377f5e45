import {
  canCancel,
  canRetryWith,
  isTooLateToCancel,
  sentBytesOf,
  sessionOf,
  waitsForFile,
} from './machine-state.js';
import { estimateSeconds } from './line-estimate.js';
import type { ConnectionPool } from './parts/pool.js';
import { RateMeter } from './rate.js';
import type { Clock } from './retry/clock.js';
import type { UploadRunner } from './runner.js';
import type { UploaderSnapshot, UploadSnapshot } from './types.js';

interface ListRules {
  /** How many uploads move at once. */
  readonly places: number;
  readonly notStarted: ReadonlySet<string>;
  /** How many of those that wait to begin came before each of them. */
  readonly positions: () => ReadonlyMap<string, number>;
  /** What is shown has to be built again. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** Estimates change with every byte; this often is enough to be read. */
const estimateEveryMs = 500;

/** In a longer list, those that wait move up this often: each time, all of them are copied. */
const longList = 2000;
const moveEveryMs = 1000;

/** Turns runners into what is shown: the same object until something about it changes. */
export class SnapshotBuilder {
  readonly #clock: Clock;
  readonly #pool: ConnectionPool;
  readonly #rules: ListRules;
  readonly #meters = new Map<string, RateMeter>();
  /** Of all uploads together. It counts bytes as they move, so that uploads may come and go. */
  readonly #line = new RateMeter();
  #lineBytes = 0;
  readonly #lastSent = new Map<string, number>();
  readonly #built = new Map<string, UploadSnapshot>();
  #seconds: ReadonlyMap<string, number> = new Map();
  #totalSeconds: number | undefined;
  #estimatedAt = -Infinity;
  #movedAt = -Infinity;
  #isToMove = false;

  constructor(clock: Clock, pool: ConnectionPool, rules: ListRules) {
    this.#clock = clock;
    this.#pool = pool;
    this.#rules = rules;
  }

  /** Of all uploads together, as of the latest `build`. */
  get rate(): Pick<UploaderSnapshot, 'bytesPerSecond' | 'remainingSeconds'> {
    const bytesPerSecond = this.#line.bytesPerSecond(this.#clock.elapsed());
    return { bytesPerSecond, remainingSeconds: bytesPerSecond && this.#totalSeconds };
  }

  /** The runner's state, or its speed, may have changed. */
  touch({ info: { id }, state }: UploadRunner): void {
    this.#built.delete(id);
    if (state.status === 'uploading' && !state.waiting) this.#sample(id, state.sentBytes);
    else this.#stop(id);
  }

  drop(id: string): void {
    this.#built.delete(id);
    this.#stop(id);
    this.#meters.delete(id);
  }

  /** One by itself, without its place in the queue. */
  one(runner: UploadRunner): UploadSnapshot {
    return this.#built.get(runner.info.id) ?? this.#snapshot(runner, undefined);
  }

  build(runners: readonly UploadRunner[]): readonly UploadSnapshot[] {
    this.#estimate(runners);
    const prepared = this.#preparedPositions(runners);
    const elapsed = this.#clock.elapsed();
    const areMoving = runners.length <= longList || elapsed - this.#movedAt >= moveEveryMs;
    if (areMoving) this.#movedAt = elapsed;
    else this.#moveAfter(this.#movedAt + moveEveryMs - elapsed);
    let positions: ReadonlyMap<string, number> | undefined;
    return runners.map((runner) => {
      const { info, state } = runner;
      const known = this.#built.get(info.id);
      if (!areMoving && state.status === 'queued' && known?.queuePosition !== undefined) return known;
      positions ??= this.#rules.positions();
      const position = positions.get(info.id);
      const queuePosition =
        state.status === 'queued' && position !== undefined
          ? prepared.size + position
          : prepared.get(info.id);
      if (known && known.queuePosition === queuePosition) return known;
      // Whenever one begins, all that wait move up: nothing else of them has changed.
      const snapshot = known ? { ...known, queuePosition } : this.#snapshot(runner, queuePosition);
      this.#built.set(info.id, snapshot);
      return snapshot;
    });
  }

  /** Nothing else may happen until then that has the list built. */
  #moveAfter(delayMs: number): void {
    const { onChange, signal } = this.#rules;
    if (this.#isToMove) return;
    this.#isToMove = true;
    this.#clock.sleep(delayMs, signal).then(
      () => {
        this.#isToMove = false;
        onChange();
      },
      () => {
        // The uploader is destroyed.
      },
    );
  }

  /** Of those that are prepared, or being prepared, while others are sent first. */
  #preparedPositions(runners: readonly UploadRunner[]): ReadonlyMap<string, number> {
    const underWay = runners.filter(isUnderWay);
    const still = underWay.filter((runner) => !this.#isMoving(runner));
    const free = Math.max(0, this.#rules.places - (underWay.length - still.length));
    return new Map(still.slice(free).map(({ info }, index) => [info.id, index]));
  }

  #isMoving(runner: UploadRunner): boolean {
    return isUnderWay(runner) && this.#pool.isMoving(runner.info.id);
  }

  #sample(id: string, sentBytes: number): void {
    const elapsed = this.#clock.elapsed();
    this.#lineBytes += Math.max(0, sentBytes - (this.#lastSent.get(id) ?? sentBytes));
    this.#lastSent.set(id, sentBytes);
    this.#line.sample(elapsed, this.#lineBytes);
    this.#meter(id).sample(elapsed, sentBytes);
  }

  /** Nothing of it moves: what was measured is forgotten. The line's speed is, once nothing moves at all. */
  #stop(id: string): void {
    this.#meters.get(id)?.reset();
    if (this.#lastSent.delete(id) && this.#lastSent.size === 0) this.#line.reset();
  }

  #estimate(runners: readonly UploadRunner[]): void {
    const elapsed = this.#clock.elapsed();
    if (elapsed - this.#estimatedAt < estimateEveryMs) return;
    this.#estimatedAt = elapsed;
    const speed = this.#line.calmBytesPerSecond(elapsed);
    if (speed === undefined) {
      this.#seconds = new Map();
      this.#totalSeconds = undefined;
      return;
    }
    const moving = runners.filter((runner) => this.#isMoving(runner) && this.#lastSent.has(runner.info.id));
    const moves = new Set(moving);
    const carried = this.#pool.carriedByEach;
    let bufferedBytes = 0;
    const stillOnItsWay = ({ session }: UploadRunner['attempt']) => {
      const bytes = session?.progress.bufferedBytes(elapsed, carried) ?? 0;
      bufferedBytes += bytes;
      return bytes;
    };
    this.#seconds = estimateSeconds(
      moving.map(({ info: { id, sizeBytes }, state, attempt }) => ({
        id,
        leftBytes: sizeBytes - sentBytesOf(state) + stillOnItsWay(attempt),
        bytesPerSecond: this.#meters.get(id)?.calmBytesPerSecond(elapsed),
        mostOfLine: (attempt.session?.progress.unstoredCount ?? Infinity) / this.#pool.size,
      })),
      leftBytesOf(runners, (runner) => !moves.has(runner)),
      speed,
    );
    let leftBytes = bufferedBytes;
    for (const bytes of leftBytesOf(runners, () => true)) leftBytes += bytes;
    this.#totalSeconds = Math.max(leftBytes / speed, ...this.#seconds.values());
  }

  #snapshot(runner: UploadRunner, queuePosition: number | undefined): UploadSnapshot {
    const { info, state, file, probe, attachments, options, canSetOptions, details, attempt, importing } =
      runner;
    const progress = attempt.session?.progress;
    const sentBytes = sentBytesOf(state);
    // Once the last byte is in the system's buffers there is nothing left to measure.
    const isMoving = state.status === 'uploading' && sentBytes < info.sizeBytes;
    const speed = isMoving ? this.#meters.get(info.id)?.bytesPerSecond(this.#clock.elapsed()) : undefined;
    const isLeftToCloud = importing?.canCancel === false;
    return {
      id: info.id,
      fileName: info.fileName,
      path: info.path,
      source: info.source,
      importing: importing && { state: importing.state, percent: importing.percent },
      sizeBytes: runner.sizeBytes,
      contentType: info.contentType,
      addedAt: info.addedAt,
      file,
      probe,
      notes: runner.notes,
      owner: 'this',
      status: importing ? 'importing' : state.status,
      waiting: 'waiting' in state ? state.waiting : undefined,
      checkedBytes: state.status === 'preparing' ? state.checkedBytes : 0,
      sentBytes,
      storedBytes: progress ? Math.min(sentBytes, progress.storedBytes) : sentBytes,
      partCount: info.source ? undefined : progress?.plan.partCount,
      finishingParts: runner.finishingParts,
      isFileKept: runner.isFileKept,
      bytesPerSecond: speed,
      remainingSeconds: speed === undefined ? undefined : this.#seconds.get(info.id),
      isNotStarted: state.status === 'queued' && this.#rules.notStarted.has(info.id),
      queuePosition,
      isResumed: sessionOf(state)?.isResumed ?? attempt.isContinued,
      mediaId: sessionOf(state)?.mediaId,
      media: 'media' in state ? state.media : undefined,
      receipt: 'receipt' in state ? state.receipt : undefined,
      error: state.status === 'failed' ? state.error : undefined,
      cleanup: 'cleanup' in state ? state.cleanup : 'none',
      attachments,
      metadata: info.metadata,
      options,
      canSetOptions,
      details,
      // Spread from another object, these would make ten thousand snapshots take several times as long.
      canPause: state.status === 'queued' || state.status === 'preparing' || state.status === 'uploading',
      canResume: state.status === 'paused',
      canCancel: state.status !== 'failed' && canCancel(state) && !isLeftToCloud,
      isTooLateToCancel: isTooLateToCancel(state),
      canRetry: canRetryWith(state, runner.isAtHand),
      canRemove: isLeftToCloud || ['ready', 'failed', 'canceled', 'processing'].includes(state.status),
    };
  }

  #meter(id: string): RateMeter {
    let meter = this.#meters.get(id);
    if (!meter) this.#meters.set(id, (meter = new RateMeter()));
    return meter;
  }
}

function isUnderWay({ state }: UploadRunner): boolean {
  return (state.status === 'preparing' || state.status === 'uploading') && !waitsForFile(state);
}

/** What is left to send, in the order of the list. */
function* leftBytesOf(
  runners: readonly UploadRunner[],
  isMeant: (runner: UploadRunner) => boolean,
): Generator<number> {
  for (const runner of runners)
    if (isMeant(runner) && (runner.state.status === 'queued' || isUnderWay(runner)))
      yield runner.info.sizeBytes - sentBytesOf(runner.state);
}
