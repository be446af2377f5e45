import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { codeOf } from '../../test-support/raw-client.js';
import type { S3Settings } from './account.js';

const Bucket = 's3-sandbox';
const sandboxes: Record<'aws' | 'ceph' | 'noListParts', RunningSandbox> = {} as never;
const clients: Record<keyof typeof sandboxes, S3Client> = {} as never;

beforeAll(async () => {
  const settings: Record<keyof typeof sandboxes, Partial<S3Settings>> = {
    aws: { minPartSizeBytes: 1 },
    ceph: { dialect: 'ceph', minPartSizeBytes: 1 },
    noListParts: { listParts: false },
  };
  for (const name of ['aws', 'ceph', 'noListParts'] as const) {
    sandboxes[name] = await startSandbox({ s3: { settings: settings[name] } });
    const { endpoint, region, accessKeyId, secretAccessKey } = sandboxes[name].credentials.s3;
    clients[name] = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }
});
afterAll(() => Promise.all(Object.values(sandboxes).map((sandbox) => sandbox.close())));
afterEach(() =>
  Promise.all(
    Object.values(sandboxes).map((sandbox) => fetch(`${sandbox.url}/__sandbox/reset`, { method: 'POST' })),
  ),
);

/** HTTP status and error code with which a call is refused; 200 when it is not. */
async function outcomeOf(call: Promise<unknown>): Promise<[number, string]> {
  try {
    await call;
    return [200, ''];
  } catch (error) {
    const { $metadata, name } = error as { $metadata: { httpStatusCode: number }; name: string };
    return [$metadata.httpStatusCode, name];
  }
}

const put = (more: Partial<ConstructorParameters<typeof PutObjectCommand>[0]> = {}, Key = 'key') =>
  new PutObjectCommand({ Bucket, Key, Body: 'text', ...more });

async function uploadParts(
  client: S3Client,
  bodies: readonly string[],
  created: Partial<ConstructorParameters<typeof CreateMultipartUploadCommand>[0]> = {},
): Promise<{ UploadId: string; Parts: CompletedPart[] }> {
  const { UploadId = '' } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key: 'key', ...created }),
  );
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const part = await client.send(
      new UploadPartCommand({
        Bucket,
        Key: 'key',
        UploadId,
        PartNumber,
        Body,
        ChecksumAlgorithm: created.ChecksumAlgorithm,
      }),
    );
    Parts.push({
      PartNumber,
      ETag: part.ETag,
      ChecksumSHA256: part.ChecksumSHA256,
      ChecksumCRC32: part.ChecksumCRC32,
    });
  }
  return { UploadId, Parts };
}

const complete = (
  { UploadId, Parts }: { UploadId: string; Parts: CompletedPart[] },
  more: Partial<ConstructorParameters<typeof CompleteMultipartUploadCommand>[0]> = {},
) =>
  new CompleteMultipartUploadCommand({ Bucket, Key: 'key', UploadId, MultipartUpload: { Parts }, ...more });

describe('what a request says about an object', () => {
  const described = {
    ContentType: 'video/mp4',
    CacheControl: 'max-age=7',
    ContentDisposition: 'attachment; filename="a.mp4"',
    ContentEncoding: 'gzip',
    ContentLanguage: 'de, en',
    Metadata: { by: 'vodrop', 'two-words': 'a  b' },
  };

  it('returns standard headers and metadata of a single PUT on GET and HEAD', async () => {
    await clients.aws.send(put({ ...described, Expires: new Date(1e12) }));
    expect(await clients.aws.send(new HeadObjectCommand({ Bucket, Key: 'key' }))).toMatchObject({
      ...described,
      ExpiresString: new Date(1e12).toUTCString(),
    });
    expect(await clients.aws.send(new GetObjectCommand({ Bucket, Key: 'key' }))).toMatchObject(described);
  });

  it('returns standard headers and metadata of a multipart upload', async () => {
    await clients.aws.send(complete(await uploadParts(clients.aws, ['a', 'b'], described)));
    expect(await clients.aws.send(new HeadObjectCommand({ Bucket, Key: 'key' }))).toMatchObject(described);
  });

  it('drops what an earlier object of the same key had', async () => {
    await clients.aws.send(put(described));
    await clients.aws.send(put());
    const head = await clients.aws.send(new HeadObjectCommand({ Bucket, Key: 'key' }));
    expect([head.Metadata, head.CacheControl]).toEqual([{}, undefined]);
  });

  it('refuses more than 2 KB of metadata', async () => {
    expect(await outcomeOf(clients.aws.send(put({ Metadata: { a: 'x'.repeat(2048) } })))).toEqual([
      400,
      'MetadataTooLarge',
    ]);
  });
});

describe('conditional requests', () => {
  const other = { IfMatch: '"00000000000000000000000000000000"' };

  it.each(['aws', 'ceph'] as const)('forbids overwriting with If-None-Match: * (%s)', async (name) => {
    expect(await outcomeOf(clients[name].send(put({ IfNoneMatch: '*' })))).toEqual([200, '']);
    expect(await outcomeOf(clients[name].send(put({ IfNoneMatch: '*', Body: 'other' })))).toEqual([
      412,
      'PreconditionFailed',
    ]);
    const kept = await clients[name].send(new GetObjectCommand({ Bucket, Key: 'key' }));
    expect(await kept.Body?.transformToString()).toBe('text');
  });

  it('takes If-None-Match with an ETag on PUT as Ceph does, and refuses it as S3 does', async () => {
    const { ETag = '' } = await clients.ceph.send(put());
    const bare = ETag.replaceAll('"', '');
    expect(await outcomeOf(clients.ceph.send(put({ IfNoneMatch: bare })))).toEqual([
      412,
      'PreconditionFailed',
    ]);
    expect(await outcomeOf(clients.ceph.send(put({ IfMatch: bare })))).toEqual([200, '']);
    // Ceph compares the header as it is with an ETag that has no quotes.
    expect(await outcomeOf(clients.ceph.send(put({ IfNoneMatch: ETag })))).toEqual([200, '']);
    expect(await outcomeOf(clients.ceph.send(put({ IfMatch: ETag })))).toEqual([412, 'PreconditionFailed']);
    expect(await outcomeOf(clients.ceph.send(put({ IfNoneMatch: '"x"' })))).toEqual([200, '']);
    expect(await outcomeOf(clients.aws.send(put({ IfNoneMatch: '"x"' })))).toEqual([501, 'NotImplemented']);
  });

  it('replaces only the object that If-Match names', async () => {
    const { ETag } = await clients.aws.send(put());
    expect(await outcomeOf(clients.aws.send(put(other)))).toEqual([412, 'PreconditionFailed']);
    expect(await outcomeOf(clients.aws.send(put({ IfMatch: ETag })))).toEqual([200, '']);
    expect(await outcomeOf(clients.aws.send(put(other, 'missing')))).toEqual([404, 'NoSuchKey']);
    expect(await outcomeOf(clients.ceph.send(put(other, 'missing')))).toEqual([412, 'PreconditionFailed']);
  });

  it('checks conditions of a complete request as S3 does', async () => {
    const upload = await uploadParts(clients.aws, ['a', 'b']);
    await clients.aws.send(put());
    const refused: [number, string] = [412, 'PreconditionFailed'];
    expect(await outcomeOf(clients.aws.send(complete(upload, { IfNoneMatch: '*' })))).toEqual(refused);
    expect(await outcomeOf(clients.aws.send(complete(upload, other)))).toEqual(refused);
    await clients.aws.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));
    expect(await outcomeOf(clients.aws.send(complete(upload, { IfNoneMatch: '*' })))).toEqual([200, '']);
  });

  it.each([{ IfNoneMatch: '*' }, other])(
    'ignores the conditions %j of a complete request as Ceph does',
    async (condition) => {
      const upload = await uploadParts(clients.ceph, ['a', 'b']);
      await clients.ceph.send(put());
      expect(await outcomeOf(clients.ceph.send(complete(upload, condition)))).toEqual([200, '']);
    },
  );

  it('takes * for an ETag in reads as Ceph does', async () => {
    await clients.ceph.send(put());
    const statusOf = async (condition: Partial<ConstructorParameters<typeof GetObjectCommand>[0]>) =>
      (await outcomeOf(clients.ceph.send(new GetObjectCommand({ Bucket, Key: 'key', ...condition }))))[0];
    expect([await statusOf({ IfMatch: '*' }), await statusOf({ IfNoneMatch: '*' })]).toEqual([412, 200]);
  });

  it('answers GET and HEAD by ETag and by date', async () => {
    const { ETag } = await clients.aws.send(put());
    const past = new Date(Date.now() - 3_600_000);
    const future = new Date(Date.now() + 3_600_000);
    for (const Command of [GetObjectCommand, HeadObjectCommand] as (typeof GetObjectCommand)[]) {
      const statusOf = async (condition: Partial<ConstructorParameters<typeof GetObjectCommand>[0]>) =>
        (await outcomeOf(clients.aws.send(new Command({ Bucket, Key: 'key', ...condition }))))[0];
      expect([
        await statusOf({ IfMatch: ETag }),
        await statusOf({ IfMatch: '*' }),
        await statusOf(other),
        await statusOf({ IfNoneMatch: ETag }),
        await statusOf({ IfNoneMatch: '"x"' }),
        await statusOf({ IfModifiedSince: past }),
        await statusOf({ IfModifiedSince: future }),
        await statusOf({ IfUnmodifiedSince: past }),
        await statusOf({ IfUnmodifiedSince: future }),
        await statusOf({ IfMatch: ETag, IfUnmodifiedSince: past }),
        await statusOf({ IfNoneMatch: '"x"', IfModifiedSince: future }),
      ]).toEqual([200, 200, 412, 304, 200, 200, 304, 412, 200, 200, 200]);
    }
  });
});

describe('part numbers', () => {
  it('serves one part of a multipart object by its number', async () => {
    await clients.aws.send(complete(await uploadParts(clients.aws, ['first', 'second'])));
    const part = await clients.aws.send(new GetObjectCommand({ Bucket, Key: 'key', PartNumber: 2 }));
    expect([await part.Body?.transformToString(), part.PartsCount, part.ContentRange]).toEqual([
      'second',
      2,
      'bytes 5-10/11',
    ]);
    const head = await clients.aws.send(new HeadObjectCommand({ Bucket, Key: 'key', PartNumber: 1 }));
    expect([head.ContentLength, head.PartsCount]).toEqual([5, 2]);
  });

  it('serves the object of a single PUT as part 1, and refuses other numbers', async () => {
    for (const client of [clients.aws, clients.ceph]) await client.send(put());
    const get = (client: S3Client, PartNumber: number, Range?: string) =>
      client.send(new GetObjectCommand({ Bucket, Key: 'key', PartNumber, Range }));
    const whole = await get(clients.aws, 1);
    expect([await whole.Body?.transformToString(), whole.PartsCount]).toEqual(['text', undefined]);
    expect(await outcomeOf(get(clients.aws, 2))).toEqual([416, 'InvalidPartNumber']);
    // Ceph does not know part numbers of objects.
    expect(await (await get(clients.ceph, 2)).Body?.transformToString()).toBe('text');
    expect(await outcomeOf(get(clients.aws, 1, 'bytes=0-1'))).toEqual([400, 'InvalidRequest']);
  });
});

describe('checksums', () => {
  const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

  it('returns the checksum of a single PUT in checksum mode only', async () => {
    await clients.aws.send(put({ ChecksumAlgorithm: 'SHA256' }));
    const head = (ChecksumMode?: 'ENABLED') =>
      clients.aws.send(new HeadObjectCommand({ Bucket, Key: 'key', ChecksumMode }));
    expect((await head('ENABLED')).ChecksumSHA256).toBe(sha256('text').toString('base64'));
    expect((await head()).ChecksumSHA256).toBeUndefined();
  });

  it('makes the checksum of a multipart object from those of its parts', async () => {
    const upload = await uploadParts(clients.aws, ['a', 'b'], { ChecksumAlgorithm: 'SHA256' });
    const listed = await clients.aws.send(
      new ListPartsCommand({ Bucket, Key: 'key', UploadId: upload.UploadId }),
    );
    expect(listed.Parts?.[0]?.ChecksumSHA256).toBe(sha256('a').toString('base64'));
    const expected = `${sha256(Buffer.concat([sha256('a'), sha256('b')])).toString('base64')}-2`;
    const done = await clients.aws.send(complete(upload));
    expect([done.ChecksumSHA256, done.ChecksumType]).toEqual([expected, 'COMPOSITE']);
    const head = await clients.aws.send(
      new HeadObjectCommand({ Bucket, Key: 'key', ChecksumMode: 'ENABLED' }),
    );
    expect(head.ChecksumSHA256).toBe(expected);
  });

  it('makes a CRC32 of the whole object on request', async () => {
    const created = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    const done = await clients.aws.send(complete(await uploadParts(clients.aws, ['1234', '56789'], created)));
    expect(done.ChecksumCRC32).toBe(Buffer.from('cbf43926', 'hex').toString('base64'));
  });

  it('refuses a complete request with a wrong or missing checksum', async () => {
    const upload = await uploadParts(clients.aws, ['a', 'b'], { ChecksumAlgorithm: 'SHA256' });
    const [first = {}, ...rest] = upload.Parts;
    const wrong = {
      ...upload,
      Parts: [{ ...first, ChecksumSHA256: sha256('x').toString('base64') }, ...rest],
    };
    const missing = { ...upload, Parts: [{ ...first, ChecksumSHA256: undefined }, ...rest] };
    expect(await outcomeOf(clients.aws.send(complete(wrong)))).toEqual([400, 'InvalidPart']);
    expect(await outcomeOf(clients.aws.send(complete(missing)))).toEqual([400, 'InvalidRequest']);
    expect(
      await outcomeOf(clients.aws.send(complete(upload, { ChecksumSHA256: sha256('x').toString('base64') }))),
    ).toEqual([400, 'BadDigest']);
    expect(await outcomeOf(clients.aws.send(complete(upload, { MpuObjectSize: 3 })))).toEqual([
      400,
      'InvalidRequest',
    ]);
    expect(await outcomeOf(clients.aws.send(complete(upload, { MpuObjectSize: 2 })))).toEqual([200, '']);
  });
});

it('reads the headers that the SDK puts into the query of a presigned URL', async () => {
  const command = put({ ACL: 'public-read', Metadata: { by: 'vodrop' } });
  const url = await getSignedUrl(clients.aws, command);
  expect(new URL(url).searchParams.get('x-amz-meta-by')).toBe('vodrop');
  expect((await fetch(url, { method: 'PUT', body: 'text' })).status).toBe(200);
  const answer = await fetch(`${sandboxes.aws.url}/${Bucket}/key`);
  expect([answer.status, answer.headers.get('x-amz-meta-by')]).toEqual([200, 'vodrop']);
  const wrong = url.replace('x-amz-meta-by=vodrop', 'x-amz-meta-by=other');
  expect((await fetch(wrong, { method: 'PUT', body: 'text' })).status).toBe(403);
});

describe('buckets', () => {
  it('answers HeadBucket with the region, and 404 for an unknown bucket', async () => {
    expect(await clients.aws.send(new HeadBucketCommand({ Bucket }))).toMatchObject({
      BucketRegion: 'us-east-1',
    });
    expect((await outcomeOf(clients.aws.send(new HeadBucketCommand({ Bucket: 'other' }))))[0]).toBe(404);
    expect((await clients.aws.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint ?? '').toBe(
      '',
    );
  });

  it('lists objects by prefix and delimiter, page by page', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'ü (1)']) await clients.aws.send(put({}, key));
    const pages: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await clients.aws.send(
        new ListObjectsV2Command({
          Bucket,
          Delimiter: '/',
          MaxKeys: 2,
          ContinuationToken,
          EncodingType: 'url',
        }),
      );
      pages.push([
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ...(page.Contents ?? []).map(({ Key }) => decodeURIComponent(Key ?? '')),
      ]);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(pages).toEqual([
      ['a/', 'b'],
      ['c/', 'ü (1)'],
    ]);
    const below = await clients.aws.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'a/', StartAfter: 'a/1' }),
    );
    expect(below.Contents).toMatchObject([
      { Key: 'a/2', Size: 4, ETag: '"1cb251ec0d568de6a929b520c4aed8d1"' },
    ]);
    const first = await clients.aws.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/' }));
    expect([first.NextMarker, first.IsTruncated]).toEqual(['a/', true]);
    expect(
      (await clients.aws.send(new ListObjectsCommand({ Bucket, Marker: 'c/1' }))).Contents?.map(
        ({ Key }) => Key,
      ),
    ).toEqual(['ü (1)']);
  });

  it('names the owner in the first version, and in the second on request', async () => {
    await clients.aws.send(put());
    const second = async (FetchOwner?: boolean) =>
      (await clients.aws.send(new ListObjectsV2Command({ Bucket, FetchOwner }))).Contents?.[0]?.Owner;
    const first = (await clients.aws.send(new ListObjectsCommand({ Bucket }))).Contents?.[0]?.Owner;
    expect(first).toEqual({ ID: 'sandbox', DisplayName: 'sandbox' });
    expect(await second(true)).toEqual(first);
    expect(await second()).toBeUndefined();
  });

  it('says that the bucket has no versions, and in which region it is', async () => {
    const { Status } = await clients.aws.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBeUndefined();
    const sandbox = await startSandbox({ s3: { region: 'eu-west-3' } });
    const { endpoint, region, accessKeyId, secretAccessKey } = sandbox.credentials.s3;
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }));
    await sandbox.close();
    expect(LocationConstraint).toBe('eu-west-3');
  });

  it('refuses a continuation token that it did not issue', async () => {
    expect(
      await outcomeOf(clients.aws.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?' }))),
    ).toEqual([400, 'InvalidArgument']);
  });
});

describe('what is not emulated', () => {
  it.each([
    ['server-side encryption', { ServerSideEncryption: 'AES256' }],
    ['tags', { Tagging: 'a=b' }],
    ['another storage class', { StorageClass: 'GLACIER' }],
    ['a redirect', { WebsiteRedirectLocation: '/other' }],
    ['a grant', { GrantRead: 'id=1' }],
  ] as const)('refuses %s with 501 in XML', async (_, more) => {
    expect(await outcomeOf(clients.aws.send(put(more)))).toEqual([501, 'NotImplemented']);
  });

  it.each(['response-content-length=1', 'UploadId=1', 'PREFIX=a', 'x-amz-tagging=a'])(
    'refuses the parameter %s with 501',
    async (parameter) => {
      const answer = await fetch(`${sandboxes.aws.url}/${Bucket}/key?${parameter}`, { method: 'PUT' });
      expect([answer.status, codeOf(await answer.text())]).toEqual([501, 'NotImplemented']);
    },
  );

  it('refuses an unknown sub-resource with 501 in XML that a page can read', async () => {
    const url = `${sandboxes.aws.url}/${Bucket}/key?tagging`;
    const answer = await fetch(url, { headers: { Origin: 'https://page.test' } });
    expect([
      answer.status,
      codeOf(await answer.text()),
      answer.headers.get('access-control-allow-origin'),
    ]).toEqual([501, 'NotImplemented', 'https://page.test']);
  });

  it.each([
    ['aws', 400, 'InvalidArgument'],
    // It reads the one in the header only.
    ['ceph', 400, 'InvalidArgument'],
  ] as const)('refuses two signatures in one request (%s)', async (name, status, code) => {
    const url = await getSignedUrl(clients[name], new GetObjectCommand({ Bucket, Key: 'key' }));
    const answer = await fetch(url, { headers: { Authorization: 'AWS4-HMAC-SHA256 x' } });
    expect([answer.status, codeOf(await answer.text())]).toEqual([status, code]);
  });

  it('refuses ListParts with 405 when the store has none', async () => {
    const { UploadId } = await clients.noListParts.send(
      new CreateMultipartUploadCommand({ Bucket, Key: 'key' }),
    );
    expect(
      await outcomeOf(clients.noListParts.send(new ListPartsCommand({ Bucket, Key: 'key', UploadId }))),
    ).toEqual([405, 'MethodNotAllowed']);
  });
});

describe('the ceph dialect', () => {
  it('refuses a complete request that leaves a stored part out, which S3 deletes', async () => {
    for (const name of ['aws', 'ceph'] as const) {
      const upload = await uploadParts(clients[name], ['a', 'b']);
      const partial = complete({ ...upload, Parts: upload.Parts.slice(0, 1) });
      expect(await outcomeOf(clients[name].send(partial))).toEqual(
        name === 'ceph' ? [400, 'InvalidPart'] : [200, ''],
      );
    }
  });

  it('takes an unsigned x-amz-acl on a presigned PUT, which S3 refuses', async () => {
    for (const name of ['aws', 'ceph'] as const) {
      const url = await getSignedUrl(clients[name], put());
      const answer = await fetch(url, {
        method: 'PUT',
        body: 'text',
        headers: { 'x-amz-acl': 'public-read' },
      });
      const anonymous = await fetch(`${sandboxes[name].url}/${Bucket}/key`);
      expect([answer.status, anonymous.status]).toEqual(name === 'ceph' ? [200, 200] : [403, 403]);
    }
  });
});
