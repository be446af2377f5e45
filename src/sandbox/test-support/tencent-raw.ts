import { createHash, createHmac } from 'node:crypto';
import type { RunningSandbox } from '../start.js';

/** Raw documented requests to Tencent VOD and COS. Signs by itself; shares no code with the verifiers. */

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac256 = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
const hmacSha1 = (key: string, text: string): string => createHmac('sha1', key).update(text).digest('hex');
const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export interface TencentCallOptions {
  headers?: Record<string, string | undefined>;
  rawBody?: string;
  contentType?: string;
  nowMs?: number;
  /** Signs these headers in addition to content-type and host. */
  alsoSigned?: string[];
}

/** Fields of all answers; each test reads those it expects. */
export interface TencentFields {
  RequestId: string;
  Error?: { Code: string; Message: string };
  StorageBucket: string;
  StorageRegion: string;
  VodSessionKey: string;
  MediaStoragePath: string;
  CoverStoragePath: string | null;
  TempCertificate: { SecretId: string; SecretKey: string; Token: string; ExpiredTime: number };
  FileId: string;
  MediaUrl: string;
  CoverUrl?: string;
  NotExistFileIdSet: string[];
  MediaInfoSet: {
    FileId: string;
    BasicInfo: Record<string, unknown> | null;
    MetaData: Record<string, unknown> | null;
    TranscodeInfo: { TranscodeSet: { Url: string; Definition: number }[] } | null;
  }[];
}

export async function tencent(
  sandbox: RunningSandbox,
  action: string,
  parameters: unknown,
  options: TencentCallOptions = {},
): Promise<TencentFields> {
  const answer = await tencentReply(sandbox, action, parameters, options);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { Response: TencentFields }).Response;
}

export async function tencentReply(
  sandbox: RunningSandbox,
  action: string,
  parameters: unknown,
  options: TencentCallOptions = {},
): Promise<Response> {
  const { secretId, secretKey } = sandbox.credentials.tencentVod;
  const { nowMs = Date.now(), contentType = 'application/json', alsoSigned = [] } = options;
  const body = options.rawBody ?? JSON.stringify(parameters);
  const timestamp = Math.floor(nowMs / 1000);
  const date = new Date(nowMs).toISOString().slice(0, 10);
  const headers: Record<string, string | undefined> = {
    'content-type': contentType,
    'x-tc-action': action,
    'x-tc-version': '2018-07-17',
    'x-tc-timestamp': String(timestamp),
    'x-tc-region': 'ap-singapore',
    ...options.headers,
  };
  const names = ['content-type', 'host', ...alsoSigned].sort();
  const values: Record<string, string | undefined> = { ...headers, host: new URL(sandbox.url).host };
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${(values[name] ?? '').toLowerCase()}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const key = hmac256(hmac256(hmac256(`TC3${secretKey}`, date), 'vod'), 'tc3_request');
  const signature = hmac256(
    key,
    `TC3-HMAC-SHA256\n${timestamp}\n${date}/vod/tc3_request\n${sha256(canonical)}`,
  ).toString('hex');
  const authorization = `TC3-HMAC-SHA256 Credential=${secretId}/${date}/vod/tc3_request, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const sent = Object.entries({ authorization, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return fetch(`${sandbox.url}/`, { method: 'POST', headers: Object.fromEntries(sent), body });
}

export interface CosOptions {
  query?: Record<string, string>;
  /** Sent and signed. */
  headers?: Record<string, string>;
  /** Sent, not signed. */
  unsigned?: Record<string, string>;
  body?: string | Uint8Array;
  path?: string;
  nowMs?: number;
  lifetimeSeconds?: number;
  startsInSeconds?: number;
  token?: string | null;
}

/** A URL signed with the certificate of an upload, with the host and all of `query` and `headers` in the signature. */
export function cosUrl(
  sandbox: RunningSandbox,
  { TempCertificate: certificate, MediaStoragePath }: TencentFields,
  method: string,
  options: CosOptions = {},
): string {
  const {
    query = {},
    headers = {},
    path = MediaStoragePath,
    nowMs = Date.now(),
    lifetimeSeconds = 600,
    startsInSeconds = -60,
    token = certificate.Token,
  } = options;
  const pairs = (items: Record<string, string>) =>
    Object.entries(items)
      .map(([name, value]) => [rfc3986(name).toLowerCase(), rfc3986(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const join = (items: (readonly [string, string])[]) => items.map((pair) => pair.join('=')).join('&');
  const parameters = pairs(query);
  const signedHeaders = pairs({ ...headers, host: new URL(sandbox.url).host });
  const seconds = Math.floor(nowMs / 1000);
  const time = `${seconds + startsInSeconds};${seconds + lifetimeSeconds}`;
  const httpString = `${method.toLowerCase()}\n${path}\n${join(parameters)}\n${join(signedHeaders)}\n`;
  const signature = hmacSha1(
    hmacSha1(certificate.SecretKey, time),
    `sha1\n${time}\n${createHash('sha1').update(httpString).digest('hex')}\n`,
  );
  const names = (items: (readonly [string, string])[]) => items.map(([name]) => name).join(';');
  const signed = {
    'q-sign-algorithm': 'sha1',
    'q-ak': certificate.SecretId,
    'q-sign-time': time,
    'q-key-time': time,
    'q-header-list': names(signedHeaders),
    'q-url-param-list': names(parameters),
    'q-signature': signature,
  };
  const search = Object.entries({
    ...query,
    ...signed,
    ...(token !== null && { 'x-cos-security-token': token }),
  }).map(([name, value]) => `${name}=${rfc3986(value)}`);
  return `${sandbox.url}${path.split('/').map(rfc3986).join('/')}?${search.join('&')}`;
}

export interface CosAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export async function cos(
  sandbox: RunningSandbox,
  applied: TencentFields,
  method: string,
  options: CosOptions = {},
): Promise<CosAnswer> {
  const { headers, unsigned, body } = options;
  const answer = await fetch(cosUrl(sandbox, applied, method, options), {
    method,
    headers: { ...headers, ...unsigned },
    ...(body !== undefined && { body: Buffer.from(body) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

export async function initiateCos(sandbox: RunningSandbox, applied: TencentFields): Promise<string> {
  const { text } = await cos(sandbox, applied, 'POST', {
    query: { uploads: '' },
    headers: { 'Content-Type': 'video/mp4' },
  });
  const uploadId = /<UploadId>(.+)<\/UploadId>/.exec(text)?.[1];
  if (uploadId === undefined) throw new Error(text);
  return uploadId;
}
