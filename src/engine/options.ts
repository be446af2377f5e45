import type { EnginePorts } from './ports.js';
import type { DuplicateRule, Restrictions } from './types.js';

/** Settings of `createUploader`. */
export interface UploaderOptions {
  /** Where the token endpoint is mounted, e.g. `/api/uploads`. */
  endpoint: string;
  /** Id of the provider at that endpoint, e.g. `huawei-vod`. */
  provider: string;
  /**
   * Whose uploads these are and for what: the signed-in person, the record being edited, or both. Uploads of another
   * scope are neither listed, continued, discarded nor told of, in this tab or another, now or after a reload. Default ''.
   */
  scope?: string;
  /** Sent with every call to the endpoint (never to the store). A function is asked before each call. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
  /**
   * For calls to the endpoint. Default `same-origin`; with `include`, cookies go to an endpoint of another origin,
   * which has to allow this page's origin and credentials.
   */
  credentials?: RequestCredentials;
  /**
   * True for a response that is the page on which people sign in, as after a redirect (`response.redirected`,
   * `response.url`): it is treated like 401. Must not read the body.
   */
  isSignInPage?: (response: Response) => boolean;
  restrictions?: Restrictions;
  /** What becomes of a file whose content another upload has. Default `allow`. */
  duplicates?: DuplicateRule;
  /**
   * Whether `upload.notes` say what is worth knowing of a file: no sound, vertical, the same video again … By default
   * where the headers are read anyway, which is with limits on duration, resolution or codec, or `validate`. True reads
   * those of every file; false takes no notes. What was sent is remembered by fingerprint, for 90 days in this browser.
   */
  notes?: boolean;
  concurrency?: {
    /** Large files sent at once; small ones share a slot. Default 3. */
    files?: number;
    /** Connections to the store at once, over all files. Default 6, what browsers open to one origin. */
    connections?: number;
  };
  retry?: {
    /**
     * How long an upload keeps trying while endpoint or store are silent, restarting or out of order, in ms; while
     * offline it waits without limit. Default 7 days, as long as tickets live.
     */
    patienceMs?: number;
  };
  /**
   * How large the parts of a multipart upload are, in bytes, within the limits of the store. Default: from the file's
   * size.
   */
  partSizeBytes?: number;
  /** False: files wait, `queued`, until `start` is called, so that title, cover and subtitles can be given first. Default true. */
  autoStart?: boolean;
  /**
   * Files up to this size are kept in IndexedDB until they are stored, so that after a crash they go on by themselves.
   * In bytes; 0 keeps none. Default 10,000,000.
   */
  keepFilesMaxSizeBytes?: number;
  /**
   * An unfinished upload without progress for this long, in ms, is discarded on the next visit: its parts are
   * aborted at the store and the service is told. Default 6 days; keep it below the endpoint's `ticketLifetimeMs`
   * (7 days), as an expired ticket can abort nothing any more.
   */
  abandonAfterMs?: number;
  /**
   * What the host wants to say about a file, as JSON; reaches `authorize` at the endpoint. Called when the file is added
   * and kept with the upload, also over a reload. Of a large drop it is asked before the first bytes of a file are read, so
   * also for one that is rejected afterwards. A file for which it throws, rejects or answers anything but an object of
   * JSON values is rejected with `custom`.
   */
  metadata?: (file: File) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /**
   * Called once when the endpoint answers 401, however many calls were refused. Uploads wait until the promise it
   * returns is fulfilled, `notifySignedIn()` is called, or a call of a resumed upload succeeds. Without it, uploads end
   * with `unauthorized`.
   */
  onUnauthorized?: () => void | Promise<void>;
  /**
   * Who polls for media details while the cloud processes: the engine (`auto`, default), or the host, which calls
   * `refreshDetails` (`manual`).
   */
  polling?: 'auto' | 'manual';
  /** Replaces parts of the outside world; for tests and for hosts with a transport of their own. */
  ports?: Partial<EnginePorts>;
}
