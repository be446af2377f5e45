import * as v from 'valibot';
import {
  descriptionMaxLength,
  extendMaxBytes,
  tagMaxLength,
  tagsMaxCount,
  titleMaxLength,
} from '../../../vendors/alibaba-vod.js';
import type { CallOptions } from '../../kit/call.js';
import type { StartFields } from '../../provider.js';
import type { AlibabaKeys } from '../../signing/alibaba-keys.js';
import { cleanText, utf8Length } from '../../text.js';
import { checkPlace } from '../../kit/place.js';
import type { TranscodingOption } from '../../kit/transcodes.js';

/** What the service refuses in titles, descriptions and tags (`IllegalCharacters`): emoji, and every character beyond the first plane. */
const illegal = /[\u{10000}-\u{10ffff}]|\p{Emoji_Presentation}|\u{fe0f}|\u{200d}/gu;

export function withoutIllegal(text: string): string {
  return text.replace(illegal, '');
}

/** The pages state the limits in characters, the error's own text in bytes: bytes satisfy both. */
const words = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.check((text) => text.trim() !== '' && utf8Length(text) <= maxBytes, `at most ${maxBytes} bytes`),
    v.check(
      (text) => cleanText(text) === text.trim() && withoutIllegal(text) === text,
      'text without emoji and control characters',
    ),
  );
export const tagsSchema = v.pipe(
  v.array(v.pipe(words(tagMaxLength), v.regex(/^[^,]+$/))),
  v.maxLength(tagsMaxCount),
);
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const httpUrl = v.pipe(v.string(), v.maxLength(1024), v.regex(/^https?:\/\/[^\s]+$/));

/** "Basic structures", UserData. */
const userDataSchema = v.strictObject({
  MessageCallback: v.optional(
    v.strictObject({
      CallbackType: v.optional(v.picklist(['http', 'mns'])),
      CallbackURL: v.optional(httpUrl),
    }),
  ),
  Extend: v.optional(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.check(
        (extend) => utf8Length(JSON.stringify(extend)) <= extendMaxBytes,
        `at most ${extendMaxBytes} bytes`,
      ),
    ),
  ),
  AccelerateConfig: v.optional(v.strictObject({ Type: v.literal('oss'), Domain: httpUrl })),
});

/** Per-upload options: the parameters of CreateUploadVideo, under the page's limits. */
export const uploadOptionsSchema = v.strictObject({
  title: v.optional(words(titleMaxLength)),
  /** Description of the video. */
  description: v.optional(words(descriptionMaxLength)),
  /** Tags of the video. */
  tags: v.optional(tagsSchema),
  /** Category of the video. Default: the account's default category. */
  cateId: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(-1))),
  /** Transcoding template group. Default: the account's default group. */
  templateGroupId: v.optional(id),
  /** Wins over `templateGroupId`. */
  workflowId: v.optional(id),
  /** Storage address (bucket) of the account. Default: the account's default address. */
  storageLocation: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{2,127}$/))),
  /** Application of the account, as in `app-1000000`. Default: the account's default application. */
  appId: v.optional(v.pipe(v.string(), v.regex(/^app-[A-Za-z0-9]{1,60}$/))),
  /** Address of a picture that is there already. */
  coverUrl: v.optional(httpUrl),
  /** `UserData` of the API: callbacks and data of the application's own. */
  userData: v.optional(userDataSchema),
});
/** Parameters of an upload at ApsaraVideo VOD. */
export type AlibabaUploadOptions = v.InferOutput<typeof uploadOptionsSchema>;

/** Settings of `alibabaVod`; those of `AlibabaUploadOptions` hold for every upload that does not say otherwise. */
export interface AlibabaVodOptions
  extends Omit<AlibabaUploadOptions, 'title'>, CallOptions, TranscodingOption {
  /** Id under which browsers ask for this provider. Default `alibaba-vod`; give others when several accounts are served. */
  readonly id?: string;
  /** Default `cn-shanghai`; names the endpoint `https://vod.{region}.aliyuncs.com`. */
  readonly region?: string;
  /** Where VOD answers, instead of the region's endpoint. */
  readonly endpoint?: string;
  /** Of a RAM user or role that may call VOD; a function where they are temporary. Asked before each call. */
  readonly credentials: AlibabaKeys | (() => AlibabaKeys | Promise<AlibabaKeys>);
  /** Signature of the calls to VOD: `v3` is ACS3-HMAC-SHA256, `v1` the older HMAC-SHA1. Default `v3`. */
  readonly signature?: 'v3' | 'v1';
  /** Signature of the requests to OSS. Default `v4`, which new accounts may insist on. */
  readonly ossSignature?: 'v4' | 'v1';
  /** Files up to this size go in one PUT, above it in parts. At most 5 GB; default 5 MiB. */
  readonly singlePutMaxBytes?: number;
  /**
   * Whether to ask the store which parts it has. What the credentials of an upload allow is unpublished; where listing
   * is refused, uploads work all the same, but an interrupted one sends all its parts again. Default true.
   */
  readonly listParts?: boolean;
  /**
   * What happens to the media of a canceled or failed upload. `delete` removes it (needs `vod:DeleteVideo`), but never
   * one whose bytes arrived. `keep` leaves it in the console as uploading. Default `delete`.
   */
  readonly discarded?: 'delete' | 'keep';
  /**
   * What `UploadSucc` means: with transcoding the video is still `processing`, without it `ready`.
   * Default `ready`.
   */
  readonly whenStored?: 'ready' | 'processing';
  /** Whether details of ready media carry play addresses, at one more call each. Default true. */
  readonly playUrls?: boolean;
  /** Default: the file's name. */
  readonly title?: string | ((upload: StartFields) => string);
  /** A text that is never used twice. Default `crypto.randomUUID`. */
  readonly nonce?: () => string;
}

/** Throws `TypeError` for settings that no upload could be made with. */
export function checkOptions(options: AlibabaVodOptions): void {
  const { credentials, singlePutMaxBytes = 0 } = options;
  checkPlace('Alibaba VOD', options);
  if (typeof credentials !== 'function' && (!credentials.accessKeyId || !credentials.accessKeySecret))
    throw new TypeError('Alibaba VOD needs a key pair, or a function that answers one.');
  if (singlePutMaxBytes < 0 || singlePutMaxBytes > 5 * 1024 ** 3)
    throw new TypeError('OSS takes at most 5 GB in one PUT.');
  const defaults = Object.fromEntries(
    Object.keys(uploadOptionsSchema.entries)
      .filter((name) => name !== 'title')
      .map((name) => [name, options[name as keyof AlibabaVodOptions]]),
  );
  const parsed = v.safeParse(uploadOptionsSchema, defaults);
  if (!parsed.success)
    throw new TypeError(
      `Alibaba VOD cannot take this ${v.getDotPath(parsed.issues[0]) ?? 'setting'}: ${parsed.issues[0].message}`,
    );
}
