import { createHash, randomBytes } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, it } from 'vitest';
import { openSandbox } from './index.js';

const sandbox = openSandbox();
const { endpoint, bucket, region, accessKeyId, secretAccessKey } = sandbox.credentials.s3;
const client = new S3Client({
  endpoint,
  region,
  forcePathStyle: true,
  credentials: { accessKeyId, secretAccessKey },
});
const body = randomBytes(100_000);

async function put(key: string, signal?: AbortSignal): Promise<Response> {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }));
  return await sandbox.fetch(new Request(url, { method: 'PUT', body, signal: signal ?? null }));
}

async function control<T>(method: string, path: string, json?: unknown): Promise<T> {
  const body = json === undefined ? null : JSON.stringify(json);
  const response = await sandbox.fetch(new Request(`${sandbox.url}/__sandbox/${path}`, { method, body }));
  return (await response.json()) as T;
}

const addFault = (effect: object) =>
  control('POST', 'faults', { rules: [{ match: { action: 'PutObject' }, effect }] });

it('stores and serves an object in this process, without a port', async () => {
  expect((await put('one')).status).toBe(200);
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'one' }));
  const served = await sandbox.fetch(new Request(url, { headers: { range: 'bytes=5-99' } }));
  expect(served.status).toBe(206);
  expect(Buffer.from(await served.arrayBuffer())).toEqual(body.subarray(5, 100));
  expect(await control('GET', 'objects')).toMatchObject([
    { key: 'one', md5Hex: createHash('md5').update(body).digest('hex') },
  ]);
});

it('rejects like fetch when a fault rule loses the answer in this process', async () => {
  await addFault({ loseReply: true });
  await expect(put('two')).rejects.toThrow(TypeError);
  expect(await control('GET', 'objects')).toHaveLength(2);
});

it('rejects like fetch when a fault rule drops the connection in this process', async () => {
  await addFault({ dropAfterBytes: 10 });
  await expect(put('three')).rejects.toThrow(TypeError);
  expect(await control('GET', 'objects')).toHaveLength(2);
});

it('answers an error status of a fault rule in this process, with the body unread', async () => {
  await addFault({ status: 503 });
  const refused = await put('four');
  expect(refused.status).toBe(503);
  expect(await refused.text()).toContain('<Code>');
});

it('ends a held request in this process when the client aborts', async () => {
  await addFault({ hold: true });
  const controller = new AbortController();
  const held = put('five', controller.signal);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('gone'));
  await expect(held).rejects.toThrow('gone');
  expect(await control('GET', 'objects')).toHaveLength(2);
});
