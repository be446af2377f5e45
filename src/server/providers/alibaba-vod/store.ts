import { maxListedParts, maxPresignSeconds } from '../../../vendors/alibaba-vod.js';
import type { CallSettings } from '../../kit/call.js';
import type { OssPresign, OssRequest } from '../../signing/oss-request.js';
import { StoreClient, type StoreRequest } from '../../store/client.js';
import { storeErrorSchema } from '../../store/xml.js';
import { parseXml } from '../../xml.js';
import { ossError } from './errors.js';
import type { Target } from './state.js';

/** The calls to OSS with the temporary keys of one upload (OSS API reference, "Multipart upload"), all by presigned URLs. */
export type OssStore = StoreClient<Target>;

/** What URLs are presigned with. */
export interface OssSigning {
  readonly presign: OssPresign;
  readonly now: () => number;
}

/** A URL expires with the keys that signed it; the browser is told so this long before. */
const marginMs = 60_000;

export function createOssStore(signing: OssSigning, settings: CallSettings): OssStore {
  return new StoreClient<Target>(
    {
      maxListedParts,
      completion: {
        // Without a list of parts OSS takes every stored one.
        headers: (body): Record<string, string> =>
          body === undefined ? { 'x-oss-complete-all': 'yes' } : { 'content-type': 'application/xml' },
        differingPart({ status, text }) {
          const error = status === 400 ? parseXml(storeErrorSchema, text)?.Error : undefined;
          return error?.Code === 'InvalidPart' && error.PartNumber ? Number(error.PartNumber) : undefined;
        },
        namesETag: false,
      },
      toVendorRequest: (target, request) => ({
        method: request.method,
        url: presignUrl(target, request, signing),
        headers: titleCase(request.headers),
        body: request.body,
      }),
      toError: (reply, what) => ossError(reply, what, settings.now()),
    },
    settings,
  );
}

/** What a browser may be given: the request, and how long it is valid. */
export interface PresignedPut {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly expiresInMs: number;
}

export function presignPut(
  target: Target,
  { query, headers }: Pick<StoreRequest, 'query' | 'headers'>,
  signing: OssSigning,
): PresignedPut {
  return {
    url: presignUrl(target, { method: 'PUT', query, headers }, signing),
    headers: titleCase(headers),
    expiresInMs: Math.max(0, lifetimeSeconds(target, signing.now()) * 1000 - marginMs),
  };
}

function presignUrl(
  target: Target,
  { method, query, headers }: Pick<OssRequest, 'method' | 'query' | 'headers'>,
  { presign, now }: OssSigning,
): string {
  const { url, bucket, key, keys, region } = target;
  const request = {
    method,
    url,
    bucket,
    key,
    query,
    headers,
    date: new Date(now()),
    lifetimeSeconds: lifetimeSeconds(target, now()),
  };
  return presign(request, { ...keys, region });
}

function lifetimeSeconds({ keys }: Target, nowMs: number): number {
  return Math.max(1, Math.min(maxPresignSeconds, Math.floor((keys.expiresAt - nowMs) / 1000)));
}

/** As they are usually written; the signature does not distinguish. */
function titleCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const written: Record<string, string> = { 'content-type': 'Content-Type', 'content-md5': 'Content-MD5' };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [written[name] ?? name, value]));
}
