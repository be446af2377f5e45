import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import {
  ossClient,
  popClient,
  uploadTargetOf,
  type UploadTarget,
} from '../../test-support/alibaba-clients.js';
import { startTamperer, type Tampered, type Tamperer } from '../../test-support/tamper.js';

let sandbox: RunningSandbox;
let tamperer: Tamperer;
let offsetMs: number;
let target: UploadTarget;
beforeEach(async () => {
  offsetMs = 0;
  sandbox = await startSandbox({
    processingMs: 0,
    now: () => Date.now() + offsetMs,
    alibaba: { settings: { allowListParts: true } },
  });
  tamperer = await startTamperer(sandbox.port);
  target = uploadTargetOf(
    await popClient(sandbox).request('CreateUploadVideo', { Title: 'a', FileName: 'a b(1).mp4' }),
  );
});
afterEach(async () => {
  await tamperer.close();
  await sandbox.close();
});

const md5 = (data: Buffer, encoding: 'hex' | 'base64' = 'hex') =>
  createHash('md5').update(data).digest(encoding);

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => 'it succeeded',
    (error: { code?: string }) => error.code,
  );
}

describe.each([
  ['V1', false],
  ['V4', true],
])('ali-oss with %s headers', (_, authorizationV4) => {
  const client = (keys: Partial<UploadTarget> = target, port?: number) =>
    ossClient(sandbox, keys, { authorizationV4, ...(port !== undefined && { port }) });

  it('puts, heads, gets a range and deletes', async () => {
    const [oss, owner, body] = [client(), client({}), Buffer.from('0123456789')];
    const put = await oss.put(target.key, body, { headers: { 'Content-MD5': md5(body, 'base64') } });
    expect(put.res.headers['etag']).toBe(`"${md5(body).toUpperCase()}"`);
    expect((await owner.head(target.key)).res.headers).toMatchObject({
      'content-length': '10',
      'x-oss-object-type': 'Normal',
    });
    expect((await owner.get(target.key)).content?.toString()).toBe('0123456789');
    const part = await owner.get(target.key, { headers: { Range: 'bytes=2-4' } });
    expect(part.res).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 2-4/10' } });
    expect(part.content?.toString()).toBe('234');
    expect((await owner.delete(target.key)).res.status).toBe(204);
    expect(await codeOf(owner.get(target.key))).toBe('NoSuchKey');
  });

  it('lists objects with both versions of the list', async () => {
    const account = client({});
    const keys = ['list/a+b.mp4', 'list/b/1.mp4', 'list/c.mp4'];
    for (const key of keys) await account.put(key, Buffer.from('x'));
    const first = await account.list({ prefix: 'list/', delimiter: '/' });
    expect(first).toMatchObject({ prefixes: ['list/b/'], isTruncated: false });
    expect(first.objects.map(({ name }) => name)).toEqual(['list/a+b.mp4', 'list/c.mp4']);
    const page = await account.listV2({ prefix: 'list/', 'max-keys': '2' });
    expect(page).toMatchObject({
      isTruncated: true,
      objects: [{ name: keys[0], type: 'Normal', size: 1 }, {}],
    });
    const next = { prefix: 'list/', 'continuation-token': page.nextContinuationToken };
    expect((await account.listV2(next)).objects.map(({ name }) => name)).toEqual([keys[2]]);
    expect(await codeOf(account.list({ 'max-keys': '1001' }))).toBe('InvalidArgument');
    expect(await codeOf(client().list({ prefix: 'list/' }))).toBe('AccessDenied');
  });

  it("uploads in parts with the client's own multipart flow", async () => {
    const body = Buffer.alloc(350_000, 7);
    await client().multipartUpload(target.key, body, { partSize: 102_400, parallel: 2 });
    expect((await client({}).get(target.key)).content).toEqual(body);
  });

  it('initiates, sends, lists, completes and aborts', async () => {
    const [oss, body] = [client(), Buffer.alloc(150_000, 1)];
    const { uploadId } = await oss.initMultipartUpload(target.key, { mime: 'video/mp4' });
    const first = await oss.uploadPart(target.key, uploadId, 1, body, 0, 110_000);
    const second = await oss.uploadPart(target.key, uploadId, 2, body, 110_000, 150_000);
    expect(first.etag).toBe(`"${md5(body.subarray(0, 110_000)).toUpperCase()}"`);
    const { parts } = await oss.listParts(target.key, uploadId);
    expect(parts).toMatchObject([
      { PartNumber: '1', Size: '110000', ETag: first.etag },
      { PartNumber: '2', Size: '40000' },
    ]);
    const completed = await oss.completeMultipartUpload(target.key, uploadId, [
      { number: 1, etag: first.etag },
      { number: 2, etag: second.etag },
    ]);
    expect(completed.res.status).toBe(200);
    expect(await codeOf(oss.listParts(target.key, uploadId))).toBe('NoSuchUpload');
    const other = await oss.initMultipartUpload(target.key);
    expect((await oss.abortMultipartUpload(target.key, other.uploadId)).res.status).toBe(204);
    expect(await codeOf(oss.abortMultipartUpload(target.key, other.uploadId))).toBe('NoSuchUpload');
  });

  it('cannot do more than the upload’s credentials allow', async () => {
    await client({}).put('someone-elses.mp4', Buffer.from('x'));
    expect(await codeOf(client().put('someone-elses.mp4', Buffer.from('y')))).toBe('AccessDenied');
    expect(await codeOf(client().get(target.key))).toBe('AccessDenied');
    const strict = await startSandbox();
    const narrow = uploadTargetOf(
      await popClient(strict).request('CreateUploadVideo', { Title: 'a', FileName: 'a.mp4' }),
    );
    const oss = ossClient(strict, narrow, { authorizationV4 });
    const { uploadId } = await oss.initMultipartUpload(narrow.key);
    expect(await codeOf(oss.listParts(narrow.key, uploadId))).toBe('AccessDenied');
    await strict.close();
  });

  it('is refused with keys that are wrong, unknown, without their token or out of date', async () => {
    const put = (keys: Partial<UploadTarget>) =>
      codeOf(client({ ...target, ...keys }).put(target.key, Buffer.from('x')));
    expect(await put({ accessKeySecret: 'another' })).toBe('SignatureDoesNotMatch');
    expect(await put({ accessKeyId: 'STS.nobody' })).toBe('InvalidAccessKeyId');
    expect(await put({ stsToken: 'made-up' })).toBe('InvalidSecurityToken');
    expect(await put({ stsToken: sandbox.credentials.alibabaVod.temporary.securityToken })).toBe(
      'AccessKeyIdAndSecurityTokenNotMatch',
    );
    offsetMs = 15 * 60_000 + 5000;
    expect(await put({})).toBe('RequestTimeTooSkewed');
  });

  it('refuses an expired token with its own code', async () => {
    const quick = await startSandbox({
      now: () => Date.now() + offsetMs,
      alibaba: { settings: { stsLifetimeSeconds: 60 } },
    });
    const grant = uploadTargetOf(
      await popClient(quick).request('CreateUploadVideo', { Title: 'a', FileName: 'a.mp4' }),
    );
    offsetMs = 61_000;
    expect(await codeOf(ossClient(quick, grant, { authorizationV4 }).put(grant.key, Buffer.from('x')))).toBe(
      'SecurityTokenExpired',
    );
    await quick.close();
  });

  it.each<[string, (request: Tampered) => void, string]>([
    [
      'the key',
      (request) => {
        request.path = request.path.replace('sv/', 'sw/');
      },
      'SignatureDoesNotMatch',
    ],
    [
      'a parameter',
      (request) => {
        request.path += '?partNumber=1&uploadId=x';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the type',
      (request) => {
        request.headers['content-type'] = 'text/plain';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the date',
      (request) => {
        request.headers['x-oss-date'] = `${request.headers['x-oss-date'] as string}`.replace(
          /\d(?=\D*$)/,
          (digit) => String((Number(digit) + 1) % 10),
        );
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the bucket',
      (request) => {
        request.headers.host = 'outin-another.oss-cn-shanghai.aliyuncs.com';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'the bytes, under a digest',
      (request) => {
        request.body = Buffer.from('y');
      },
      'InvalidDigest',
    ],
  ])('refuses an OSS request whose %s was changed after signing', async (_name, change, code) => {
    const oss = client(target, tamperer.port);
    const put = () =>
      codeOf(
        oss.put(target.key, Buffer.from('x'), {
          headers: { 'Content-MD5': md5(Buffer.from('x'), 'base64') },
        }),
      );
    expect(await put()).toBe('it succeeded');
    tamperer.change = change;
    expect(await put()).toBe(code);
  });
});

describe('URLs that ali-oss presigns', () => {
  // To no IP address does it presign; where a URL leads is not part of a signature.
  const client = () => ossClient(sandbox, target, { endpoint: 'http://oss-cn-shanghai.aliyuncs.com' });
  const local = (url: string) => url.replace(/^http:\/\/[^/]+/, `${sandbox.url}/${target.bucket}`);
  const send = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(local(url), { method: 'PUT', headers, body: new TextEncoder().encode(body) });

  it.each<[string, () => Promise<string>]>([
    [
      'V1',
      () =>
        Promise.resolve(
          client().signatureUrl(target.key, { method: 'PUT', expires: 600, 'Content-Type': 'video/mp4' }),
        ),
    ],
    [
      'V4',
      () => client().signatureUrlV4('PUT', 600, { headers: { 'Content-Type': 'video/mp4' } }, target.key),
    ],
  ])('accepts presigned URLs of %s unchanged and in time only', async (_, sign) => {
    const url = await sign();
    expect((await send(url, 'x', { 'Content-Type': 'video/mp4' })).status).toBe(200);
    for (const answer of [
      await send(url, 'x'),
      await send(`${url}&x-oss-process=a`, 'x', { 'Content-Type': 'video/mp4' }),
      await send(url.replace('sv/', 'sw/'), 'x', { 'Content-Type': 'video/mp4' }),
    ]) {
      expect([403, 501]).toContain(answer.status);
    }
    offsetMs = 601_000;
    expect(await (await send(url, 'x', { 'Content-Type': 'video/mp4' })).text()).toContain(
      'Request has expired.',
    );
  });
});
