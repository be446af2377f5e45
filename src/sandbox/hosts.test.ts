import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHmac } from 'node:crypto';
import { startSandbox, type RunningSandbox } from './start.js';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** fetch does not let a test set `Host`. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: sandbox.port, method, path, headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    request.on('error', reject).end(body);
  });
}

it('answers the version request of an OBS client by host, whose bucket begins with vod-', async () => {
  const answer = await send('HEAD', '/?apiversion', {
    Host: 'vod-sandbox-cn-north-4.obs.cn-north-4.myhuaweicloud.com',
  });
  expect([answer.status, answer.headers['x-obs-api']]).toEqual([200, '3.0']);
});

it("answers Tencent's API signature v1 in Tencent's envelope at its host, and with 501 elsewhere", async () => {
  const form = 'Action=ApplyUpload&SecretId=id&Signature=x&SignatureMethod=HmacSHA256';
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const byHost = await send('POST', '/', { ...type, Host: 'vod.tencentcloudapi.com' }, form);
  expect(JSON.parse(byHost.text)).toMatchObject({ Response: { Error: {} } });
  expect((await send('POST', '/', type, form)).status).toBe(501);
});

it('answers preflights of COS requests without a key as COS does', async () => {
  const preflight = (path: string, headers: string) =>
    send('OPTIONS', path, {
      Origin: 'https://page.test',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': headers,
    });
  for (const [path, headers] of [
    ['/?uploads&prefix=a', 'authorization'],
    ['/not/of/this/session.mp4', 'authorization,x-cos-security-token'],
  ] as const) {
    const answer = await preflight(path, headers);
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://page.test',
    ]);
  }
});

it('takes OSS requests with an IP address as host and no bucket in the path, as the vendor’s uploader sends them', async () => {
  const { accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  const rpc: Record<string, string> = {
    AccessKeyId: accessKeyId,
    Action: 'CreateUploadVideo',
    FileName: 'a.mp4',
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: '1',
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    Title: 'a',
    Version: '2017-03-21',
  };
  const canonical = Object.keys(rpc)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(rpc[name] ?? '')}`)
    .join('&');
  const sign = (secret: string, text: string) => createHmac('sha1', secret).update(text).digest('base64');
  const signature = sign(`${accessKeySecret}&`, `GET&%2F&${encodeURIComponent(canonical)}`);
  const created = await send('GET', `/?${canonical}&Signature=${encodeURIComponent(signature)}`);
  const answer = JSON.parse(created.text) as { UploadAddress: string; UploadAuth: string };
  const decode = (text: string) =>
    JSON.parse(Buffer.from(text, 'base64').toString()) as Record<string, string>;
  const { Bucket = '', FileName = '' } = decode(answer.UploadAddress);
  const keys = decode(answer.UploadAuth);
  const expires = String(Math.floor(Date.now() / 1000) + 60);
  const text = `PUT\n\n\n${expires}\n/${Bucket}/${FileName}?security-token=${keys['SecurityToken'] ?? ''}`;
  const query = new URLSearchParams({
    OSSAccessKeyId: keys['AccessKeyId'] ?? '',
    Expires: expires,
    Signature: sign(keys['AccessKeySecret'] ?? '', text),
    'security-token': keys['SecurityToken'] ?? '',
  });
  const put = await send('PUT', `/${FileName}?${query.toString()}`, { 'Content-Length': '1' }, 'x');
  expect([put.status, put.text]).toEqual([200, '']);
});

it.each([
  ['of another site', { Origin: 'https://evil.example' }],
  ['of a sandboxed frame or a file', { Origin: 'null' }],
  ['whose host begins with localhost', { Origin: 'http://localhost.evil.example' }],
  ['by another name of this machine', { Host: 'evil.example' }],
  ['by a host that cannot be read', { Host: 'a b' }],
])('refuses its control API to a page %s', async (_, headers) => {
  for (const [method, path] of [
    ['GET', 'objects'],
    ['POST', 'reset'],
    ['DELETE', 'uploads'],
    ['OPTIONS', 'faults'],
  ] as const) {
    const answer = await send(method, `/__sandbox/${path}`, { 'Content-Type': 'text/plain', ...headers });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
});

it.each([
  ['no page', {}],
  ['a page on this machine', { Origin: 'http://localhost:3000' }],
  ['a page at its address', { Origin: 'http://127.0.0.1:5173', Host: 'localhost:5174' }],
  ['a page on IPv6', { Origin: 'http://[::1]:3000' }],
])('gives its control API to %s', async (_, headers: Record<string, string>) => {
  const answer = await send('GET', '/__sandbox/objects', headers);
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe(headers['Origin']);
});

it('gives its control API to the pages that the setting names', async () => {
  await sandbox.close();
  sandbox = await startSandbox({ settings: { controlOrigins: ['https://dev.example.com'] } });
  const headers = { Origin: 'https://dev.example.com', Host: 'dev.example.com' };
  expect((await send('GET', '/__sandbox/objects', headers)).status).toBe(200);
});
