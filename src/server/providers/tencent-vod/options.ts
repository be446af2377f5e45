import type { StartFields } from '../../provider.js';
import type { RetryPolicy, RetryTools } from '../../retry.js';
import type { TencentCredentials } from '../../signing/tc3-hmac-sha256.js';
import type { UploadOptions } from './upload-options.js';

type Default<T> = T | ((upload: StartFields) => T);

/** Settings of `tencentVod`. */
export interface TencentVodOptions {
  /** Id under which browsers ask for this provider. Default `tencent-vod`; give others when several accounts are served. */
  readonly id?: string;
  /** Keys of the API. Temporary ones have a token. */
  readonly credentials: TencentCredentials;
  /** Default `intl`, the international site; `mainland` is the Chinese one. An account belongs to one of them. */
  readonly site?: 'intl' | 'mainland';
  /** Where VOD answers, instead of the site's own address. */
  readonly endpoint?: string;
  /** Region of the API, which says nothing about storage. Default `ap-singapore`, on the mainland `ap-guangzhou`. */
  readonly region?: string;
  /** Origin of the store, with `{bucket}` and `{region}`. Default `https://{bucket}.cos.{region}.myqcloud.com`. Its host is signed. */
  readonly cosOrigin?: string;
  /** VOD application. Accounts activated since December 25, 2023 have to name one. */
  readonly subAppId?: number;
  /** Region to store in, as in `ap-chongqing`. Default: the application's own. */
  readonly storageRegion?: string;
  /** Category. Default: the service's own, 0, "Other". */
  readonly classId?: number;
  /** Name of the media, cut to 64 characters. Default: the file's name without its extension. */
  readonly mediaName?: Default<string>;
  /** Name of a task flow template, run after the upload. */
  readonly procedure?: string;
  /** When the media shall be deleted, ISO 8601. Default: never. */
  readonly expireTime?: Default<string>;
  /** Comes back in the upload's event and in the media's details. At most 250 characters. */
  readonly sourceContext?: Default<string>;
  /** Comes back in the task flow's events, where there is a `procedure`. At most 1,000 characters. */
  readonly sessionContext?: Default<string>;
  /** Reserved by the vendor. */
  readonly extInfo?: string;
  /** Files up to this size go in one PUT. Default 16 MiB, at most the store's 5 GB; 0 sends every file in parts. */
  readonly singlePutMaxBytes?: number;
  /**
   * When media counts as ready. `metadata` (default): the service has read the file. `renditions`: an output of the
   * procedure is there as well; for procedures that make one always.
   */
  readonly readyWhen?: 'metadata' | 'renditions';
  /** How long a presigned URL may live, in ms; never longer than the certificate behind it. Default one hour. */
  readonly urlLifetimeMs?: number;
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long one vendor call may take, in ms. Default 15,000; joining parts may take four times that. */
  readonly timeoutMs?: number;
  /** When vendor calls are made again. Default 3 tries within 5 s. */
  readonly retry?: Partial<RetryPolicy & RetryTools>;
}

/** The defaults of one upload, before the page's own options. */
export function defaultsFor(upload: StartFields, options: TencentVodOptions): UploadOptions {
  const {
    mediaName,
    procedure,
    expireTime,
    storageRegion,
    classId,
    sourceContext,
    sessionContext,
    extInfo,
    subAppId,
  } = options;
  const given = {
    mediaName: of(mediaName),
    procedure,
    expireTime: of(expireTime),
    storageRegion,
    classId,
    sourceContext: of(sourceContext),
    sessionContext: of(sessionContext),
    extInfo,
    subAppId,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

  function of(value: Default<string> | undefined): string | undefined {
    return typeof value === 'function' ? value(upload) : value;
  }
}
