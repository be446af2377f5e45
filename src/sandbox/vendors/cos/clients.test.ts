import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { look, md5Hex } from '../../test-support/raw-client.js';
import { startTamperer, type Tampered, type Tamperer } from '../../test-support/tamper.js';
import {
  cosSdk,
  targetOf,
  vodSdk,
  type Applied,
  type CosSdkOptions,
} from '../../test-support/tencent-clients.js';

let sandbox: RunningSandbox;
let tamperer: Tamperer;
let applied: Applied;
let offsetMs: number;
beforeEach(async () => {
  offsetMs = 0;
  sandbox = await startSandbox({ settings: { exposeETag: true }, now: () => Date.now() + offsetMs });
  tamperer = await startTamperer(sandbox.port);
  applied = await vodSdk(sandbox).ApplyUpload({ MediaType: 'mp4' });
});
afterEach(async () => {
  await tamperer.close();
  await sandbox.close();
});

const enough = 1024 * 1024;

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => 'it succeeded',
    (error: { code?: string; statusCode?: number }) => error.code ?? String(error.statusCode),
  );
}

describe.each<[string, CosSdkOptions]>([
  ["the bucket's own host", { byHost: true }],
  ['the local address', {}],
])('cos-nodejs-sdk-v5 by %s', (_, options) => {
  it('puts an object, heads it and gets a range of it', async () => {
    const cos = cosSdk(sandbox, applied, options);
    const target = targetOf(applied);
    const put = await cos.putObject({ ...target, Body: Buffer.from('123456789'), ContentType: 'video/mp4' });
    expect(put).toMatchObject({
      statusCode: 200,
      ETag: `"${md5Hex('123456789')}"`,
      headers: { 'x-cos-hash-crc64ecma': '11051210869376104954' },
    });
    expect(await cos.headObject(target)).toMatchObject({
      ETag: put.ETag,
      headers: {
        'content-length': '9',
        'content-type': 'video/mp4',
        'x-cos-hash-crc64ecma': '11051210869376104954',
      },
    });
    expect(String((await cos.getObject({ ...target, Range: 'bytes=2-4' })).Body)).toBe('345');
    expect(await codeOf(cos.getObject({ ...target, Range: 'bytes=90-' }))).toBe('InvalidRange');
  });

  it('uploads parts in any order, lists, completes and aborts', async () => {
    const cos = cosSdk(sandbox, applied, options);
    const target = targetOf(applied);
    const { UploadId } = await cos.multipartInit({ ...target, ContentType: 'video/mp4' });
    const bodies = [randomBytes(enough), randomBytes(enough), Buffer.from('the end')];
    for (const index of [2, 0, 1])
      await cos.multipartUpload({ ...target, UploadId, PartNumber: index + 1, Body: bodies[index] ?? '' });
    const listed = await cos.multipartListPart({ ...target, UploadId, MaxParts: 2 });
    expect(listed).toMatchObject({
      IsTruncated: 'true',
      NextPartNumberMarker: '2',
      Part: [{ PartNumber: '1', Size: String(enough) }, { PartNumber: '2' }],
    });
    const rest = await cos.multipartListPart({ ...target, UploadId, PartNumberMarker: '2' });
    expect(rest).toMatchObject({
      IsTruncated: 'false',
      Part: [{ PartNumber: '3', ETag: `"${md5Hex('the end')}"` }],
    });
    expect(await cos.multipartList({ ...target, Prefix: target.Key.slice(1), Delimiter: '' })).toMatchObject({
      Upload: [{ UploadId }],
    });
    const Parts = bodies.map((body, index) => ({ PartNumber: index + 1, ETag: `"${md5Hex(body)}"` }));
    const whole = Buffer.concat(bodies);
    expect(await cos.multipartComplete({ ...target, UploadId, Parts })).toMatchObject({
      statusCode: 200,
      ETag: expect.stringMatching(/^"[0-9a-f]{32}-3"$/) as string,
    });
    expect(await look(sandbox, 'objects')).toMatchObject([
      { provider: 'tencent-vod', size: whole.length, md5Hex: createHash('md5').update(whole).digest('hex') },
    ]);
    const second = await cos.multipartInit(target);
    expect(await cos.multipartAbort({ ...target, UploadId: second.UploadId })).toMatchObject({
      statusCode: 204,
    });
    expect(await codeOf(cos.multipartAbort({ ...target, UploadId: second.UploadId }))).toBe('NoSuchUpload');
    expect(await look(sandbox, 'uploads')).toEqual([]);
  });

  it("uploads a file with the client's own multipart flow", async () => {
    const body = randomBytes(2 * enough + 5);
    const directory = await mkdtemp(join(tmpdir(), 'vodrop-clients-'));
    await writeFile(join(directory, 'clip.mp4'), body);
    const uploaded = await cosSdk(sandbox, applied, options).sliceUploadFile({
      ...targetOf(applied),
      FilePath: join(directory, 'clip.mp4'),
      ChunkSize: enough,
    });
    await rm(directory, { recursive: true });
    expect(uploaded.statusCode).toBe(200);
    expect(await look(sandbox, 'objects')).toMatchObject([
      { md5Hex: createHash('md5').update(body).digest('hex'), parts: { length: 3 } },
    ]);
  });

  it('presigns URLs that work without the client', async () => {
    const cos = cosSdk(sandbox, applied, options.byHost ? {} : options);
    const target = targetOf(applied);
    const { UploadId } = await cos.multipartInit(target);
    const url = await new Promise<string>((resolve, reject) => {
      cos.getObjectUrl(
        {
          ...target,
          Method: 'PUT',
          Sign: true,
          Expires: 600,
          Query: { partNumber: '1', uploadId: UploadId },
        },
        (error, { Url }) => {
          if (error) reject(new Error('no URL'));
          else resolve(Url);
        },
      );
    });
    // The vendor's client leaves the token as it is, and a plus in it means a plus.
    const answer = await fetch(url, { method: 'PUT', body: 'part' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"${md5Hex('part')}"`]);
    expect(
      (await fetch(url.replace('partNumber=1', 'partNumber=2'), { method: 'PUT', body: 'part' })).status,
    ).toBe(403);
  });
});

describe('refusals that cos-nodejs-sdk-v5 receives', () => {
  const put = (options: CosSdkOptions = {}, more: object = {}) =>
    codeOf(
      cosSdk(sandbox, applied, options).putObject({ ...targetOf(applied), Body: Buffer.from('x'), ...more }),
    );

  it('refuses another key, secret or token', async () => {
    expect(await put({ secretId: 'AKIDNOBODY' })).toBe('InvalidAccessKeyId');
    expect(await put({ secretKey: 'another' })).toBe('SignatureDoesNotMatch');
    expect(await put({ token: 'another' })).toBe('AccessDenied');
  });

  it('refuses objects other than the two of the certificate', async () => {
    expect(await put({}, { Key: '/elsewhere.mp4' })).toBe('AccessDenied');
    const other = await vodSdk(sandbox).ApplyUpload({ MediaType: 'mp4' });
    expect(await put({}, { Key: other.MediaStoragePath })).toBe('AccessDenied');
    expect(await put({ byHost: true }, { Bucket: 'another-1251000333' })).toBe('AccessDenied');
  });

  it('refuses an expired certificate', async () => {
    offsetMs = 7201_000;
    expect(await put()).toMatch(/ExpiredToken|AccessDenied/);
  });

  it.each<[string, (request: Tampered) => void, string]>([
    [
      'the path',
      (request) => {
        request.path = request.path.replace('f0.mp4', 'f1.mp4');
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the method',
      (request) => {
        request.method = 'POST';
        request.path += '?uploads';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the host',
      (request) => {
        request.headers.host = 'vodapsingapore-1251000333.cos.ap-chongqing.myqcloud.com';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the body',
      (request) => {
        request.body = Buffer.from('y');
      },
      'BadDigest',
    ],
    [
      'a digest',
      (request) => {
        request.headers['content-md5'] = Buffer.alloc(16).toString('base64');
      },
      'SignatureDoesNotMatch',
    ],
  ])('refuses a COS request whose %s was changed after signing', async (_, change, code) => {
    const md5 = { ContentMD5: createHash('md5').update('x').digest('base64') };
    expect(await put({ port: tamperer.port }, md5)).toBe('it succeeded');
    tamperer.change = change;
    expect(await put({ port: tamperer.port }, md5)).toBe(code);
  });

  it('refuses a complete request with parts out of order, unknown, different or too small', async () => {
    const cos = cosSdk(sandbox, applied);
    const target = targetOf(applied);
    const { UploadId } = await cos.multipartInit(target);
    for (const PartNumber of [1, 2, 3])
      await cos.multipartUpload({ ...target, UploadId, PartNumber, Body: Buffer.from('small') });
    const completeParts = (...numbers: number[]) =>
      codeOf(
        cos.multipartComplete({
          ...target,
          UploadId,
          Parts: numbers.map((PartNumber) => ({ PartNumber, ETag: `"${md5Hex('small')}"` })),
        }),
      );
    expect(await completeParts(1, 3)).toBe('InvalidPart');
    expect(await completeParts(1, 2, 3, 4)).toBe('InvalidPart');
    expect(
      await codeOf(
        cos.multipartComplete({
          ...target,
          UploadId,
          Parts: [{ PartNumber: 1, ETag: `"${md5Hex('other')}"` }],
        }),
      ),
    ).toBe('InvalidPart');
    expect(await completeParts(1, 2, 3)).toBe('EntityTooSmall');
    expect(
      await codeOf(
        cos.multipartComplete({ ...target, UploadId: 'made-up', Parts: [{ PartNumber: 1, ETag: '"x"' }] }),
      ),
    ).toBe('NoSuchUpload');
    expect(await completeParts(1)).toBe('it succeeded');
  });
});
