import { useEffect, useMemo, useRef, useState } from 'react';
import type {
  AddOptions,
  Rejection,
  UploadError,
  UploadSnapshot,
  Uploader,
  UploaderSnapshot,
} from '../../engine/index.js';
import { findUpload } from '../stores/snapshot-index.js';
import { useLatest } from './use-latest.js';
import { sumUp } from './use-total.js';
import { useUploader } from './use-uploader.js';
import { useSelected } from './use-uploads.js';

/** The files that were given cannot be added; `rejections` say why. */
export class FilesRejectedError extends Error {
  override readonly name = 'FilesRejectedError';
  readonly rejections: readonly Rejection[];

  constructor(rejections: readonly Rejection[]) {
    super(`The files cannot be added: ${rejections.map(({ code }) => code).join(', ')}`);
    this.rejections = rejections;
  }
}

/** The upload was canceled or removed. */
export class UploadCanceledError extends Error {
  override readonly name = 'UploadCanceledError';
}

/** Why the promise of `useUploadFiles` rejects. */
export type UploadFilesError = UploadError | FilesRejectedError | UploadCanceledError;

/** Options of `useUploadFile` and `useUploadFiles`. */
export interface UseUploadFilesOptions {
  /** When an upload counts as done: when it can be played (`ready`, default), or once the cloud has it (`confirmed`). */
  until?: 'ready' | 'confirmed';
  onSuccess?: (uploads: readonly UploadSnapshot[]) => void;
  onError?: (error: UploadFilesError) => void;
  onSettled?: (uploads: readonly UploadSnapshot[] | undefined, error: UploadFilesError | null) => void;
}

/** The words of TanStack Query's `useMutation`, for files. */
export interface UseUploadFilesResult {
  readonly status: 'idle' | 'pending' | 'success' | 'error';
  readonly isIdle: boolean;
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly isError: boolean;
  readonly isPaused: boolean;
  /** The uploads as they ended; undefined before. */
  readonly data: readonly UploadSnapshot[] | undefined;
  readonly error: UploadFilesError | null;
  /** The files of the latest call. */
  readonly variables: readonly File[] | undefined;
  /** The uploads of the latest call, as they are. */
  readonly uploads: readonly UploadSnapshot[];
  /** 0 to 1, over all files. */
  readonly progress: number;
  readonly upload: (files: Iterable<File>, options?: AddOptions) => void;
  /** Rejects with {@link UploadFilesError} when any of them fails. Uploads go on when the component goes; the promise does not wait for it. */
  readonly uploadAsync: (files: Iterable<File>, options?: AddOptions) => Promise<readonly UploadSnapshot[]>;
  /** Back to `idle`. Uploads under way go on. */
  readonly reset: () => void;
}

interface State {
  status: UseUploadFilesResult['status'];
  files: readonly File[] | undefined;
  ids: readonly string[];
  data: readonly UploadSnapshot[] | undefined;
  error: UploadFilesError | null;
}

const idle: State = { status: 'idle', files: undefined, ids: [], data: undefined, error: null };

/** Uploads files without any markup. Has to stand inside a `UploaderProvider`. */
export function useUploadFiles(options: UseUploadFilesOptions = {}): UseUploadFilesResult {
  const uploader = useUploader();
  const latest = useLatest(options);
  const [state, setState] = useState(idle);
  const run = useRef(0);
  const ids = state.ids;
  const select = useMemo(() => selectUploads(ids), [ids]);
  const uploads = useSelected(uploader, select);
  useEffect(
    () => () => {
      run.current += 1;
    },
    [],
  );

  const actions = useMemo(() => {
    const uploadAsync = async (given: Iterable<File>, addOptions?: AddOptions) => {
      run.current += 1;
      const mine = run.current;
      const set = (parts: Partial<State>) => {
        if (mine === run.current) setState((before) => ({ ...before, ...parts }));
      };
      const files = [...given];
      set({ ...idle, status: 'pending', files });
      try {
        const { added, rejections } = await uploader.add(files, addOptions);
        if (rejections.length && !added.length) throw new FilesRejectedError(rejections);
        set({ ids: added });
        // The call itself is the start, also with `autoStart={false}`.
        for (const id of added) uploader.start(id);
        const data = await settled(uploader, added, latest.current.until ?? 'ready');
        if (rejections.length) throw new FilesRejectedError(rejections);
        set({ status: 'success', data });
        latest.current.onSuccess?.(data);
        latest.current.onSettled?.(data, null);
        return data;
      } catch (caught) {
        const error = caught as UploadFilesError;
        set({ status: 'error', error });
        latest.current.onError?.(error);
        latest.current.onSettled?.(undefined, error);
        throw error;
      }
    };
    return {
      uploadAsync,
      // The error is in the result.
      upload: (files: Iterable<File>, addOptions?: AddOptions) => {
        uploadAsync(files, addOptions).catch(() => undefined);
      },
      reset: () => {
        run.current += 1;
        setState(idle);
      },
    };
  }, [uploader, latest]);

  const { status } = state;
  const { sentBytes, sizeBytes } = useMemo(() => sumUp({ uploads } as UploaderSnapshot), [uploads]);
  return {
    ...actions,
    status,
    isIdle: status === 'idle',
    isPending: status === 'pending',
    isSuccess: status === 'success',
    isError: status === 'error',
    isPaused: uploads.length > 0 && uploads.every((upload) => upload.status === 'paused'),
    data: state.data,
    error: state.error,
    variables: state.files,
    uploads,
    progress: status === 'success' ? 1 : sizeBytes ? sentBytes / sizeBytes : 0,
  };
}

/** One file; otherwise like {@link useUploadFiles}. */
export interface UseUploadFileResult extends Omit<
  UseUploadFilesResult,
  'data' | 'variables' | 'upload' | 'uploadAsync' | 'uploads'
> {
  readonly data: UploadSnapshot | undefined;
  readonly variables: File | undefined;
  /** The upload of the latest call, as it is. */
  readonly snapshot: UploadSnapshot | undefined;
  readonly upload: (file: File, options?: AddOptions) => void;
  readonly uploadAsync: (file: File, options?: AddOptions) => Promise<UploadSnapshot>;
}

/**
 * Uploads one file without any markup.
 *
 * @example
 * const { uploadAsync, isPending, progress, error } = useUploadFile();
 * const { mediaId } = await uploadAsync(file);
 */
export function useUploadFile(options?: UseUploadFilesOptions): UseUploadFileResult {
  const { data, variables, uploads, upload, uploadAsync, ...rest } = useUploadFiles(options);
  const actions = useMemo(
    () => ({
      upload: (file: File, addOptions?: AddOptions) => {
        upload([file], addOptions);
      },
      uploadAsync: async (file: File, addOptions?: AddOptions) => {
        const [done] = await uploadAsync([file], addOptions);
        if (!done) throw new UploadCanceledError('The host took the file out.');
        return done;
      },
    }),
    [upload, uploadAsync],
  );
  return { ...rest, ...actions, data: data?.[0], variables: variables?.[0], snapshot: uploads[0] };
}

/** Waits until all have ended; a failure is reported after the others have ended, too. */
function settled(
  uploader: Uploader,
  ids: readonly string[],
  until: 'ready' | 'confirmed',
): Promise<readonly UploadSnapshot[]> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    const look = () => {
      const found = ids.map((id) => findUpload(uploader.getSnapshot(), id));
      const isOpen = (upload: UploadSnapshot | undefined) =>
        upload !== undefined &&
        !ends.has(upload.status) &&
        !(until === 'confirmed' && upload.status === 'processing');
      if (found.some(isOpen)) return false;
      stop?.();
      const failed = found.find((upload) => upload?.status === 'failed');
      const done = found.filter((upload) => upload !== undefined && upload.status !== 'canceled');
      if (failed?.error) reject(failed.error);
      else if (done.length < ids.length) reject(new UploadCanceledError('The upload was canceled.'));
      else resolve(done as UploadSnapshot[]);
      return true;
    };
    if (!look()) stop = uploader.subscribe(look);
  });
}

const ends: ReadonlySet<string> = new Set(['ready', 'failed', 'canceled']);

function selectUploads(ids: readonly string[]) {
  let shown: readonly UploadSnapshot[] = [];
  return (snapshot: UploaderSnapshot): readonly UploadSnapshot[] => {
    const next = ids.map((id) => findUpload(snapshot, id)).filter((upload) => upload !== undefined);
    if (next.length !== shown.length || next.some((upload, index) => upload !== shown[index])) shown = next;
    return shown;
  };
}
