import type { Uploader } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';
import { engineOf } from '../stores/hosted-uploader.js';
import { findUpload } from '../stores/snapshot-index.js';
import { problemOf, type CopyProblem, type MediaSummary } from './copy-types.js';
import type { Cut, CutMode } from './cut-points.js';
import { canKeepCopies, discardCopy, makeFile } from './made-copies.js';
import { inspectMedia } from './media-client.js';
import { replaceUpload } from './replace-upload.js';
import { keepWithUpload } from './uploaded-copies.js';

export type TrimState =
  | { readonly phase: 'reading' }
  | { readonly phase: 'ready'; readonly summary: MediaSummary; readonly problem?: CopyProblem | undefined }
  | { readonly phase: 'cutting'; readonly summary: MediaSummary; readonly ratio: number }
  /** The upload of the cut; undefined where it was rejected. */
  | { readonly phase: 'done'; readonly uploadId: string | undefined }
  /** It cannot be cut at all. */
  | { readonly phase: 'problem'; readonly problem: CopyProblem };

export interface TrimJobOptions {
  readonly uploader: Uploader;
  readonly place: string;
  readonly id: string;
  readonly file: File;
}

/** Reads one film, cuts it, and puts the cut in the place of its upload. */
export class TrimJob {
  #state: TrimState = { phase: 'reading' };
  readonly #options: TrimJobOptions;
  readonly #listeners = new Listeners();
  readonly #stop = new AbortController();
  #cutting: AbortController | undefined;

  readonly subscribe = this.#listeners.subscribe;
  readonly getState = (): TrimState => this.#state;

  constructor(options: TrimJobOptions) {
    this.#options = options;
    void this.#read();
  }

  /**
   * Answers the length of the cut once it stands in the list; undefined where it does not. Nothing is sent meanwhile:
   * what is about to be replaced should not get whole.
   */
  async apply(cut: Cut, mode: CutMode): Promise<number | undefined> {
    if (this.#state.phase !== 'ready') return undefined;
    const { summary } = this.#state;
    const { place, id, file } = this.#options;
    const uploader = engineOf(this.#options.uploader);
    const cutting = new AbortController();
    this.#cutting = cutting;
    const before = findUpload(uploader.getSnapshot(), id);
    const wasSending = before?.canPause === true && !before.isNotStarted;
    if (wasSending) uploader.pause(id);
    this.#set({ phase: 'cutting', summary, ratio: 0 });
    try {
      const copy = await makeFile({
        place,
        fileName: file.name,
        sizeBytes: (file.size * (cut.end - cut.start)) / summary.durationSeconds,
        order: orderOf(file, cut, mode, summary),
        signal: cutting.signal,
        onProgress: (ratio) => {
          this.#set({ phase: 'cutting', summary, ratio });
        },
      });
      const uploadId = cutting.signal.aborted
        ? undefined
        : await replaceUpload(uploader, id, copy, cutting.signal);
      if (uploadId === undefined) await discardCopy(place, copy);
      else keepWithUpload(uploader, place, uploadId, copy);
      // Canceled as it was done.
      if (uploadId === undefined) cutting.signal.throwIfAborted();
      this.#set({ phase: 'done', uploadId });
      return copy.durationSeconds;
    } catch (error) {
      if (wasSending) uploader.resume(id);
      const problem = cutting.signal.aborted ? undefined : problemOf(error);
      this.#set({ phase: 'ready', summary, problem });
      return undefined;
    }
  }

  cancel(): void {
    this.#cutting?.abort();
  }

  close(): void {
    this.#stop.abort();
    this.#cutting?.abort();
  }

  async #read(): Promise<void> {
    try {
      const { place, file } = this.#options;
      if (!(await canKeepCopies(place))) return this.#set({ phase: 'problem', problem: 'no-storage' });
      const summary = await inspectMedia(file, { signal: this.#stop.signal });
      const problem = summary.container ? undefined : exactProblem(summary);
      this.#set(problem ? { phase: 'problem', problem } : { phase: 'ready', summary });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#set({ phase: 'problem', problem: problemOf(error) });
    }
  }

  #set(state: TrimState): void {
    this.#state = state;
    this.#listeners.notify();
  }
}

/** Why there is no exact cut. */
export function exactProblem({ canDecode, canEncode }: MediaSummary): CopyProblem | undefined {
  if (!canDecode) return 'cannot-decode';
  return canEncode ? undefined : 'cannot-encode';
}

/** Of an exact cut, the picture is encoded anew at the rate it has; its size stays. */
function orderOf(source: File, cut: Cut, mode: CutMode, summary: MediaSummary) {
  const { container, bitsPerSecond, audioBitsPerSecond } = summary;
  if (mode === 'lossless' && container) return { source, cut, container, encode: undefined };
  const video = Math.max(bitsPerSecond - audioBitsPerSecond, bitsPerSecond / 2);
  return {
    source,
    cut,
    container: container === '.webm' ? ('.webm' as const) : ('.mp4' as const),
    encode: { bitsPerSecond: Math.round(video), lines: undefined },
  };
}
