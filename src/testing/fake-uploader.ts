import type {
  AddResult,
  AttachmentSnapshot,
  LinkItem,
  LinkTrial,
  UploadEvent,
  UploadSnapshot,
  Uploader,
  UploaderSnapshot,
} from '../engine/index.js';
import { anUpload } from './an-upload.js';

/** One call of the uploader, in order. */
export interface FakeCall {
  readonly method: Exclude<keyof Uploader, 'polling'>;
  readonly id?: string | undefined;
  readonly files?: readonly File[] | undefined;
  /** Of `addLinks`. */
  readonly links?: readonly string[] | undefined;
}

/** An uploader that moves no bytes: what it shows is set by hand, what is asked of it is written down. */
export interface FakeUploader extends Uploader {
  readonly calls: readonly FakeCall[];
  /** Replaces fields of the snapshot and tells the listeners. */
  set(patch: Partial<UploaderSnapshot>): void;
  /** Changes one upload. */
  update(id: string, patch: Partial<UploadSnapshot>): void;
  /** What the next `add` or `addLinks` answers; by default everything is added and stands in the queue. */
  answerAddWith(result: AddResult): void;
  readonly isDestroyed: boolean;
}

/** Options of {@link createFakeUploader}. */
export interface FakeUploaderOptions {
  /**
   * The ids of the uploads that `add` makes. Default `upload-1`, `upload-2` …, counted over all fakes of a test file.
   */
  newId?: () => string;
}

/**
 * Makes a fake of the engine for component tests and stories. Its verbs do the simplest thing (pause makes it paused),
 * so that a story can be clicked through.
 */
export function createFakeUploader(
  initial: Partial<UploaderSnapshot> = {},
  { newId }: FakeUploaderOptions = {},
): FakeUploader {
  const state = new FakeState(initial, newId);
  const calls: FakeCall[] = [];
  let isDestroyed = false;
  return {
    ...recorded({ ...uploadCommands(state), ...listCommands(state), ...queries(state) }, calls),
    calls,
    set: (patch) => state.set(patch),
    update: (id, patch) => state.change(only(id), patch),
    answerAddWith: (result) => {
      state.nextResult = result;
    },
    get isDestroyed() {
      return isDestroyed;
    },
    getSnapshot: () => state.snapshot,
    subscribe: (listener) => state.subscribe(listener),
    onEvent: (listener) => state.onEvent(listener),
    destroy: () => {
      isDestroyed = true;
      state.unsubscribeAll();
    },
  };
}

type EventListener = (event: UploadEvent) => void;

class FakeState {
  nextResult: AddResult | undefined;
  #snapshot: UploaderSnapshot;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<EventListener>();
  readonly #untold: UploadEvent[] = [];

  readonly newId: (() => string) | undefined;

  constructor(initial: Partial<UploaderSnapshot>, newId: (() => string) | undefined) {
    this.newId = newId;
    this.#snapshot = {
      uploads: [],
      unfinished: [],
      rejections: [],
      checkedFileCount: 0,
      isOnline: true,
      canResumeAfterReload: true,
      capabilities: undefined,
      priority: 'normal',
      ...initial,
    };
  }

  get snapshot(): UploaderSnapshot {
    return this.#snapshot;
  }

  set(patch: Partial<UploaderSnapshot>): void {
    const before = this.#snapshot.uploads;
    this.#snapshot = { ...this.#snapshot, ...patch };
    this.#untold.push(...eventsBetween(before, this.#snapshot.uploads));
    this.#tell();
    for (const listener of this.#listeners) listener();
  }

  change(isMeant: (upload: UploadSnapshot) => boolean, patch: Partial<UploadSnapshot>): void {
    this.set({
      uploads: this.#snapshot.uploads.map((upload) => (isMeant(upload) ? { ...upload, ...patch } : upload)),
    });
  }

  attachmentsOf(id: string): readonly AttachmentSnapshot[] {
    return this.#snapshot.uploads.find(only(id))?.attachments ?? [];
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onEvent(listener: EventListener): () => void {
    this.#eventListeners.add(listener);
    this.#tell();
    return () => {
      this.#eventListeners.delete(listener);
    };
  }

  unsubscribeAll(): void {
    this.#listeners.clear();
    this.#eventListeners.clear();
  }

  /** Events wait for the first listener, as the engine's do. */
  #tell(): void {
    if (this.#eventListeners.size === 0) return;
    for (const event of this.#untold.splice(0))
      for (const listener of [...this.#eventListeners]) listener(event);
  }
}

type Commands = Omit<Uploader, 'polling' | 'getSnapshot' | 'subscribe' | 'onEvent' | 'destroy'>;

/** The same commands, each of which is written down before it runs. `prepare` is no command: pointer and focus call it. */
function recorded(commands: Commands, calls: FakeCall[]): Commands {
  const record =
    (method: keyof Commands, command: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      const [first, second] = args;
      // Only a question.
      if ((second as LinkTrial | undefined)?.isTrial) return command(...args);
      calls.push({
        method,
        id: typeof first === 'string' ? first : undefined,
        files: method === 'add' ? filesOf(first as Parameters<Uploader['add']>[0]) : fileIn(second),
        links: method === 'addLinks' ? [...(first as Iterable<LinkItem>)].map(urlOf) : undefined,
      });
      return command(...args);
    };
  return Object.fromEntries(
    Object.entries(commands).map(([method, command]) => [
      method,
      method === 'prepare'
        ? command
        : record(method as keyof Commands, command as (...args: unknown[]) => unknown),
    ]),
  ) as unknown as Commands;
}

/** What the engine would tell of this tab's uploads after such a change. */
function eventsBetween(before: readonly UploadSnapshot[], now: readonly UploadSnapshot[]): UploadEvent[] {
  return now.flatMap((upload) => {
    if (upload.owner === 'other') return [];
    const from = before.find(({ id }) => id === upload.id)?.status ?? 'queued';
    const { status } = upload;
    if (status === from) return [];
    const types: UploadEvent['type'][] = [];
    const isNew = from === 'queued' || from === 'failed' || from === 'canceled';
    if (isNew && (status === 'preparing' || status === 'uploading')) types.push('started');
    if ((status === 'processing' || status === 'ready') && from !== 'processing') types.push('confirmed');
    if (status === 'ready' || status === 'failed') types.push(status);
    return types.map((type) => ({ type, upload }));
  });
}

const urlOf = (link: LinkItem) => (typeof link === 'string' ? link : link.url);

const only = (id: string) => (upload: UploadSnapshot) => upload.id === id;

function filesOf(items: Parameters<Uploader['add']>[0]): File[] {
  return [...items].map((item) => (item instanceof File ? item : item.file));
}

/** The file of an attachment. */
function fileIn(value: unknown): File[] | undefined {
  return typeof value === 'object' && value !== null && 'file' in value && value.file instanceof File
    ? [value.file]
    : undefined;
}

/** What an upload shows in a status. */
function become(status: UploadSnapshot['status']): Partial<UploadSnapshot> {
  const { canPause, canResume, canCancel, canRetry, canRemove, cleanup } = anUpload({ status });
  const can = { canPause, canResume, canCancel, canRetry, canRemove };
  return { status, ...can, cleanup, waiting: undefined, error: undefined };
}

type UploadCommand =
  | 'add'
  | 'addLinks'
  | 'start'
  | 'attach'
  | 'detach'
  | 'retryAttachment'
  | 'setOptions'
  | 'setDetails'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'
  | 'remove'
  | 'continueUnfinished'
  | 'replaceFile'
  | 'discardUnfinished';

function uploadCommands(state: FakeState): Pick<Commands, UploadCommand> {
  let attachments = 0;
  return {
    add: (items) => Promise.resolve(add(state, filesOf(items).map(aFile))),
    addLinks: (links, { isTrial = false } = {}) =>
      Promise.resolve(isTrial ? { added: [], rejections: [] } : add(state, [...links].map(aLink))),
    start: (id) =>
      state.change((upload) => upload.isNotStarted && (id === undefined || upload.id === id), {
        isNotStarted: false,
      }),
    attach: (id, { kind, file, language, title }) => {
      const attachmentId = `attachment-${++attachments}`;
      const { name: fileName, size: sizeBytes, type: contentType } = file;
      const about = { attachmentId, kind, file, fileName, sizeBytes, contentType, language, title };
      const attachment = { ...about, status: 'stored' as const, error: undefined };
      state.change(only(id), { attachments: [...state.attachmentsOf(id), attachment] });
      return attachmentId;
    },
    detach: (id, attachmentId) =>
      state.change(only(id), {
        attachments: state.attachmentsOf(id).filter((one) => one.attachmentId !== attachmentId),
      }),
    retryAttachment: (id, attachmentId) =>
      state.change(only(id), {
        attachments: state
          .attachmentsOf(id)
          .map((one) =>
            one.attachmentId === attachmentId ? { ...one, status: 'stored', error: undefined } : one,
          ),
      }),
    setDetails: (id, details) => {
      const before = state.snapshot.uploads.find((upload) => upload.id === id)?.details;
      const status = before?.status ?? 'kept';
      state.change(only(id), { details: { ...before, ...details, status, error: undefined } });
    },
    setOptions: (id, options) => state.change(only(id), { options }),
    pause: (id) => state.change(only(id), become('paused')),
    resume: (id) => state.change(only(id), become('uploading')),
    cancel: (id) => state.change(only(id), become('canceled')),
    retry: (id) => state.change(only(id), become('uploading')),
    remove: (id) => state.set({ uploads: state.snapshot.uploads.filter((upload) => upload.id !== id) }),
    continueUnfinished: (id) => {
      const unfinished = state.snapshot.unfinished.find((upload) => upload.id === id);
      return Promise.resolve(unfinished?.canContinue ? 'continued' : 'needs-file');
    },
    replaceFile: (id) => {
      state.change(only(id), { waiting: undefined });
      return Promise.resolve('continued');
    },
    discardUnfinished: (id) =>
      state.set({ unfinished: state.snapshot.unfinished.filter((upload) => upload.id !== id) }),
  };
}

type Known = Partial<UploadSnapshot>;

function aFile(file: File): Known {
  return { fileName: file.name, sizeBytes: file.size, contentType: file.type, file };
}

/** A link with a mistake fails, as no test means it. */
function aLink(link: LinkItem): Known {
  const { hostname, pathname } = new URL(urlOf(link));
  const fileName = (typeof link === 'object' && link.title) || pathname.split('/').at(-1) || hostname;
  return { fileName, sizeBytes: 0, contentType: '', source: { type: 'link', host: hostname } };
}

function add(state: FakeState, items: readonly Known[]): AddResult {
  const result = state.nextResult;
  state.nextResult = undefined;
  if (result) {
    state.set({ rejections: result.rejections, checkedFileCount: items.length });
    return result;
  }
  const added = items.map((known) => anUpload(state.newId ? { ...known, id: state.newId() } : known));
  state.set({
    uploads: [...state.snapshot.uploads, ...added],
    rejections: [],
    checkedFileCount: items.length,
  });
  return { added: added.map(({ id }) => id), rejections: [] };
}

type ListCommand =
  | 'pauseAll'
  | 'resumeAll'
  | 'cancelAll'
  | 'retryAll'
  | 'removeAll'
  | 'setPriority'
  | 'dismissRejections'
  | 'notifySignedIn';

function listCommands(state: FakeState): Pick<Commands, ListCommand> {
  return {
    pauseAll: () => state.change(({ canPause }) => canPause, become('paused')),
    resumeAll: () => state.change(({ canResume }) => canResume, become('uploading')),
    cancelAll: () => state.change(({ canCancel }) => canCancel, become('canceled')),
    retryAll: () => state.change(({ canRetry }) => canRetry, become('uploading')),
    removeAll: () =>
      state.set({
        uploads: state.snapshot.uploads.filter(
          ({ status }) => status !== 'ready' && status !== 'failed' && status !== 'canceled',
        ),
      }),
    setPriority: (priority) => state.set({ priority }),
    dismissRejections: () => state.set({ rejections: [] }),
    notifySignedIn: () => state.change(({ waiting }) => waiting?.for === 'sign-in', { waiting: undefined }),
  };
}

function queries(state: FakeState): Pick<Commands, 'loadCapabilities' | 'prepare' | 'refreshDetails'> {
  return {
    loadCapabilities: () =>
      state.snapshot.capabilities
        ? Promise.resolve(state.snapshot.capabilities)
        : Promise.reject(new Error('The fake has no capabilities.')),
    prepare: () => {},
    refreshDetails: () =>
      Promise.resolve(state.snapshot.uploads.filter(({ status }) => status === 'processing').length),
  };
}
