import { hmacSha1, toBase64 } from '../hash.js';
import { compareText } from './canonical.js';
import { ossUrl, type OssKeys, type OssObject, type OssPart, type OssRequest } from './oss-request.js';

/**
 * Signature version 1 of OSS ("Add signatures to URLs", "Include signatures in the Authorization header"): HMAC-SHA1.
 * The vectors beside this file are answers of the vendor's own clients.
 */

/** Parameters that are part of the signed resource. Others, such as `max-parts`, may be added to a URL afterwards. */
const subResources: ReadonlySet<string> = new Set([
  'uploads',
  'uploadId',
  'partNumber',
  'security-token',
  'versionId',
]);

export function ossV1Presigner(
  { url, bucket, key, date, lifetimeSeconds }: OssObject,
  { accessKeyId, accessKeySecret, securityToken }: OssKeys,
): (part: OssPart) => string {
  const expires = String(Math.floor(date.getTime() / 1000) + lifetimeSeconds);
  const sign = hmacSha1(accessKeySecret);
  return (part) => {
    const query = { ...part.query, ...(securityToken && { 'security-token': securityToken }) };
    const { method, headers } = part;
    const stringToSign = ossV1StringToSign({ method, bucket, key, query, headers }, expires);
    const signature = toBase64(sign(stringToSign));
    return ossUrl(url, { ...query, OSSAccessKeyId: accessKeyId, Expires: expires, Signature: signature });
  };
}

type Signed = Pick<OssRequest, 'method' | 'bucket' | 'key' | 'query' | 'headers'>;

/** `dateLine` is the `Expires` of a URL, or the date of a signed header. The resource is not encoded. */
export function ossV1StringToSign(
  { method, bucket, key, query = {}, headers = {} }: Signed,
  dateLine: string,
): string {
  const ossHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('');
  const signed = Object.entries(query)
    .filter(([name]) => subResources.has(name) || name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const resource = `/${bucket}/${key}${signed.length > 0 ? `?${signed.join('&')}` : ''}`;
  return [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    dateLine,
    ossHeaders + resource,
  ].join('\n');
}

export function ossV1Signature(stringToSign: string, secret: string): string {
  return toBase64(hmacSha1(secret)(stringToSign));
}
