import * as v from 'valibot';
import {
  descriptionMaxBytes,
  singlePutMaxBytes as vodSinglePutMaxBytes,
  titleMaxBytes,
} from '../../../vendors/huawei-vod.js';
import type { CallOptions } from '../../kit/call.js';
import type { StartFields } from '../../provider.js';
import type { HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { utf8Length } from '../../text.js';
import type { ContentTypeRule } from './file-type.js';
import { checkPlace } from '../../kit/place.js';
import type { TranscodingOption } from '../../kit/transcodes.js';

export const maxTags = 16;
export const maxTagBytes = 16;

const textOf = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.check((text) => utf8Length(text) <= maxBytes, `a text of at most ${maxBytes} bytes`),
  );
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

export const tagsSchema = v.pipe(
  v.array(v.pipe(textOf(maxTagBytes), v.minLength(1), v.regex(/^[^,]*$/))),
  v.maxLength(maxTags),
);

/**
 * What one asset may be given ("Creating a Media Asset: Uploading a File", request parameters); defaults in the
 * settings, or per upload from the page. Another video for the asset takes none of them: they stay what they were.
 */
export const uploadOptionsSchema = v.object({
  title: v.optional(textOf(titleMaxBytes)),
  description: v.optional(textOf(descriptionMaxBytes)),
  categoryId: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  tags: v.optional(tagsSchema),
  autoPublish: v.optional(v.boolean()),
  templateGroupName: v.optional(name),
  workflowName: v.optional(name),
  autoEncrypt: v.optional(v.boolean()),
  autoPreheat: v.optional(v.boolean()),
  reviewTemplateId: v.optional(name),
});
/** Parameters of an upload at Huawei Cloud VOD. */
export type HuaweiVodUploadOptions = v.InferOutput<typeof uploadOptionsSchema>;

/** Settings of `huaweiVod`. One of `region` and `endpoint` is needed. */
export interface HuaweiVodOptions extends CallOptions, TranscodingOption {
  /** Id under which browsers ask for this provider. Default `huawei-vod`; give others when several accounts are served. */
  readonly id?: string;
  /** Of the region and of the credentials' account. */
  readonly projectId: string;
  /** As in `cn-north-4`; names the endpoint `https://vod.{region}.myhuaweicloud.com`. */
  readonly region?: string;
  /** Where VOD answers, instead of the region's endpoint. */
  readonly endpoint?: string;
  /** A key pair (AK, SK), temporary ones with a security token, or an IAM token. */
  readonly credentials: HuaweiCredentials;
  /** Object store with path-style addresses, for authority `v1.0`, with which the endpoint builds the URLs. Default: the bucket's own address. */
  readonly obsBaseUrl?: string;
  /** Version of the authority call. Default `v1.1`, which answers with whole URLs. */
  readonly authorityVersion?: 'v1.0' | 'v1.1';
  /**
   * Whether parts are signed for both names of the bucket, in the host and in the path. On a line that loses packets
   * browsers then send up to twelve parts at once, six to each name; the pages' policy has to allow both
   * (`connect-src`). Default false: OBS may be set to require one of them.
   */
  readonly secondName?: boolean;
  /**
   * Which of two documented rules names the Content-Type of a single PUT: the table of the upload example, or the
   * sentence of the update page. The browser tries the other one once when the first is refused. Default `table`.
   */
  readonly contentTypeRule?: ContentTypeRule;
  /** Whether the MD5 of a small file is given to VOD, so that its store verifies the bytes. Default true. */
  readonly sendVideoMd5?: boolean;
  /** Files up to this size go in one PUT; larger ones in parts. Default and maximum 20,000,000, the service's own limit. */
  readonly singlePutMaxBytes?: number;
  /** Title of the asset, cut to 128 bytes. Default: the file's name. */
  readonly title?: string | ((upload: StartFields) => string);
  /** At most 1,024 bytes. */
  readonly description?: string;
  /** Default: the service's own category "Other". */
  readonly categoryId?: number;
  /** At most 16, of at most 16 bytes each. */
  readonly tags?: readonly string[];
  /** Default: the service's own, which is true. */
  readonly autoPublish?: boolean;
  /** Transcoding template group; wins over `workflowName`. */
  readonly templateGroupName?: string;
  /** Workflow that processes the video. */
  readonly workflowName?: string;
  /** Encrypts the outputs; needs transcoding to HLS. */
  readonly autoEncrypt?: boolean;
  /** Loads the outputs into the CDN before they are requested. */
  readonly autoPreheat?: boolean;
  /** Template of the automatic content review. */
  readonly reviewTemplateId?: string;
  /** Code of a subtitle's language, from its BCP 47 tag. Default: `CN` for Chinese, `EN` for English, others as they are. */
  readonly subtitleLanguage?: (tag: string) => string;
}

/** Throws `TypeError` for settings that no upload could be created with. */
export function checkOptions({
  tags = [],
  region,
  endpoint,
  projectId,
  credentials,
  singlePutMaxBytes = 0,
}: HuaweiVodOptions): void {
  if (!region && !endpoint) throw new TypeError('Huawei VOD needs a region or an endpoint.');
  checkPlace('Huawei VOD', { region, endpoint });
  if (!projectId) throw new TypeError('Huawei VOD needs a project id.');
  if ('token' in credentials ? !credentials.token : !credentials.accessKey || !credentials.secretKey)
    throw new TypeError('Huawei VOD needs a key pair or a token.');
  if (singlePutMaxBytes > vodSinglePutMaxBytes)
    throw new TypeError(`Huawei VOD takes at most ${vodSinglePutMaxBytes} bytes in one PUT.`);
  if (tags.length > maxTags || tags.some((tag) => utf8Length(tag) > maxTagBytes || tag.includes(','))) {
    throw new TypeError(
      `Huawei VOD takes up to ${maxTags} tags of up to ${maxTagBytes} bytes, without commas.`,
    );
  }
}
