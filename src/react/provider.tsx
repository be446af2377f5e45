import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Rejection, Uploader } from '../engine/index.js';
import { Announcer } from './bindings/announcer.js';
import { WidgetContext } from './context.js';
import { defaultAccept, kindOf } from './files/accept.js';
import { createFormat, parseSize, type Size } from './format/index.js';
import { useDetailsPolling } from './hooks/use-details-polling.js';
import { useEngine, type EngineSettings } from './hooks/use-engine.js';
import { useLatest } from './hooks/use-latest.js';
import { useUploadEvents, type UploadCallbacks } from './hooks/use-upload-events.js';
import { en, mergeMessages, type MessageOverrides } from './messages/index.js';

/** Where uploads go: to an endpoint, by an engine made here, or through an engine the host made. */
export type UploaderSource =
  | {
      /** Where the token endpoint is mounted, e.g. `/api/uploads`. */
      endpoint: string;
      /** Id of the provider at that endpoint, e.g. `huawei-vod`. */
      provider: string;
      uploader?: undefined;
    }
  | {
      /** An engine that outlives this component, e.g. shared across routes. Make it with `details: 'manual'`. */
      uploader: Uploader;
      endpoint?: undefined;
      provider?: undefined;
    };

/** Everything that can be set, beside where uploads go. */
export interface UploaderSettings extends UploadCallbacks {
  /** Sent with every call to the endpoint, never to the store. A function is asked before each call; it may be async. */
  headers?: EngineSettings['headers'];
  /** What may be added: `video` (default), `audio`, `image`, MIME types or extensions; one, or a list. */
  accept?: string | readonly string[];
  /** Largest file: bytes, or a text such as `'2GB'`. */
  maxSize?: Size;
  minSize?: Size;
  /** How many uploads may be under way at once. With 1 the file dialog takes one file. */
  maxFiles?: number;
  /** Files at once, or files and connections. */
  concurrency?: number | { files?: number; parts?: number };
  /** What to say about a file to the endpoint's `authorize`. */
  metadata?: (file: File) => Record<string, unknown>;
  /** Closes the drop zone. Uploads under way go on. */
  disabled?: boolean;
  /** BCP 47; for numbers and, once loaded, words. Default `en`. */
  locale?: string;
  /** Replaces single texts. */
  messages?: MessageOverrides;
  /** Called when the endpoint answers 401. Uploads wait until what it returns is fulfilled. */
  onUnauthorized?: () => void | Promise<void>;
  /** Asked before files are added: return others in their place, or `false` to add none. */
  onFilesAdded?: (files: File[]) => FilesAnswer | Promise<FilesAnswer>;
  /** Told of the files that cannot be added. */
  onRejected?: (rejections: readonly Rejection[]) => void;
}

/** What `onFilesAdded` may answer; nothing at all means "as they are". */
export type FilesAnswer = readonly File[] | false | undefined | void;

export type UploaderProviderProps = UploaderSource & UploaderSettings & { children?: ReactNode };

/** Holds the engine and the words for the parts inside. Renders nothing itself; see `UploaderRoot` for the look. */
export function UploaderProvider(props: UploaderProviderProps): ReactNode {
  const { endpoint, provider, uploader: given, locale = 'en', messages: overrides, disabled = false, children } = props;
  const restrictions = useRestrictions(props);
  const uploader = useEngine(given, endpoint, provider, {
    restrictions,
    ...(props.headers && { headers: props.headers }),
    ...(props.concurrency !== undefined && {
      concurrency: typeof props.concurrency === 'number' ? { files: props.concurrency } : props.concurrency,
    }),
    ...(props.metadata && { metadata: props.metadata }),
    ...(props.onUnauthorized && { onUnauthorized: props.onUnauthorized }),
  });
  useUploadEvents(uploader, props);
  useDetailsPolling(uploader);

  const latest = useLatest(props);
  const addFiles = useCallback(async (files: readonly File[]) => {
    const answer = await latest.current.onFilesAdded?.([...files]);
    if (answer === false) return { added: [], rejections: [] };
    const result = await uploader.add(answer ?? files);
    if (result.rejections.length) latest.current.onRejected?.(result.rejections);
    return result;
  }, [uploader, latest]);
  const signIn = useCallback(() => {
    // An engine made here asks the host by itself when the endpoint still answers 401. One of the host's own does not
    // know this prop. What goes wrong while signing in is the host's to show; uploads go on waiting.
    const asked = given ? latest.current.onUnauthorized?.() : undefined;
    void Promise.resolve(asked).then(() => { uploader.signedIn(); }, () => undefined);
  }, [given, uploader, latest]);

  const format = useMemo(() => createFormat(locale), [locale]);
  const messages = useMemo(() => mergeMessages(en, overrides), [overrides]);
  const [announcer] = useState(() => new Announcer());
  const accept = restrictions.accept ?? defaultAccept;
  const widget = useMemo(
    () => ({ uploader, messages, format, restrictions, accept, kind: kindOf(accept), isDisabled: disabled, announcer, addFiles, signIn }),
    [uploader, messages, format, restrictions, accept, disabled, announcer, addFiles, signIn],
  );
  return <WidgetContext value={widget}>{children}</WidgetContext>;
}

function useRestrictions({ accept, maxSize, minSize, maxFiles }: UploaderSettings) {
  const acceptKey = accept === undefined ? '' : [accept].flat().join(',');
  return useMemo(() => ({
    accept: acceptKey ? acceptKey.split(',').map((entry) => entry.trim()) : defaultAccept,
    ...(maxSize !== undefined && { maxSizeBytes: parseSize(maxSize) }),
    ...(minSize !== undefined && { minSizeBytes: parseSize(minSize) }),
    ...(maxFiles !== undefined && { maxFiles }),
  }), [acceptKey, maxSize, minSize, maxFiles]);
}
