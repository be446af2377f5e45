import { maxListedParts, maxPresignSeconds } from '../../../vendors/alibaba-vod.js';
import type { CallSettings } from '../../kit/call.js';
import type { OssPart, OssPresigner } from '../../signing/oss-request.js';
import { StoreClient, type StoreRequest } from '../../store/client.js';
import { storeErrorSchema } from '../../store/xml.js';
import { parseXml } from '../../xml.js';
import { ossError } from './errors.js';
import type { Target } from './state.js';

/** The calls to OSS with the temporary keys of one upload (OSS API reference, "Multipart upload"), all by presigned URLs. */
export type OssStore = StoreClient<Target>;

/** What URLs are presigned with. */
export interface OssSigning {
  readonly presigner: OssPresigner;
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
        url: presigner(target, signing)(request),
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

/** Presigns PUTs to one object: of its parts, or of the whole. */
export function putPresigner(
  target: Target,
  signing: OssSigning,
): (put: Pick<StoreRequest, 'query' | 'headers'>) => PresignedPut {
  const presign = presigner(target, signing);
  const expiresInMs = Math.max(0, lifetimeSeconds(target, signing.now()) * 1000 - marginMs);
  return ({ query, headers }) => ({
    url: presign({ method: 'PUT', query, headers }),
    headers: titleCase(headers),
    expiresInMs,
  });
}

function presigner(target: Target, signing: OssSigning): (part: OssPart) => string {
  const { url, bucket, key, keys, region } = target;
  const nowMs = signing.now();
  const object = {
    url,
    bucket,
    key,
    date: new Date(nowMs),
    lifetimeSeconds: lifetimeSeconds(target, nowMs),
  };
  return signing.presigner(object, { ...keys, region });
}

function lifetimeSeconds({ keys }: Target, nowMs: number): number {
  return Math.max(1, Math.min(maxPresignSeconds, Math.floor((keys.expiresAt - nowMs) / 1000)));
}

/** As they are usually written; the signature does not distinguish. */
function titleCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const written: Record<string, string> = { 'content-type': 'Content-Type', 'content-md5': 'Content-MD5' };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [written[name] ?? name, value]));
}
