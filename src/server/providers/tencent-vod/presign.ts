import { securityTokenName } from '../../../vendors/tencent-vod.js';
import { encodeRfc3986 } from '../../encoding.js';
import { cosAuthorization, cosQuery, signCos } from '../../signing/cos-q-sign.js';
import type { Certificate, TencentVodState } from './state.js';

/** A signature begins this long ago, since the store's clock may be behind, and ends this long before its certificate. */
const leadSeconds = 60;
/** What remains of a certificate must let a browser at least begin. */
const minUsefulSeconds = 30;

export interface CosAddressing {
  /** With `{bucket}` and `{region}`. */
  readonly cosOrigin: string;
  /** Parts are signed for it, too. */
  readonly secondCosOrigin?: string | undefined;
  readonly now: () => number;
  readonly urlLifetimeMs: number;
}

export interface CosTarget {
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** To be signed beside the host, and to be sent exactly so. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Place = Pick<TencentVodState, 'bucket' | 'region' | 'certificate'>;

/** Whether the certificate is too close to its end for anything more to be signed with it. */
export function isSpent({ expiresAt }: Certificate, nowMs: number): boolean {
  return expiresAt - leadSeconds - minUsefulSeconds <= nowMs / 1000;
}

/** COS, "Request signature", in the URL: good without credentials for one request, until the end of its window. */
export function presign(
  place: Place,
  target: CosTarget,
  { cosOrigin, now, urlLifetimeMs }: CosAddressing,
): { url: string; expiresInMs: number } {
  const { certificate } = place;
  const nowSeconds = Math.floor(now() / 1000);
  const endsAt = Math.min(nowSeconds + Math.floor(urlLifetimeMs / 1000), certificate.expiresAt - leadSeconds);
  const { url, signature } = signed(place, target, { cosOrigin, nowSeconds, endsAt });
  const separator = Object.keys(target.query ?? {}).length > 0 ? '&' : '?';
  // The token may hold `+`, `/` and `=`: encoded, which the vendor's own client forgets.
  return {
    url: `${url}${separator}${cosQuery(signature)}&${securityTokenName}=${encodeRfc3986(certificate.token)}`,
    expiresInMs: Math.max(0, endsAt * 1000 - now()),
  };
}

/** The same in headers, for the endpoint's own requests. */
export function authorize(
  place: Place,
  target: CosTarget,
  { cosOrigin, now }: CosAddressing,
): { url: string; headers: Record<string, string> } {
  const nowSeconds = Math.floor(now() / 1000);
  const { url, signature } = signed(place, target, { cosOrigin, nowSeconds, endsAt: nowSeconds + 900 });
  return {
    url,
    headers: {
      ...target.headers,
      [securityTokenName]: place.certificate.token,
      Authorization: cosAuthorization(signature),
    },
  };
}

function signed(
  place: Place,
  target: CosTarget,
  { cosOrigin, nowSeconds, endsAt }: { cosOrigin: string; nowSeconds: number; endsAt: number },
): { url: string; signature: ReturnType<typeof signCos> } {
  const { url, host } = urlOf(place, target, cosOrigin);
  const { method, path, query = {}, headers = {} } = target;
  const request = { method, pathname: path, query, headers: { ...headers, host } };
  return {
    url,
    signature: signCos({ ...request, startsAt: nowSeconds - leadSeconds, endsAt }, place.certificate),
  };
}

function urlOf(
  place: Place,
  { path, query = {} }: CosTarget,
  cosOrigin: string,
): { url: string; host: string } {
  const { url, host } = objectOf(place, path, cosOrigin);
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`,
  );
  return { url: pairs.length > 0 ? `${url}?${pairs.join('&')}` : url, host };
}

/** Of a template with `{bucket}` and `{region}`. */
export function originOf(template: string, bucket: string, region: string): string {
  return template.replace('{bucket}', bucket).replace('{region}', region).replace(/\/+$/, '');
}

/** The last one: the parts of one upload are signed by the hundred, and parsing a URL costs as much as a hash. */
let lastObject: { readonly id: string; readonly url: string; readonly host: string } | undefined;

function objectOf({ bucket, region }: Place, path: string, cosOrigin: string): { url: string; host: string } {
  const id = `${cosOrigin}\n${bucket}\n${region}\n${path}`;
  if (lastObject?.id === id) return lastObject;
  const origin = originOf(cosOrigin, bucket, region);
  const url = origin + path.split('/').map(encodeRfc3986).join('/');
  lastObject = { id, url, host: new URL(origin).host };
  return lastObject;
}
