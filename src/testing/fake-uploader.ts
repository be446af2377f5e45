import type { AddResult, UploadSnapshot, Uploader, UploaderSnapshot } from '../engine/index.js';
import { anUpload } from './an-upload.js';

/** One call of the uploader, in order. */
export interface FakeCall {
  readonly method: keyof Uploader;
  readonly id?: string;
  readonly files?: readonly File[];
}

/** An uploader that moves no bytes: what it shows is set by hand, what is asked of it is written down. */
export interface FakeUploader extends Uploader {
  readonly calls: readonly FakeCall[];
  /** Replaces parts of the snapshot and tells the listeners. */
  set(parts: Partial<UploaderSnapshot>): void;
  /** Changes one upload. */
  update(id: string, parts: Partial<UploadSnapshot>): void;
  /** What the next `add` answers; by default every file is added and stands in the queue. */
  answerAddWith(result: AddResult): void;
  readonly isDestroyed: boolean;
}

/**
 * Makes a fake of the engine for component tests and stories. Its verbs do the simplest thing (pause makes it paused),
 * so that a story can be clicked through.
 */
export function createFakeUploader(initial: Partial<UploaderSnapshot> = {}): FakeUploader {
  let snapshot: UploaderSnapshot = {
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
  let nextResult: AddResult | undefined;
  let isDestroyed = false;
  const calls: FakeCall[] = [];
  const listeners = new Set<() => void>();

  const set = (parts: Partial<UploaderSnapshot>) => {
    snapshot = { ...snapshot, ...parts };
    for (const listener of listeners) listener();
  };
  const change = (wanted: (upload: UploadSnapshot) => boolean, parts: Partial<UploadSnapshot>) => {
    set({ uploads: snapshot.uploads.map((upload) => (wanted(upload) ? { ...upload, ...parts } : upload)) });
  };
  const become = (
    status: UploadSnapshot['status'],
    { id: _id, fileName: _name, ...parts }: UploadSnapshot = anUpload({ status }),
  ) => ({
    status,
    canPause: parts.canPause,
    canResume: parts.canResume,
    canCancel: parts.canCancel,
    canRetry: parts.canRetry,
    canRemove: parts.canRemove,
    cleanup: parts.cleanup,
    waiting: undefined,
    error: undefined,
  });
  const only = (id: string) => (upload: UploadSnapshot) => upload.id === id;

  return {
    calls,
    set,
    update: (id, parts) => {
      change(only(id), parts);
    },
    answerAddWith: (result) => {
      nextResult = result;
    },
    get isDestroyed() {
      return isDestroyed;
    },
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    add: (files) => {
      const all = [...files].map((item) => ('file' in item ? item.file : item));
      calls.push({ method: 'add', files: all });
      const result = nextResult;
      nextResult = undefined;
      if (result) {
        set({ rejections: result.rejections, checkedFileCount: all.length });
        return Promise.resolve(result);
      }
      const added = all.map((file) =>
        anUpload({ fileName: file.name, sizeBytes: file.size, contentType: file.type, file }),
      );
      set({ uploads: [...snapshot.uploads, ...added], rejections: [], checkedFileCount: all.length });
      return Promise.resolve({ added: added.map(({ id }) => id), rejections: [] });
    },
    start: (id) => {
      calls.push({ method: 'start', ...(id !== undefined && { id }) });
      change((upload) => upload.isNotStarted && (id === undefined || upload.id === id), {
        isNotStarted: false,
      });
    },
    attach: (id, { kind, file, language, title }) => {
      calls.push({ method: 'attach', id, files: [file] });
      const attachmentId = `attachment-${calls.length}`;
      const attachment = {
        attachmentId,
        kind,
        file,
        fileName: file.name,
        sizeBytes: file.size,
        contentType: file.type,
        status: 'stored' as const,
        error: undefined,
        ...(language && { language }),
        ...(title && { title }),
      };
      const upload = snapshot.uploads.find(only(id));
      change(only(id), { attachments: [...(upload?.attachments ?? []), attachment] });
      return attachmentId;
    },
    detach: (id, attachmentId) => {
      calls.push({ method: 'detach', id });
      const upload = snapshot.uploads.find(only(id));
      change(only(id), {
        attachments: (upload?.attachments ?? []).filter(
          (attachment) => attachment.attachmentId !== attachmentId,
        ),
      });
    },
    setOptions: (id, options) => {
      calls.push({ method: 'setOptions', id });
      change(only(id), { options });
    },
    loadCapabilities: () => {
      calls.push({ method: 'loadCapabilities' });
      return snapshot.capabilities
        ? Promise.resolve(snapshot.capabilities)
        : Promise.reject(new Error('The fake has no capabilities.'));
    },
    continueUnfinished: (id) => {
      calls.push({ method: 'continueUnfinished', id });
      return Promise.resolve(
        snapshot.unfinished.find((upload) => upload.id === id)?.canContinue ? 'continued' : 'needs-file',
      );
    },
    setPriority: (priority) => {
      calls.push({ method: 'setPriority' });
      set({ priority });
    },
    pause: (id) => {
      calls.push({ method: 'pause', id });
      change(only(id), become('paused'));
    },
    resume: (id) => {
      calls.push({ method: 'resume', id });
      change(only(id), become('uploading'));
    },
    cancel: (id) => {
      calls.push({ method: 'cancel', id });
      change(only(id), become('canceled'));
    },
    retry: (id) => {
      calls.push({ method: 'retry', id });
      change(only(id), become('uploading'));
    },
    remove: (id) => {
      calls.push({ method: 'remove', id });
      set({ uploads: snapshot.uploads.filter((upload) => upload.id !== id) });
    },
    pauseAll: () => {
      calls.push({ method: 'pauseAll' });
      change((upload) => upload.canPause, become('paused'));
    },
    resumeAll: () => {
      calls.push({ method: 'resumeAll' });
      change((upload) => upload.canResume, become('uploading'));
    },
    cancelAll: () => {
      calls.push({ method: 'cancelAll' });
      change((upload) => upload.canCancel, become('canceled'));
    },
    discardUnfinished: (id) => {
      calls.push({ method: 'discardUnfinished', id });
      set({ unfinished: snapshot.unfinished.filter((upload) => upload.id !== id) });
    },
    dismissRejections: () => {
      calls.push({ method: 'dismissRejections' });
      set({ rejections: [] });
    },
    notifySignedIn: () => {
      calls.push({ method: 'notifySignedIn' });
      change((upload) => upload.waiting?.for === 'sign-in', { waiting: undefined });
    },
    refreshDetails: () => {
      calls.push({ method: 'refreshDetails' });
      return Promise.resolve(snapshot.uploads.filter(({ status }) => status === 'processing').length);
    },
    destroy: () => {
      isDestroyed = true;
      listeners.clear();
    },
  };
}
