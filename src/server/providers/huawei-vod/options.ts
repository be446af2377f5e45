import type { StartFields } from '../../provider.js';
import type { RetryPolicy, RetryTools } from '../../retry.js';
import type { HuaweiCredentials } from '../../signing/huawei-credentials.js';
import type { ContentTypeRule } from './file-type.js';

/** Settings of `huaweiVod`. One of `region` and `endpoint` is needed. */
export interface HuaweiVodOptions {
  /** Id under which browsers ask for this provider. Default `huawei-vod`; give others when several accounts are served. */
  readonly id?: string;
  /** Of the region and of the credentials' account. */
  readonly projectId: string;
  /** As in `cn-north-4`; names the endpoint `https://vod.{region}.myhuaweicloud.com`. */
  readonly region?: string;
  /** Where VOD answers, instead of the region's endpoint. */
  readonly endpoint?: string;
  readonly credentials: HuaweiCredentials;
  /** Object store with path-style addresses, where authority `v1.0` leaves building URLs to us. Default: the bucket's own address. */
  readonly obsBaseUrl?: string;
  /** Version of the authority call. Default `v1.1`, which answers with whole URLs. */
  readonly authorityVersion?: 'v1.0' | 'v1.1';
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
  readonly workflowName?: string;
  /** Encrypts the outputs; needs transcoding to HLS. */
  readonly autoEncrypt?: boolean;
  /** Sends the outputs to the CDN ahead of viewers. */
  readonly autoPreheat?: boolean;
  /** Template of the automatic content review. */
  readonly reviewTemplateId?: string;
  /** Code of a subtitle's language, from its BCP 47 tag. Default: `CN` for Chinese, `EN` for English, others as they are. */
  readonly subtitleLanguage?: (tag: string) => string;
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long one vendor call may take, in ms. Default 15,000; joining parts may take four times that. */
  readonly timeoutMs?: number;
  /** When vendor calls are made again. Default 3 tries within 5 s. */
  readonly retry?: Partial<RetryPolicy & RetryTools>;
}
