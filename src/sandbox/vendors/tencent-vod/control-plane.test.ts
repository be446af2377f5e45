import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../options.js';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { addFault, look } from '../../test-support/raw-client.js';
import {
  cos,
  tencent,
  tencentReply,
  type TencentCallOptions,
  type TencentFields,
} from '../../test-support/tencent-raw.js';

let sandbox: RunningSandbox;
let nowMs = Date.UTC(2026, 0, 15, 8, 30);
afterEach(() => sandbox.close());

async function open(options: SandboxOptions = {}): Promise<void> {
  nowMs = Date.UTC(2026, 0, 15, 8, 30);
  sandbox = await startSandbox({ processingMs: 1000, now: () => nowMs, ...options });
}

const call = (action: string, parameters: unknown, options: TencentCallOptions = {}) =>
  tencent(sandbox, action, parameters, { nowMs, ...options });
const codeOf = async (action: string, parameters: unknown, options: TencentCallOptions = {}) =>
  (await call(action, parameters, options)).Error?.Code;
const put = (applied: TencentFields, body = 'a video', path = applied.MediaStoragePath) =>
  cos(sandbox, applied, 'PUT', { body, path, nowMs });

async function committed(
  parameters: Record<string, unknown> = {},
): Promise<TencentFields & { applied: TencentFields }> {
  const applied = await call('ApplyUpload', { MediaType: 'mp4', ...parameters });
  await put(applied);
  const subApp = parameters['SubAppId'] === undefined ? {} : { SubAppId: parameters['SubAppId'] };
  return { ...(await call('CommitUpload', { VodSessionKey: applied.VodSessionKey, ...subApp })), applied };
}

describe('the API', () => {
  it('answers every call with HTTP 200 and a request id', async () => {
    await open();
    for (const body of ['{"MediaType":"mp4"}', '{"MediaType":"txt"}', 'not json', '[]']) {
      const reply = await tencentReply(sandbox, 'ApplyUpload', {}, { rawBody: body, nowMs });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(((await reply.json()) as { Response: TencentFields }).Response.RequestId).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    }
  });

  it.each<[string, string, unknown, TencentCallOptions]>([
    ['InvalidAction', 'MakeCoffee', {}, {}],
    ['InvalidAction', 'constructor', {}, {}],
    ['NoSuchVersion', 'ApplyUpload', {}, { headers: { 'x-tc-version': '2017-03-12' } }],
    ['MissingParameter', 'ApplyUpload', {}, { headers: { 'x-tc-version': undefined } }],
    ['MissingParameter', 'ApplyUpload', { MediaType: 'mp4' }, { headers: { 'x-tc-region': undefined } }],
    ['MissingParameter', 'CommitUpload', { VodSessionKey: 'x' }, { headers: { 'x-tc-region': undefined } }],
    ['UnsupportedRegion', 'ApplyUpload', { MediaType: 'mp4' }, { headers: { 'x-tc-region': 'moon' } }],
    ['UnsupportedProtocol', 'ApplyUpload', { MediaType: 'mp4' }, { contentType: 'text/plain' }],
    ['InvalidParameter', 'ApplyUpload', [], {}],
    ['InvalidParameter', 'ApplyUpload', {}, { rawBody: '{' }],
    ['InvalidParameter', 'ApplyUpload', { MediaType: 4 }, {}],
    ['InvalidParameter', 'ApplyUpload', { MediaType: 'mp4', ClassId: '7' }, {}],
    ['MissingParameter', 'ApplyUpload', {}, {}],
    ['MissingParameter', 'ApplyUpload', { MediaType: '' }, {}],
    ['MissingParameter', 'CommitUpload', {}, {}],
    ['UnknownParameter', 'ApplyUpload', { MediaType: 'mp4', FileSize: 5 }, {}],
    ['InvalidParameterValue.MediaType', 'ApplyUpload', { MediaType: 'txt' }, {}],
    ['InvalidParameterValue.MediaType', 'ApplyUpload', { MediaType: 'MP4' }, {}],
    ['InvalidParameterValue.CoverType', 'ApplyUpload', { MediaType: 'mp4', CoverType: 'mp4' }, {}],
    ['InvalidParameterValue.ExpireTime', 'ApplyUpload', { MediaType: 'mp4', ExpireTime: 'tomorrow' }, {}],
    [
      'InvalidParameter.ExpireTime',
      'ApplyUpload',
      { MediaType: 'mp4', ExpireTime: '2020-01-01T00:00:00Z' },
      {},
    ],
    ['InvalidParameterValue', 'ApplyUpload', { MediaType: 'mp4', SourceContext: 'x'.repeat(251) }, {}],
    ['InvalidParameterValue', 'ApplyUpload', { MediaType: 'mp4', SessionContext: 'x'.repeat(1001) }, {}],
    ['InvalidParameterValue', 'ApplyUpload', { MediaType: 'mp4', StorageRegion: 'ap-moon' }, {}],
    ['InvalidParameterValue.SubAppId', 'ApplyUpload', { MediaType: 'mp4', SubAppId: 1 }, {}],
    ['InvalidParameterValue.SubAppId', 'ApplyUpload', { MediaType: 'mp4', SubAppId: 'one' }, {}],
    ['InvalidParameterValue.VodSessionKey', 'CommitUpload', { VodSessionKey: 'made-up' }, {}],
    ['InvalidParameterValue.FileIdsEmpty', 'DescribeMediaInfos', { FileIds: [] }, {}],
    ['InvalidParameterValue.FileIds', 'DescribeMediaInfos', { FileIds: ['abc'] }, {}],
    [
      'InvalidParameterValue.FileIdsOverLimit',
      'DescribeMediaInfos',
      { FileIds: Array.from({ length: 21 }, (_, i) => `${i}`) },
      {},
    ],
    ['InvalidParameter', 'DescribeMediaInfos', { FileIds: ['1'], Filters: ['everything'] }, {}],
    ['ResourceNotFound', 'DeleteMedia', { FileId: '1' }, {}],
    ['AuthFailure.SignatureFailure', 'ApplyUpload', {}, { headers: { 'x-tc-timestamp': '1768465801' } }],
    ['AuthFailure.SignatureExpire', 'ApplyUpload', {}, { nowMs: Date.UTC(2026, 0, 15, 8, 36) }],
    [
      'AuthFailure.InvalidAuthorization',
      'ApplyUpload',
      {},
      { headers: { authorization: 'TC3-HMAC-SHA256 whatever' } },
    ],
    [
      'AuthFailure.SecretIdNotFound',
      'ApplyUpload',
      {},
      {
        headers: {
          authorization: `TC3-HMAC-SHA256 Credential=NOBODY/2026-01-15/vod/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`,
        },
      },
    ],
  ])('answers %s to %s', async (code, action, parameters, options) => {
    await open();
    expect(await codeOf(action, parameters, options)).toBe(code);
  });

  it.each([
    ['code-points', 250, 251],
    ['utf-16', 125, 126],
    ['bytes', 62, 63],
  ] as const)('counts SourceContext in %s', async (tencentCharacters, most, tooMany) => {
    await open({ settings: { tencentCharacters } });
    const codeFor = (count: number) =>
      codeOf('ApplyUpload', { MediaType: 'mp4', SourceContext: '🎬'.repeat(count) });
    expect(await codeFor(most)).toBeUndefined();
    expect(await codeFor(tooMany)).toBe('InvalidParameterValue');
  });

  it('accepts further signed headers in lower case', async () => {
    await open();
    expect(
      await codeOf('ApplyUpload', { MediaType: 'mp4' }, { alsoSigned: ['x-tc-action'] }),
    ).toBeUndefined();
  });

  it('answers 501 to actions that are not emulated', async () => {
    await open();
    expect((await tencentReply(sandbox, 'PullEvents', {}, { nowMs })).status).toBe(501);
  });

  it('limits the calls per second of each action', async () => {
    await open({ settings: { tencentRequestsPerSecond: 2 } });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push(await codeOf('ApplyUpload', { MediaType: 'mp4' }));
    expect(codes).toEqual([undefined, undefined, 'RequestLimitExceeded']);
    expect(await codeOf('DescribeMediaInfos', { FileIds: ['1'] })).toBeUndefined();
    nowMs += 1000;
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4' })).toBeUndefined();
  });

  it.each([
    [429, 'RequestLimitExceeded'],
    [503, 'ServiceUnavailable'],
    [500, 'InternalError'],
    [403, 'UnauthorizedOperation'],
    [400, 'InvalidParameter'],
  ])('answers a fault of status %i with the code %s', async (status, code) => {
    await open();
    await addFault(sandbox, { action: 'ApplyUpload' }, { status });
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4' })).toBe(code);
    await addFault(sandbox, { action: 'ApplyUpload' }, { status, code: 'FailedOperation' });
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4' })).toBe('FailedOperation');
    await addFault(sandbox, { provider: 'tencent-vod', plane: 'control' }, { expire: true });
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4' })).toBe('AuthFailure.SignatureExpire');
  });
});

describe('applications', () => {
  it.each([
    ['taken', undefined],
    ['refused', 'InvalidParameterValue.SubAppId'],
  ] as const)('accepts SubAppId as text: %s', async (tencentSubAppIdText, code) => {
    await open({ settings: { tencentSubAppIdText } });
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4', SubAppId: '1500012345' })).toBe(code);
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4', SubAppId: 1500012345 })).toBeUndefined();
  });

  it.each([
    [false, undefined],
    [true, 'InvalidParameterValue.SubAppId'],
  ] as const)('requires SubAppId: %s', async (tencentSubAppIdRequired, code) => {
    await open({ settings: { tencentSubAppIdRequired } });
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4' })).toBe(code);
    expect(await codeOf('ApplyUpload', { MediaType: 'mp4', SubAppId: 1251000333 })).toBeUndefined();
  });

  it('keeps the media of applications apart', async () => {
    await open();
    const { FileId, applied } = await committed({ SubAppId: 1500012345 });
    expect((await call('DescribeMediaInfos', { FileIds: [FileId] })).NotExistFileIdSet).toEqual([FileId]);
    expect(
      (await call('DescribeMediaInfos', { FileIds: [FileId], SubAppId: 1500012345 })).NotExistFileIdSet,
    ).toEqual([]);
    expect(await codeOf('CommitUpload', { VodSessionKey: applied.VodSessionKey })).toBe(
      'InvalidParameterValue.VodSessionKey',
    );
    expect(await codeOf('DeleteMedia', { FileId })).toBe('ResourceNotFound');
  });
});

describe('uploads', () => {
  it('gives each upload its own keys, session and certificate', async () => {
    await open();
    const [one, other] = [
      await call('ApplyUpload', { MediaType: 'mp4', CoverType: 'png', StorageRegion: 'ap-chongqing' }),
      await call('ApplyUpload', { MediaType: 'mov' }),
    ];
    expect(one).toMatchObject({
      StorageBucket: 'vodapchongqing-1251000333',
      StorageRegion: 'ap-chongqing',
      MediaStoragePath: expect.stringMatching(/^\/.*\/f0\.mp4$/) as string,
      CoverStoragePath: expect.stringMatching(/\.png$/) as string,
    });
    expect(one.TempCertificate.ExpiredTime).toBe(nowMs / 1000 + 7200);
    expect(one.VodSessionKey).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(other.CoverStoragePath).toBeNull();
    for (const name of ['VodSessionKey', 'MediaStoragePath'] as const)
      expect(one[name]).not.toBe(other[name]);
    expect(one.TempCertificate.SecretId).not.toBe(other.TempCertificate.SecretId);
  });

  it.each([
    ['asked', false],
    ['always', true],
  ] as const)('gives uploads a key for a cover: %s', async (tencentCoverPath, hasCover) => {
    await open({ settings: { tencentCoverPath } });
    expect((await call('ApplyUpload', { MediaType: 'mp4' })).CoverStoragePath !== null).toBe(hasCover);
  });

  it('commits an upload only when its object is stored', async () => {
    await open();
    const applied = await call('ApplyUpload', { MediaType: 'mp4' });
    expect(await codeOf('CommitUpload', { VodSessionKey: applied.VodSessionKey })).toBe('ResourceNotFound');
    await put(applied);
    expect(await call('CommitUpload', { VodSessionKey: applied.VodSessionKey })).toMatchObject({
      FileId: expect.stringMatching(/^\d{19}$/) as string,
      CoverUrl: '',
    });
  });

  it.each([
    ['same', undefined],
    ['refused', 'InvalidParameterValue.VodSessionKey'],
  ] as const)('answers a second commit: %s', async (tencentCommitRepeat, code) => {
    await open({ settings: { tencentCommitRepeat } });
    const { applied, FileId } = await committed();
    const again = await call('CommitUpload', { VodSessionKey: applied.VodSessionKey });
    expect(again.Error?.Code).toBe(code);
    if (code === undefined) expect(again.FileId).toBe(FileId);
  });

  it.each([
    ['empty', ''],
    ['absent', undefined],
  ] as const)(
    'answers media without a cover with a CoverUrl that is %s',
    async (tencentNoCoverUrl, coverUrl) => {
      await open({ settings: { tencentNoCoverUrl } });
      expect((await committed()).CoverUrl).toBe(coverUrl);
      expect((await committed({ CoverType: 'jpg' })).CoverUrl).toBe(coverUrl);
    },
  );

  it('shows the applied parameters in the control API', async () => {
    await open();
    await committed({ MediaName: 'Clip', ClassId: 7 });
    await call('ApplyUpload', { MediaType: 'mov', Procedure: 'web' });
    expect(await look(sandbox, 'media')).toMatchObject([
      {
        provider: 'tencent-vod',
        mediaId: expect.stringMatching(/^\d{19}$/) as string,
        status: 'PROCESSING',
        fields: { MediaName: 'Clip', ClassId: 7, SubAppId: 1251000333 },
      },
      {
        provider: 'tencent-vod',
        mediaId: '',
        status: 'APPLIED',
        fields: { MediaType: 'mov', Procedure: 'web' },
      },
    ]);
    await fetch(`${sandbox.url}/__sandbox/reset`, { method: 'POST' });
    expect(await look(sandbox, 'media')).toEqual([]);
  });
});

describe('media', () => {
  const describeOne = async (FileId: string, more = {}) =>
    (await call('DescribeMediaInfos', { FileIds: [FileId, FileId], ...more })).MediaInfoSet;

  it('adds metadata some time after the commit, and renditions with a procedure', async () => {
    await open();
    const { FileId, MediaUrl } = await committed({ Procedure: 'web', ExpireTime: '2030-01-01T00:00:00Z' });
    expect(await describeOne(FileId)).toMatchObject([
      {
        BasicInfo: {
          MediaUrl,
          Status: 'Normal',
          CreateTime: '2026-01-15T08:30:00Z',
          ExpireTime: '2030-01-01T00:00:00Z',
        },
        MetaData: null,
        TranscodeInfo: null,
      },
    ]);
    nowMs += 1000;
    const [media] = await describeOne(FileId);
    expect(media).toMatchObject({
      MetaData: { Size: 7 },
      AdaptiveDynamicStreamingInfo: null,
      MPSAiMediaInfo: null,
    });
    expect(media?.TranscodeInfo?.TranscodeSet.map(({ Definition }) => Definition)).toEqual([0, 100030]);
    for (const { Url } of media?.TranscodeInfo?.TranscodeSet ?? [])
      expect(await (await fetch(Url)).text()).toBe('a video');
  });

  it('answers the requested sections, and null for the others', async () => {
    await open({ processingMs: 0 });
    const { FileId } = await committed();
    expect(await describeOne(FileId, { Filters: ['metaData'] })).toMatchObject([
      { FileId, BasicInfo: null, MetaData: { Size: 7 } },
    ]);
  });

  it('delivers committed media in ranges, unless forbidden or deleted', async () => {
    await open();
    const applied = await call('ApplyUpload', { MediaType: 'mp4' });
    await put(applied);
    const url = `${sandbox.url}/vod2${applied.MediaStoragePath}`;
    expect((await fetch(url)).status).toBe(404);
    await addFault(sandbox, { action: 'CommitUpload' }, { mediaStatus: 'Forbidden' });
    const { FileId } = await call('CommitUpload', { VodSessionKey: applied.VodSessionKey });
    expect((await fetch(url)).status).toBe(403);
    expect((await describeOne(FileId))[0]?.BasicInfo).toMatchObject({ Status: 'Forbidden' });
    const fine = await committed();
    const part = await fetch(fine.MediaUrl, { headers: { Range: 'bytes=2-6' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-6/7',
      'video',
    ]);
    expect((await fetch(fine.MediaUrl, { method: 'HEAD' })).headers.get('content-length')).toBe('7');
    expect(await codeOf('DeleteMedia', { FileId: fine.FileId, DeleteParts: [{ Type: 'Everything' }] })).toBe(
      'InvalidParameter',
    );
    expect(
      await codeOf('DeleteMedia', {
        FileId: fine.FileId,
        DeleteParts: [{ Type: 'OriginalFiles', Definition: 0 }],
      }),
    ).toBeUndefined();
    expect((await fetch(fine.MediaUrl)).status).toBe(404);
    expect(await describeOne(fine.FileId)).toHaveLength(1);
    expect(await codeOf('DeleteMedia', { FileId: fine.FileId })).toBeUndefined();
    expect((await call('DescribeMediaInfos', { FileIds: [fine.FileId] })).NotExistFileIdSet).toEqual([
      fine.FileId,
    ]);
  });
});
