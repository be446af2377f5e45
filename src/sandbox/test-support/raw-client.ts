import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { RunningSandbox } from '../start.js';

/** Raw documented requests for the sandbox's tests. Signs by itself; shares no code with the verifiers. */

export const md5Base64 = (data: string | Uint8Array): string =>
  createHash('md5').update(data).digest('base64');
export const md5Hex = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex');
const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');
const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export interface ApiOptions {
  query?: Record<string, string | number | string[]>;
  body?: unknown;
  /** Added and signed. */
  headers?: Record<string, string>;
  /** Added after signing. */
  unsigned?: Record<string, string>;
  accessKey?: string;
  secretKey?: string;
  dateMs?: number;
  token?: string;
  rawBody?: string;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Empty when the answer is no JSON object. */
  json: AnswerBody;
  text: string;
}

/** Fields of all answers; each test reads those it expects. */
export interface AnswerBody extends CreatedAsset {
  sign_str: string;
  error_code: string;
  error_msg: string;
  request_id: string;
  code: string;
  message: string;
  asset_info_array: AssetInfo[];
  total: number;
  is_truncated: number;
  base_info: AssetInfo['base_info'];
  transcode_info: { transcode_status: string; output: { url: string }[] };
  delete_result_array: { asset_id: string; status: string }[];
  token: { expires_at: string };
}

export interface AssetInfo {
  asset_id: string;
  status: string;
  play_info_array: { play_type: string; url: string }[];
  base_info: {
    title: string;
    sign_url: string | null;
    video_url: string | null;
    meta_data: { video_size: number; duration: number; width: number; height: number; hight: number };
    cover_info_array: { cover_url: string }[];
  };
}

/** One signed call to the control plane. `{pid}` in the path stands for the project. */
export async function api(
  sandbox: RunningSandbox,
  method: string,
  pathTemplate: string,
  options: ApiOptions = {},
): Promise<ApiAnswer> {
  const { projectId, accessKey, secretKey } = sandbox.credentials.huaweiVod;
  const path = pathTemplate.replace('{pid}', projectId);
  const body = options.rawBody ?? (options.body === undefined ? '' : JSON.stringify(options.body));
  const query = Object.entries(options.query ?? {})
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? [...value].sort() : [value]).map(
        (one) => `${rfc3986(name)}=${rfc3986(String(one))}`,
      ),
    )
    .sort()
    .join('&');
  const headers: Record<string, string> = {
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  };
  if (options.token !== undefined) headers['x-auth-token'] = options.token;
  else Object.assign(headers, signature());
  const url = `${sandbox.url}${path}${query === '' ? '' : `?${query}`}`;
  if (method === 'GET' && body !== '') return await getWithBody();
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...options.unsigned },
    ...(body === '' ? {} : { body }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as AnswerBody,
  };

  /** The vendor's client sends a body on GET; fetch does not. */
  async function getWithBody(): Promise<ApiAnswer> {
    const outgoing = openRequest(url, method, {
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
    });
    outgoing.write(Buffer.from(body));
    const { status, text: answered } = await outgoing.answer;
    return { status, headers: new Headers(), text: answered, json: JSON.parse(answered) as AnswerBody };
  }

  function signature(): Record<string, string> {
    const date = new Date(options.dateMs ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    const signed: Record<string, string> = {
      ...headers,
      host: new URL(sandbox.url).host,
      'x-sdk-date': date,
    };
    const names = Object.keys(signed)
      .map((name) => name.toLowerCase())
      .sort();
    const lines = names
      .map(
        (name) =>
          `${name}:${Object.entries(signed).find(([key]) => key.toLowerCase() === name)?.[1] ?? ''}\n`,
      )
      .join('');
    const canonical = [method, `${path}/`, query, lines, names.join(';'), sha256(body)].join('\n');
    const hex = createHmac('sha256', options.secretKey ?? secretKey)
      .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
      .digest('hex');
    return {
      'x-sdk-date': date,
      authorization: `SDK-HMAC-SHA256 Access=${options.accessKey ?? accessKey}, SignedHeaders=${names.join(';')}, Signature=${hex}`,
    };
  }
}

export interface CreatedAsset {
  asset_id: string;
  video_upload_url: string;
  cover_upload_url: string | null;
  subtitle_upload_urls: string[];
  target: { bucket: string; location: string; object: string };
}

export async function createAsset(
  sandbox: RunningSandbox,
  fields: Record<string, unknown> = {},
  options: ApiOptions = {},
): Promise<CreatedAsset> {
  const body = { title: 'a title', video_name: 'a.mp4', video_type: 'MP4', ...fields };
  const answer = await api(sandbox, 'POST', '/v1.0/{pid}/asset', { ...options, body });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json;
}

export async function authority(
  sandbox: RunningSandbox,
  asset: CreatedAsset,
  query: Record<string, string | number>,
  options: ApiOptions = {},
): Promise<string> {
  const { bucket, object } = asset.target;
  const answer = await api(sandbox, 'GET', '/v1.1/{pid}/asset/authority', {
    ...options,
    query: { bucket, object_key: object, ...query },
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json.sign_str;
}

/** One request to the object store, with exactly these headers. fetch would add a Content-Type to text. */
export async function store(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
): Promise<{ status: number; headers: Headers; text: string }> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const answer = await fetch(url, {
    method,
    headers,
    ...(bytes === undefined ? {} : { body: Buffer.from(bytes) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

export async function initiate(
  sandbox: RunningSandbox,
  asset: CreatedAsset,
  options: ApiOptions = {},
): Promise<string> {
  const url = await authority(sandbox, asset, { http_verb: 'POST', content_type: 'video/mp4' }, options);
  const answer = await store(url, 'POST', { 'Content-Type': 'video/mp4' });
  return /<UploadId>([0-9A-F]{32})<\/UploadId>/.exec(answer.text)?.[1] ?? fail(answer.text);
}

export async function putPart(
  sandbox: RunningSandbox,
  asset: CreatedAsset,
  uploadId: string,
  partNumber: number,
  body: Uint8Array,
  options: ApiOptions = {},
): Promise<Awaited<ReturnType<typeof store>>> {
  const url = await authority(
    sandbox,
    asset,
    { http_verb: 'PUT', upload_id: uploadId, part_number: partNumber, content_md5: md5Base64(body) },
    options,
  );
  return await store(
    url,
    'PUT',
    { 'Content-Type': 'application/octet-stream', 'Content-MD5': md5Base64(body) },
    body,
  );
}

export async function completeUpload(
  sandbox: RunningSandbox,
  asset: CreatedAsset,
  uploadId: string,
  parts: readonly [number, string][],
  options: ApiOptions = {},
): Promise<Awaited<ReturnType<typeof store>>> {
  const url = await authority(sandbox, asset, { http_verb: 'POST', upload_id: uploadId }, options);
  return await store(url, 'POST', { 'Content-Type': 'application/xml' }, completeXml(parts));
}

export function completeXml(parts: readonly [number, string][]): string {
  const items = parts.map(
    ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${items.join('')}</CompleteMultipartUpload>`;
}

/** The one entry of ShowAssetMeta. */
export async function infoOf(
  sandbox: RunningSandbox,
  assetId: string,
  options: ApiOptions = {},
): Promise<AssetInfo> {
  const answer = await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', {
    ...options,
    query: { asset_id: assetId },
  });
  return answer.json.asset_info_array[0] ?? fail(answer.text);
}

export async function confirm(
  sandbox: RunningSandbox,
  assetId: string,
  status = 'CREATED',
  options: ApiOptions = {},
): Promise<ApiAnswer> {
  return await api(sandbox, 'POST', '/v1.0/{pid}/asset/status/uploaded', {
    ...options,
    body: { asset_id: assetId, status },
  });
}

export async function statusOf(
  sandbox: RunningSandbox,
  assetId: string,
  options: ApiOptions = {},
): Promise<string> {
  return (await infoOf(sandbox, assetId, options)).status;
}

export async function look(sandbox: RunningSandbox, resource: string): Promise<Record<string, unknown>[]> {
  return (await (await fetch(`${sandbox.url}/__sandbox/${resource}`)).json()) as Record<string, unknown>[];
}

export async function addFault(
  sandbox: RunningSandbox,
  match: Record<string, unknown>,
  effect: Record<string, unknown>,
  times?: number | string | null,
): Promise<void> {
  const rules = [{ match, effect, ...(times === undefined ? {} : { times }) }];
  const answer = await fetch(`${sandbox.url}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ rules }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A request whose body the test writes piece by piece. */
export function openRequest(
  url: string,
  method: string,
  headers: Record<string, string>,
): {
  write: (data: Uint8Array) => void;
  destroy: () => void;
  answer: Promise<{ status: number; text: string }>;
} {
  const outgoing = httpRequest(url, { method, headers });
  const answer = new Promise<{ status: number; text: string }>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
  });
  // Avoids an unhandled rejection in tests that close the connection and ignore the answer.
  answer.catch(() => undefined);
  return { write: (data) => outgoing.write(data), destroy: () => outgoing.destroy(), answer };
}

/** Resolves when `check` returns true; limited by the test's timeout. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setImmediate(resolve));
}

export function codeOf(text: string): string {
  return /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text;
}

function fail(message: string): never {
  throw new Error(message);
}
