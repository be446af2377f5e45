import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attachment, SignedRequest } from '../../../protocol/index.js';
import { startSandbox, type AlibabaSettings, type RunningSandbox } from '../../../sandbox/index.js';
import { EndpointError } from '../../errors.js';
import type { Session, StartUpload } from '../../provider.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { alibabaVod, type AlibabaVodOptions } from './index.js';
import { stateOf, type AlibabaVodState } from './state.js';

/** The whole way, against the emulated cloud, with its clock in the test's hand. */
let sandbox: RunningSandbox;
let offsetMs = 0;
afterEach(() => sandbox.close());

async function open(options: Partial<AlibabaVodOptions> = {}, settings: Partial<AlibabaSettings> = {}) {
  offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  sandbox = await startSandbox({ now, processingMs: 1000, alibaba: { settings } });
  const { endpoint, accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  return alibabaVod({
    endpoint,
    now,
    singlePutMaxBytes: 100_000,
    credentials: { accessKeyId, accessKeySecret },
    retry: { sleep: () => Promise.resolve() },
    ...options,
  });
}

const bytesOf = (size: number, fill = 1) => Buffer.alloc(size, fill);
const md5Base64 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');
const part = (partNumber: number, bytes: Buffer) => ({
  partNumber,
  sizeBytes: bytes.length,
  md5Base64: md5Base64(bytes),
});
const control = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${sandbox.url}/__sandbox/${path}`)).json()) as T;
const media = () => control<{ mediaId: string; status: string; fields: Record<string, unknown> }[]>('media');
const actions = async () => (await control<{ action: string }[]>('requests')).map(({ action }) => action);
const addFault = (action: string, effect: object) =>
  fetch(`${sandbox.url}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ rules: [{ match: { action }, effect }] }),
  });

async function start(
  provider: ReturnType<typeof alibabaVod>,
  sizeBytes: number,
  fields: Partial<StartUpload<AlibabaVodState>> = {},
) {
  const started = await provider.start(
    { clientId: 'c', fileName: 'clip.mp4', contentType: 'video/mp4', sizeBytes, ...fields },
    fakeContext(),
  );
  if (started === 'checksum-required') throw new Error('No checksum is needed.');
  const session: Session<AlibabaVodState> = {
    id: 's',
    fileName: 'clip.mp4',
    sizeBytes,
    mediaId: started.mediaId,
    transfer: started.transfer,
    state: started.state,
  };
  return { ...started, session };
}

async function put({ url, headers }: Omit<SignedRequest, 'partNumber'>, bytes: Buffer): Promise<number> {
  return (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status;
}

async function sendPart(
  provider: ReturnType<typeof alibabaVod>,
  session: Session<AlibabaVodState>,
  partNumber: number,
  bytes: Buffer,
): Promise<Session<AlibabaVodState>> {
  const signed = await provider.sign(session, [part(partNumber, bytes)], fakeContext());
  if (signed.outcome !== 'signed') throw new Error(signed.outcome);
  const [request] = signed.requests;
  expect(request && (await put(request, bytes))).toBe(200);
  return { ...session, state: signed.state ?? session.state };
}

async function detailsOf(provider: ReturnType<typeof alibabaVod>, session: Session<AlibabaVodState>) {
  return (await provider.details([session], fakeContext()))[0];
}

const attachment = (
  kind: 'cover' | 'subtitle',
  fileName: string,
  bytes: Buffer,
  more: Partial<Attachment> = {},
): Attachment => ({
  attachmentId: fileName,
  kind,
  fileName,
  contentType: kind === 'cover' ? 'image/png' : 'text/vtt',
  sizeBytes: bytes.length,
  md5Base64: md5Base64(bytes),
  ...more,
});

describe('expiring credentials of alibaba-vod', () => {
  it('renews credentials in one call for concurrent requests and keeps the object and the multipart upload', async () => {
    const provider = await open({}, { allowListParts: true });
    const { session } = await start(provider, 220_000);
    const [first, second] = [bytesOf(120_000), bytesOf(100_000, 2)];
    await sendPart(provider, session, 1, first);
    offsetMs = 45 * 60_000;
    const [one, two] = await Promise.all(
      [1, 2].map((number) => provider.sign(session, [part(number, second)], fakeContext())),
    );
    expect((await actions()).filter((action) => action === 'RefreshUploadVideo')).toHaveLength(1);
    if (one?.outcome !== 'signed' || two?.outcome !== 'signed' || !two.state) throw new Error('not signed');
    expect(two.state).toMatchObject({
      kind: 'multipart',
      uploadId: session.state.kind === 'multipart' && session.state.uploadId,
      key: session.state.key,
    });
    expect(two.state.keys.accessKeyId).not.toBe(session.state.keys.accessKeyId);
    const [request] = two.requests;
    expect(request && (await put(request, second))).toBe(200);
    const renewed = { ...session, state: two.state };
    expect(
      await provider.complete(renewed, [part(1, first), part(2, second)], { isRepeat: false }, fakeContext()),
    ).toEqual({ outcome: 'completed', sizeBytes: 220_000 });
    // Of a state that is still good nothing new is told.
    expect(await provider.sign(renewed, [part(1, first)], fakeContext())).toMatchObject({
      outcome: 'signed',
      state: undefined,
    });
  });

  it.each(['SecurityTokenExpired', 'InvalidAccessKeyId'] as const)(
    'renews credentials when the store answers %s before their expiry',
    async (expiredKeyCode) => {
      const provider = await open({}, { allowListParts: true, expiredKeyCode });
      const { session } = await start(provider, 120_000);
      await addFault('ListParts', { status: 403, code: expiredKeyCode });
      expect(await provider.list(session, fakeContext())).toEqual([]);
      expect(await actions()).toContain('RefreshUploadVideo');
    },
  );

  it('renews expired credentials of an old ticket to list, complete and abort', async () => {
    const provider = await open({}, { allowListParts: true });
    const [done, dropped] = [await start(provider, 120_000), await start(provider, 120_000)];
    await sendPart(provider, done.session, 1, bytesOf(120_000));
    offsetMs = 3600_000;
    expect(await provider.list(done.session, fakeContext())).toHaveLength(1);
    expect(
      await provider.complete(done.session, [part(1, bytesOf(120_000))], { isRepeat: false }, fakeContext()),
    ).toMatchObject({ outcome: 'completed' });
    await provider.abort(dropped.session, fakeContext());
    expect(await control<unknown[]>('uploads')).toEqual([]);
  });

  it('restarts the transfer when the renewed credentials name another object', async () => {
    const provider = await open({}, { refreshedKey: 'another', allowListParts: true });
    for (const sizeBytes of [120_000, 50_000]) {
      const { session } = await start(provider, sizeBytes);
      offsetMs += 3600_000;
      const signed = await provider.sign(session, [part(1, bytesOf(sizeBytes))], fakeContext());
      if (signed.outcome !== 'expired') throw new Error(signed.outcome);
      const { state, transfer } = await signed.restart(fakeContext());
      expect(state.key).not.toBe(session.state.key);
      const next = { ...session, state, transfer };
      await sendPart(provider, next, 1, bytesOf(sizeBytes));
      expect(
        await provider.complete(next, [part(1, bytesOf(sizeBytes))], { isRepeat: false }, fakeContext()),
      ).toMatchObject({ outcome: 'completed' });
      offsetMs += 5000;
      expect(await detailsOf(provider, next)).toMatchObject({ status: 'ready', sizeBytes });
    }
    const { session } = await start(provider, 120_000);
    offsetMs += 3600_000;
    await expect(provider.list(session, fakeContext())).rejects.toMatchObject({ code: 'upload-not-found' });
    await provider.abort(session, fakeContext());
  });
});

describe('alibaba-vod with a store that denies listing parts', () => {
  it('completes by checksum, names a part that differs, and skips the comparison when a checksum is missing', async () => {
    const provider = await open();
    const [first, second] = [bytesOf(120_000), bytesOf(50_000, 2)];
    const { session } = await start(provider, 170_000);
    await sendPart(provider, session, 1, first);
    expect(
      await provider.complete(session, [part(1, first), part(2, second)], { isRepeat: false }, fakeContext()),
    ).toEqual({ outcome: 'parts-differ', partNumbers: [2] });
    await sendPart(provider, session, 2, second);
    expect(
      await provider.complete(session, [part(2, second), part(1, first)], { isRepeat: false }, fakeContext()),
    ).toMatchObject({ outcome: 'completed' });
    const other = await start(provider, 170_000);
    await sendPart(provider, other.session, 1, first);
    await sendPart(provider, other.session, 2, second);
    const unproven = [part(1, first), { partNumber: 2, sizeBytes: 50_000 }];
    expect(
      await provider.complete(other.session, unproven, { isRepeat: false }, fakeContext()),
    ).toMatchObject({ outcome: 'completed' });
    expect(await control<unknown[]>('uploads')).toEqual([]);
  });

  it('does not list parts when listParts is false', async () => {
    const provider = await open({ listParts: false });
    const { session } = await start(provider, 120_000);
    expect(await provider.list(session, fakeContext())).toBeUndefined();
    expect(await actions()).not.toContain('ListParts');
  });
});

describe('attachments of alibaba-vod', () => {
  const [picture, words] = [bytesOf(500), bytesOf(300, 3)];

  it('sends the cover URL with the creation call and stores the subtitle URL with the upload', async () => {
    const provider = await open();
    const {
      session,
      signed = [],
      attachments = [],
    } = await start(provider, 5000, {
      attachments: [
        attachment('cover', 'front.PNG', picture),
        attachment('subtitle', 'en.vtt', words, { language: 'en', title: 'English' }),
      ],
    });
    expect(attachments.map(({ attachmentId }) => attachmentId)).toEqual(['front.PNG', 'en.vtt']);
    for (const [i, bytes] of [picture, words].entries())
      expect(attachments[i] && (await put(attachments[i], bytes))).toBe(200);
    expect(attachments[0] && (await put(attachments[0], words))).toBe(400);
    expect(signed[0] && (await put(signed[0], bytesOf(5000)))).toBe(200);
    expect(await provider.confirm(session, 'uploaded', fakeContext())).toBeUndefined();
    offsetMs = 5000;
    const found = await detailsOf(provider, session);
    if (!found || found instanceof EndpointError || !found.coverUrl) throw new Error('no cover');
    expect(Buffer.from(await (await fetch(found.coverUrl)).arrayBuffer())).toEqual(picture);
    const [subtitle] = stateOf(session).subtitles ?? [];
    expect(subtitle).toMatchObject({ language: 'en', title: 'English' });
    expect(found.vendor).toMatchObject({ AttachedMedia: [subtitle] });
    expect(await actions()).not.toContain('UpdateVideoInfo');
    expect((await media()).map(({ fields }) => fields['kind'])).toEqual(
      expect.arrayContaining(['video', 'image', 'attached']),
    );
  });

  it.each(['403', '200'] as const)(
    'attaches a cover during the upload when the update call answers %s',
    async (updateWhileUploading) => {
      const provider = await open({}, { updateWhileUploading });
      const { session, signed = [] } = await start(provider, 5000);
      const attached = await provider.attach?.(
        session,
        [attachment('cover', 'a.jpg', picture), attachment('subtitle', 'a.srt', words)],
        fakeContext(),
      );
      const [cover] = attached?.requests ?? [];
      expect(cover && (await put(cover, picture))).toBe(200);
      const later = { ...session, state: attached?.state ?? session.state };
      expect(later.state.pendingCoverUrl !== undefined).toBe(updateWhileUploading === '403');
      expect(signed[0] && (await put(signed[0], bytesOf(5000)))).toBe(200);
      const confirmed = await provider.confirm(later, 'uploaded', fakeContext());
      const end = { ...later, state: confirmed?.state ?? later.state };
      expect(end.state.pendingCoverUrl).toBeUndefined();
      expect(await detailsOf(provider, end)).toMatchObject({
        coverUrl: expect.stringContaining('/image/cover/') as string,
      });
    },
  );

  it('replaces the request of a subtitle whose first request has expired', async () => {
    const provider = await open();
    const { session } = await start(provider, 5000, {
      attachments: [attachment('subtitle', 'en.vtt', words)],
    });
    offsetMs = 3600_000;
    const again = await provider.attach?.(session, [attachment('subtitle', 'en.vtt', words)], fakeContext());
    expect(again?.requests[0] && (await put(again.requests[0], words))).toBe(200);
    expect(again?.state?.subtitles).toHaveLength(1);
    expect(again?.state?.subtitles).not.toEqual(session.state.subtitles);
  });

  it('refuses attachments of unsupported types before it creates media', async () => {
    const provider = await open();
    for (const wrong of [
      attachment('cover', 'a.bmp', picture, { contentType: 'image/bmp' }),
      attachment('subtitle', 'a.txt', words, { contentType: 'text/plain' }),
    ]) {
      await expect(start(provider, 5000, { attachments: [wrong] })).rejects.toMatchObject({
        code: 'file-refused',
      });
    }
    expect(await media()).toEqual([]);
  });
});

describe('upload options of alibaba-vod', () => {
  it('sends options as creation parameters and prefers those of the upload to those of the server', async () => {
    const provider = await open({
      title: 'server',
      description: 'd',
      cateId: 5,
      tags: ['x'],
      appId: 'app-1000000',
      userData: { Extend: { a: 1 } },
    });
    const options = {
      title: 'page',
      tags: ['a', 'b'],
      templateGroupId: 'sandbox-template-group',
      workflowId: 'wf',
      storageLocation: 'outin-sandbox-cn-shanghai.oss-cn-shanghai.aliyuncs.com',
      coverUrl: 'https://covers.test/a.png',
    };
    await start(provider, 5000, { options });
    expect((await media())[0]?.fields).toMatchObject({
      title: 'page',
      description: 'd',
      tags: 'a,b',
      cateId: 5,
      templateGroupId: 'sandbox-template-group',
      workflowId: 'wf',
      coverUrl: 'https://covers.test/a.png',
      userData: '{"Extend":{"a":1}}',
      appId: 'app-1000000',
    });
  });

  it.each<[object, string]>([
    [{ templateGroupId: 'unknown' }, 'InvalidTemplateGroupId.NotFound'],
    [{ storageLocation: 'elsewhere.oss-cn-shanghai.aliyuncs.com' }, 'InvalidStorage.NotFound'],
  ])('reports the VOD error for the options %j with code %s', async (options, code) => {
    const provider = await open(options);
    await expect(start(provider, 5000)).rejects.toMatchObject({ code: 'vendor-refused', vendor: { code } });
  });

  it('shortens titles and file names to the limits of the service', async () => {
    const provider = await open();
    await start(provider, 5000, { fileName: `${'名'.repeat(100)}🎬.mp4` });
    await start(provider, 5000, { fileName: 'noname', contentType: 'video/quicktime' });
    const titles = (await media()).map(({ fields }) => [fields['title'], fields['fileName']]);
    expect(titles).toEqual([
      [`${'名'.repeat(41)}.mp4`, `${'名'.repeat(83)}.mp4`],
      ['noname', 'noname.mov'],
    ]);
  });
});

describe('abandoned uploads of alibaba-vod', () => {
  it('does not delete media whose bytes are already stored when the upload fails', async () => {
    const provider = await open();
    const { session, signed = [] } = await start(provider, 5000);
    expect(signed[0] && (await put(signed[0], bytesOf(5000)))).toBe(200);
    await expect(provider.confirm(session, 'failed', fakeContext())).rejects.toMatchObject({
      code: 'media-state-conflict',
    });
    expect(await actions()).not.toContain('DeleteVideo');
  });

  it('keeps the media of a canceled upload when discarded is "keep"', async () => {
    const provider = await open({ discarded: 'keep' });
    const { session } = await start(provider, 120_000);
    await provider.abort(session, fakeContext());
    await provider.confirm(session, 'canceled', fakeContext());
    expect(await detailsOf(provider, session)).toMatchObject({ status: 'uploading' });
    expect(await actions()).not.toContain('DeleteVideo');
  });

  it('deletes the created media when the start fails', async () => {
    const provider = await open();
    await addFault('InitiateMultipartUpload', { status: 403 });
    await expect(start(provider, 120_000)).rejects.toMatchObject({
      code: 'vendor-refused',
      vendor: { code: 'AccessDenied' },
    });
    expect(await media()).toEqual([]);
  });
});

describe('details of alibaba-vod', () => {
  it('requests forty-one details in three calls and distinguishes forbidden from unknown media', async () => {
    const forbidden = 'f'.repeat(32);
    const provider = await open({}, { forbiddenMediaIds: [forbidden] });
    const { session } = await start(provider, 5000);
    const ids = [session.mediaId, forbidden, ...Array.from({ length: 39 }, (_, i) => `unknown${i}`)];
    const found = await provider.details(
      ids.map((mediaId) => ({ ...session, mediaId })),
      fakeContext(),
    );
    expect(found.map((one) => (one instanceof EndpointError ? one.code : one.status))).toEqual([
      'uploading',
      'media-forbidden',
      ...Array.from({ length: 39 }, () => 'media-not-found'),
    ]);
    expect((await actions()).filter((action) => action === 'GetUploadDetails')).toHaveLength(3);
  });

  it.each(['TranscodeFail', 'Blocked', 'Checking', 'ProduceFail'] as const)(
    'reports the status of a video that ended as %s',
    async (mediaStatus) => {
      const provider = await open({}, { mediaStatus });
      const { session, signed = [] } = await start(provider, 5000);
      if (signed[0]) await put(signed[0], bytesOf(5000));
      expect(await detailsOf(provider, session)).toMatchObject({ status: 'processing', uploadRatio: 1 });
      offsetMs = 5000;
      expect(await detailsOf(provider, session)).toMatchObject(
        mediaStatus === 'Checking'
          ? { status: 'processing' }
          : { status: 'failed', failure: { code: mediaStatus } },
      );
      expect(await actions()).not.toContain('GetPlayInfo');
    },
  );

  it('omits play addresses that VOD refuses permanently and reports a temporary failure to get them', async () => {
    const provider = await open({ retry: { tries: 1 } });
    const { session, signed = [] } = await start(provider, 5000);
    if (signed[0]) await put(signed[0], bytesOf(5000));
    offsetMs = 5000;
    await addFault('GetPlayInfo', { status: 403, code: 'Forbidden.AliyunVoDEncryption' });
    expect(await detailsOf(provider, session)).not.toHaveProperty('playUrls');
    await addFault('GetPlayInfo', { status: 503 });
    expect(await detailsOf(provider, session)).toMatchObject({ code: 'vendor-unavailable' });
    await addFault('GetVideoInfos', { status: 403 });
    expect(await detailsOf(provider, session)).toMatchObject({
      status: 'ready',
      playUrls: [{ format: 'mp4', url: expect.stringContaining('/alibaba-cdn/sv/') as string }],
    });
  });

  it.each([
    ['ready', 'ready'],
    ['processing', 'processing'],
  ] as const)('reports stored media as %s when transcoding is off', async (whenStored, status) => {
    const provider = await open({ whenStored }, { transcoding: 'none' });
    const { session, signed = [] } = await start(provider, 5000, { fileName: 'clip.mkv' });
    if (signed[0]) await put(signed[0], bytesOf(5000));
    offsetMs = 5000;
    expect(await detailsOf(provider, session)).toMatchObject({ status });
  });
});

describe('retries of alibaba-vod', () => {
  it.each([
    ['CreateUploadVideo', 'AddVideoFailed', 503],
    ['CreateUploadVideo', 'Throttling.User', 400],
    ['CreateUploadVideo', 'SignatureNonceUsed', 400],
    ['RefreshUploadVideo', 'ServiceUnAvailable', 503],
    ['InitiateMultipartUpload', 'InternalError', 500],
  ])('repeats the call %s after the error %s', async (action, code, status) => {
    const provider = await open({}, { allowListParts: true });
    if (action !== 'RefreshUploadVideo') await addFault(action, { code, status });
    const { session } = await start(provider, 120_000);
    if (action === 'RefreshUploadVideo') await addFault(action, { code, status });
    offsetMs = 3600_000;
    expect(await provider.sign(session, [part(1, bytesOf(120_000))], fakeContext())).toMatchObject({
      outcome: 'signed',
    });
    expect((await media()).filter(({ fields }) => fields['kind'] === 'video')).toHaveLength(1);
  });

  it('does not repeat a creation call whose reply was lost', async () => {
    const provider = await open();
    await addFault('CreateUploadVideo', { loseReply: true });
    await expect(start(provider, 5000)).rejects.toMatchObject({ code: 'vendor-unavailable' });
    expect(await media()).toHaveLength(1);
  });
});
