import type {
  AddItem,
  DuplicateRule,
  MediaProbe,
  Rejection,
  UploadError,
  UploadSnapshot,
  UploaderOptions,
} from '../engine/index.js';
import type { Duration, Locale, MessageOverrides, ShrinkRule, Size, SourceName } from '../react/index.js';

/**
 * The properties of `<vodrop-uploader>`. Those that {@link attributes} lists are attributes as well; a property that
 * is set to a text, a number or a boolean changes its attribute.
 */
export interface VodropUploaderProperties {
  /** Where the token endpoint is mounted, e.g. `/api/uploads`. */
  endpoint: string | undefined;
  /** Id of the provider at that endpoint, e.g. `huawei-vod`. */
  provider: string | undefined;
  /** Whose uploads these are and for what. Uploads of another scope are neither listed nor continued here. */
  scope: string | undefined;
  /** What may be added: `video` (default), `audio`, `image`, MIME types or extensions, separated by commas. */
  accept: string | readonly string[] | undefined;
  /** Largest file: bytes, or a text such as `2GB`. */
  maxSize: Size | undefined;
  /** Smallest file: bytes, or a text such as `1MB`. */
  minSize: Size | undefined;
  /** How many uploads may be under way at once; with `countReady`, how many there may be in all. */
  maxFiles: number | undefined;
  /** Ready uploads keep their places: `maxFiles` is then how many there may be in all. */
  countReady: boolean | undefined;
  /** Longest video: seconds, or a text such as `10 min`. */
  maxDuration: Duration | undefined;
  /** Shortest video: seconds, or a text such as `5 s`. */
  minDuration: Duration | undefined;
  /** Of the shorter side, as in "1080p". */
  minResolution: number | undefined;
  /** Of the shorter side, as in "1080p". */
  maxResolution: number | undefined;
  /** Accepted codecs by their short names, e.g. `avc,hevc`. */
  codecs: string | readonly string[] | undefined;
  /** What becomes of a file whose content another upload has. Default `allow`. */
  duplicates: DuplicateRule | undefined;
  /** Whether a card says what is worth knowing of files. Default: where their headers are read for a limit. */
  notes: boolean | undefined;
  /** How many files are sent at once. */
  concurrency: number | { files?: number; connections?: number } | undefined;
  /** `false`: files wait for "Start", so that cover, subtitles and title can be given first. */
  autoStart: boolean | undefined;
  /** Files up to this size are kept in the browser and resume by themselves after a crash. Default 10 MB. */
  keepFilesMaxSize: Size | undefined;
  /** How patient uploads are, as JSON in the attribute; see `UploaderOptions`. */
  retry: UploaderOptions['retry'];
  /** How large parts are: bytes, or a text such as `16 MB`. */
  partSize: Size | undefined;
  /** For calls to the endpoint: `include` sends cookies to an endpoint of another origin. Default `same-origin`. */
  credentials: RequestCredentials | undefined;
  /** An unfinished upload is discarded on the next visit when it was not resumed for this long, in ms. */
  abandonAfterMs: number | undefined;
  /** Closes the drop zone, and submits nothing. */
  disabled: boolean | undefined;
  /** Where files may be dropped: on the `zone` (default), or anywhere on the `page`. */
  dropTarget: 'zone' | 'page' | undefined;
  /** Files dropped beside every target do not open in place of the page. Default true. */
  preventStrayDrops: boolean | undefined;
  /** Offers the camera on phones. */
  capture: 'environment' | 'user' | undefined;
  /** Where videos come from: `device`, `link`, `camera`, `screen`, separated by commas. Default `device`. */
  sources: string | readonly SourceName[] | undefined;
  /** Films can be trimmed in the details dialog before they are sent. Default false. */
  trim: boolean | undefined;
  /** Large films are sent as smaller copies, made in the browser; as JSON in the attribute. See `ShrinkRule`. */
  shrink: ShrinkRule | undefined;
  /** Rows (`list`, default), or tiles with large pictures (`grid`). */
  layout: 'list' | 'grid' | undefined;
  /** Writes percent and time left into the document's title while uploading. */
  progressInTitle: boolean | undefined;
  /** Notifies by the system when everything is ready and the page is hidden. */
  notifyWhenReady: boolean | undefined;
  /** Keeps the screen on while bytes are sent. */
  wakeLock: boolean | undefined;
  /** Asks before the page is left while sent bytes, or files that wait, would be lost. Default true. */
  warnOnLeave: boolean | undefined;
  /** What is canceled, removed or discarded can be taken back for six seconds. Default true. */
  undo: boolean | undefined;
  /** The language, by its BCP 47 tag; as a property also a locale imported from `vodrop/locales/*`. */
  locale: string | Locale | undefined;
  /** `auto` (default) follows the system. */
  theme: 'light' | 'dark' | 'auto' | undefined;
  /** The form submits the media ids under this name. */
  name: string | undefined;
  /** The form is not submitted before there is a media id. */
  required: boolean | undefined;
  /** Renders into the element itself instead of a shadow root. Read when the element is connected. */
  noShadow: boolean | undefined;

  /** Sent with every call to the endpoint, never to the store. A function is asked before each call. */
  headers: UploaderOptions['headers'];
  /** What to tell the endpoint's `authorize` about a file. */
  metadata: ((file: File) => Record<string, unknown> | Promise<Record<string, unknown>>) | undefined;
  /** A rule of your own: a text rejects the file, and is shown. */
  validate:
    | ((file: File, probe: MediaProbe | undefined) => string | undefined | Promise<string | undefined>)
    | undefined;
  /** Called before files are added: return others in their place, or `false` to add none. */
  filterFiles:
    | ((files: File[]) => readonly File[] | false | undefined | Promise<readonly File[] | false | undefined>)
    | undefined;
  /** Called when the endpoint answers 401. Uploads wait until what it returns is fulfilled. */
  signIn: (() => void | Promise<void>) | undefined;
  /** True for a response that is the page on which people sign in: it is treated like 401. */
  isSignInPage: ((response: Response) => boolean) | undefined;
  /** What "Copy link" of a ready upload copies; undefined: it has no link. */
  mediaLink: ((upload: UploadSnapshot) => string | undefined) | undefined;
  /** Offers "Copy embed code" on ready uploads, and is what it copies; undefined: it has none. */
  mediaEmbed: ((upload: UploadSnapshot) => string | undefined) | undefined;
  /** Replaces single texts. */
  messages: MessageOverrides | undefined;
  /** Your own view of a ready upload, in place of the player. The node is a child of the element, with your styles. */
  renderPlayer: ((upload: UploadSnapshot) => Node) | undefined;
}

/** The events of `<vodrop-uploader>`. All of them bubble and leave shadow roots. */
export interface VodropUploaderEventMap {
  /** An upload leaves the queue, also when it is retried. */
  'vodrop-start': CustomEvent<{ readonly upload: UploadSnapshot }>;
  /** Bytes have moved; at most about ten times a second for each upload. */
  'vodrop-progress': CustomEvent<{ readonly upload: UploadSnapshot }>;
  /** The cloud has the whole file: `receipt` and `mediaId` are set. */
  'vodrop-confirmed': CustomEvent<{ readonly upload: UploadSnapshot }>;
  /** The video can be played: `media` is set. */
  'vodrop-ready': CustomEvent<{ readonly upload: UploadSnapshot }>;
  /** An upload has failed. */
  'vodrop-error': CustomEvent<{ readonly error: UploadError; readonly upload: UploadSnapshot }>;
  /** Files cannot be added. */
  'vodrop-rejected': CustomEvent<{ readonly rejections: readonly Rejection[] }>;
  /**
   * The value has changed: an upload is confirmed, or one that was is removed. `input` and `change` are sent with it.
   */
  'vodrop-change': CustomEvent<{ readonly mediaIds: readonly string[] }>;
}

/** Files for `addFiles`. */
export type VodropFiles = Iterable<AddItem>;

type Kind = 'text' | 'number' | 'boolean' | 'switch' | 'list' | 'json';

/**
 * The attributes and how they are read. `boolean`: there or not, as `disabled` of HTML. `switch`: the same, and
 * `"false"` is false. `number` and `json`: what cannot be read is a text.
 */
export const attributes = {
  endpoint: 'text',
  provider: 'text',
  scope: 'text',
  accept: 'list',
  'max-size': 'number',
  'min-size': 'number',
  'max-files': 'number',
  'count-ready': 'switch',
  'max-duration': 'number',
  'min-duration': 'number',
  'min-resolution': 'number',
  'max-resolution': 'number',
  codecs: 'list',
  duplicates: 'text',
  notes: 'switch',
  concurrency: 'json',
  'auto-start': 'switch',
  'keep-files-max-size': 'number',
  retry: 'json',
  'part-size': 'number',
  credentials: 'text',
  'abandon-after-ms': 'number',
  disabled: 'boolean',
  'drop-target': 'text',
  'prevent-stray-drops': 'switch',
  capture: 'text',
  sources: 'list',
  trim: 'switch',
  shrink: 'json',
  layout: 'text',
  'progress-in-title': 'switch',
  'notify-when-ready': 'switch',
  'wake-lock': 'switch',
  'warn-on-leave': 'switch',
  undo: 'switch',
  locale: 'text',
  theme: 'text',
  name: 'text',
  required: 'boolean',
  'no-shadow': 'switch',
} as const satisfies Record<string, Kind>;

/** Properties that no attribute can hold. */
export const objectProperties = [
  'headers',
  'metadata',
  'validate',
  'filterFiles',
  'signIn',
  'isSignInPage',
  'mediaLink',
  'mediaEmbed',
  'messages',
  'renderPlayer',
] as const satisfies readonly (keyof VodropUploaderProperties)[];

/** The property of an attribute: `maxSize` of `max-size`. */
export const propertyOf = (attribute: string): string =>
  attribute.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** What an attribute says. */
export function readAttribute(kind: Kind, text: string | null): unknown {
  if (kind === 'boolean') return text !== null;
  if (text === null) return undefined;
  switch (kind) {
    case 'switch':
      return text !== 'false';
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'list':
      return text.split(',').map((entry) => entry.trim());
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    case 'text':
      return text;
    default:
      return kind satisfies never;
  }
}

/** The text of an attribute for a property's value; undefined where none can hold it. */
export function writeAttribute(kind: Kind, value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  if (kind === 'boolean') return value ? '' : null;
  if (kind === 'switch') return value ? '' : 'false';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
