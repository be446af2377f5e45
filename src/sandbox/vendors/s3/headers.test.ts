import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { codeOf } from '../../test-support/raw-client.js';
import { sendS3, type S3Answer, type S3Request } from '../../test-support/s3-raw.js';

let sandbox: RunningSandbox;
let ceph: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  ceph = await startSandbox({ s3: { settings: { dialect: 'ceph' } } });
});
afterAll(() => Promise.all([sandbox.close(), ceph.close()]));

const send = (request: Partial<S3Request>, to = sandbox): Promise<S3Answer> =>
  sendS3(to.credentials.s3, { method: 'GET', key: 'key', ...request });
const code = ({ status, body }: S3Answer): [number, string] => [status, codeOf(body.toString())];
const put = (headers: Record<string, string>, to = sandbox): Promise<S3Answer> =>
  send({ method: 'PUT', body: 'x', headers }, to);

describe('headers beyond ASCII', () => {
  it('returns metadata as encoded words, as the example in "Working with object metadata"', async () => {
    expect((await put({ 'x-amz-meta-nonascii': 'ÄMÄZÕÑ S3', 'x-amz-meta-ascii': 'AMAZONS3' })).status).toBe(
      200,
    );
    for (const method of ['GET', 'HEAD'])
      expect((await send({ method })).headers).toMatchObject({
        'x-amz-meta-nonascii': '=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=',
        'x-amz-meta-ascii': 'AMAZONS3',
      });
  });

  it('returns metadata as it was sent in the Ceph dialect', async () => {
    await put({ 'x-amz-meta-a': 'Grüße 中 😀' }, ceph);
    for (const method of ['GET', 'HEAD'])
      expect((await send({ method }, ceph)).headers['x-amz-meta-a']).toBe('Grüße 中 😀');
  });

  it('counts the bytes of metadata, not its characters', async () => {
    expect(code(await put({ 'x-amz-meta-a': 'é'.repeat(1023) }))[0]).toBe(200);
    expect(code(await put({ 'x-amz-meta-a': 'é'.repeat(1024) }))).toEqual([400, 'MetadataTooLarge']);
  });

  it('returns a Content-Disposition that names a file beyond ASCII', async () => {
    const named = 'attachment; filename="Grüße 中.mp4"';
    await put({ 'content-disposition': named });
    expect((await send({ method: 'HEAD' })).headers['content-disposition']).toBe(named);
    const query = { 'response-content-disposition': 'inline; filename="漢字.mp4"' };
    expect((await send({ query })).headers['content-disposition']).toBe(
      query['response-content-disposition'],
    );
  });

  it('refuses a header for the answer that has a line break', async () => {
    await put({});
    const query = { 'response-content-type': 'text/html\r\nset-cookie: a=b' };
    expect(code(await send({ query }))).toEqual([400, 'InvalidArgument']);
  });
});

it.each(['', '200'])('ignores the Expect header %j', async (expect_) => {
  expect((await put({ expect: expect_ })).status).toBe(200);
});

it('compares ETags in If-Match strongly and in If-None-Match weakly', async () => {
  const eTag = (await put({})).headers['etag'] ?? '';
  const outcome = async (headers: Record<string, string>): Promise<number> =>
    (await send({ headers })).status;
  expect(await outcome({ 'if-match': `"other", ${eTag}` })).toBe(200);
  expect(await outcome({ 'if-match': `W/${eTag}` })).toBe(412);
  expect(await outcome({ 'if-none-match': `W/${eTag}` })).toBe(304);
});

it.each([
  ['CreateMultipartUpload', { method: 'POST', query: { uploads: '' } }, 'if-none-match'],
  ['CreateMultipartUpload', { method: 'POST', query: { uploads: '' } }, 'if-match'],
  ['UploadPart', { method: 'PUT', query: { uploadId: 'u', partNumber: '1' }, body: 'x' }, 'if-none-match'],
  ['PutObject', { method: 'PUT', body: 'x' }, 'if-unmodified-since'],
  ['PutObject', { method: 'PUT', body: 'x' }, 'if-modified-since'],
])('refuses with 501 a condition that %s does not support: %j with %s', async (_, request, name) => {
  const value = name.endsWith('since') ? new Date().toUTCString() : '*';
  const answer = await send({ ...(request as Partial<S3Request>), headers: { [name]: value } });
  expect(code(answer)).toEqual([501, 'NotImplemented']);
});
