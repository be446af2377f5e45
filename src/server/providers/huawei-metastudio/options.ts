import * as v from 'valibot';
import {
  appUserHeader,
  descriptionMaxCharacters,
  fileMaxBytes,
  maxTags,
  nameMaxCharacters,
  supportedServices,
  tagMaxCharacters,
} from '../../../vendors/huawei-metastudio.js';
import type { CallOptions } from '../../kit/call.js';
import type { CallContext } from '../../provider.js';
import type { HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { checkPlace } from '../../kit/place.js';

/** What one asset may be given ("Creating a Digital Asset"); defaults in the settings, or per upload from the page. */
export const assetOptionsSchema = v.object({
  /** Name of the asset. Default: the file's name. */
  assetName: v.optional(v.pipe(v.string(), v.maxLength(nameMaxCharacters))),
  /** Description of the asset. */
  assetDescription: v.optional(v.pipe(v.string(), v.maxLength(descriptionMaxCharacters))),
  /** Tags of the asset. */
  tags: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(tagMaxCharacters))), v.maxLength(maxTags)),
  ),
  /** System properties, such as `MATERIAL_VIDEO`, without which some tools do not offer the asset. */
  systemProperties: v.optional(v.record(v.string(), v.string())),
  /** Services of MetaStudio that offer the asset. Default: the service's own. */
  supportedService: v.optional(v.array(v.picklist(supportedServices))),
  /** Video only: let the service make a cover. */
  isNeedGenerateCover: v.optional(v.boolean()),
});
/** Parameters of an asset at Huawei Cloud MetaStudio. */
export type MetastudioAssetOptions = v.InferOutput<typeof assetOptionsSchema>;

/** Settings of `huaweiMetastudio`. One of `region` and `endpoint` is needed. */
export interface HuaweiMetastudioOptions extends MetastudioAssetOptions, CallOptions {
  /** Id under which browsers ask for this provider. Default `huawei-metastudio`. */
  readonly id?: string;
  /** Of the region and of the credentials' account. */
  readonly projectId: string;
  /** `cn-north-4` or `cn-east-3`; names the endpoint `https://metastudio.{region}.myhuaweicloud.com`. */
  readonly region?: string;
  /** Where MetaStudio answers, instead of the region's endpoint. */
  readonly endpoint?: string;
  /** A key pair (AK, SK), temporary ones with a security token, or an IAM token. */
  readonly credentials: HuaweiCredentials;
  /** Type of assets whose main file is audio. Default `AUDIO`. */
  readonly audioAssetType?: 'AUDIO' | 'MUSIC';
  /** Sent as `X-App-UserId`: the owner of the asset in the application's own terms. Printable ASCII only. */
  readonly appUserId?: string | ((caller: { readonly id: string } | undefined) => string | undefined);
  /** Lets the service read duration and measures of the main file. Default: the service's own. */
  readonly autoMetaAnalysis?: boolean;
  /** Files up to this size go in one PUT; larger ones by CreateLargeFile. Default and most 5 GiB. */
  readonly singlePutMaxBytes?: number;
  /** What a part of a large file should have; more where 100 parts would not do. Default 64 MiB, at least 100 KiB. */
  readonly partSizeBytes?: number;
  /** Content-Type of a large file's parts, which no page names; `none` sends none. Default `application/octet-stream`. */
  readonly partContentType?: string;
}

/** Throws `TypeError` for settings that no upload could be created with. */
export function checkOptions(options: HuaweiMetastudioOptions): void {
  const { region, endpoint, projectId, credentials, appUserId, singlePutMaxBytes = 0 } = options;
  if (!region && !endpoint) throw new TypeError('MetaStudio needs a region or an endpoint.');
  checkPlace('MetaStudio', { region, endpoint });
  if (!projectId) throw new TypeError('MetaStudio needs a project id.');
  if ('token' in credentials ? !credentials.token : !credentials.accessKey || !credentials.secretKey)
    throw new TypeError('MetaStudio needs a key pair or a token.');
  if (typeof appUserId === 'string' && !isHeaderText(appUserId))
    throw new TypeError('The app user id of MetaStudio is printable ASCII.');
  if (singlePutMaxBytes > fileMaxBytes)
    throw new TypeError(`A single PUT takes at most ${fileMaxBytes} bytes.`);
  const parsed = v.safeParse(assetOptionsSchema, options);
  if (!parsed.success)
    throw new TypeError(`MetaStudio does not take this ${v.getDotPath(parsed.issues[0])}.`);
}

/** "Third-party user ID, which does not allow Chinese characters." A name that cannot be sent is left out rather than altered. */
export function appUserHeaders(
  { appUserId }: HuaweiMetastudioOptions,
  { caller }: CallContext,
): Record<string, string> {
  const name = typeof appUserId === 'function' ? appUserId(caller) : appUserId;
  return name !== undefined && isHeaderText(name) ? { [appUserHeader]: name } : {};
}

function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}
