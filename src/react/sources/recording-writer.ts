import type { RecordingFolder } from './recording-files.js';

/** Half of what may be lost: the other half is on its way to the disk. */
const everyMs = 1000;
/** MP4 can only be read up to a key frame; Chromium makes one that often when asked to, others do it by themselves. */
const keyFrameMs = 1000;
const bitsPerPixel = 0.1;
const mostBitsPerSecond = 8e6;

export interface WriterOptions {
  readonly stream: MediaStream;
  /** The track whose settings have the size and the frame rate: a composed track has none. */
  readonly video: MediaStreamTrack;
  readonly mimeType: string;
  /** Undefined: what is recorded stays in memory. */
  readonly folder: RecordingFolder | undefined;
  readonly elapsedMs: () => number;
  readonly onSize: (bytes: number) => void;
  /** The disk is full, or the browser gave up. What was recorded before is there. */
  readonly onTrouble: (trouble: 'full' | 'failed') => void;
}

/** Records a stream, and stores each second before the next is complete. */
export class RecordingWriter {
  readonly bitsPerSecond: number;
  readonly #recorder: MediaRecorder;
  readonly #options: WriterOptions;
  /** The browser ends it by itself, too, when all of its tracks have ended; the last data come after that. */
  readonly #stopped: Promise<unknown>;
  #isStarted = false;
  /** What the disk did not take, or all of it where there is none. */
  readonly #rest: Blob[] = [];
  #work = Promise.resolve();
  #count = 0;
  #bytes = 0;
  #isDiskUsable: boolean;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#isDiskUsable = options.folder !== undefined;
    const { width = 1280, height = 720, frameRate = 30 } = options.video.getSettings();
    this.bitsPerSecond = Math.min(mostBitsPerSecond, width * height * frameRate * bitsPerPixel);
    const settings = {
      mimeType: options.mimeType,
      videoBitsPerSecond: this.bitsPerSecond,
      videoKeyFrameIntervalDuration: keyFrameMs,
    };
    this.#recorder = new MediaRecorder(options.stream, settings);
    this.#stopped = new Promise((resolve) => {
      this.#recorder.addEventListener('stop', resolve, { once: true });
    });
    this.#recorder.addEventListener('dataavailable', ({ data }) => {
      this.#take(data);
    });
    this.#recorder.addEventListener('error', () => {
      options.onTrouble('failed');
    });
  }

  start(): void {
    this.#recorder.start(everyMs);
    this.#isStarted = true;
  }

  pause(): void {
    this.#recorder.pause();
    this.flush();
  }

  resume(): void {
    this.#recorder.resume();
  }

  /** Stores what there is now: the page may be about to go. */
  flush(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.requestData();
  }

  /** Ends it, and answers once all of it is stored. True if all of it is on the disk. */
  async stop(): Promise<boolean> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    if (this.#isStarted) await this.#stopped;
    await this.#work;
    return this.#rest.length === 0;
  }

  /** All of it. */
  async read(): Promise<Blob> {
    const stored = await this.#options.folder?.read();
    return new Blob([...(stored ? [stored] : []), ...this.#rest], {
      type: this.#options.mimeType.replace(/;.*/, ''),
    });
  }

  #take(data: Blob): void {
    if (data.size === 0) return;
    this.#bytes += data.size;
    this.#options.onSize(this.#bytes);
    const [index, elapsedMs, bytes] = [this.#count, this.#options.elapsedMs(), this.#bytes];
    this.#count += 1;
    this.#work = this.#work.then(() => this.#store(data, index, elapsedMs, bytes));
  }

  async #store(data: Blob, index: number, elapsedMs: number, bytes: number): Promise<void> {
    const { folder, onTrouble } = this.#options;
    if (folder && this.#isDiskUsable) {
      try {
        await folder.append(data, index, elapsedMs, bytes);
        return;
      } catch {
        // Nothing is written after a gap: what follows would not be readable.
        this.#isDiskUsable = false;
        onTrouble('full');
      }
    }
    this.#rest.push(data);
  }
}
