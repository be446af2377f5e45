import * as v from 'valibot';
import {
  maxPutBytes,
  sessionContextMaxLength,
  sourceContextMaxLength,
} from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import type { CallOptions } from '../../kit/call.js';
import { definedFields } from '../../kit/fields.js';
import type { TranscodingOption } from '../../kit/transcodes.js';
import type { StartFields } from '../../provider.js';
import type { TencentCredentials } from '../../signing/tc3-hmac-sha256.js';
import { originOf } from './presign.js';

/** The vendor names no limit; this one keeps tickets within theirs. */
const extInfoMaxLength = 1000;
const nameText = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/**
 * The documentation counts characters and does not say how: code points are the most that it can mean, and the service
 * itself refuses what it counts otherwise.
 */
const textOf = (maxCharacters: number) =>
  v.pipe(
    v.string(),
    v.check((text) => [...text].length <= maxCharacters, `a text of at most ${maxCharacters} characters`),
  );

/** "ApplyUpload", the parameters that describe the media. `ExpireTime` is read by the clock given. */
export function uploadOptionsSchema(now: () => number) {
  return v.object({
    mediaName: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1024))),
    procedure: v.optional(nameText),
    expireTime: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/, 'not an ISO 8601 time'),
        v.check((text) => Date.parse(text) > now(), 'not a time to come'),
      ),
    ),
    storageRegion: v.optional(v.pipe(v.string(), v.regex(/^[a-z]+-[a-z]+(-\d)?$/))),
    classId: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    sourceContext: v.optional(textOf(sourceContextMaxLength)),
    sessionContext: v.optional(textOf(sessionContextMaxLength)),
    extInfo: v.optional(v.pipe(v.string(), v.maxLength(extInfoMaxLength))),
    subAppId: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  });
}

type UploadOptionsSchema = ReturnType<typeof uploadOptionsSchema>;
/** Parameters of an upload at Tencent Cloud VOD. */
export type UploadOptions = v.InferOutput<UploadOptionsSchema>;

export const defaultCosOrigin = 'https://{bucket}.cos.{region}.myqcloud.com';

type Default<T> = T | ((upload: StartFields) => T);

/** Settings of `tencentVod`. */
export interface TencentVodOptions extends CallOptions, TranscodingOption {
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
  /**
   * Another origin at which the bucket answers, as in `https://{bucket}.cos.{region}.tencentcos.cn`. On a line that loses
   * packets browsers then send up to twelve parts at once, six to each origin; the pages' policy has to allow both
   * (`connect-src`). Default: none.
   */
  readonly secondCosOrigin?: string;
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
}

/** The defaults of one upload, before the page's own options. */
export function defaultsFor(upload: StartFields, options: TencentVodOptions): UploadOptions {
  const valueOf = (value: Default<string> | undefined) =>
    typeof value === 'function' ? value(upload) : value;
  const { procedure, storageRegion, classId, extInfo, subAppId } = options;
  return definedFields({
    mediaName: valueOf(options.mediaName),
    procedure,
    expireTime: valueOf(options.expireTime),
    storageRegion,
    classId,
    sourceContext: valueOf(options.sourceContext),
    sessionContext: valueOf(options.sessionContext),
    extInfo,
    subAppId,
  });
}

/** The host's defaults are checked against the same limits as what a page sends. */
export function checkDefaults(schema: UploadOptionsSchema, defaults: UploadOptions): UploadOptions {
  const parsed = v.safeParse(schema, defaults);
  if (parsed.success) return parsed.output;
  throw new EndpointError('internal', {
    detail: `The endpoint's own ${v.getDotPath(parsed.issues[0]) ?? 'defaults'} breaks a limit of ApplyUpload.`,
  });
}

/** Throws `TypeError` for settings that no upload could be applied for with. */
export function checkOptions(options: TencentVodOptions, schema: UploadOptionsSchema): void {
  const {
    credentials,
    singlePutMaxBytes = 0,
    cosOrigin = defaultCosOrigin,
    secondCosOrigin = cosOrigin,
  } = options;
  if (!credentials.secretId || !credentials.secretKey) throw new TypeError('Tencent VOD needs a key pair.');
  if (!(singlePutMaxBytes >= 0 && singlePutMaxBytes <= maxPutBytes))
    throw new TypeError(`One PUT takes up to ${maxPutBytes} bytes.`);
  if ([cosOrigin, secondCosOrigin].some((origin) => !URL.canParse(originOf(origin, 'b-1', 'r'))))
    throw new TypeError('The origin of COS is not a URL.');
  const fixed = Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => Object.hasOwn(schema.entries, name) && typeof value !== 'function',
    ),
  );
  try {
    checkDefaults(schema, fixed);
  } catch (error) {
    throw new TypeError(error instanceof Error ? error.message : 'A setting of Tencent VOD breaks a limit.', {
      cause: error,
    });
  }
}
