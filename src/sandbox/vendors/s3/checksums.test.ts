import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { codeOf } from '../../test-support/raw-client.js';
import { sendS3, type S3Answer, type S3Request } from '../../test-support/s3-raw.js';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ s3: { settings: { minPartSizeBytes: 1 } } });
});
afterAll(() => sandbox.close());

const send = (request: Partial<S3Request>): Promise<S3Answer> =>
  sendS3(sandbox.credentials.s3, { method: 'GET', key: 'key', ...request });
const code = ({ status, body }: S3Answer): [number, string] => [status, codeOf(body.toString())];
const element = ({ body }: S3Answer, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)`).exec(body.toString())?.[1];

/** The check values of the catalogue of CRCs, of the text `123456789`. */
const content = '123456789';
const other = Buffer.from('00000001', 'hex').toString('base64');
const hash = (name: string, data: string | Buffer = content): Buffer =>
  createHash(name).update(data).digest();
const checks: Record<string, string> = {
  crc32: Buffer.from('cbf43926', 'hex').toString('base64'),
  crc32c: Buffer.from('e3069283', 'hex').toString('base64'),
  crc64nvme: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
  sha1: hash('sha1').toString('base64'),
  sha256: hash('sha256').toString('base64'),
};
const names = Object.keys(checks);
const mode = { 'x-amz-checksum-mode': 'ENABLED' };

describe.each(names)('the checksum %s', (name) => {
  const header = `x-amz-checksum-${name}`;
  const right = checks[name] ?? '';

  it('is verified at a PUT, and returned in checksum mode', async () => {
    const put = await send({ method: 'PUT', body: content, headers: { [header]: right } });
    expect(put.headers).toMatchObject({ [header]: right, 'x-amz-checksum-type': 'FULL_OBJECT' });
    for (const method of ['GET', 'HEAD']) {
      const answer = await send({ method, headers: mode });
      expect(answer.headers).toMatchObject({ [header]: right, 'x-amz-checksum-type': 'FULL_OBJECT' });
      expect((await send({ method })).headers[header]).toBeUndefined();
    }
    const range = await send({ headers: { ...mode, range: 'bytes=0-3' } });
    expect([range.status, range.headers[header]]).toEqual([206, undefined]);
    const listed = await send({ key: '', query: { 'list-type': '2' } });
    expect(element(listed, 'ChecksumAlgorithm')).toBe(name.toUpperCase());
  });

  it('is refused when it is of other bytes or no checksum', async () => {
    const put = async (value: string, body = content): Promise<[number, string]> =>
      code(await send({ method: 'PUT', body, headers: { [header]: value } }));
    expect(await put(right, 'other')).toEqual([400, 'BadDigest']);
    for (const value of ['', 'x', '!', `${right}A`])
      expect(await put(value)).toEqual([400, 'InvalidRequest']);
  });

  it('goes with a multipart upload', async () => {
    const created = await send({
      method: 'POST',
      query: { uploads: '' },
      headers: { 'x-amz-checksum-algorithm': name.toUpperCase() },
    });
    const type = name === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE';
    expect(created.headers).toMatchObject({
      'x-amz-checksum-algorithm': name.toUpperCase(),
      'x-amz-checksum-type': type,
    });
    const uploadId = element(created, 'UploadId') ?? '';
    const part = await send({
      method: 'PUT',
      query: { uploadId, partNumber: '1' },
      body: content,
      headers: { [header]: right },
    });
    expect(part.headers[header]).toBe(right);
    const listed = await send({ query: { uploadId } });
    expect([element(listed, 'ChecksumType'), element(listed, `Checksum${name.toUpperCase()}`)]).toEqual([
      type,
      right,
    ]);
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers['etag'] ?? ''}</ETag><Checksum${name.toUpperCase()}>${right}</Checksum${name.toUpperCase()}></Part></CompleteMultipartUpload>`;
    const done = await send({ method: 'POST', query: { uploadId }, body });
    const value = element(done, `Checksum${name.toUpperCase()}`);
    expect([done.status, element(done, 'ChecksumType')]).toEqual([200, type]);
    if (type === 'FULL_OBJECT') expect(value).toBe(right);
    else expect(value).toMatch(/^[A-Za-z0-9+/]+=*-1$/);
    const head = await send({ method: 'HEAD', headers: mode });
    expect(head.headers).toMatchObject({ [header]: value, 'x-amz-checksum-type': type });
    const ofPart = await send({ method: 'HEAD', query: { partNumber: '1' }, headers: mode });
    expect([ofPart.status, ofPart.headers[header]]).toEqual([206, right]);
  });
});

describe('the checksum of a part', () => {
  const open = async (headers: Record<string, string> = {}): Promise<string> =>
    element(await send({ method: 'POST', query: { uploads: '' }, headers }), 'UploadId') ?? '';
  const put = (uploadId: string, headers: Record<string, string> = {}): Promise<S3Answer> =>
    send({ method: 'PUT', query: { uploadId, partNumber: '1' }, body: content, headers });
  const wholeCrc = { 'x-amz-checksum-algorithm': 'CRC32C', 'x-amz-checksum-type': 'FULL_OBJECT' };

  it('is needed when the checksum of the object is made of those of the parts', async () => {
    const uploadId = await open({ 'x-amz-checksum-algorithm': 'SHA256' });
    expect(code(await put(uploadId))).toEqual([400, 'InvalidRequest']);
  });

  it('is computed when the checksum is of the whole object', async () => {
    const answer = await put(await open(wholeCrc));
    expect(answer.headers['x-amz-checksum-crc32c']).toBe(checks['crc32c']);
  });

  it('is refused when it is another than that of the upload', async () => {
    const uploadId = await open(wholeCrc);
    const headers = { 'x-amz-checksum-crc32': checks['crc32'] ?? '' };
    expect(code(await put(uploadId, headers))).toEqual([400, 'InvalidRequest']);
  });

  it.each([
    ['another checksum', { 'x-amz-checksum-sha256': checks['sha256'] ?? '' }, 'InvalidRequest'],
    ['another type', { 'x-amz-checksum-type': 'COMPOSITE' }, 'InvalidRequest'],
    ['a checksum of other bytes', { 'x-amz-checksum-crc32c': other }, 'BadDigest'],
  ])('leads to a refusal when the complete request has %s', async (_, headers, expected) => {
    const uploadId = await open(wholeCrc);
    const part = await put(uploadId);
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers['etag'] ?? ''}</ETag></Part></CompleteMultipartUpload>`;
    const complete = (more: Record<string, string>): Promise<S3Answer> =>
      send({ method: 'POST', query: { uploadId }, headers: more, body });
    expect(code(await complete(headers))).toEqual([400, expected]);
    const right = { 'x-amz-checksum-crc32c': checks['crc32c'] ?? '', 'x-amz-checksum-type': 'FULL_OBJECT' };
    expect((await complete(right)).status).toBe(200);
  });
});

it.each<[string, Record<string, string>, number, string]>([
  ['two checksums', { 'x-amz-checksum-crc32': other, 'x-amz-checksum-sha1': 'x' }, 400, 'InvalidRequest'],
  ['an algorithm without its checksum', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 400, 'InvalidRequest'],
  ['an unknown trailer', { 'x-amz-trailer': 'x-amz-checksum-md4' }, 400, 'InvalidRequest'],
  ['an unknown checksum', { 'x-amz-checksum-md4': 'x' }, 501, 'NotImplemented'],
])('refuses a PUT with %s', async (_, headers, status, expected) => {
  expect(code(await send({ method: 'PUT', body: content, headers }))).toEqual([status, expected]);
});

it.each([
  [{ 'x-amz-checksum-algorithm': 'MD4' }],
  [{ 'x-amz-checksum-type': 'COMPOSITE' }],
  [{ 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'FULL_OBJECT' }],
  [{ 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'COMPOSITE' }],
])('refuses a multipart upload that is created with %j', async (headers) => {
  const answer = await send({
    method: 'POST',
    query: { uploads: '' },
    headers: headers,
  });
  expect(code(answer)).toEqual([400, 'InvalidRequest']);
});
