import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { codeOf, md5Base64, md5Hex } from '../../test-support/raw-client.js';

/** Amazon's own clients, unchanged, against the sandbox. */
let sandbox: RunningSandbox;
let offsetMs = 0;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => Date.now() + offsetMs });
});
afterAll(() => sandbox.close());

const Bucket = 's3-sandbox';
const Key = 'a folder/中 (1)+!.mp4';
const mebibyte = Buffer.alloc(1024 * 1024, 'm');
const part1 = Buffer.alloc(5 * 1024 * 1024, 'p');

function connect(config: S3ClientConfig = {}): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox.credentials.s3;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    ...config,
  });
}

/** Changes a request after it was signed. */
function tampering(
  change: (request: {
    headers: Record<string, string>;
    path: string;
    method: string;
    query: Record<string, string>;
    body: unknown;
  }) => void,
): S3Client {
  const client = connect();
  client.middlewareStack.add(
    (next) => (args) => {
      change(args.request as never);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'tampering' },
  );
  return client;
}

describe('@aws-sdk/client-s3', () => {
  it.each([
    ['a buffer, with the CRC32 it adds by itself', {}, mebibyte],
    ['a buffer, without', { requestChecksumCalculation: 'WHEN_REQUIRED' }, mebibyte],
    ['a stream of known length', { requestChecksumCalculation: 'WHEN_REQUIRED' }, 'stream'],
    ['a stream in chunks with a trailer', {}, 'stream'],
  ] as const)('puts, heads, gets and deletes %s', async (_, config, body) => {
    const client = connect(config);
    const Body = body === 'stream' ? Readable.from([mebibyte]) : body;
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentLength: mebibyte.length, ContentType: 'video/mp4' }),
    );
    expect(put.ETag).toBe(`"${md5Hex(mebibyte)}"`);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentLength: mebibyte.length,
      ContentType: 'video/mp4',
      ETag: put.ETag,
    });
    const got = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-9' }));
    expect(await got.Body?.transformToString()).toBe('mmmmmmmmmm');
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  it('uploads in parts, lists them by page, and completes', async () => {
    const client = connect();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const parts = [];
    for (const [index, Body] of [part1, mebibyte].entries()) {
      const { ETag } = await client.send(
        new UploadPartCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber: index + 1,
          Body,
          ContentMD5: md5Base64(Body),
        }),
      );
      parts.push({ PartNumber: index + 1, ETag });
    }
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
      { Key, UploadId },
    ]);
    const page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    expect(page).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '1',
      Parts: [{ PartNumber: 1, Size: part1.length }],
    });
    expect(
      (await client.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: '1' }))).Parts,
    ).toMatchObject([{ PartNumber: 2 }]);
    const { ETag } = await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }),
    );
    expect(ETag).toBe(`"${md5Hex(Buffer.from(md5Hex(part1) + md5Hex(mebibyte), 'hex'))}-2"`);
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(
      part1.length + mebibyte.length,
    );
  });

  it('aborts an upload, which then does not exist', async () => {
    const client = connect();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    for (const command of [
      new AbortMultipartUploadCommand({ Bucket, Key, UploadId }),
      new ListPartsCommand({ Bucket, Key, UploadId }),
    ]) {
      await expect(client.send(command)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    }
  });

  it('refuses an invalid complete request with the code of its fault', async () => {
    const client = connect();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const etags = await Promise.all(
      [1, 2].map(
        async (PartNumber) =>
          (await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: 'small' })))
            .ETag,
      ),
    );
    const complete = (Parts: { PartNumber: number; ETag?: string | undefined }[]) =>
      client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: Parts } }),
      );
    await expect(
      complete([
        { PartNumber: 2, ETag: etags[1] },
        { PartNumber: 1, ETag: etags[0] },
      ]),
    ).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 1, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(
      complete([
        { PartNumber: 1, ETag: etags[0] },
        { PartNumber: 2, ETag: etags[1] },
      ]),
    ).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  });

  it.each<[string, string, Parameters<typeof tampering>[0]]>([
    ['another path', 'SignatureDoesNotMatch', (request) => (request.path += 'x')],
    [
      'another parameter',
      'SignatureDoesNotMatch',
      (request) => (request.query = { ...request.query, partNumber: '3' }),
    ],
    [
      'another signed header',
      'SignatureDoesNotMatch',
      (request) => (request.headers['content-type'] = 'text/html'),
    ],
    [
      'a header that was not signed',
      'AccessDenied',
      (request) => (request.headers['x-amz-acl'] = 'public-read'),
    ],
    ['other bytes', 'XAmzContentSHA256Mismatch', (request) => (request.body = Buffer.alloc(5, 'y'))],
    [
      'an old date',
      'RequestTimeTooSkewed',
      (request) => (request.headers['x-amz-date'] = '20200101T000000Z'),
    ],
  ])('is refused with %s', async (_, name, change) => {
    const command = new PutObjectCommand({
      Bucket,
      Key,
      Body: Buffer.alloc(5, 'x'),
      ContentType: 'video/mp4',
    });
    const expected =
      name === 'RequestTimeTooSkewed'
        ? /RequestTimeTooSkewed|AuthorizationHeaderMalformed/
        : new RegExp(name);
    await expect(tampering(change).send(command)).rejects.toMatchObject({
      name: expect.stringMatching(expected) as string,
    });
  });

  it('is refused with wrong keys, checksums and buckets', async () => {
    const { accessKeyId, secretAccessKey } = sandbox.credentials.s3;
    const put = (client: S3Client, more: object = {}) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ...more }));
    await expect(
      put(connect({ credentials: { accessKeyId, secretAccessKey: 'wrong' } })),
    ).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(
      put(connect({ credentials: { accessKeyId: 'NOBODY', secretAccessKey } })),
    ).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await expect(put(connect({ region: 'eu-west-3' }))).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
    });
    await expect(put(connect(), { ContentMD5: md5Base64('other') })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(put(connect(), { ContentMD5: 'none' })).rejects.toMatchObject({ name: 'InvalidDigest' });
    await expect(put(connect(), { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put(connect(), { Bucket: 'elsewhere' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(put(connect(), { Key: 'x'.repeat(1025) })).rejects.toMatchObject({
      name: 'KeyTooLongError',
    });
  });
});

describe('@aws-sdk/s3-request-presigner', () => {
  const sign = (config: S3ClientConfig = {}) =>
    getSignedUrl(
      connect({ requestChecksumCalculation: 'WHEN_REQUIRED', ...config }),
      new PutObjectCommand({ Bucket, Key }),
      { expiresIn: 60 },
    );

  it('presigns URLs that work unchanged until they expire', async () => {
    const url = await sign();
    expect((await fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(200);
    offsetMs = 61_000;
    expect(codeOf(await (await fetch(url, { method: 'PUT', body: 'hello' })).text())).toBe('AccessDenied');
    offsetMs = 0;
  });

  it('refuses presigned URLs with anything changed', async () => {
    const url = await sign();
    const answers = await Promise.all([
      fetch(url.replace('.mp4', '.mov'), { method: 'PUT', body: 'hello' }),
      fetch(`${url}&partNumber=1`, { method: 'PUT', body: 'hello' }),
      fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'), { method: 'PUT', body: 'hello' }),
      fetch(url, { method: 'DELETE' }),
    ]);
    for (const answer of answers) expect(codeOf(await answer.text())).toBe('SignatureDoesNotMatch');
  });
});

describe('@aws-sdk/client-sts', () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/sandbox-uploader';
  const assume = (more: object = {}, secretAccessKey = sandbox.credentials.s3.secretAccessKey) => {
    const { stsEndpoint: endpoint, region, accessKeyId } = sandbox.credentials.s3;
    return new STSClient({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    }).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tester', DurationSeconds: 900, ...more }));
  };

  it('issues temporary keys that expire', async () => {
    const { Credentials: keys } = await assume();
    const credentials = {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    };
    await connect({ credentials }).send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
    const { sessionToken, ...withoutToken } = credentials;
    await expect(
      connect({ credentials: withoutToken }).send(new PutObjectCommand({ Bucket, Key, Body: 'hello' })),
    ).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(
      connect({ credentials: { ...credentials, sessionToken: `${sessionToken}x` } }).send(
        new PutObjectCommand({ Bucket, Key, Body: 'hello' }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidToken' });
    offsetMs = 901_000;
    await expect(
      connect({ credentials, systemClockOffset: offsetMs }).send(
        new PutObjectCommand({ Bucket, Key, Body: 'hello' }),
      ),
    ).rejects.toMatchObject({ name: 'ExpiredToken' });
    offsetMs = 0;
  });

  it.each([
    ['another role', { RoleArn: 'arn:aws:iam::000000000000:role/other-role' }, 'AccessDenied'],
    ['too short a session', { DurationSeconds: 899 }, 'ValidationError'],
    ['too short a name', { RoleSessionName: 'x' }, 'ValidationError'],
  ])('is refused %s', async (_, more, name) => {
    await expect(assume(more)).rejects.toMatchObject({ name });
  });

  it('is refused with a wrong key', async () => {
    await expect(assume({}, 'wrong')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });
});
