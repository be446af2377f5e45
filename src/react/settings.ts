import type { ReactNode } from 'react';
import type { DuplicateRule, Rejection, Restrictions, UploadSnapshot, Uploader } from '../engine/index.js';
import type { DetailsFormProps } from './context.js';
import type { Duration, Size } from './format/index.js';
import type { UploadCallbacks } from './hooks/use-upload-events.js';
import type { Locale, MessageOverrides } from './messages/index.js';
import type { SourceName } from './source-name.js';
import type { EngineSettings } from './stores/engines.js';
import type { ShrinkRule } from './trim/shrink-rule.js';

/** Every prop may be undefined, which means absent; also for hosts that compile with `exactOptionalPropertyTypes`. */
export type OrUndefined<T> = { [Name in keyof T]: T[Name] | undefined };

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
      /**
       * An engine that outlives this component, e.g. shared across routes. With `polling: 'manual'` the widget polls while it
       * is mounted, by the host's QueryClient where there is one; else the engine itself does, at all times.
       */
      uploader: Uploader;
      endpoint?: undefined;
      provider?: undefined;
    };

/** What the host tells the endpoint about a file. */
export type Metadata = Record<string, unknown>;

/** What `onFilesAdded` may answer; nothing at all means "as they are". */
export type FilesAnswer = readonly File[] | false | undefined | void;

/** Everything that can be set, beside where uploads go. */
export type UploaderSettings<M extends Metadata = Metadata> = OrUndefined<Settings<M> & UploadCallbacks>;

const nestedNames = [
  'disabled',
  'dropTarget',
  'preventStrayDrops',
  'capture',
  'sources',
  'renderDetails',
  'renderPlayer',
  'onFilesAdded',
  'onRejected',
  'onDone',
  'onUploadStart',
  'onProgress',
  'onConfirmed',
  'onReady',
  'onError',
] as const;
type NestedName = (typeof nestedNames)[number];

/** What an `<Uploader>` inside a `UploaderProvider` decides for itself. */
export const nestedSettings: ReadonlySet<string> = new Set(nestedNames);

/** The props of an `<Uploader>` inside a `UploaderProvider`: everything else is set on the provider. */
export type NestedSettings = Pick<UploaderSettings, NestedName> & {
  [Name in Exclude<keyof UploaderSettings, NestedName>]?: undefined;
} & { endpoint?: undefined; provider?: undefined; uploader?: undefined };

interface Settings<M extends Metadata> {
  /** Sent with every call to the endpoint, never to the store. A function is asked before each call; it may be async. */
  headers?: EngineSettings['headers'];
  /** What may be added: `video` (default), `audio`, `image`, MIME types or extensions; one, or a list. */
  accept?: string | readonly string[];
  /** Largest file: bytes, or a text such as `'2GB'`. This and every other maximum may be `Infinity`: no limit. */
  maxSize?: Size;
  minSize?: Size;
  /** How many uploads may be under way at once. With 1 the file dialog takes one file. */
  maxFiles?: number;
  /** Ready uploads keep their places: `maxFiles` is then how many there may be in all. Default false. */
  countReady?: boolean;
  /** Longest video: seconds, or a text such as `'10 min'`. This and the next four read the file's headers, before anything is sent. */
  maxDuration?: Duration;
  minDuration?: Duration;
  /** Of the shorter side, as in "1080p". */
  minResolution?: number;
  maxResolution?: number;
  /** Short names, e.g. `['avc', 'hevc']`. */
  codecs?: readonly string[];
  /** The host's own rule: a text rejects the file, and is shown. */
  validate?: NonNullable<Restrictions['validate']>;
  /**
   * A file whose content is among the uploads already, here or in another tab of the scope: added (`allow`, default),
   * rejected (`refuse`), or rejected with a button to add it all the same (`ask`).
   */
  duplicates?: DuplicateRule;
  /**
   * Whether a card says what is worth knowing of files: no sound, vertical, a codec that not every browser plays, the same
   * video again … By default where the headers are read anyway, for a limit on duration, resolution or codec; `true`
   * reads those of every file, `false` says nothing. The same is in `upload.notes`.
   */
  notes?: boolean;
  /** Files at once, or files and connections. */
  concurrency?: number | { files?: number; connections?: number };
  /** False: files wait for "Start", so that cover, subtitles and title can be given first. Default true. */
  autoStart?: boolean;
  /** Files up to this size are kept in the browser until they are stored, and resume by themselves after a crash. Default 10 MB. */
  keepFilesMaxSize?: Size;
  /** How patient uploads are: see `UploaderOptions`. By default they keep trying for seven days. */
  retry?: EngineSettings['retry'];
  /**
   * How large parts are: bytes, or a text such as `'16 MB'`; within the store's limits. By default it depends on the
   * file.
   */
  partSize?: Size;
  /** For calls to the endpoint: `include` sends cookies to an endpoint of another origin. Default `same-origin`. */
  credentials?: RequestCredentials;
  /** True for a response that is the page on which people sign in: it is treated like 401. Must not read the body. */
  isSignInPage?: (response: Response) => boolean;
  /** An unfinished upload is discarded on the next visit when it was not resumed for this long, in ms. Default six days. */
  abandonAfterMs?: number;
  /**
   * Whose uploads these are and for what: the signed-in person, the record being edited, or both. Uploads of another
   * scope are neither listed, continued, discarded nor told of here. Another scope means another engine. Default ''.
   */
  scope?: string;
  /** What to say about a file to the endpoint's `authorize`. Called when the file is added, and kept with the upload. */
  metadata?: (file: File) => M | Promise<M>;
  /** Closes the drop zone. Uploads under way continue. */
  disabled?: boolean;
  /** Where files may be dropped: on the zone (default), or anywhere on the page. */
  dropTarget?: 'zone' | 'page';
  /**
   * While a drop zone is on the page, files dropped beside every target do not open in place of the page. Default true.
   */
  preventStrayDrops?: boolean;
  /** Offers the camera on phones: the one at the back, or the one that looks at the person. */
  capture?: 'environment' | 'user';
  /**
   * Where videos come from, beside the device: `link` (the cloud fetches them), `camera` and `screen` (recorded here).
   * What the browser or the provider cannot do has no button. Default `['device']`.
   */
  sources?: readonly SourceName[];
  /**
   * Films can be trimmed in the details dialog before they are sent: lossless at key frames, or exactly. What is sent is
   * a copy; the file itself is never changed. Default false.
   */
  trim?: boolean;
  /**
   * Large films are sent as smaller copies, made in the browser: `{ maxHeight: 1080, maxBitsPerSecond: 8e6, when: 'ask' }`.
   * What cannot be shrunk is sent as it is. Undefined: nothing is shrunk.
   */
  shrink?: ShrinkRule;
  /** Writes percent and time left into the document's title while uploading. */
  progressInTitle?: boolean;
  /** Notifies by the system when everything is ready and the page is hidden; asks for the permission at a click into the widget. Default false. */
  notifyWhenReady?: boolean;
  /** Keeps the screen on while bytes are sent. */
  wakeLock?: boolean;
  /** Asks before the page is left, but only while sent bytes, or files that wait, would be lost. Default true. */
  warnOnLeave?: boolean;
  /** What is canceled, removed or discarded can be taken back for six seconds; see `--vodrop-dur-undo`. Default true. */
  undo?: boolean;
  /**
   * The language: one of `localeTags` by its BCP 47 tag, loaded on demand, or a `Locale` imported from `vodrop/locales/*`. Its
   * direction becomes the widget's. Without it: English, in the direction of the page.
   */
  locale?: string | Locale;
  /** Replaces single texts. */
  messages?: MessageOverrides;
  /** The host's own fields in the details dialog of an upload. */
  renderDetails?: (props: DetailsFormProps) => ReactNode;
  /** The host's own view of a ready upload, in place of the player. */
  renderPlayer?: (upload: UploadSnapshot) => ReactNode;
  /** Called when the endpoint answers 401. Uploads wait until what it returns is fulfilled. */
  onUnauthorized?: () => void | Promise<void>;
  /** Called before files are added: return others in their place, or `false` to add none. */
  onFilesAdded?: (files: File[]) => FilesAnswer | Promise<FilesAnswer>;
  /** Offers "Done" once everything is ready, and is called by it: the host goes on from here. */
  onDone?: () => void;
  /** Called with the files that cannot be added. */
  onRejected?: (rejections: readonly Rejection[]) => void;
}
