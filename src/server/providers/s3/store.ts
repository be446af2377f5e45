import { maxListedParts } from '../../../vendors/s3.js';
import type { VendorReply } from '../../http.js';
import type { CallSettings } from '../../kit/call.js';
import type { CallContext } from '../../provider.js';
import { canonicalQuery, signSigV4 } from '../../signing/sigv4.js';
import { StoreClient } from '../../store/client.js';
import { storeErrorCode, unquote } from '../../store/xml.js';
import type { ObjectAddress } from './address.js';
import type { KeyRing } from './credentials.js';
import { s3Error } from './errors.js';

const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';

export interface StoreOptions {
  readonly addressOf: (key: string) => ObjectAddress;
  readonly region: string;
  readonly keys: KeyRing;
}

/** The endpoint's own calls to the store, by object key, signed in headers. */
export function createS3Store(
  { addressOf, region, keys }: StoreOptions,
  settings: CallSettings,
): StoreClient<string> {
  return new StoreClient<string>(
    {
      maxListedParts,
      completion: { body: { xmlns }, headers: () => ({ 'content-type': 'application/xml' }) },
      async toVendorRequest(key, { method, headers, body, ...request }) {
        const { origin, host, path } = addressOf(key);
        const query = Object.entries(request.query);
        const signed = signSigV4({ method, host, path, query, headers, body }, await keys.current(), {
          region,
          date: new Date(settings.now()),
        });
        const search = query.length > 0 ? `?${canonicalQuery(query)}` : '';
        return { method, url: `${origin}${path}${search}`, headers: signed, body };
      },
      toError: (reply, what) => s3Error(reply, what, settings.now()),
      // Temporary keys can be ended before their time: others are asked for once.
      isStale: (reply) => isExpired(reply) && keys.renew(),
    },
    settings,
  );
}

const expiredCodes = new Set(['ExpiredToken', 'TokenRefreshRequired', 'InvalidToken']);

function isExpired({ status, text }: VendorReply): boolean {
  return (status === 400 || status === 403) && expiredCodes.has(storeErrorCode(text) ?? '');
}

export interface ObjectHead {
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly contentType: string;
  readonly modifiedAt: number | undefined;
  /** How long ago that was, by the store's own clock. */
  readonly ageMs: number | undefined;
  /** Every header that describes the object. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `undefined` where there is no object under the key. */
export async function headObject(
  store: StoreClient<string>,
  key: string,
  context: CallContext,
): Promise<ObjectHead | undefined> {
  const { status, headers } = await store.head(key, [404], context);
  if (status === 404) return undefined;
  const modifiedAt = dateOf(headers.get('last-modified'));
  const sentAt = dateOf(headers.get('date'));
  const described = [...headers].filter(([name]) =>
    /^(content-|etag|last-modified|x-amz-(meta-|storage|version|server-side|checksum|expiration))/.test(name),
  );
  return {
    sizeBytes: Number(headers.get('content-length') ?? NaN),
    eTag: unquote(headers.get('etag') ?? ''),
    contentType: headers.get('content-type') ?? '',
    modifiedAt,
    ageMs: modifiedAt === undefined || sentAt === undefined ? undefined : sentAt - modifiedAt,
    headers: Object.fromEntries(described),
  };
}

function dateOf(text: string | null): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
