import type { AddItem, Uploader } from '../../engine/index.js';
import { Listeners, reopen } from '../../engine/shared.js';
import { heldIds, hold } from '../sources/recording-files.js';
import { problemOf, type CopyProblem, type MediaSummary } from './copy-types.js';
import { discardCopy, makeFile, type MadeCopy } from './made-copies.js';
import { PauseSwitch } from './pause-switch.js';
import { rememberShrinking } from './measured-speeds.js';
import { listPending, putPending, removePending, type PendingFilm } from './pending-films.js';
import { endQuietly } from './replace-upload.js';
import type { ShrinkChoice } from './shrink-plan.js';
import { keepWithUpload } from './uploaded-copies.js';
import { tellOriginal } from './was.js';
import { WorkClock } from './work-clock.js';

/** A film that is to be sent smaller. */
export interface Film {
  readonly file: File;
  readonly handle: FileSystemFileHandle | undefined;
  readonly path: string | undefined;
  /** Where it belongs, also when the widget goes on with another person or record. */
  readonly engine: Uploader;
  readonly summary: MediaSummary;
  readonly choices: readonly ShrinkChoice[];
}

export interface ShrinkJob {
  readonly id: string;
  readonly fileName: string;
  /** Undefined where it has to be opened first. */
  readonly file: File | undefined;
  readonly sizeBytes: number;
  /** `interrupted`: the page ended before; the film has to be opened again. */
  readonly status: 'waiting' | 'shrinking' | 'paused' | 'interrupted';
  /** Undefined of one that was interrupted before the person had chosen. */
  readonly choice: ShrinkChoice | undefined;
  /** From 0 to 1. */
  readonly ratio: number;
  /** Undefined until it can be told. */
  readonly secondsLeft: number | undefined;
  /** It can be opened without being chosen again. */
  readonly isKept: boolean;
}

/** A film whose original is sent, because there is no copy. */
export interface ShrinkNote {
  readonly id: string;
  readonly fileName: string;
  readonly problem: CopyProblem;
}

export interface ShrinkState {
  /** What the person is asked about: the first of these. */
  readonly asked: readonly Film[];
  readonly jobs: readonly ShrinkJob[];
  readonly notes: readonly ShrinkNote[];
}

interface Entry {
  job: ShrinkJob;
  readonly film: Film | undefined;
  readonly pending: PendingFilm;
  readonly release: () => void;
  readonly stop: AbortController;
  readonly pausing: PauseSwitch;
  /** What the person wants in place of a copy; the last word counts. */
  wish: 'nothing' | 'original' | undefined;
  /** Settles once the engine has the copy, or once it was taken back. */
  sending: Promise<boolean> | undefined;
}

/** Below this a moment of luck would decide. */
const ratioForEstimate = 0.02;

/** The films of one widget on their way to smaller copies, one at a time, and those that an earlier visit left. */
export class ShrinkJobs {
  readonly #options: { readonly place: string };
  readonly #listeners = new Listeners();
  readonly #entries = new Map<string, Entry>();
  #asked: readonly (Film & { readonly id: string })[] = [];
  #notes: readonly ShrinkNote[] = [];
  #noteCount = 0;
  #state: ShrinkState = { asked: [], jobs: [], notes: [] };
  #isRunning = false;
  #isClosed = false;

  readonly subscribe = this.#listeners.subscribe;
  readonly getState = (): ShrinkState => this.#state;

  constructor(options: { readonly place: string }) {
    this.#options = options;
  }

  /** Asks the person about each of these. They are kept meanwhile, so that a crash does not lose them. */
  async ask(films: readonly Film[], keepBytes: number): Promise<void> {
    const ids = await Promise.all(films.map((film) => this.#keep(film, undefined, keepBytes)));
    const asked = films.flatMap((film, index) => {
      const id = ids[index];
      return id === undefined || !this.#entries.has(id) ? [] : [{ ...film, id }];
    });
    this.#asked = [...this.#asked, ...asked];
    this.#changed();
  }

  /** Makes a smaller copy of each, and sends that. */
  async shrink(films: readonly Film[], keepBytes: number): Promise<void> {
    for (const film of films) {
      const id = await this.#keep(film, film.choices[0], keepBytes);
      if (id !== undefined) this.#wait(id);
    }
  }

  /** The answer to what is asked; undefined: the original. `forAll`: for the others of the drop, too. */
  answer(choice: ShrinkChoice | undefined, forAll: boolean): void {
    const answered = forAll ? this.#asked : this.#asked.slice(0, 1);
    this.#asked = this.#asked.slice(answered.length);
    for (const { id, choices } of answered) {
      const fitting = choice && (choices.find(({ lines }) => lines <= choice.lines) ?? choices.at(-1));
      if (fitting) this.#choose(id, fitting);
      else void this.sendOriginal(id);
    }
    this.#changed();
  }

  /** Forgets the film: nothing is sent. */
  async discard(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) await this.#stop(entry, 'nothing');
    await this.#end(id);
  }

  async sendOriginal(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    // A second press, or one after the film was discarded, while the first is carried out.
    if (!entry?.film || entry.stop.signal.aborted) return;
    await this.#stop(entry, 'original');
    if (entry.wish !== 'original') return;
    const { file, handle, path, engine } = entry.film;
    const { added, rejections } = await engine.add([{ file, handle, path }]);
    if (isGone(added, rejections)) return this.#letGo(id);
    if (entry.wish !== 'original') for (const uploadId of added) endQuietly(engine, uploadId);
    await this.#end(id);
  }

  /** Stops before the next frame until it is resumed; films behind it wait, too. */
  setPaused(id: string, isPaused: boolean): void {
    const entry = this.#entries.get(id);
    const [from, to] = isPaused ? (['shrinking', 'paused'] as const) : (['paused', 'shrinking'] as const);
    if (entry?.job.status !== from) return;
    entry.pausing.set(isPaused);
    this.#update(id, { status: to });
  }

  /** Says that the original is sent, and why. */
  tell(fileName: string, problem: CopyProblem): void {
    this.#noteCount += 1;
    this.#notes = [...this.#notes, { id: `note-${this.#noteCount}`, fileName, problem }];
    this.#changed();
  }

  dismissNote(id: string): void {
    this.#notes = this.#notes.filter((note) => note.id !== id);
    this.#changed();
  }

  /** Offers what earlier visits left and no other tab works on. */
  async restore(): Promise<void> {
    this.#isClosed = false;
    const pending = await listPending(this.#options.place).catch(() => []);
    const held = await heldIds();
    for (const film of pending) {
      if (this.#entries.has(film.id) || held.has(film.id)) continue;
      const release = await hold(film.id);
      if (release) this.#add(film, undefined, release, 'interrupted');
    }
    this.#changed();
  }

  /** The file of an interrupted film; has to be called in a click. Undefined where it has to be chosen again. */
  async open(id: string): Promise<AddItem | undefined> {
    const pending = this.#entries.get(id)?.pending;
    if (!pending) return undefined;
    const { fileName, bytes, handle, path } = pending;
    if (bytes) return { file: new File([bytes], fileName, { type: bytes.type }), path };
    const found = await reopen(handle);
    return found && { ...found, path };
  }

  /** Whether this is the film that was interrupted, as far as that can be told without reading all of it. */
  isSame(id: string, { name, size }: File): boolean {
    const pending = this.#entries.get(id)?.pending;
    return pending !== undefined && pending.fileName === name && pending.sizeBytes === size;
  }

  /** Lets go of everything; what is not done is offered by the next visit. */
  close(): void {
    this.#isClosed = true;
    for (const { stop, release } of this.#entries.values()) {
      stop.abort();
      release();
    }
    this.#entries.clear();
    this.#asked = [];
    this.#changed();
  }

  /** Undefined where the widget has gone away while the film was read: the next visit offers it. */
  async #keep(film: Film, choice: ShrinkChoice | undefined, keepBytes: number): Promise<string | undefined> {
    const { file, handle, path } = film;
    const pending: PendingFilm = {
      id: crypto.randomUUID(),
      place: this.#options.place,
      fileName: file.name,
      sizeBytes: file.size,
      path,
      handle,
      bytes: file.size <= keepBytes ? file.slice(0, file.size, file.type) : undefined,
      choice,
      addedAt: Date.now(),
    };
    const release = (await hold(pending.id)) ?? (() => undefined);
    // Where nothing can be stored, a crash loses it, as it loses uploads.
    await putPending(pending).catch(() => undefined);
    if (this.#isClosed) return void release();
    this.#add(pending, film, release, 'waiting');
    return pending.id;
  }

  #add(pending: PendingFilm, film: Film | undefined, release: () => void, status: ShrinkJob['status']): void {
    const { id, fileName, sizeBytes, choice, handle, bytes } = pending;
    this.#entries.set(id, {
      job: {
        ...{ id, fileName, sizeBytes, status, choice, ratio: 0, secondsLeft: undefined },
        file: film?.file ?? (bytes && new File([bytes], fileName, { type: bytes.type })),
        isKept: handle !== undefined || bytes !== undefined,
      },
      film,
      pending,
      release,
      stop: new AbortController(),
      pausing: new PauseSwitch(),
      wish: undefined,
      sending: undefined,
    });
  }

  #choose(id: string, choice: ShrinkChoice): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    putPending({ ...entry.pending, choice }).catch(() => undefined);
    entry.job = { ...entry.job, choice };
    this.#wait(id);
  }

  #wait(id: string): void {
    this.#update(id, { status: 'waiting' });
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      const next = [...this.#entries.values()].find(
        ({ job: { status, choice }, film, wish }) => status === 'waiting' && choice && film && !wish,
      );
      if (!next?.film || !next.job.choice) break;
      await this.#shrink(next, next.film, next.job.choice);
    }
    this.#isRunning = false;
  }

  async #shrink(entry: Entry, film: Film, choice: ShrinkChoice): Promise<void> {
    const { place } = this.#options;
    const { file, summary } = film;
    const { stop, pausing } = entry;
    const { id } = entry.job;
    const clock = new WorkClock(pausing);
    this.#update(id, { status: 'shrinking' });
    try {
      const copy = await makeFile({
        place,
        fileName: file.name,
        sizeBytes: choice.sizeBytes,
        order: { source: file, container: '.mp4', cut: undefined, encode: choice },
        signal: stop.signal,
        pausing,
        onProgress: (ratio) => {
          const tookMs = clock.elapsedMs();
          const isKnown = ratio > ratioForEstimate;
          this.#update(id, {
            ratio,
            secondsLeft: isKnown ? (tookMs * (1 - ratio)) / ratio / 1000 : undefined,
          });
        },
      });
      rememberShrinking(summary, summary.durationSeconds, clock.elapsedMs());
      if (stop.signal.aborted) return await discardCopy(place, copy);
      entry.sending = this.#send(entry, film, copy);
      const isTaken = await entry.sending;
      if (entry.wish) return;
      if (isTaken) await this.#end(id);
      else this.#letGo(id);
    } catch (error) {
      if (stop.signal.aborted) return;
      this.tell(file.name, problemOf(error));
      await this.sendOriginal(id);
    }
  }

  /** The host may take its time with the copy; what the person says meanwhile counts. False where its engine is gone. */
  async #send(entry: Entry, { engine, path, file }: Film, copy: MadeCopy): Promise<boolean> {
    const { place } = this.#options;
    tellOriginal(copy.file, file.size);
    const { added, rejections } = await engine.add([{ file: copy.file, handle: copy.handle, path }]);
    const [uploadId] = added;
    const isTaken = !isGone(added, rejections);
    if (entry.wish || !isTaken) {
      if (uploadId !== undefined) endQuietly(engine, uploadId);
      await discardCopy(place, copy);
    }
    // A rejection is in the list; the copy is swept up by the next visit.
    else if (uploadId === undefined) copy.folder.release();
    else keepWithUpload(engine, place, uploadId, copy);
    return isTaken;
  }

  /** No copy is made, nor sent: the one that is just added is taken back first, so that it takes no place in the list. */
  async #stop(entry: Entry, wish: Entry['wish']): Promise<void> {
    entry.wish = wish;
    entry.stop.abort();
    await entry.sending?.catch(() => undefined);
  }

  async #end(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    this.#asked = this.#asked.filter((film) => film.id !== id);
    this.#changed();
    await removePending(id).catch(() => undefined);
    entry?.release();
  }

  /** The next visit offers it. */
  #letGo(id: string): void {
    this.#entries.get(id)?.release();
    this.#entries.delete(id);
    this.#changed();
  }

  #update(id: string, patch: Partial<ShrinkJob>): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.job = { ...entry.job, ...patch };
    this.#changed();
  }

  #changed(): void {
    const asked = new Set(this.#asked.map(({ id }) => id));
    this.#state = {
      asked: this.#asked,
      jobs: [...this.#entries.values()].map(({ job }) => job).filter(({ id }) => !asked.has(id)),
      notes: this.#notes,
    };
    this.#listeners.notify();
  }
}

/** An engine that was destroyed answers that nothing has become of a file. */
const isGone = (added: readonly string[], rejections: readonly unknown[]) =>
  added.length + rejections.length === 0;

const all = new WeakMap<Uploader, Map<string, ShrinkJobs>>();

/** Those of the widget with this engine; of another scope there are others. */
export function shrinkJobsOf(uploader: Uploader, place: string): ShrinkJobs {
  const known = all.get(uploader) ?? new Map<string, ShrinkJobs>();
  all.set(uploader, known);
  const jobs = known.get(place) ?? new ShrinkJobs({ place });
  known.set(place, jobs);
  return jobs;
}
