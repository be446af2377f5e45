import { describe, expect, it } from 'vitest';
import type { SentPart } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { createLimit } from '../../limit.js';
import type { Session, Started, StartFields } from '../../provider.js';
import {
  assetId,
  fakeHuawei,
  fakeSecrets,
  networkError,
  obsErrorReply,
  uploadId,
  vodErrorReply,
} from '../../test-support/fake-huawei.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { huaweiVod, type HuaweiVodOptions, type HuaweiVodState } from './index.js';

const md5Base64 = 'hHZXtgjYL2fmLpu+yQ+Xgg==';
const md5Hex = '847657b608d82f67e62e9bbec90f9782';
const megabyte = 1_000_000;
const small: StartFields = {
  clientId: 'c1',
  fileName: 'clip.mp4',
  sizeBytes: 3 * megabyte,
  contentType: 'video/mp4',
  md5Base64,
};
const large: StartFields = {
  clientId: 'c2',
  fileName: 'film.mp4',
  sizeBytes: 45 * megabyte,
  contentType: 'video/mp4',
};
const sent: SentPart[] = [1, 2, 3].map((partNumber) => ({ partNumber, sizeBytes: 15 * megabyte, md5Base64 }));

function setUp(options: Partial<HuaweiVodOptions> = {}) {
  const clock = { now: Date.UTC(2026, 0, 15, 8, 30) };
  const cloud = fakeHuawei(() => clock.now);
  const provider = huaweiVod({
    projectId: 'pid',
    region: 'cn-north-4',
    credentials: { accessKey: fakeSecrets.accessKey, secretKey: fakeSecrets.secretKey },
    fetch: cloud.fetch,
    now: () => clock.now,
    retry: { sleep: async (delayMs) => void (clock.now += delayMs), random: () => 1 },
    ...options,
  });
  const context = fakeContext();
  const start = async (upload: StartFields) => {
    const started = await provider.start(upload, context);
    if (started === 'checksum-required') throw new Error('no checksum should be needed');
    const session: Session<HuaweiVodState> = {
      id: 's',
      mediaId: started.mediaId,
      fileName: upload.fileName,
      sizeBytes: upload.sizeBytes,
      transfer: started.transfer,
      state: started.state,
    };
    return { started, session };
  };
  const startLarge = async () => {
    const { session } = await start(large);
    cloud.parts.push(...sent.map(({ partNumber, sizeBytes }) => ({ number: partNumber, md5Hex, sizeBytes })));
    cloud.seen.length = 0;
    return session;
  };
  return { clock, cloud, provider, context, start, startLarge };
}

/** The answer to a confirmation after which the asset has this status. */
function confirmedAs({ world }: ReturnType<typeof fakeHuawei>, status: string): () => Response {
  return () => {
    world.status = status;
    return Response.json({ asset_id: assetId });
  };
}

async function errorOf(promise: Promise<unknown>): Promise<EndpointError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof EndpointError)) throw new Error(`not an EndpointError: ${String(error)}`);
  return error;
}

const bodyOf = (request: { body: string } | undefined) =>
  JSON.parse(request?.body ?? '{}') as Record<string, unknown>;

describe('start of huawei-vod for files up to 20 MB', () => {
  it('creates the asset and returns its single PUT in one vendor call', async () => {
    const { cloud, start } = setUp();
    const { started } = await start(small);
    expect(cloud.steps()).toEqual(['create']);
    expect(cloud.seen[0]?.url.href).toBe('https://vod.cn-north-4.myhuaweicloud.com/v1.0/pid/asset');
    expect(bodyOf(cloud.seen[0])).toEqual({
      title: 'clip.mp4',
      video_name: 'clip.mp4',
      video_type: 'MP4',
      video_md5: md5Base64,
    });
    expect(started).toMatchObject({ mediaId: assetId, transfer: { kind: 'single' } });
    expect(started.signed).toEqual([
      {
        partNumber: 1,
        method: 'PUT',
        url: expect.stringContaining('&Signature=') as string,
        headers: { 'Content-Type': 'video/mp4', 'Content-MD5': md5Base64 },
        expiresInMs: 3_600_000,
      },
    ]);
  });

  it('sends no checksum when none is given or checksums are turned off', async () => {
    const { md5Base64: _, ...withoutMd5 } = small;
    for (const [upload, options] of [
      [withoutMd5, {}],
      [small, { sendVideoMd5: false }],
    ] as const) {
      const { cloud, start } = setUp(options);
      const { started } = await start(upload);
      expect(bodyOf(cloud.seen[0])).not.toHaveProperty('video_md5');
      expect(started.signed?.[0]?.headers).toEqual({ 'Content-Type': 'video/mp4' });
    }
  });

  it.each([
    ['table', 'video/quicktime', 'video/mov'],
    ['seed', 'video/mov', 'video/quicktime'],
  ] as const)(
    'chooses the Content-Type by the %s rule and offers that of the other rule as a fallback',
    async (contentTypeRule, first, other) => {
      const { started } = await setUp({ contentTypeRule }).start({ ...small, fileName: 'clip.mov' });
      expect(started.signed?.[0]).toMatchObject({
        headers: { 'Content-Type': first, 'Content-MD5': md5Base64 },
        fallbackHeaders: { 'Content-Type': other, 'Content-MD5': md5Base64 },
      });
    },
  );

  it('offers no fallback Content-Type when both rules agree', async () => {
    const { started } = await setUp().start(small);
    expect(started.signed?.[0]).toMatchObject({ partNumber: 1, fallbackHeaders: undefined });
  });

  it('sends the configured asset settings with the creation call', async () => {
    const { cloud, start } = setUp({
      title: (upload) => `My ${upload.fileName}`,
      description: 'd',
      categoryId: 3,
      tags: ['a', 'b'],
      autoPublish: false,
      templateGroupName: 'web',
      workflowName: 'w',
      autoEncrypt: true,
      autoPreheat: true,
      reviewTemplateId: 'r',
    });
    await start(small);
    expect(bodyOf(cloud.seen[0])).toMatchObject({
      title: 'My clip.mp4',
      description: 'd',
      category_id: 3,
      tags: 'a,b',
      auto_publish: 0,
      template_group_name: 'web',
      workflow_name: 'w',
      auto_encrypt: 1,
      auto_preheat: '1',
      review: { template_id: 'r' },
    });
  });

  it('cleans names and cuts them to 128 bytes without losing the extension', async () => {
    const { cloud, start } = setUp();
    await start({ ...small, fileName: `../../"\u202e${'🎬'.repeat(300)}".mp4` });
    const { title, video_name } = bodyOf(cloud.seen[0]) as Record<string, string>;
    expect(title).toBe(video_name);
    expect(title).toMatch(/^"🎬+\.mp4$/u);
    expect(new TextEncoder().encode(title).length).toBeLessThanOrEqual(128);
  });
});

describe('start of huawei-vod for files above 20 MB', () => {
  it('opens the multipart upload on the server', async () => {
    const { cloud, start } = setUp();
    const { started } = await start(large);
    expect(cloud.steps()).toEqual(['create', 'authorise-init', 'init']);
    expect(bodyOf(cloud.seen[0])).not.toHaveProperty('video_md5');
    expect(Object.fromEntries(cloud.seen[1]?.url.searchParams ?? [])).toEqual({
      http_verb: 'POST',
      content_type: 'video/mp4',
      bucket: 'bucket',
      object_key: `pid/${assetId}/d1f2.mp4`,
    });
    expect(cloud.seen[1]?.url.pathname).toBe('/v1.1/pid/asset/authority');
    expect(cloud.seen[2]?.headers.get('content-type')).toBe('video/mp4');
    expect(cloud.seen[2]?.headers.get('authorization')).toBeNull();
    expect(started.transfer).toEqual({
      kind: 'multipart',
      minPartSizeBytes: 102_400,
      maxPartSizeBytes: 20 * 1024 * 1024,
      maxPartCount: 10_000,
    });
    expect(started.signed).toBeUndefined();
    expect(started.state).toMatchObject({ kind: 'multipart', uploadId });
  });

  it('opens a multipart upload for a file of 20,000,001 bytes', async () => {
    expect((await setUp().start({ ...small, sizeBytes: 20_000_000 })).started.transfer.kind).toBe('single');
    expect((await setUp().start({ ...small, sizeBytes: 20_000_001 })).started.transfer.kind).toBe(
      'multipart',
    );
  });

  it('allows parts above the recommended size only when 10,000 recommended parts are too few', async () => {
    const { started } = await setUp().start({ ...large, sizeBytes: 300 * 1024 ** 3 });
    expect(started.transfer).toMatchObject({ maxPartSizeBytes: Math.ceil((300 * 1024 ** 3) / 10_000) });
  });

  it('builds the URL from the signature when the v1.0 authority call returns only the signature', async () => {
    const { cloud, start, provider, context } = setUp({ authorityVersion: 'v1.0' });
    cloud.world.signStr = 'fragment';
    const { session } = await start(large);
    expect(cloud.seen[1]?.url.pathname).toBe('/v1.0/pid/asset/authority');
    expect(cloud.seen[2]?.url.href).toMatch(
      new RegExp(
        `^https://bucket\\.obs\\.cn-north-4\\.myhuaweicloud\\.com/pid/${assetId}/d1f2\\.mp4\\?uploads&AWSAccessKeyId=`,
      ),
    );
    const signed = await provider.sign(session, [{ partNumber: 2, sizeBytes: 1 }], context);
    expect(signed).toMatchObject({
      requests: [
        {
          url: expect.stringContaining(
            `d1f2.mp4?partNumber=2&uploadId=${uploadId}&AWSAccessKeyId=`,
          ) as string,
        },
      ],
    });
    await provider.list(session, context);
    expect(cloud.seen.at(-1)?.url.href).toContain(`d1f2.mp4?uploadId=${uploadId}&AWSAccessKeyId=`);
  });

  it('uses path-style addresses with a configured store endpoint', async () => {
    const { cloud, start } = setUp({ authorityVersion: 'v1.0', obsBaseUrl: 'http://127.0.0.1:9000/' });
    cloud.world.signStr = 'fragment';
    await start(large);
    expect(cloud.seen[2]?.url.href).toContain(
      `http://127.0.0.1:9000/bucket/pid/${assetId}/d1f2.mp4?uploads&`,
    );
  });

  it('reports the asset as failed when the multipart upload cannot be opened', async () => {
    const { cloud, start } = setUp();
    cloud.script('init', obsErrorReply('AccessDenied', 403));
    expect(await errorOf(start(large))).toMatchObject({
      code: 'vendor-refused',
      vendor: { code: 'AccessDenied', requestId: 'req-1' },
    });
    expect(bodyOf(cloud.only('confirm')[0])).toEqual({ asset_id: assetId, status: 'FAILED' });
  });
});

describe('file types and configuration of huawei-vod', () => {
  it.each([
    ['notes.txt', 'text/plain'],
    ['noextension', ''],
    ['list.m3u8', 'application/vnd.apple.mpegurl'],
  ])('refuses %s without a vendor call', async (fileName, contentType) => {
    const { cloud, start } = setUp();
    expect((await errorOf(start({ ...small, fileName, contentType }))).code).toBe('file-refused');
    expect(cloud.seen).toEqual([]);
  });

  it.each([
    ['noextension', 'video/mp4', 'MP4'],
    ['odd.name', 'video/quicktime', 'MOV'],
    ['A.MKV', '', 'MKV'],
    ['song.mp3', 'audio/mpeg', 'MP3'],
    ['x.webm', 'video/webm; codecs=vp9', 'WEBM'],
  ])(
    'detects the video type of %s with content type "%s" as %s',
    async (fileName, contentType, videoType) => {
      const { cloud, start } = setUp();
      await start({ ...small, fileName, contentType });
      expect(bodyOf(cloud.seen[0])).toMatchObject({ video_type: videoType });
    },
  );

  it('accepts a smaller single PUT limit', async () => {
    const { start, provider } = setUp({ singlePutMaxBytes: megabyte });
    expect(provider.capabilities.singlePutMaxBytes).toBe(megabyte);
    expect((await start(small)).started.transfer.kind).toBe('multipart');
  });

  it('signs an audio file with an audio content type', async () => {
    const { started } = await setUp().start({ ...small, fileName: 'song.mp3' });
    expect(started.signed?.[0]?.headers['Content-Type']).toBe('audio/mp3');
  });

  it.each([
    { region: undefined },
    { projectId: '' },
    { tags: Array.from({ length: 17 }, String) },
    { tags: ['a,b'] },
    { tags: ['x'.repeat(17)] },
    { credentials: { accessKey: 'a', secretKey: '' } },
    { credentials: { token: '' } },
    { singlePutMaxBytes: 20_000_001 },
  ])('throws a TypeError for the configuration %j', (options) => {
    expect(() => setUp(options as Partial<HuaweiVodOptions>)).toThrow(TypeError);
  });
});

describe('credentials of huawei-vod', () => {
  it('signs every control call and its body with the key pair', async () => {
    const { cloud, start } = setUp();
    await start(large);
    const [create, authority] = cloud.seen;
    expect(create?.headers.get('x-sdk-date')).toBe('20260115T083000Z');
    expect(create?.headers.get('authorization')).toMatch(
      /^SDK-HMAC-SHA256 Access=AKSECRET00000001, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=[0-9a-f]{64}$/,
    );
    expect(authority?.headers.get('authorization')).toContain('SignedHeaders=host;x-project-id;x-sdk-date,');
    expect(authority?.headers.get('content-type')).toBeNull();
    expect(create?.headers.get('x-auth-token')).toBeNull();
  });

  it.each([
    ['a text', 'user-token'],
    ['a function', () => Promise.resolve('user-token')],
  ])('sends a user token that is configured as %s', async (_, token) => {
    const { cloud, start } = setUp({ credentials: { token } });
    await start(small);
    expect(cloud.seen[0]?.headers.get('x-auth-token')).toBe('user-token');
    expect(cloud.seen[0]?.headers.get('authorization')).toBeNull();
  });

  it('signs each attempt again with the current time', async () => {
    const { cloud, start, clock } = setUp();
    cloud.script(
      'create',
      () => ((clock.now += 1000), new Response('', { status: 429, headers: { 'Retry-After': '2' } })),
    );
    await start(small);
    expect(cloud.seen.map(({ headers }) => headers.get('x-sdk-date'))).toEqual([
      '20260115T083000Z',
      '20260115T083003Z',
    ]);
  });
});

describe('sign of huawei-vod', () => {
  it('requests one authority per part and returns exactly the signed headers', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    const signed = await provider.sign(
      session,
      [
        { partNumber: 2, sizeBytes: 5, md5Base64 },
        { partNumber: 1, sizeBytes: 5 },
      ],
      context,
    );
    if (signed.outcome !== 'signed') throw new Error('not signed');
    expect(cloud.steps()).toEqual(['authorise-part', 'authorise-part']);
    expect(Object.fromEntries(cloud.seen[0]?.url.searchParams ?? [])).toMatchObject({
      http_verb: 'PUT',
      content_type: 'application/octet-stream',
      upload_id: uploadId,
      part_number: '2',
      content_md5: md5Base64,
    });
    expect(cloud.seen[0]?.url.search).toContain('content_md5=hHZXtgjYL2fmLpu%2ByQ%2BXgg%3D%3D');
    expect(cloud.seen[1]?.url.searchParams.has('content_md5')).toBe(false);
    expect(signed.requests.map(({ partNumber, headers }) => ({ partNumber, headers }))).toEqual([
      { partNumber: 2, headers: { 'Content-Type': 'application/octet-stream', 'Content-MD5': md5Base64 } },
      { partNumber: 1, headers: { 'Content-Type': 'application/octet-stream' } },
    ]);
    expect(signed.requests[0]?.expiresInMs).toBe(3_600_000);
  });

  it('returns the single PUT again before its expiry while the asset is open', async () => {
    const { cloud, clock, provider, context, start } = setUp();
    const { session, started } = await start(small);
    clock.now += 1_000_000;
    const signed = await provider.sign(session, [{ partNumber: 1, sizeBytes: small.sizeBytes }], context);
    expect(signed).toEqual({
      outcome: 'signed',
      requests: [{ ...started.signed?.[0], expiresInMs: 2_600_000 }],
    });
    expect(cloud.steps()).toEqual(['create', 'infos']);
  });

  it('opens a multipart upload of the same object after the single PUT has expired', async () => {
    const { cloud, clock, provider, context, start } = setUp();
    const { session } = await start(small);
    clock.now += 3_600_000;
    const signed = await provider.sign(session, [{ partNumber: 1, sizeBytes: small.sizeBytes }], context);
    if (signed.outcome !== 'expired') throw new Error(signed.outcome);
    expect(await signed.restart(context)).toMatchObject({
      mediaId: assetId,
      transfer: { kind: 'multipart' },
      state: { kind: 'multipart', uploadId },
    });
    expect(cloud.steps()).toEqual(['create', 'infos', 'authorise-init', 'init']);
  });

  it('refuses to sign a second part of a single PUT upload', async () => {
    const { provider, context, start } = setUp();
    const { session } = await start(small);
    expect((await errorOf(provider.sign(session, [{ partNumber: 2, sizeBytes: 1 }], context))).code).toBe(
      'invalid-request',
    );
  });

  it('stops requesting part authorities after one was refused', async () => {
    const { cloud, provider, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('authorise-part', vodErrorReply('VOD.10135'));
    const context = { ...fakeContext(), limit: createLimit(1) };
    const error = await errorOf(provider.sign(session, sent, context));
    expect(error).toMatchObject({ code: 'media-state-conflict', vendor: { code: 'VOD.10135' } });
    expect(cloud.steps()).toEqual(['authorise-part']);
  });
});

describe('list of huawei-vod', () => {
  it('lists parts of all pages with one authority, in ascending order and with unquoted ETags', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.parts.length = 0;
    for (let number = 2100; number > 0; number--) cloud.parts.push({ number, md5Hex, sizeBytes: 100 });
    const parts = await provider.list(session, context);
    expect(parts?.length).toBe(2100);
    expect(parts?.map((part) => part.partNumber)).toEqual(Array.from({ length: 2100 }, (_, i) => i + 1));
    expect(parts?.[0]).toEqual({ partNumber: 1, sizeBytes: 100, eTag: md5Hex });
    expect(cloud.steps()).toEqual(['authorise-list', 'list', 'list', 'list']);
    expect(cloud.only('list').map(({ url }) => url.searchParams.get('part-number-marker'))).toEqual([
      '0',
      '1000',
      '2000',
    ]);
    expect(cloud.only('list')[0]?.headers.get('content-type')).toBeNull();
  });

  it('lists no parts for a single PUT upload', async () => {
    const { cloud, provider, context, start } = setUp();
    const { session } = await start(small);
    expect(await provider.list(session, context)).toEqual([]);
    expect(cloud.steps()).toEqual(['create']);
  });

  it('stops listing parts when the next page marker does not advance', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(
      'list',
      new Response(
        '<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>0</NextPartNumberMarker></ListPartsResult>',
      ),
    );
    expect((await errorOf(provider.list(session, context))).code).toBe('vendor-invalid-reply');
  });
});

describe('complete of huawei-vod', () => {
  it('completes with the ETags of the part list and checks the ETag of the result', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    const completed = await provider.complete(session, sent, { isRepeat: false }, context);
    expect(completed).toMatchObject({
      outcome: 'completed',
      sizeBytes: large.sizeBytes,
      eTag: expect.stringMatching(/^[0-9a-f]{32}-3$/) as string,
    });
    expect(cloud.steps()).toEqual(['authorise-list', 'list', 'authorise-complete', 'complete']);
    const [request] = cloud.only('complete');
    expect(request?.headers.get('content-type')).toBe('application/xml');
    expect(request?.body).toBe(
      `<CompleteMultipartUpload>${[1, 2, 3].map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>"${md5Hex}"</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
    );
  });

  it('completes without stored parts that the browser did not report as sent', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.parts.push({ number: 9, md5Hex, sizeBytes: 1 });
    cloud.script(
      'complete',
      new Response('<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>'),
    );
    await provider.complete(session, sent, { isRepeat: false }, context);
    expect(cloud.only('complete')[0]?.body).not.toContain('<PartNumber>9<');
  });

  it('names missing and different parts and does not complete', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.parts.splice(0, 2, { number: 2, md5Hex: '0'.repeat(32), sizeBytes: 15 * megabyte });
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toEqual({
      outcome: 'parts-differ',
      partNumbers: [1, 2],
    });
    expect(cloud.steps()).toEqual(['authorise-list', 'list']);
  });

  it('compares the sizes of parts without a checksum', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.parts.splice(2, 1, { number: 3, md5Hex, sizeBytes: 7 });
    const unchecked = sent.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes }));
    expect(await provider.complete(session, unchecked, { isRepeat: false }, context)).toEqual({
      outcome: 'parts-differ',
      partNumbers: [3],
    });
  });

  it('refuses a part list that does not add up to the file size without a vendor call', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    expect(
      (await errorOf(provider.complete(session, sent.slice(1), { isRepeat: false }, context))).code,
    ).toBe('invalid-request');
    expect(cloud.seen).toEqual([]);
  });

  it('refuses a completed object whose ETag does not match its parts', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(
      'complete',
      new Response(
        `<CompleteMultipartUploadResult><ETag>"${'0'.repeat(32)}-3"</ETag></CompleteMultipartUploadResult>`,
      ),
    );
    expect((await errorOf(provider.complete(session, sent, { isRepeat: false }, context))).code).toBe(
      'vendor-invalid-reply',
    );
  });

  it('retries when a completion with HTTP 200 contains an error', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('complete', obsErrorReply('InternalError', 200));
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toMatchObject({
      outcome: 'completed',
    });
    expect(cloud.only('complete').length).toBe(2);
  });

  it('treats a missing multipart upload after a lost reply as completed', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('complete', networkError('ECONNRESET'), obsErrorReply('NoSuchUpload', 404));
    cloud.script('confirm', confirmedAs(cloud, 'CREATED'));
    expect(await provider.complete(session, sent, { isRepeat: false }, context)).toEqual({
      outcome: 'completed',
      sizeBytes: large.sizeBytes,
    });
  });

  it.each([
    ['UPLOAD_FAILED', 'media-state-conflict'],
    ['CREATING', 'vendor-unavailable'],
  ])(
    'does not believe in a completion that it has not seen: the asset is %s after the confirmation, the answer is %s',
    async (status, code) => {
      const { cloud, provider, context, startLarge } = setUp();
      const session = await startLarge();
      cloud.script('complete', networkError('ECONNRESET'), obsErrorReply('NoSuchUpload', 404));
      cloud.script('confirm', confirmedAs(cloud, status));
      expect((await errorOf(provider.complete(session, sent, { isRepeat: false }, context))).code).toBe(code);
    },
  );

  it('takes no other 404 than NoSuchUpload for a completed upload', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('complete', networkError('ECONNRESET'), obsErrorReply('NoSuchBucket', 404));
    expect((await errorOf(provider.complete(session, sent, { isRepeat: false }, context))).code).toBe(
      'vendor-refused',
    );
    expect(cloud.only('confirm')).toEqual([]);
  });

  it('reports a missing multipart upload on a first completion as upload-not-found', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('list', obsErrorReply('NoSuchUpload', 404));
    expect((await errorOf(provider.complete(session, sent, { isRepeat: false }, context))).code).toBe(
      'upload-not-found',
    );
    expect(cloud.only('infos')).toEqual([]);
  });

  it.each(['CREATED', 'PUBLISHED', 'TRANSCODE_FAILED'])(
    'treats a missing multipart upload of an asset in status %s as completed on a repeat',
    async (status) => {
      const { cloud, provider, context, startLarge } = setUp();
      const session = await startLarge();
      cloud.world.status = status;
      cloud.script('list', obsErrorReply('NoSuchUpload', 404));
      expect(await provider.complete(session, sent, { isRepeat: true }, context)).toEqual({
        outcome: 'completed',
        sizeBytes: large.sizeBytes,
      });
    },
  );

  it('treats an authority refused for a confirmed asset as completed on a repeat', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.world.status = 'PUBLISHED';
    cloud.script('authorise-list', vodErrorReply('VOD.10135'));
    expect(await provider.complete(session, sent, { isRepeat: true }, context)).toMatchObject({
      outcome: 'completed',
    });
  });

  it.each([
    ['CANCELLED', 'media-state-conflict'],
    ['UPLOAD_FAILED', 'media-state-conflict'],
    ['NO_ASSET', 'media-not-found'],
  ])('reports an asset in status %s as %s on a repeat', async (status, code) => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.world.status = status;
    cloud.script('list', obsErrorReply('NoSuchUpload', 404));
    expect((await errorOf(provider.complete(session, sent, { isRepeat: true }, context))).code).toBe(code);
  });

  it('makes no vendor call to complete a single PUT upload', async () => {
    const { cloud, provider, context, start } = setUp();
    const { session } = await start(small);
    expect(
      await provider.complete(
        session,
        [{ partNumber: 1, sizeBytes: small.sizeBytes, md5Base64 }],
        { isRepeat: false },
        context,
      ),
    ).toEqual({ outcome: 'completed', sizeBytes: small.sizeBytes });
    expect(cloud.steps()).toEqual(['create']);
  });
});

describe('abort of huawei-vod', () => {
  it('aborts the multipart upload at the store', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    await provider.abort(await startLarge(), context);
    expect(cloud.steps()).toEqual(['authorise-abort', 'abort']);
    expect(cloud.seen[0]?.url.searchParams.get('upload_id')).toBe(uploadId);
  });

  it.each([
    ['the store does not know the upload', 'abort', () => obsErrorReply('NoSuchUpload', 404)],
    ['the asset is not uploading any more', 'authorise-abort', () => vodErrorReply('VOD.10135')],
  ] as const)('treats an abort as done when %s', async (_, step, reply) => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(step, reply());
    await expect(provider.abort(session, context)).resolves.toBeUndefined();
  });

  it('makes no vendor call to abort a single PUT upload', async () => {
    const { cloud, provider, context, start } = setUp();
    const { session } = await start(small);
    await provider.abort(session, context);
    expect(cloud.steps()).toEqual(['create']);
  });
});

describe('confirm of huawei-vod', () => {
  it.each([
    ['uploaded', 'CREATED'],
    ['failed', 'FAILED'],
    ['canceled', 'CANCELLED'],
  ] as const)('confirms an upload that ended as %s with the status %s', async (end, status) => {
    const { cloud, provider, context, startLarge } = setUp();
    await provider.confirm(await startLarge(), end, context);
    expect(cloud.steps()).toEqual(['confirm']);
    expect(cloud.seen[0]?.url.pathname).toBe('/v1.0/pid/asset/status/uploaded');
    expect(bodyOf(cloud.seen[0])).toEqual({ asset_id: assetId, status });
  });

  const lostReplies = [
    ['the reply is lost', () => networkError('ECONNRESET')],
    ['the cloud answers 503', () => new Response('', { status: 503 })],
    ['the state allows no confirmation', () => vodErrorReply('VOD.10126')],
  ] as const;

  it.each(lostReplies)('repeats the confirmation when %s and the asset is still open', async (_, reply) => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('confirm', reply());
    await provider.confirm(session, 'uploaded', context);
    expect(cloud.steps()).toEqual(['confirm', 'infos', 'confirm']);
  });

  it('accepts a confirmation when the asset status changes between the status query and the repeat', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(
      'confirm',
      networkError('ECONNRESET'),
      () => ((cloud.world.status = 'CREATED'), vodErrorReply('VOD.10126')),
    );
    await provider.confirm(session, 'uploaded', context);
    expect(cloud.steps()).toEqual(['confirm', 'infos', 'confirm', 'infos']);
  });

  it('reports vendor-unavailable after two failed confirmations', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('confirm', new Response('', { status: 503 }), new Response('', { status: 503 }));
    expect((await errorOf(provider.confirm(session, 'uploaded', context))).code).toBe('vendor-unavailable');
    expect(cloud.only('confirm').length).toBe(2);
  });

  it.each(lostReplies)(
    'accepts the first confirmation when %s and the asset status has changed',
    async (_, reply) => {
      const { cloud, provider, context, startLarge } = setUp();
      const session = await startLarge();
      cloud.world.status = 'WAITING_TRANSCODE';
      cloud.script('confirm', reply());
      await provider.confirm(session, 'uploaded', context);
      expect(cloud.steps()).toEqual(['confirm', 'infos']);
    },
  );

  it.each([
    ['uploaded', 'CANCELLED', 'media-state-conflict'],
    ['uploaded', 'UPLOAD_FAILED', 'media-state-conflict'],
    ['uploaded', 'SERVER_ERROR', 'media-state-conflict'],
    ['uploaded', 'DELETED', 'media-state-conflict'],
    ['uploaded', 'UNCREATED', 'media-not-found'],
    ['canceled', 'PUBLISHED', 'media-state-conflict'],
    ['canceled', 'CANCELLED', undefined],
    ['failed', 'UPLOAD_FAILED', undefined],
  ] as const)(
    'handles a refused confirmation of "%s" for an asset in status %s with the problem %s',
    async (end, status, code) => {
      const { cloud, provider, context, startLarge } = setUp();
      const session = await startLarge();
      cloud.world.status = status;
      cloud.script('confirm', vodErrorReply('VOD.10126'));
      const confirming = provider.confirm(session, end, context);
      if (code) expect((await errorOf(confirming)).code).toBe(code);
      else await expect(confirming).resolves.toBeUndefined();
    },
  );

  it('returns other refusals of the confirmation unchanged', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('confirm', vodErrorReply('VOD.10062'));
    expect(await errorOf(provider.confirm(session, 'uploaded', context))).toMatchObject({
      code: 'media-not-found',
      vendor: { code: 'VOD.10062' },
    });
    expect(cloud.steps()).toEqual(['confirm']);
  });
});

describe('details of huawei-vod', () => {
  const sessionsOf = (ids: string[], started: Started<HuaweiVodState>): Session<HuaweiVodState>[] =>
    ids.map((mediaId) => ({
      id: mediaId,
      mediaId,
      fileName: 'f',
      sizeBytes: 1,
      transfer: started.transfer,
      state: started.state,
    }));

  it('requests details of ten ids per call and returns them in order', async () => {
    const { cloud, provider, context, start } = setUp();
    const { started } = await start(small);
    const ids = Array.from({ length: 23 }, (_, i) => `id${i}`);
    const details = await provider.details(sessionsOf(ids, started), context);
    expect(
      cloud
        .only('infos')
        .map(({ url }) => url.searchParams.getAll('asset_id').length)
        .sort((a, b) => b - a),
    ).toEqual([10, 10, 3]);
    expect(details.map((one) => (one instanceof EndpointError ? one.code : one.mediaId))).toEqual(ids);
  });

  it('reports ids that the service omits as media-not-found', async () => {
    const { cloud, provider, context, start } = setUp();
    const { started } = await start(small);
    cloud.script('infos', Response.json({ asset_info_array: [{ asset_id: 'b', status: 'CREATING' }] }));
    const [a, b] = await provider.details(sessionsOf(['a', 'b'], started), context);
    expect(a).toMatchObject({ code: 'media-not-found' });
    expect(b).toMatchObject({ mediaId: 'b', status: 'uploading' });
  });
});

describe('retries of huawei-vod', () => {
  it('does not repeat a creation call whose reply was lost', async () => {
    for (const reply of [
      networkError('ECONNRESET'),
      new Response('', { status: 503 }),
      vodErrorReply('VOD.10051'),
    ]) {
      const { cloud, start } = setUp();
      cloud.script('create', reply);
      expect((await errorOf(start(small))).code).toBe('vendor-unavailable');
      expect(cloud.steps()).toEqual(['create']);
    }
  });

  it('repeats a creation call that did not reach the service', async () => {
    for (const reply of [networkError('ECONNREFUSED'), new Response('', { status: 429 })]) {
      const { cloud, start } = setUp();
      cloud.script('create', reply);
      await start(small);
      expect(cloud.steps()).toEqual(['create', 'create']);
    }
  });

  it('tries read and authority calls up to three times', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(
      'authorise-list',
      new Response('', { status: 500 }),
      networkError('ECONNRESET'),
      new Response('', { status: 502 }),
    );
    expect((await errorOf(provider.list(session, context))).code).toBe('vendor-unavailable');
    expect(cloud.steps()).toEqual(['authorise-list', 'authorise-list', 'authorise-list']);
  });

  it('returns a long Retry-After to the browser without waiting', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script('authorise-list', new Response('', { status: 429, headers: { 'Retry-After': '30' } }));
    expect(await errorOf(provider.list(session, context))).toMatchObject({
      code: 'vendor-throttled',
      retryAfterMs: 30_000,
    });
    expect(cloud.steps()).toEqual(['authorise-list']);
  });

  it('does not repeat a call that the cloud refuses', async () => {
    const { cloud, provider, context, startLarge } = setUp();
    const session = await startLarge();
    cloud.script(
      'authorise-list',
      Response.json(
        {
          error_code: 'APIGW.0301',
          error_msg: 'Incorrect IAM authentication information: verify aksk signature fail',
          request_id: 'r9',
        },
        { status: 401 },
      ),
    );
    expect(await errorOf(provider.list(session, context))).toMatchObject({
      code: 'vendor-credentials',
      vendor: { code: 'APIGW.0301', requestId: 'r9' },
    });
    expect(cloud.steps()).toEqual(['authorise-list']);
  });

  it('ends a call that exceeds the timeout', async () => {
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)),
      );
    const { start } = setUp({ fetch: hanging, timeoutMs: 5 });
    expect(await errorOf(start(small))).toMatchObject({
      code: 'vendor-unavailable',
      message: 'create asset: no answer within 5 ms from https://vod.cn-north-4.myhuaweicloud.com',
    });
  });

  it.each([
    ['HTML', () => new Response('<html>')],
    ['JSON of another shape', () => Response.json({ asset_id: 7 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { Location: 'https://evil.test/' } })],
  ])('reports %s as an invalid reply', async (_, reply) => {
    const { cloud, start } = setUp();
    cloud.script('create', reply());
    expect((await errorOf(start(small))).code).toBe('vendor-invalid-reply');
    expect(cloud.only('create').length).toBe(1);
  });

  it('refuses a ticket state of another version', async () => {
    const { provider, context, startLarge } = setUp();
    const session = await startLarge();
    expect(
      (
        await errorOf(
          provider.list({ ...session, state: { kind: 'old' } as unknown as HuaweiVodState }, context),
        )
      ).code,
    ).toBe('ticket-invalid');
  });
});
