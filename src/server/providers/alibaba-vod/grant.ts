import * as v from 'valibot';
import { stsLifetimeSeconds } from '../../../vendors/alibaba-vod.js';
import { encodeRfc3986, fromBase64 } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import type { Target } from './state.js';
import { addressSchema, authSchema } from './wire.js';

export interface UploadGrant {
  readonly UploadAddress: string;
  readonly UploadAuth: string;
}

/** "Upload URLs and credentials": both are base64 of JSON. Neither leaves the server. */
export function readGrant(
  { UploadAddress, UploadAuth }: UploadGrant,
  what: string,
  { region, nowMs }: { region: string; nowMs: number },
): Target {
  const {
    Endpoint,
    Bucket: bucket,
    FileName: key,
  } = decode(addressSchema, UploadAddress, `${what}: UploadAddress`);
  const auth = decode(authSchema, UploadAuth, `${what}: UploadAuth`);
  const endpoint = endpointUrl(Endpoint, what);
  return {
    url: objectUrl(endpoint, bucket, key),
    bucket,
    key,
    region: auth.Region || regionOf(endpoint.hostname) || region,
    keys: {
      accessKeyId: auth.AccessKeyId,
      accessKeySecret: auth.AccessKeySecret,
      securityToken: auth.SecurityToken,
      expiresAt: expiryOf(auth, nowMs),
    },
  };
}

function expiryOf({ ExpireUTCTime, Expiration }: v.InferOutput<typeof authSchema>, nowMs: number): number {
  const absolute = Date.parse(ExpireUTCTime ?? '');
  return Number.isNaN(absolute) ? nowMs + (Expiration ?? stsLifetimeSeconds) * 1000 : absolute;
}

/** Published samples have the scheme in front, others only the host. */
function endpointUrl(endpoint: string, what: string): URL {
  const text = /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`;
  if (!URL.canParse(text))
    throw new EndpointError('vendor-invalid-reply', { detail: `${what}: Endpoint is not as documented` });
  return new URL(text);
}

/** The bucket is part of the host, but for hosts that cannot carry one: an address of digits, or this machine. */
function objectUrl({ protocol, host, hostname }: URL, bucket: string, key: string): string {
  const path = key.split('/').map(encodeRfc3986).join('/');
  const isBare = hostname === 'localhost' || /^\d+(\.\d+){3}$|^\[/.test(hostname);
  return isBare ? `${protocol}//${host}/${bucket}/${path}` : `${protocol}//${bucket}.${host}/${path}`;
}

/** An acceleration endpoint names no region. */
function regionOf(hostname: string): string | undefined {
  const region = /^oss-([a-z0-9-]+?)(-internal)?\.aliyuncs\.com$/.exec(hostname)?.[1];
  return region?.startsWith('accelerate') ? undefined : region;
}

function decode<T extends v.GenericSchema>(schema: T, base64: string, what: string): v.InferOutput<T> {
  try {
    return v.parse(schema, JSON.parse(new TextDecoder().decode(fromBase64(base64))));
  } catch {
    // The parser's own words could repeat a key.
    throw new EndpointError('vendor-invalid-reply', { detail: `${what} is not as documented` });
  }
}
