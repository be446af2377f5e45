import {
  canCancel,
  canRetryWith,
  isTooLateToCancel,
  type MachineState,
  sentBytesOf,
  sessionOf,
} from './machine-state.js';
import { RateMeter } from './rate.js';
import type { Clock } from './retry/clock.js';
import type { UploadRunner } from './runner.js';
import type { UploadSnapshot } from './types.js';

/** Turns runners into what is shown: the same object until something about it changes. */
export class SnapshotBuilder {
  readonly #clock: Clock;
  readonly #meters = new Map<string, RateMeter>();
  readonly #built = new Map<string, UploadSnapshot>();
  readonly #notStarted: ReadonlySet<string>;

  constructor(clock: Clock, notStarted: ReadonlySet<string>) {
    this.#clock = clock;
    this.#notStarted = notStarted;
  }

  /** The runner's state, or its speed, may have changed. */
  touch(runner: UploadRunner): void {
    const { id } = runner.info;
    this.#built.delete(id);
    if (runner.state.status === 'uploading')
      this.#meter(id).sample(this.#clock.elapsed(), runner.state.sentBytes);
    else this.#meters.get(id)?.reset();
  }

  drop(id: string): void {
    this.#built.delete(id);
    this.#meters.delete(id);
  }

  /** One by itself, without its place in the queue. */
  one(runner: UploadRunner): UploadSnapshot {
    return this.#built.get(runner.info.id) ?? this.#snapshot(runner, undefined);
  }

  build(runners: readonly UploadRunner[]): readonly UploadSnapshot[] {
    let ahead = 0;
    return runners.map((runner) => {
      const queuePosition =
        runner.state.status === 'queued' && !this.#notStarted.has(runner.info.id) ? ahead++ : undefined;
      const known = this.#built.get(runner.info.id);
      if (known && known.queuePosition === queuePosition) return known;
      const snapshot = this.#snapshot(runner, queuePosition);
      this.#built.set(runner.info.id, snapshot);
      return snapshot;
    });
  }

  #snapshot(
    { info, state, file, probe, attachments, options, canSetOptions, attempt }: UploadRunner,
    queuePosition: number | undefined,
  ): UploadSnapshot {
    const elapsed = this.#clock.elapsed();
    const meter = state.status === 'uploading' ? this.#meters.get(info.id) : undefined;
    const sentBytes = sentBytesOf(state);
    return {
      id: info.id,
      fileName: info.fileName,
      path: info.path,
      sizeBytes: info.sizeBytes,
      contentType: info.contentType,
      addedAt: info.addedAt,
      file,
      probe,
      owner: 'this',
      status: state.status,
      waiting: 'waiting' in state ? state.waiting : undefined,
      checkedBytes: state.status === 'preparing' ? state.checkedBytes : 0,
      sentBytes,
      bytesPerSecond: meter?.bytesPerSecond(elapsed),
      remainingSeconds: meter?.remainingSeconds(elapsed, info.sizeBytes - sentBytes),
      isNotStarted: state.status === 'queued' && this.#notStarted.has(info.id),
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
      ...permissions(state, file !== undefined),
    };
  }

  #meter(id: string): RateMeter {
    let meter = this.#meters.get(id);
    if (!meter) this.#meters.set(id, (meter = new RateMeter()));
    return meter;
  }
}

function permissions(state: MachineState, hasFile: boolean) {
  return {
    canPause: state.status === 'queued' || state.status === 'preparing' || state.status === 'uploading',
    canResume: state.status === 'paused',
    canCancel: state.status !== 'failed' && canCancel(state),
    isTooLateToCancel: isTooLateToCancel(state),
    canRetry: canRetryWith(state, hasFile),
    canRemove: ['ready', 'failed', 'canceled', 'processing'].includes(state.status),
  };
}
