import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { look } from '../../test-support/raw-client.js';
import { startTamperer, type Tampered, type Tamperer } from '../../test-support/tamper.js';
import { cosSdk, targetOf, vodSdk, type VodSdkOptions } from '../../test-support/tencent-clients.js';

let sandbox: RunningSandbox;
let tamperer: Tamperer;
let offsetMs: number;
beforeEach(async () => {
  offsetMs = 0;
  sandbox = await startSandbox({ processingMs: 0, now: () => Date.now() + offsetMs });
  tamperer = await startTamperer(sandbox.port);
});
afterEach(async () => {
  await tamperer.close();
  await sandbox.close();
});

/** The code with which the vendor's client rejects. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => 'it succeeded',
    (error: { code?: string }) => error.code,
  );
}

describe('tencentcloud-sdk-nodejs-vod', () => {
  it.each<[string, VodSdkOptions]>([
    ['POST', {}],
    ['GET', { reqMethod: 'GET' }],
  ])('applies, commits, describes and deletes by %s', async (_, options) => {
    const client = vodSdk(sandbox, options);
    const applied = await client.ApplyUpload({
      MediaType: 'mp4',
      MediaName: '休日 clip',
      CoverType: 'jpg',
      SubAppId: 1500012345,
      ClassId: 7,
      SourceContext: 'order=42',
    });
    expect(applied).toMatchObject({
      StorageRegion: 'ap-singapore',
      MediaStoragePath: expect.stringMatching(/^\/.+\/f0\.mp4$/) as string,
      CoverStoragePath: expect.stringMatching(/^\/.+\.jpg$/) as string,
    });
    const cos = cosSdk(sandbox, applied);
    const { Bucket, Region, Key } = targetOf(applied);
    await cos.putObject({ Bucket, Region, Key, Body: Buffer.from('a video') });
    await cos.putObject({
      Bucket,
      Region,
      Key: applied.CoverStoragePath ?? '',
      Body: Buffer.from('a cover'),
    });
    const session = { VodSessionKey: applied.VodSessionKey ?? '', SubAppId: 1500012345 };
    const committed = await client.CommitUpload(session);
    expect(committed).toMatchObject({ FileId: expect.stringMatching(/^\d{19}$/) as string });
    expect(await (await fetch(committed.MediaUrl ?? '')).text()).toBe('a video');
    expect(await (await fetch(committed.CoverUrl ?? '')).text()).toBe('a cover');
    expect(await client.CommitUpload(session)).toMatchObject({ FileId: committed.FileId });
    const FileIds = [committed.FileId ?? '', '1'];
    const described = await client.DescribeMediaInfos({
      FileIds,
      SubAppId: 1500012345,
      Filters: ['basicInfo', 'metaData'],
    });
    expect(described).toMatchObject({
      NotExistFileIdSet: ['1'],
      MediaInfoSet: [
        {
          FileId: committed.FileId,
          BasicInfo: {
            Name: '休日 clip',
            ClassId: 7,
            Status: 'Normal',
            SourceInfo: { SourceContext: 'order=42' },
          },
          MetaData: { Size: 7 },
          TranscodeInfo: null,
        },
      ],
    });
    await client.DeleteMedia({ FileId: committed.FileId ?? '', SubAppId: 1500012345 });
    expect((await client.DescribeMediaInfos({ FileIds, SubAppId: 1500012345 })).NotExistFileIdSet).toEqual(
      FileIds,
    );
    expect(await look(sandbox, 'objects')).toEqual([]);
  });

  it('accepts temporary keys only with their token', async () => {
    const { secretId, secretKey, token } = sandbox.credentials.tencentVod.temporary;
    expect(
      await vodSdk(sandbox, { secretId, secretKey, token }).ApplyUpload({ MediaType: 'mp4' }),
    ).toHaveProperty('VodSessionKey');
    expect(await codeOf(vodSdk(sandbox, { secretId, secretKey }).ApplyUpload({ MediaType: 'mp4' }))).toBe(
      'AuthFailure.TokenFailure',
    );
  });

  it('refuses invalid parameters with their codes', async () => {
    const client = vodSdk(sandbox);
    expect(await codeOf(client.ApplyUpload({ MediaType: 'txt' }))).toBe('InvalidParameterValue.MediaType');
    expect(await codeOf(client.CommitUpload({ VodSessionKey: 'made-up' }))).toBe(
      'InvalidParameterValue.VodSessionKey',
    );
    expect(await codeOf(client.DeleteMedia({ FileId: '1' }))).toBe('ResourceNotFound');
    expect(
      await codeOf(client.DescribeMediaInfos({ FileIds: Array.from({ length: 21 }, (_, i) => String(i)) })),
    ).toBe('InvalidParameterValue.FileIdsOverLimit');
  });

  it('is refused with a key that is wrong or unknown, and with a clock that is off', async () => {
    const apply = (options: VodSdkOptions) =>
      codeOf(vodSdk(sandbox, options).ApplyUpload({ MediaType: 'mp4' }));
    expect(await apply({ secretKey: 'another' })).toBe('AuthFailure.SignatureFailure');
    expect(await apply({ secretId: 'AKIDNOBODY' })).toBe('AuthFailure.SecretIdNotFound');
    for (offsetMs of [-310_000, 310_000]) expect(await apply({})).toBe('AuthFailure.SignatureExpire');
  });

  it.each<[string, (request: Tampered) => void, VodSdkOptions]>([
    [
      'the body',
      (request) => {
        request.body = Buffer.from('{"MediaType":"mov"}');
      },
      {},
    ],
    [
      'a parameter',
      (request) => {
        request.path = request.path.replace('mp4', 'mov');
      },
      { reqMethod: 'GET' },
    ],
    [
      'the host',
      (request) => {
        request.headers.host = 'vod.example.com';
      },
      {},
    ],
    [
      'the type',
      (request) => {
        request.headers['content-type'] = 'application/json; charset=utf-8';
      },
      {},
    ],
    [
      'the timestamp',
      (request) => {
        request.headers['x-tc-timestamp'] = String(Number(request.headers['x-tc-timestamp']) + 1);
      },
      {},
    ],
    [
      'the method',
      (request) => {
        request.method = 'PUT';
      },
      {},
    ],
  ])('refuses a Tencent request whose %s was changed after signing', async (_, change, options) => {
    const client = vodSdk(sandbox, { ...options, port: tamperer.port });
    expect(await codeOf(client.ApplyUpload({ MediaType: 'mp4' }))).toBe('it succeeded');
    tamperer.change = change;
    expect(await codeOf(client.ApplyUpload({ MediaType: 'mp4' }))).toBe('AuthFailure.SignatureFailure');
  });

  it('accepts the service name that the client derives from another endpoint by setting only', async () => {
    const elsewhere = { endpoint: `sandbox.test:${sandbox.port}` };
    expect(await codeOf(vodSdk(sandbox, elsewhere).ApplyUpload({ MediaType: 'mp4' }))).toBe(
      'AuthFailure.SignatureFailure',
    );
    const lenient = await startSandbox({ settings: { tencentServiceScope: 'any' } });
    expect(
      await vodSdk(lenient, { endpoint: `sandbox.test:${lenient.port}` }).ApplyUpload({ MediaType: 'mp4' }),
    ).toHaveProperty('VodSessionKey');
    await lenient.close();
  });
});
