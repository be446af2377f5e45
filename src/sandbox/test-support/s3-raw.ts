import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';

/** An S3 store and the keys for it. */
export interface S3Target {
  /** Origin. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface S3Request {
  method: string;
  key: string;
  query?: Readonly<Record<string, string>> | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Headers that are added after signing. */
  unsigned?: Readonly<Record<string, string>> | undefined;
  body?: string | Buffer | undefined;
  /** Sends the body in signed chunks ("Transferring payload in multiple chunks"). */
  isChunked?: boolean;
  /** Signs as another account or for another region. */
  as?: Partial<S3Target>;
}

export interface S3Answer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/**
 * One request signed with Signature Version 4 in its headers, path-style. Sends exactly the given headers, and returns
 * what came: fetch would add a Content-Type and decode the body.
 */
export function sendS3(store: S3Target, asked: S3Request): Promise<S3Answer> {
  const target = { ...store, ...asked.as };
  const { host } = new URL(target.endpoint);
  const path = `/${target.bucket}${asked.key === '' ? '' : '/'}${asked.key.split('/').map(encode).join('/')}`;
  const query = Object.entries(asked.query ?? {})
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const signed = {
    ...lowerCased(asked.headers ?? {}),
    host,
    'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
    'x-amz-content-sha256': asked.headers?.['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    ...(asked.isChunked && {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': String(Buffer.byteLength(asked.body ?? '')),
    }),
  };
  const signing = sign(target, { method: asked.method, path, query, signed });
  const content = Buffer.from(asked.body ?? '');
  const body = asked.isChunked ? chunked(content, signing) : content;
  const headers = {
    ...signed,
    authorization: signing.authorization,
    ...(asked.body === undefined && asked.method !== 'POST' ? {} : { 'content-length': String(body.length) }),
    ...asked.unsigned,
  };
  return exchange(`${target.endpoint}${path}${query === '' ? '' : `?${query}`}`, asked.method, headers, body);
}

interface Signing {
  authorization: string;
  signature: string;
  key: string | Buffer;
  date: string;
  scope: string;
}

function sign(
  { region, accessKeyId, secretAccessKey }: S3Target,
  request: { method: string; path: string; query: string; signed: Record<string, string> },
): Signing {
  const { method, path, query, signed } = request;
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${(signed[name] ?? '').trim().replace(/ +/g, ' ')}\n`).join('');
  const canonical = [method, path, query, lines, names.join(';'), signed['x-amz-content-sha256']].join('\n');
  const date = signed['x-amz-date'] ?? '';
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (before, step) => createHmac('sha256', before).update(step).digest(),
      `AWS4${secretAccessKey}`,
    );
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { authorization, signature, key, date, scope };
}

/** The content in one chunk, and the empty one that ends it. */
function chunked(content: Buffer, { key, date, scope, signature }: Signing): Buffer {
  let previous = signature;
  const chunk = (bytes: Buffer): Buffer => {
    const lines = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, sha256(''), sha256(bytes)];
    previous = createHmac('sha256', key).update(lines.join('\n')).digest('hex');
    const head = `${bytes.length.toString(16)};chunk-signature=${previous}\r\n`;
    return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n')]);
  };
  return Buffer.concat([chunk(content), chunk(Buffer.alloc(0))]);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function exchange(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<S3Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers: mapped(headers, toWire) });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const received = Object.entries(incoming.headersDistinct);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            received.map(([name, values = []]) => [name, fromWire(values.join(', '))]),
          ),
          body: Buffer.concat(chunks),
        });
      });
    });
    // With the length of the body at hand, Node would change a Content-Disposition.
    if (body.length > 0) outgoing.write(body);
    outgoing.end();
  });
}

function mapped(headers: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
}

/** Node sends each character of a header as one byte; the clients of S3 send UTF-8. */
function toWire(value: string): string {
  return Buffer.from(value).toString('latin1');
}

function fromWire(value: string): string {
  return Buffer.from(value, 'latin1').toString();
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
