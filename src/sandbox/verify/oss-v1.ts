import { createHmac } from 'node:crypto';
import { firstValue } from '../http/encoding.js';
import {
  expired,
  maxSkewMs,
  mismatch,
  type OssOutcome,
  type OssSignedRequest,
  type OssVerifyOptions,
} from './oss-claim.js';
import { isEqualText } from './rpc-v1.js';

/** Parameters that are part of the resource, besides those that begin with `response-` and `x-oss-`. */
const subResources = new Set([
  'acl',
  'append',
  'bucketInfo',
  'callback',
  'callback-var',
  'cloudboxes',
  'continuation-token',
  'delete',
  'location',
  'objectMeta',
  'partNumber',
  'position',
  'regionList',
  'restore',
  'security-token',
  'sequential',
  'stat',
  'symlink',
  'tagging',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
]);

/** OSS, "Add signatures to URLs" and "Include signatures in the Authorization header"; undefined when the request has no V1 signature. */
export function verifyOssV1(request: OssSignedRequest, options: OssVerifyOptions): OssOutcome | undefined {
  if (firstValue(request.query, 'OSSAccessKeyId') !== undefined) return verifyUrl(request, options);
  const claim = /^OSS ([^:\s]+):(\S+)$/.exec(request.header('authorization') ?? '');
  return claim ? verifyHeader(request, claim[1] ?? '', claim[2] ?? '', options) : undefined;
}

function verifyUrl(request: OssSignedRequest, options: OssVerifyOptions): OssOutcome {
  const { nowMs, isExpired } = options;
  const [accessKeyId = '', expires, signature] = ['OSSAccessKeyId', 'Expires', 'Signature'].map((name) =>
    firstValue(request.query, name),
  );
  if (expires === undefined || signature === undefined) {
    return {
      ok: false,
      code: 'AccessDenied',
      message: 'Query string authentication requires the Signature, Expires and OSSAccessKeyId parameters.',
    };
  }
  if (!/^\d+$/.test(expires))
    return { ok: false, code: 'AccessDenied', message: 'Invalid date (should be seconds since epoch).' };
  // Expiry first: an expired URL is refused as expired even if its signature is wrong.
  if (isExpired === true || nowMs > Number(expires) * 1000) return expired(Number(expires) * 1000, nowMs);
  return checkSignature(
    request,
    { accessKeyId, signature, dateLine: expires, securityToken: firstValue(request.query, 'security-token') },
    options,
  );
}

function verifyHeader(
  request: OssSignedRequest,
  accessKeyId: string,
  signature: string,
  options: OssVerifyOptions,
): OssOutcome {
  const dateLine = request.header('x-oss-date') ?? request.header('date') ?? '';
  const ms = Date.parse(dateLine);
  if (Number.isNaN(ms))
    return { ok: false, code: 'AccessDenied', message: 'OSS authentication requires a valid Date.' };
  if (options.isExpired === true || Math.abs(options.nowMs - ms) > maxSkewMs)
    return { ok: false, code: 'RequestTimeTooSkewed' };
  return checkSignature(
    request,
    { accessKeyId, signature, dateLine, securityToken: request.header('x-oss-security-token') },
    options,
  );
}

interface Claim {
  accessKeyId: string;
  signature: string;
  dateLine: string;
  securityToken: string | undefined;
}

function checkSignature(
  request: OssSignedRequest,
  { accessKeyId, signature, dateLine, securityToken }: Claim,
  { findSecret }: OssVerifyOptions,
): OssOutcome {
  const secret = findSecret(accessKeyId);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId' };
  const stringToSign = ossV1StringToSign(request, dateLine);
  const expected = createHmac('sha1', secret).update(stringToSign).digest('base64');
  if (!isEqualText(expected, signature)) return mismatch(accessKeyId, signature, stringToSign);
  return { ok: true, accessKeyId, securityToken };
}

export function ossV1StringToSign(
  { method, bucket, key, query, header, headerNames }: OssSignedRequest,
  dateLine: string,
): string {
  const ossHeaders = headerNames
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${(header(name) ?? '').trim()}\n`);
  const resources = new Map<string, string>();
  for (const [name, value] of query) {
    const counts = subResources.has(name) || name.startsWith('response-') || name.startsWith('x-oss-');
    if (counts && !resources.has(name)) resources.set(name, value);
  }
  const named = [...resources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + (value === '' ? '' : `=${value}`));
  const resource = `/${bucket}/${key}` + (named.length === 0 ? '' : `?${named.join('&')}`);
  return `${method}\n${header('content-md5') ?? ''}\n${header('content-type') ?? ''}\n${dateLine}\n${ossHeaders.join('')}${resource}`;
}
