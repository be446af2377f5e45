import { useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { AddItem, Rejection, Restrictions, UploadSnapshot, Uploader } from '../engine/index.js';
import { Announcer } from './bindings/announcer.js';
import { RowFinder } from './bindings/row-finder.js';
import { started } from './bindings/started.js';
import { WidgetContext, type DetailsFormProps } from './context.js';
import { defaultAccept, kindOf } from './files/accept.js';
import { fileOf } from './files/items.js';
import { parseSize, type Duration, type Size } from './format/index.js';
import { useDetailsPolling } from './hooks/use-details-polling.js';
import { useDocumentTitle } from './hooks/use-document-title.js';
import { useEngine, type EngineSettings } from './hooks/use-engine.js';
import { useLatest } from './hooks/use-latest.js';
import { useLeaveWarning } from './hooks/use-leave-warning.js';
import { readLimit, useRestrictions } from './hooks/use-restrictions.js';
import { useUploadEvents, type UploadCallbacks } from './hooks/use-upload-events.js';
import { useWakeLock } from './hooks/use-wake-lock.js';
import { useWords } from './hooks/use-words.js';
import type { Locale, LocaleTag, MessageOverrides } from './messages/index.js';

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
      /** An engine that outlives this component, e.g. shared across routes. Make it with `polling: 'manual'`. */
      uploader: Uploader;
      endpoint?: undefined;
      provider?: undefined;
    };

/** What the host tells the endpoint about a file. */
export type Metadata = Record<string, unknown>;

/** Everything that can be set, beside where uploads go. */
export interface UploaderSettings<M extends Metadata = Metadata> extends UploadCallbacks {
  /** Sent with every call to the endpoint, never to the store. A function is asked before each call; it may be async. */
  headers?: EngineSettings['headers'];
  /** What may be added: `video` (default), `audio`, `image`, MIME types or extensions; one, or a list. */
  accept?: string | readonly string[];
  /** Largest file: bytes, or a text such as `'2GB'`. This and every other maximum may be `Infinity`: no limit. */
  maxSize?: Size;
  minSize?: Size;
  /** How many uploads may be under way at once. With 1 the file dialog takes one file. */
  maxFiles?: number;
  /** Longest video: seconds, or a text such as `'10 min'`. This and the next four read the file's headers, before anything is sent. */
  maxDuration?: Duration;
  minDuration?: Duration;
  /** Of the shorter side, as in "1080p". */
  minResolution?: number;
  maxResolution?: number;
  /** Short names, e.g. `['avc', 'hevc']`. */
  codecs?: readonly string[];
  /** The host's own rule: a text refuses the file, and is shown. */
  validate?: NonNullable<Restrictions['validate']>;
  /** Files at once, or files and connections. */
  concurrency?: number | { files?: number; connections?: number };
  /** False: files wait for "Start", so that cover, subtitles and title can be given first. Default true. */
  autoStart?: boolean;
  /** Files up to this size are kept in the browser until they are stored, and go on by themselves after a crash. Default 10 MB. */
  keepFilesMaxSize?: Size;
  /** An unfinished upload is discarded on the next visit when nobody has gone on with it for this long, in ms. Default six days. */
  abandonAfterMs?: number;
  /** What to say about a file to the endpoint's `authorize`. */
  metadata?: (file: File) => M;
  /** Closes the drop zone. Uploads under way go on. */
  disabled?: boolean;
  /** Where files may be dropped: on the zone (default), or anywhere on the page. */
  dropTarget?: 'zone' | 'page';
  /** Offers the camera on phones: the one at the back, or the one that looks at the person. */
  capture?: 'environment' | 'user';
  /** Writes percent and time left into the document's title while uploading. */
  progressInTitle?: boolean;
  /** Keeps the screen on while bytes are sent. */
  wakeLock?: boolean;
  /** Asks before the page is left, but only while bytes that were sent could not be continued. Default true. */
  warnOnLeave?: boolean;
  /**
   * The language: one of ours by its BCP 47 tag, loaded on demand, or a `Locale` imported from `vodrop/locales/*`. Its
   * direction becomes the widget's. Without it: English, in the direction of the page.
   */
  locale?: LocaleTag | (string & NonNullable<unknown>) | Locale;
  /** Replaces single texts. */
  messages?: MessageOverrides;
  /** The host's own fields in the details dialog of an upload. */
  renderDetails?: (props: DetailsFormProps) => ReactNode;
  /** The host's own view of a ready upload, in place of the player. */
  renderPlayer?: (upload: UploadSnapshot) => ReactNode;
  /** Called when the endpoint answers 401. Uploads wait until what it returns is fulfilled. */
  onUnauthorized?: () => void | Promise<void>;
  /** Asked before files are added: return others in their place, or `false` to add none. */
  onFilesAdded?: (files: File[]) => FilesAnswer | Promise<FilesAnswer>;
  /** Told of the files that cannot be added. */
  onRejected?: (rejections: readonly Rejection[]) => void;
}

/** What `onFilesAdded` may answer; nothing at all means "as they are". */
export type FilesAnswer = readonly File[] | false | undefined | void;

export type UploaderProviderProps<M extends Metadata = Metadata> = UploaderSource &
  UploaderSettings<M> & { children?: ReactNode };

/**
 * Holds the engine and the words for the parts inside. Renders nothing itself; see `UploaderRoot` for the look. Around
 * the routes of an application it keeps one engine for all of them: an `<Uploader />` inside needs no endpoint then.
 */
export function UploaderProvider<M extends Metadata = Metadata>(props: UploaderProviderProps<M>): ReactNode {
  const {
    endpoint,
    provider,
    uploader: given,
    disabled = false,
    autoStart = true,
    dropTarget = 'zone',
    capture,
    renderDetails,
    renderPlayer,
    children,
  } = props;
  const restrictions = useRestrictions(props);
  const uploader = useEngine(given, endpoint, provider, engineSettings(props, restrictions));
  useUploadEvents(uploader, props);
  useDetailsPolling(uploader);
  const wording = useWords(props.locale, props.messages, uploader);
  useDocumentTitle(props.progressInTitle ?? false, uploader, wording);
  useWakeLock(props.wakeLock ?? false, uploader);
  useLeaveWarning(props.warnOnLeave ?? true, uploader);

  const latest = useLatest(props);
  const addFiles = useCallback(
    async (items: readonly AddItem[]) => {
      const answer = await latest.current.onFilesAdded?.(items.map(fileOf));
      if (answer === false) return { added: [], rejections: [] };
      // The host answers with files; what the browser gave along with them is found again by identity.
      const known = new Map(items.map((item) => [fileOf(item), item]));
      const result = await uploader.add(answer ? answer.map((file) => known.get(file) ?? file) : items);
      if (result.rejections.length) latest.current.onRejected?.(result.rejections);
      return result;
    },
    [uploader, latest],
  );
  const start = useCallback(
    (id?: string) => {
      started.add(id === undefined ? uploader.getSnapshot().uploads.map((upload) => upload.id) : [id]);
      uploader.start(id);
    },
    [uploader],
  );
  const signIn = useCallback(() => {
    // An engine made here asks the host by itself when the endpoint still answers 401. One of the host's own does not
    // know this prop. What goes wrong while signing in is the host's to show; uploads go on waiting.
    const asked = given ? latest.current.onUnauthorized?.() : undefined;
    void Promise.resolve(asked).then(
      () => {
        uploader.notifySignedIn();
      },
      () => undefined,
    );
  }, [given, uploader, latest]);

  const [announcer] = useState(() => new Announcer());
  const [rows] = useState(() => new RowFinder());
  const accept = restrictions.accept ?? defaultAccept;
  const widget = useMemo(
    () => ({
      uploader,
      ...wording,
      restrictions,
      accept,
      kind: kindOf(accept),
      isDisabled: disabled,
      autoStart,
      dropTarget,
      capture,
      renderDetails,
      renderPlayer,
      announcer,
      rows,
      addFiles,
      start,
      signIn,
    }),
    [
      uploader,
      wording,
      restrictions,
      accept,
      disabled,
      autoStart,
      dropTarget,
      capture,
      renderDetails,
      renderPlayer,
      announcer,
      rows,
      addFiles,
      start,
      signIn,
    ],
  );
  return <WidgetContext value={widget}>{children}</WidgetContext>;
}

/** Takes what is around where there is something, else makes its own. */
export function WithProvider<M extends Metadata>({
  children,
  ...props
}: Partial<UploaderSource> & UploaderSettings<M> & { children: ReactNode }): ReactNode {
  const around = useContext(WidgetContext);
  const hasSource = props.uploader !== undefined || props.endpoint !== undefined;
  if (around && !hasSource) return children;
  return <UploaderProvider {...(props as UploaderProviderProps<M>)}>{children}</UploaderProvider>;
}

function engineSettings<M extends Metadata>(
  props: UploaderSettings<M>,
  restrictions: Restrictions,
): EngineSettings {
  const { headers, concurrency, metadata, onUnauthorized, autoStart, keepFilesMaxSize, abandonAfterMs } =
    props;
  return {
    restrictions,
    ...(headers && { headers }),
    ...(concurrency !== undefined && {
      concurrency: typeof concurrency === 'number' ? { files: concurrency } : concurrency,
    }),
    ...(metadata && { metadata }),
    ...(onUnauthorized && { onUnauthorized }),
    ...(autoStart !== undefined && { autoStart }),
    ...(keepFilesMaxSize !== undefined && {
      keepFilesMaxSizeBytes: readLimit('keepFilesMaxSize', keepFilesMaxSize, parseSize),
    }),
    ...(abandonAfterMs !== undefined && { abandonAfterMs }),
  };
}
