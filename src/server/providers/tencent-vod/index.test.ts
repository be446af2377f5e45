import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointError } from '../../errors.js';
import { fromHex } from '../../encoding.js';
import { createTokenEndpoint } from '../../handler.js';
import type { Session, Started, StartUpload } from '../../provider.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import {
  cosRefusal,
  fakeTencent,
  tencentSecrets,
  vodRefusal,
  vodReply,
} from '../../test-support/fake-tencent.js';
import { tencentVod, type TencentVodOptions, type TencentVodState } from './index.js';

let nowMs: number;
let cloud: ReturnType<typeof fakeTencent>;
beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 15, 8, 30);
  cloud = fakeTencent(() => nowMs);
});

const context = fakeContext();
const file: StartUpload<TencentVodState> = {
  clientId: 'c',
  fileName: 'clip.mp4',
  contentType: 'video/mp4',
  sizeBytes: 3,
};
const cover = {
  attachmentId: 'a1',
  kind: 'cover',
  fileName: 'c.jpg',
  sizeBytes: 4,
  contentType: 'image/jpeg',
  md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
} as const;
const md5s = [
  '0cc175b9c0f1b6a831c399e269772661',
  '92eb5ffee6ae2fec3ad71c777531578f',
  '4a8a08f09d37b73795649038408b5f33',
];
const sent = md5s.map((md5Hex, index) => ({
  partNumber: index + 1,
  sizeBytes: 1,
  md5Base64: btoa(String.fromCharCode(...fromHex(md5Hex))),
}));

function provide(options: Partial<TencentVodOptions> = {}) {
  return tencentVod({
    credentials: { secretId: 'AKID', secretKey: tencentSecrets.apiKey },
    fetch: cloud.fetch,
    now: () => nowMs,
    singlePutMaxBytes: 2,
    retry: { baseDelayMs: 1, sleep: () => Promise.resolve() },
    ...options,
  });
}

async function begin(
  upload: Partial<StartUpload<TencentVodState>> = {},
  options: Partial<TencentVodOptions> = {},
) {
  const provider = provide(options);
  const started = await provider.start({ ...file, ...upload }, context);
  if (started === 'checksum-required') throw new Error('no checksum is needed');
  return { provider, started, session: sessionOf(started, upload.sizeBytes ?? file.sizeBytes) };
}

function sessionOf(
  { transfer, state, mediaId }: Started<TencentVodState>,
  sizeBytes = file.sizeBytes,
): Session<TencentVodState> {
  return { id: 's', fileName: 'clip.mp4', sizeBytes, transfer, state, mediaId };
}

async function errorOf(promise: Promise<unknown>): Promise<EndpointError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof EndpointError)) throw error;
  return error;
}

const storeAll = () =>
  cloud.parts.push(...md5s.map((md5Hex, index) => ({ number: index + 1, md5Hex, sizeBytes: 1 })));
const appliedWith = (index = 0) =>
  JSON.parse(cloud.only('apply')[index]?.body ?? '{}') as Record<string, unknown>;

describe('ApplyUpload of tencent-vod', () => {
  it('sends only the ApplyUpload parameters that are set', async () => {
    await begin();
    expect(appliedWith()).toEqual({ MediaType: 'mp4', MediaName: 'clip' });
    const [request] = cloud.only('apply');
    expect(request?.url.href).toBe('https://vod.intl.tencentcloudapi.com/');
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      'x-tc-action': 'ApplyUpload',
      'x-tc-version': '2018-07-17',
      'x-tc-region': 'ap-singapore',
      'x-tc-timestamp': String(nowMs / 1000),
      'content-type': 'application/json',
    });
  });

  it('sends every documented ApplyUpload parameter and prefers the page’s options to the server’s', async () => {
    const defaults = {
      mediaName: (upload: { fileName: string }) => `of ${upload.fileName}`,
      procedure: 'web',
      storageRegion: 'ap-chongqing',
      classId: 0,
      sourceContext: 'order=1',
      extInfo: 'e',
      subAppId: 1500012345,
    };
    const options = {
      classId: 7,
      sourceContext: 'order=2',
      sessionContext: 's',
      expireTime: '2030-01-01T00:00:00Z',
    };
    await begin({ options, attachments: [cover] }, defaults);
    expect(appliedWith()).toEqual({
      MediaType: 'mp4',
      MediaName: 'of clip.mp4',
      CoverType: 'jpg',
      Procedure: 'web',
      ExpireTime: '2030-01-01T00:00:00Z',
      StorageRegion: 'ap-chongqing',
      ClassId: 7,
      SourceContext: 'order=2',
      SessionContext: 's',
      ExtInfo: 'e',
      SubAppId: 1500012345,
    });
  });

  it.each([
    ['clip.MP4', '', 'mp4'],
    ['a.b.mov', 'video/mp4', 'mov'],
    ['noname', 'video/x-matroska', 'mkv'],
    ['noname', 'video/webm; codecs=vp9', 'webm'],
    ['song.ogg', '', 'ogg'],
  ])('detects the media type of %s with content type "%s" as %s', async (fileName, contentType, type) => {
    await begin({ fileName, contentType });
    expect(appliedWith()['MediaType']).toBe(type);
  });

  it.each(['list.m3u8', 'cover.jpg', 'noname', 'a.exe'])(
    'refuses %s without a call to VOD',
    async (fileName) => {
      expect((await errorOf(begin({ fileName, contentType: '' }))).code).toBe('file-refused');
      expect(cloud.seen).toEqual([]);
    },
  );

  it('converts file names to media names that VOD accepts', async () => {
    for (const fileName of [`${'🎬'.repeat(60)}.mp4`, 'a:b*c?"<d>|.mp4', '../../x/y.mp4', '???.mp4'])
      await begin({ fileName });
    expect(cloud.only('apply').map((_, index) => appliedWith(index)['MediaName'])).toEqual([
      '🎬'.repeat(32),
      'abcd',
      'xy',
      'video',
    ]);
  });

  it.each<[string, unknown, boolean]>([
    ['sourceContext', 'x'.repeat(250), true],
    ['sourceContext', 'x'.repeat(251), false],
    ['sessionContext', 'x'.repeat(1000), true],
    ['sessionContext', 'x'.repeat(1001), false],
    ['expireTime', '2030-01-01T00:00:00Z', true],
    ['expireTime', '2030-01-01T00:00:00+08:00', true],
    ['expireTime', '2020-01-01T00:00:00Z', false],
    ['expireTime', '1 May 2030', false],
    ['storageRegion', 'ap-beijing-1', true],
    ['storageRegion', 'moon', false],
    ['classId', -1, false],
    ['classId', '7', false],
    ['subAppId', 0, false],
    ['mediaName', '', false],
    ['procedure', 'web', true],
  ])('validates the upload option %s with value %j: accepted is %s', (name, value, isTaken) => {
    const { options } = provide();
    if (!options) throw new Error('no options');
    expect(v.safeParse(options, { [name]: value }).success).toBe(isTaken);
  });

  it.each<[string, Partial<TencentVodOptions>]>([
    ['no keys', { credentials: { secretId: '', secretKey: '' } }],
    ['a put too large', { singlePutMaxBytes: 6 * 1024 ** 3 }],
    ['a long context', { sourceContext: 'x'.repeat(251) }],
    ['a past time', { expireTime: '2020-01-01T00:00:00Z' }],
    ['no URL', { endpoint: 'vod' }],
    ['no origin', { cosOrigin: '{bucket}' }],
  ])('throws a TypeError for a configuration with %s', (_, options) => {
    expect(() => provide(options)).toThrow(TypeError);
  });

  it('applies the option limits to values that the host’s functions return', async () => {
    expect((await errorOf(begin({}, { sourceContext: () => 'x'.repeat(251) }))).code).toBe('internal');
    expect(cloud.seen).toEqual([]);
  });

  it('calls the mainland endpoint with its own region and sends the token of temporary keys', async () => {
    await begin({}, { site: 'mainland', credentials: { secretId: 'AKID', secretKey: 'k', token: 'sts' } });
    const [request] = cloud.only('apply');
    expect([
      request?.url.host,
      request?.headers.get('x-tc-region'),
      request?.headers.get('x-tc-token'),
    ]).toEqual(['vod.tencentcloudapi.com', 'ap-guangzhou', 'sts']);
  });
});

describe('signed requests of tencent-vod', () => {
  it('signs a single PUT with length, digest and host', async () => {
    const { started } = await begin({ sizeBytes: 2, md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==' });
    const [request] = started.signed ?? [];
    const url = new URL(request?.url ?? '');
    expect([url.host, decodeURIComponent(url.pathname)]).toEqual([
      'bucket-1251000333.cos.ap-chongqing.myqcloud.com',
      '/dir/name 1.mp4',
    ]);
    expect(url.searchParams.get('q-header-list')).toBe(
      'content-length;content-md5;content-type;host;x-cos-forbid-overwrite',
    );
    expect(url.searchParams.get('x-cos-security-token')).toBe(tencentSecrets.token);
    expect(request).toMatchObject({
      partNumber: 1,
      method: 'PUT',
      headers: { 'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==', 'Content-Type': 'video/mp4' },
      expiresInMs: 3_600_000,
    });
    expect(cloud.steps()).toEqual(['apply']);
  });

  it('signs part requests without a call to the cloud', async () => {
    const { provider, session } = await begin();
    const signed = await provider.sign(
      session,
      [
        { partNumber: 2, sizeBytes: 1, md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==' },
        { partNumber: 3, sizeBytes: 1 },
      ],
      context,
    );
    if (signed.outcome !== 'signed') throw new Error('restarted');
    expect(signed.requests.map(({ partNumber, headers }) => [partNumber, headers])).toEqual([
      [2, { 'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==' }],
      [3, {}],
    ]);
    expect(new URL(signed.requests[0]?.url ?? '').searchParams.get('q-url-param-list')).toBe(
      'partnumber;uploadid',
    );
    expect(cloud.steps()).toEqual(['apply', 'initiate']);
    expect(cloud.only('initiate')[0]?.headers.get('content-type')).toBe('video/mp4');
  });

  it('refuses to sign a second part of a single PUT upload', async () => {
    const { provider, session } = await begin({ sizeBytes: 2 });
    expect((await errorOf(provider.sign(session, [{ partNumber: 2, sizeBytes: 2 }], context))).code).toBe(
      'invalid-request',
    );
  });

  it('limits the lifetime of signed requests to that of the certificate', async () => {
    const { provider, session } = await begin({}, { urlLifetimeMs: 24 * 3_600_000 });
    nowMs += 3_600_000;
    const signed = await provider.sign(session, [{ partNumber: 1, sizeBytes: 1 }], context);
    expect(signed).toMatchObject({ outcome: 'signed', requests: [{ expiresInMs: 3_600_000 - 60_000 }] });
  });

  it('signs a cover upload again after the first request has expired', async () => {
    const { provider, started, session } = await begin({ attachments: [cover] });
    expect(started.attachments).toMatchObject([
      {
        attachmentId: 'a1',
        method: 'PUT',
        headers: { 'Content-MD5': cover.md5Base64, 'Content-Type': 'image/jpeg' },
      },
    ]);
    expect(decodeURIComponent(new URL(started.attachments?.[0]?.url ?? '').pathname)).toBe(
      '/dir/cover 1.jpg',
    );
    expect((await provider.attach?.(session, [cover], context))?.requests).toMatchObject([
      { attachmentId: 'a1', headers: { 'Content-Type': 'image/jpeg' } },
    ]);
    const bare = await begin();
    expect(
      (await errorOf(bare.provider.attach?.(bare.session, [cover], context) ?? Promise.resolve())).code,
    ).toBe('not-supported');
    nowMs += 7_200_000;
    expect((await errorOf(provider.attach?.(session, [cover], context) ?? Promise.resolve())).code).toBe(
      'upload-not-found',
    );
    expect(
      (await errorOf(begin({ attachments: [{ ...cover, fileName: 'c.svg', contentType: 'image/svg+xml' }] })))
        .code,
    ).toBe('file-refused');
  });
});

describe('an expired certificate of tencent-vod', () => {
  it('applies for a new storage path and signs the cover again after the certificate has expired', async () => {
    const { provider, session } = await begin({
      attachments: [cover],
      options: { sourceContext: 'order=2' },
    });
    nowMs += 7_150_000;
    const signed = await provider.sign(session, [{ partNumber: 1, sizeBytes: 1 }], context);
    if (signed.outcome !== 'expired') throw new Error(signed.outcome);
    expect(await signed.restart(context)).toMatchObject({
      transfer: { kind: 'multipart' },
      state: { path: '/dir/name 2.mp4', sessionKey: 'session-2+/=' },
      attachments: [{ attachmentId: 'a1' }],
    });
    // It was not quite over yet, so what had come was discarded.
    expect(cloud.steps()).toEqual(['apply', 'initiate', 'abort', 'apply', 'initiate']);
    expect(appliedWith(1)).toEqual(appliedWith(0));
  });

  it('sends no request to COS after the certificate has expired', async () => {
    const { provider, session } = await begin();
    nowMs += 7_300_000;
    expect(await provider.list(session, context)).toEqual([]);
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toEqual({
      outcome: 'parts-differ',
      partNumbers: [1, 2, 3],
    });
    await provider.abort(session, context);
    expect(cloud.steps()).toEqual(['apply', 'initiate']);
  });

  it('commits to find out whether a completion with a lost reply succeeded', async () => {
    const { provider, session } = await begin();
    nowMs += 7_300_000;
    expect(await provider.complete(session, sent, { isRepeat: true }, context)).toMatchObject({
      outcome: 'completed',
    });
    cloud.script('commit', vodRefusal('ResourceNotFound'));
    expect(await provider.complete(session, sent, { isRepeat: true }, context)).toMatchObject({
      outcome: 'parts-differ',
    });
    cloud.script('commit', vodRefusal('UnauthorizedOperation'));
    expect((await errorOf(provider.complete(session, sent, { isRepeat: true }, context))).code).toBe(
      'vendor-credentials',
    );
  });
});

describe('complete of tencent-vod', () => {
  it('reads all pages of the part list, completes in part order and omits an ETag that proves nothing', async () => {
    storeAll();
    const { provider, session } = await begin();
    expect(await provider.list(session, context)).toHaveLength(3);
    expect(await provider.complete(session, [...sent].reverse(), { isRepeat: false }, context)).toEqual({
      outcome: 'completed',
      sizeBytes: 3,
    });
    const [request] = cloud.only('complete');
    expect(
      [...(request?.body ?? '').matchAll(/<PartNumber>(\d)<.*?&quot;(\w+)&quot;/g)].map((match) =>
        match.slice(1),
      ),
    ).toEqual(md5s.map((md5Hex, index) => [String(index + 1), md5Hex]));
    expect(request?.headers.get('content-type')).toBe('application/xml');
  });

  it('names the parts that are missing or different before it completes', async () => {
    cloud.parts.push(
      { number: 1, md5Hex: md5s[0] ?? '', sizeBytes: 1 },
      { number: 3, md5Hex: md5s[0] ?? '', sizeBytes: 1 },
    );
    const { provider, session } = await begin();
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toEqual({
      outcome: 'parts-differ',
      partNumbers: [2, 3],
    });
    expect(cloud.only('complete')).toEqual([]);
    expect(
      (await errorOf(provider.complete(session, sent.slice(1), { isRepeat: false }, context))).code,
    ).toBe('invalid-request');
  });

  it('compares checksums when the certificate does not permit listing parts', async () => {
    const { provider, session } = await begin();
    cloud.script(
      'list',
      cosRefusal('AccessDenied', 403),
      cosRefusal('AccessDenied', 403),
      cosRefusal('AccessDenied', 403),
      cosRefusal('AccessDenied', 403),
    );
    expect(await provider.list(session, context)).toBeUndefined();
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toMatchObject({
      outcome: 'completed',
    });
    cloud.script('complete', cosRefusal('InvalidPart', 400));
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toEqual({
      outcome: 'parts-differ',
      partNumbers: [1, 2, 3],
    });
    const unknown = sent.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes }));
    expect((await errorOf(provider.complete(session, unknown, { isRepeat: false }, context))).code).toBe(
      'vendor-refused',
    );
  });

  it('retries an error inside an HTTP 200 and treats NoSuchUpload on the retry as completed', async () => {
    storeAll();
    const { provider, session } = await begin();
    cloud.script('complete', cosRefusal('InternalError', 200), cosRefusal('NoSuchUpload', 404));
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toMatchObject({
      outcome: 'completed',
    });
    expect(cloud.only('complete')).toHaveLength(2);
  });

  it('accepts a missing multipart upload on a repeat only if the whole object is stored', async () => {
    const { provider, session } = await begin();
    const repeat = () => {
      cloud.script('list', cosRefusal('NoSuchUpload', 404));
      return provider.complete(session, sent, { isRepeat: true }, context);
    };
    expect(await repeat()).toMatchObject({ outcome: 'completed' });
    cloud.script(
      'head',
      new Response(null, { status: 200, headers: { 'Content-Length': '2' } }),
      new Response(null, { status: 404 }),
      new Response(null, { status: 403 }),
      new Response(null, { status: 403 }),
    );
    expect((await errorOf(repeat())).code).toBe('upload-not-found');
    expect((await errorOf(repeat())).code).toBe('upload-not-found');
    expect(await repeat()).toMatchObject({ outcome: 'completed' });
    cloud.script('commit', vodRefusal('ResourceNotFound'));
    expect((await errorOf(repeat())).code).toBe('upload-not-found');
    cloud.script('list', cosRefusal('NoSuchUpload', 404));
    expect((await errorOf(provider.complete(session, sent, { isRepeat: false }, context))).code).toBe(
      'upload-not-found',
    );
  });
});

describe('confirm of tencent-vod', () => {
  it('returns the media id on confirm and makes no call when the id is already known', async () => {
    const { provider, session } = await begin({}, { subAppId: 1500012345 });
    expect(await provider.confirm(session, 'uploaded', context)).toEqual({ mediaId: '5285485487985271487' });
    expect(JSON.parse(cloud.only('commit')[0]?.body ?? '')).toEqual({
      VodSessionKey: 'session-1+/=',
      SubAppId: 1500012345,
    });
    const named = { ...session, mediaId: '5285485487985271487' };
    const before = cloud.seen.length;
    expect(await provider.confirm(named, 'uploaded', context)).toEqual({ mediaId: '5285485487985271487' });
    expect(await provider.complete(named, sent, { isRepeat: true }, context)).toMatchObject({
      outcome: 'completed',
    });
    expect(await provider.list(named, context)).toEqual([]);
    await provider.abort(named, context);
    expect(cloud.seen).toHaveLength(before);
    expect((await errorOf(provider.confirm(named, 'canceled', context) as Promise<unknown>)).code).toBe(
      'media-state-conflict',
    );
  });

  it.each(['canceled', 'failed'] as const)(
    'makes no call to VOD for an upload that ended as %s',
    async (end) => {
      const { provider, session } = await begin();
      await provider.abort(session, context);
      cloud.script('abort', cosRefusal('NoSuchUpload', 404));
      await provider.abort(session, context);
      await provider.confirm(session, end, context);
      expect(cloud.steps()).toEqual(['apply', 'initiate', 'abort', 'abort']);
    },
  );

  it('repeats a commit whose reply was lost and reports a conflict when VOD refuses the repeat', async () => {
    const { provider, session } = await begin();
    cloud.script('commit', new TypeError('fetch failed'));
    expect(await provider.confirm(session, 'uploaded', context)).toEqual({ mediaId: '5285485487985271487' });
    cloud.script('commit', new TypeError('fetch failed'), vodRefusal('InvalidParameterValue.VodSessionKey'));
    expect((await errorOf(provider.confirm(session, 'uploaded', context) as Promise<unknown>)).code).toBe(
      'media-state-conflict',
    );
  });
});

describe('details of tencent-vod', () => {
  const named = (mediaId: string, subAppId?: number): Session<TencentVodState> => ({
    id: 's',
    fileName: 'f',
    sizeBytes: 3,
    mediaId,
    transfer: { kind: 'single' },
    state: {
      bucket: 'b',
      region: 'r',
      path: '/k',
      contentType: 't',
      sessionKey: 's',
      certificate: { secretId: 'i', secretKey: 'k', token: 't', expiresAt: 0 },
      applied: {},
      ...(subAppId !== undefined && { subAppId }),
    },
  });

  it('requests details in batches of twenty distinct ids per application, only after the commit', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `10${index}`);
    const { mediaId: _, ...unnamed } = named('0');
    const found = await provide().details(
      [...ids.map((id) => named(id)), named('100'), named('7', 1500012345), unnamed],
      context,
    );
    const asked = cloud
      .only('describe')
      .map(({ body }) => JSON.parse(body) as { FileIds: string[]; SubAppId?: number });
    // They are under way side by side, so in no order.
    expect(
      asked.map(({ FileIds, SubAppId }) => `${FileIds.length} of ${SubAppId ?? 'the default'}`).sort(),
    ).toEqual(['1 of 1500012345', '20 of the default', '5 of the default']);
    expect(found).toHaveLength(28);
    expect(found.at(-1)).toEqual({ mediaId: '', provider: 'tencent-vod', status: 'uploading' });
    expect(found[25]).toMatchObject({ mediaId: '100', status: 'ready' });
  });

  it('reports media that VOD lists as not existing as media-not-found', async () => {
    cloud.script('describe', vodReply({ MediaInfoSet: null, NotExistFileIdSet: ['1'] }));
    expect((await provide().details([named('1')], context))[0]).toMatchObject({ code: 'media-not-found' });
  });
});

describe('VOD errors of tencent-vod', () => {
  it.each([
    ['AuthFailure.SignatureFailure', 'vendor-credentials', 1],
    ['AuthFailure.SignatureExpire', 'vendor-credentials', 1],
    ['AuthFailure.TokenFailure', 'vendor-credentials', 1],
    ['UnauthorizedOperation', 'vendor-credentials', 1],
    ['FailedOperation', 'vendor-refused', 1],
    ['FailedOperation.InvalidVodUser', 'vendor-credentials', 1],
    ['InternalError', 'vendor-unavailable', 3],
    ['InternalError.GetMediaListError', 'vendor-unavailable', 3],
    ['ServiceUnavailable', 'vendor-unavailable', 3],
    ['ResourceInsufficient', 'vendor-unavailable', 3],
    ['RequestLimitExceeded', 'vendor-throttled', 3],
    ['RequestLimitExceeded.UinLimitExceeded', 'vendor-throttled', 3],
    ['InvalidParameter', 'vendor-refused', 1],
    ['InvalidParameter.ExpireTime', 'invalid-request', 1],
    ['InvalidParameterValue.ExpireTime', 'invalid-request', 1],
    ['InvalidParameterValue.MediaType', 'file-refused', 1],
    ['InvalidParameterValue.CoverType', 'file-refused', 1],
    ['InvalidParameterValue.SubAppId', 'vendor-refused', 1],
    ['MissingParameter', 'vendor-refused', 1],
    ['UnknownParameter', 'vendor-refused', 1],
    ['LimitExceeded', 'vendor-refused', 1],
    ['ResourceInUse', 'media-state-conflict', 1],
    ['ResourceNotFound', 'upload-not-found', 1],
    ['UnsupportedRegion', 'vendor-refused', 1],
    ['IpNotInWhitelist', 'vendor-credentials', 1],
    ['Something.New', 'vendor-refused', 1],
  ])('maps the VOD error %s to %s after %i calls', async (code, problem, tries) => {
    cloud.script('apply', ...Array.from({ length: 3 }, () => vodRefusal(code)));
    const error = await errorOf(begin());
    expect([error.code, error.vendor, cloud.only('apply').length]).toEqual([
      problem,
      { code, requestId: 'request-1' },
      tries,
    ]);
    expect(JSON.stringify(error.toProblem())).not.toContain('s3cr3t');
  });

  it.each([
    [500, 'vendor-unavailable', 3],
    [429, 'vendor-throttled', 3],
    [403, 'vendor-refused', 1],
    [302, 'vendor-invalid-reply', 1],
  ])('maps HTTP %i of VOD to %s after %i calls', async (status, problem, tries) => {
    cloud.script('apply', ...Array.from({ length: 3 }, () => new Response('<html>', { status })));
    expect([(await errorOf(begin())).code, cloud.only('apply').length]).toEqual([problem, tries]);
  });

  it.each([
    ['no JSON', new Response('<html>')],
    ['no envelope', Response.json({})],
    ['no session', vodReply({ StorageBucket: 'b' })],
  ])('reports a VOD reply with %s as an invalid reply', async (_, reply) => {
    cloud.script('apply', reply);
    expect((await errorOf(begin())).code).toBe('vendor-invalid-reply');
  });

  it('reports a VOD reply without a storage path for the cover as an invalid reply', async () => {
    const certificate = { SecretId: 'i', SecretKey: 'k', Token: 't', ExpiredTime: nowMs };
    cloud.script(
      'apply',
      vodReply({
        StorageBucket: 'b-1',
        StorageRegion: 'r',
        VodSessionKey: 's',
        MediaStoragePath: '/m',
        CoverStoragePath: null,
        TempCertificate: certificate,
      }),
    );
    expect((await errorOf(begin({ attachments: [cover] }))).code).toBe('vendor-invalid-reply');
  });
});

describe('COS errors of tencent-vod', () => {
  it.each([
    ['NoSuchUpload', 404, 'upload-not-found', 1],
    ['NoSuchUpload', 400, 'upload-not-found', 1],
    ['ExpiredToken', 403, 'upload-not-found', 1],
    ['SignatureDoesNotMatch', 403, 'vendor-refused', 1],
    ['InvalidAccessKeyId', 403, 'vendor-refused', 1],
    ['SlowDown', 503, 'vendor-throttled', 3],
    ['ServiceUnavailable', 503, 'vendor-unavailable', 3],
    ['InternalError', 500, 'vendor-unavailable', 3],
    ['RequestTimeOut', 400, 'vendor-unavailable', 3],
    ['OperationAborted', 409, 'vendor-unavailable', 3],
    ['InvalidArgument', 400, 'vendor-refused', 1],
    ['NoSuchBucket', 404, 'vendor-refused', 1],
  ])('maps the COS error %s with HTTP %i to %s after %i calls', async (code, status, problem, tries) => {
    const { provider, session } = await begin();
    cloud.script('list', ...Array.from({ length: 3 }, () => cosRefusal(code, status)));
    const error = await errorOf(provider.list(session, context));
    expect([error.code, error.vendor, cloud.only('list').length]).toEqual([
      problem,
      { code, requestId: 'cos-1' },
      tries,
    ]);
    expect(JSON.stringify(error.toProblem())).not.toMatch(/s3cr3t|q-signature/);
  });

  it('stops listing parts when the next page marker does not advance', async () => {
    const { provider, session } = await begin();
    cloud.script(
      'list',
      new Response(
        '<ListPartsResult><NextPartNumberMarker>0</NextPartNumberMarker><IsTruncated>true</IsTruncated></ListPartsResult>',
      ),
    );
    expect((await errorOf(provider.list(session, context))).code).toBe('vendor-invalid-reply');
  });
});

describe('tickets of tencent-vod', () => {
  it('fits the largest upload into a ticket and exposes nothing of the certificate', async () => {
    const endpoint = createTokenEndpoint({
      providers: [provide()],
      authorize: () => ({ id: 'me', options: 'any' }),
      secret: 'a secret of more than thirty-two characters',
    });
    const options = {
      sourceContext: '名'.repeat(250),
      sessionContext: '名'.repeat(1000),
      extInfo: '名'.repeat(1000),
      mediaName: '名'.repeat(64),
    };
    const body = JSON.stringify({
      provider: 'tencent-vod',
      uploads: [{ ...file, options, attachments: [cover] }],
    });
    const response = await endpoint(
      new Request('https://app.test/api/uploads/start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      }),
    );
    const text = await response.text();
    expect(text).toContain('"outcome":"started"');
    expect(text).not.toContain(tencentSecrets.certificateKey);
    expect(text).not.toContain('session-1');
  });

  it('refuses a ticket state of another version', async () => {
    const { provider, session } = await begin();
    expect(
      (
        await errorOf(
          provider.list({ ...session, state: { old: true } as unknown as TencentVodState }, context),
        )
      ).code,
    ).toBe('ticket-invalid');
  });
});
