import type { AddItem } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';
import { finishRecording, type FinishedRecording } from './finish-recording.js';
import {
  listDevices,
  openCamera,
  openScreen,
  problemOf,
  type Capture,
  type Chosen,
  type RecordingProblem,
} from './recording-devices.js';
import type { RecordingFiles, RecordingFolder } from './recording-files.js';
import { RecordingWriter } from './recording-writer.js';
import { minutesLeft, noSpaceMinutes, tightMinutes } from './space.js';

export type RecorderPhase =
  /** The browser asks the person. */
  | 'asking'
  | 'problem'
  | 'ready'
  | 'countdown'
  | 'recording'
  | 'paused'
  /** The recording is made one file. */
  | 'saving'
  | 'done';

export type RecorderNotice =
  'camera-lost' | 'corner-lost' | 'microphone-lost' | 'full' | 'almost-full' | 'failed';

export interface RecorderState {
  readonly phase: RecorderPhase;
  readonly problem: RecordingProblem | undefined;
  readonly notice: RecorderNotice | undefined;
  /** With `almost-full`. */
  readonly minutesLeft: number;
  /** What is seen; undefined while there is nothing. */
  readonly capture: Capture | undefined;
  readonly devices: readonly MediaDeviceInfo[];
  readonly chosen: Chosen;
  readonly countdownSeconds: number;
  /** The digit on the picture. */
  readonly countdownLeft: number;
  readonly elapsedMs: number;
  readonly sizeBytes: number;
  readonly isMuted: boolean;
  /** False: the browser keeps no files for pages, so a crash loses the recording. */
  readonly isStored: boolean;
  readonly result: FinishedRecording | undefined;
}

export interface RecorderOptions {
  readonly kind: 'camera' | 'screen';
  readonly files: RecordingFiles | undefined;
  readonly mimeType: string | undefined;
  readonly newId: () => string;
}

const initial: RecorderState = {
  phase: 'ready',
  problem: undefined,
  notice: undefined,
  minutesLeft: Infinity,
  capture: undefined,
  devices: [],
  chosen: {},
  countdownSeconds: 0,
  countdownLeft: 0,
  elapsedMs: 0,
  sizeBytes: 0,
  isMuted: false,
  isStored: true,
  result: undefined,
};

const tickMs = 250;
const spaceEveryTicks = 40;

/** What the dialog shows, from the first look into the camera to the finished file. */
export class Recorder {
  readonly kind: RecorderOptions['kind'];
  readonly #options: RecorderOptions;
  readonly #listeners = new Listeners();
  #state: RecorderState;
  #writer: RecordingWriter | undefined;
  #folder: RecordingFolder | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #since = 0;
  #before = 0;
  #isClosed = false;
  /** The press of "Record" that is carried out; undefined once it has led to a recording, or was taken back. */
  #press: object | undefined;

  readonly subscribe = this.#listeners.subscribe;
  readonly getState = (): RecorderState => this.#state;

  constructor(options: RecorderOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#state = { ...initial, isStored: options.files !== undefined };
    devicesOf()?.addEventListener('devicechange', this.#list);
  }

  /** A recording of an earlier visit, made one file and shown as if it had just been stopped. */
  async review(folder: RecordingFolder, elapsedMs: number): Promise<void> {
    this.#folder = folder;
    this.#set({ phase: 'saving', elapsedMs });
    const result = await finishRecording({ folder, read: () => folder.read(), elapsedMs, isOnDisk: true });
    this.#set({ phase: 'done', result, sizeBytes: result.file.size });
  }

  /** Opens the camera; the screen is opened with `record`, in the click that browsers ask for. */
  async look(chosen: Chosen = this.#state.chosen): Promise<void> {
    if (this.#isRunning || this.#state.phase === 'saving') return;
    if (this.kind === 'screen') {
      // The choice is seen at once.
      this.#set({ phase: 'ready', problem: undefined, chosen });
      this.#set({ devices: await listDevices() });
      return;
    }
    this.#state.capture?.stop();
    this.#set({ phase: 'asking', problem: undefined, capture: undefined, chosen });
    await this.#open(() => openCamera(chosen));
  }

  setCountdown(countdownSeconds: number): void {
    this.#set({ countdownSeconds });
  }

  mute(): void {
    const { capture, isMuted } = this.#state;
    if (!capture?.microphone) return;
    capture.microphone.enabled = isMuted;
    this.#set({ isMuted: !isMuted });
  }

  async record(): Promise<void> {
    if (this.#press) return;
    const press = (this.#press = {});
    const isWanted = () => this.#press === press && !this.#isClosed;
    if (await this.#isOpen()) await this.#countDown(isWanted);
    if (isWanted() && this.#state.phase === 'ready') await this.#begin(isWanted);
    if (this.#press === press) this.#press = undefined;
  }

  pause(): void {
    if (this.#state.phase !== 'recording') return;
    this.#writer?.pause();
    this.#stopClock();
    this.#set({ phase: 'paused', elapsedMs: this.#before });
  }

  resume(): void {
    if (this.#state.phase !== 'paused') return;
    this.#writer?.resume();
    this.#startClock();
    this.#set({ phase: 'recording' });
  }

  async stop(notice?: RecorderNotice): Promise<void> {
    const { phase, capture } = this.#state;
    if (phase === 'countdown') {
      this.#press = undefined;
      return void this.#set({ phase: 'ready' });
    }
    const writer = this.#writer;
    if (!writer || !this.#isRunning) return;
    const elapsedMs = this.#elapsedMs();
    this.#stopClock();
    this.#set({ phase: 'saving', elapsedMs, notice: notice ?? this.#state.notice });
    const isOnDisk = await writer.stop();
    capture?.stop();
    this.#set({ capture: undefined });
    this.#writer = undefined;
    const folder = this.#folder;
    const result = await finishRecording({ folder, read: () => writer.read(), elapsedMs, isOnDisk });
    // Stopped before the first picture: no cloud takes an empty file.
    if (result.file.size === 0) return this.again(notice);
    this.#set({ phase: 'done', result, sizeBytes: result.file.size });
  }

  /** The recording as something to upload. */
  async item(name: string): Promise<AddItem> {
    const { result } = this.#state;
    if (!result) throw new Error('there is no recording');
    const fileName = `${name}${result.extension}`;
    const named = await this.#folder?.named(fileName).catch(() => undefined);
    return named ?? { file: new File([result.file], fileName, { type: result.file.type }) };
  }

  /** Hands over the folder: it belongs to the upload now. */
  giveFolder(): RecordingFolder | undefined {
    const folder = this.#folder;
    this.#folder = undefined;
    return folder;
  }

  /** Deletes what was recorded, and looks again, with the reason for that where it was not the person's wish. */
  async again(notice?: RecorderNotice): Promise<void> {
    await this.discard();
    const { isStored, chosen, countdownSeconds } = this.#state;
    this.#before = 0;
    this.#set({ ...initial, isStored, chosen, countdownSeconds, notice });
    await this.look();
  }

  async discard(): Promise<void> {
    this.#stopClock();
    await this.#writer?.stop();
    this.#writer = undefined;
    const folder = this.giveFolder();
    if (!folder) return;
    await this.#options.files?.remove(folder.info.id);
    folder.release();
  }

  /** Lets go of the devices, and of the recording: what is on the disk is offered again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopClock();
    devicesOf()?.removeEventListener('devicechange', this.#list);
    await this.#writer?.stop();
    this.#state.capture?.stop();
    this.#folder?.release();
  }

  /** True if closing the dialog would lose something. */
  get isWorthAsking(): boolean {
    const { phase, isStored } = this.#state;
    return this.#isRunning || phase === 'saving' || (phase === 'done' && !isStored);
  }

  get #isRunning(): boolean {
    const { phase } = this.#state;
    return phase === 'recording' || phase === 'paused';
  }

  /** The screen is asked for now. */
  async #isOpen(): Promise<boolean> {
    if (this.kind === 'camera' || this.#state.capture) return true;
    this.#set({ phase: 'asking', problem: undefined });
    return this.#open(() => openScreen(this.#state.chosen));
  }

  async #open(open: () => Promise<Capture>): Promise<boolean> {
    try {
      const capture = await open();
      if (this.#isClosed) {
        capture.stop();
        return false;
      }
      this.#watch(capture);
      this.#set({ phase: 'ready', capture, isMuted: false, devices: await listDevices() });
      return true;
    } catch (error) {
      const problem = await problemOf(error, this.kind);
      this.#set({ phase: problem ? 'problem' : 'ready', problem });
      return false;
    }
  }

  /** Ended by the browser's own button, by a pulled cable, or by another program. Not fired by our own `stop`. */
  #watch(watched: Capture): void {
    const { video, microphone, corner } = watched;
    // A camera takes its microphone with it: the recording that the end of one has stopped needs neither.
    const isInUse = () => this.#state.capture === watched && this.#state.phase !== 'saving';
    video.addEventListener('ended', () => {
      if (!isInUse()) return;
      if (this.#isRunning) return void this.stop(this.kind === 'camera' ? 'camera-lost' : undefined);
      this.#press = undefined;
      watched.stop();
      if (this.kind === 'camera') this.#set({ phase: 'problem', problem: 'no-device', capture: undefined });
      else this.#set({ phase: 'ready', capture: undefined });
    });
    corner?.addEventListener('ended', () => {
      if (isInUse()) this.#set({ notice: 'corner-lost' });
    });
    microphone?.addEventListener('ended', () => {
      if (!isInUse()) return;
      if (this.#isRunning) this.#set({ notice: 'microphone-lost' });
      // Nothing is recorded yet: with another microphone, or without one where there is none.
      else if (this.kind === 'camera') {
        this.#press = undefined;
        void this.look({ ...this.#state.chosen, microphoneId: undefined });
      }
    });
  }

  async #countDown(isWanted: () => boolean): Promise<void> {
    for (let left = this.#state.countdownSeconds; left > 0; left -= 1) {
      this.#set({ phase: 'countdown', countdownLeft: left });
      await new Promise((resolve) => {
        setTimeout(resolve, 1000);
      });
      if (!isWanted()) return;
    }
    if (this.#state.phase === 'countdown') this.#set({ phase: 'ready' });
  }

  async #begin(isWanted: () => boolean): Promise<void> {
    const { capture } = this.#state;
    const { files, mimeType } = this.#options;
    if (!capture) return;
    if (mimeType === undefined) return void this.#fail('cannot-record');
    try {
      const left = files ? await minutesLeft() : Infinity;
      if (left < noSpaceMinutes) return void this.#fail('no-space');
      this.#folder = await files
        ?.create({ id: this.#options.newId(), mimeType, startedAt: Date.now() })
        .catch(() => undefined);
      // Closed meanwhile, or the camera was pulled out: nothing was recorded.
      if (!isWanted()) return await this.discard();
      this.#writer = new RecordingWriter({
        stream: capture.stream,
        video: capture.video,
        mimeType,
        folder: this.#folder,
        elapsedMs: () => this.#elapsedMs(),
        onSize: (sizeBytes) => {
          this.#set({ sizeBytes });
        },
        onTrouble: (trouble) => void this.stop(trouble),
      });
      this.#writer.start();
      this.#before = 0;
      this.#startClock();
      const isStored = this.#folder !== undefined;
      // The end of the recording before is past; a corner that was lost is missing in this one, too.
      const notice = this.#state.notice === 'corner-lost' ? 'corner-lost' : undefined;
      this.#set({ phase: 'recording', elapsedMs: 0, sizeBytes: 0, result: undefined, isStored, notice });
      this.#tellSpace(left);
    } catch {
      this.#fail('cannot-record');
      await this.discard();
    }
  }

  #fail(problem: RecordingProblem): void {
    this.#state.capture?.stop();
    this.#set({ phase: 'problem', problem, capture: undefined });
  }

  #tellSpace(left: number): void {
    if (left < tightMinutes) this.#set({ notice: 'almost-full', minutesLeft: Math.floor(left) });
  }

  // By the clock of the day: that of the page stands still while some systems sleep.
  #elapsedMs(): number {
    return this.#before + (this.#timer === undefined ? 0 : Math.max(0, Date.now() - this.#since));
  }

  #startClock(): void {
    this.#since = Date.now();
    this.#timer = setInterval(() => {
      this.#tick();
    }, tickMs);
    document.addEventListener('visibilitychange', this.#flush);
  }

  #stopClock(): void {
    clearInterval(this.#timer);
    this.#before = this.#elapsedMs();
    this.#timer = undefined;
    document.removeEventListener('visibilitychange', this.#flush);
  }

  #tick(): void {
    const elapsedMs = this.#elapsedMs();
    if (Math.floor(elapsedMs / 1000) !== Math.floor(this.#state.elapsedMs / 1000)) this.#set({ elapsedMs });
    this.#ticks += 1;
    if (this.#folder && this.#ticks % spaceEveryTicks === 0)
      void minutesLeft().then((left) => {
        this.#tellSpace(left);
      });
  }

  /** One that is plugged in can be chosen at once. */
  readonly #list = (): void => {
    void listDevices().then((devices) => {
      this.#set({ devices });
    });
  };

  readonly #flush = (): void => {
    if (document.visibilityState === 'hidden') this.#writer?.flush();
  };

  #set(patch: Partial<RecorderState>): void {
    this.#state = { ...this.#state, ...patch };
    this.#listeners.notify();
  }
}

/** Absent on pages that are not secure, which may review what was recorded before. */
const devicesOf = () => navigator.mediaDevices as MediaDevices | undefined;
