import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { FinishResponse, SignedRequest, StartResponse, UploadSession } from '../../../protocol/index.js';
import { startSandbox, type RunningSandbox, type SandboxSettings } from '../../../sandbox/index.js';
import { createTokenEndpoint } from '../../handler.js';
import { tencentVod, type TencentVodOptions } from './index.js';

let sandbox: RunningSandbox;
let offsetMs = 0;
afterEach(() => sandbox.close());

/** The whole way from the page's calls to the stored bytes, with nothing between them faked. */
async function open(settings: Partial<SandboxSettings> = {}, options: Partial<TencentVodOptions> = {}) {
  offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  sandbox = await startSandbox({ now, processingMs: 0, settings });
  const { endpoint: url, cosOrigin, secretId, secretKey } = sandbox.credentials.tencentVod;
  const provider = tencentVod({
    endpoint: url,
    cosOrigin,
    credentials: { secretId, secretKey },
    now,
    singlePutMaxBytes: 1000,
    ...options,
  });
  const endpoint = createTokenEndpoint({
    providers: [provider],
    authorize: () => ({ id: 'me', options: 'any' }),
    secret: 'a secret of more than thirty-two characters',
  });
  return async <T>(operation: string, body: unknown): Promise<T> => {
    const response = await endpoint(
      new Request(`https://app.test/api/uploads/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    return ((await response.json()) as { results: T[] }).results[0] as T;
  };
}

const md5Base64 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');
const put = (request: Pick<SignedRequest, 'url' | 'headers'> | undefined, bytes: Buffer) =>
  fetch(request?.url ?? '', { method: 'PUT', headers: request?.headers ?? {}, body: new Uint8Array(bytes) });
type Call = Awaited<ReturnType<typeof open>>;

const picture = Buffer.from('a picture');
const video = randomBytes(1_500_000);
const parts = [video.subarray(0, 1_048_576), video.subarray(1_048_576)];
const ledger = parts.map((bytes, index) => ({
  partNumber: index + 1,
  sizeBytes: bytes.length,
  md5Base64: md5Base64(bytes),
}));
const upload = {
  clientId: 'c',
  fileName: 'clip.mp4',
  contentType: 'video/mp4',
  sizeBytes: video.length,
  attachments: [
    {
      attachmentId: 'a1',
      kind: 'cover',
      fileName: 'c.png',
      contentType: 'image/png',
      sizeBytes: picture.length,
      md5Base64: md5Base64(picture),
    },
  ],
};

async function start(call: Call): Promise<UploadSession> {
  const started = await call<StartResponse['results'][number]>('start', {
    provider: 'tencent-vod',
    uploads: [upload],
  });
  if (started.outcome !== 'started') throw new Error(JSON.stringify(started));
  return started.session;
}

async function sendParts(call: Call, ticket: string): Promise<void> {
  const signed = await call<{ requests: SignedRequest[] }>('sign', { items: [{ ticket, parts: ledger }] });
  for (const [index, request] of signed.requests.entries())
    expect((await put(request, parts[index] ?? Buffer.alloc(0))).status).toBe(200);
}

const finish = (call: Call, ticket: string, isRepeat = false) =>
  call<FinishResponse['results'][number]>('finish', {
    items: [{ ticket, status: 'uploaded', parts: ledger, isRepeat }],
  });

it('stores the video and its cover, and returns their playable addresses in the details', async () => {
  const call = await open();
  const session = await start(call);
  expect(session.mediaId).toBeUndefined();
  await sendParts(call, session.ticket);
  expect((await put(session.attachments?.[0], picture)).status).toBe(200);
  const finished = await finish(call, session.ticket);
  if (finished.outcome !== 'confirmed') throw new Error(JSON.stringify(finished));
  expect(finished.mediaId).toMatch(/^\d{19}$/);
  const found = await call<{ media: { status: string; coverUrl: string; playUrls: { url: string }[] } }>(
    'details',
    { items: [{ ticket: finished.ticket }] },
  );
  expect(found).toMatchObject({
    media: { mediaId: finished.mediaId, status: 'ready', sizeBytes: video.length },
  });
  expect(await (await fetch(found.media.coverUrl)).text()).toBe('a picture');
  expect(
    Buffer.from(await (await fetch(found.media.playUrls[0]?.url ?? '')).arrayBuffer()).equals(video),
  ).toBe(true);
});

it.each(['same', 'refused'] as const)(
  'confirms twice with the first ticket when the service answers a repeated commit with: %s',
  async (tencentCommitRepeat) => {
    const call = await open({ tencentCommitRepeat });
    const { ticket } = await start(call);
    await sendParts(call, ticket);
    const first = await finish(call, ticket);
    const second = await finish(call, ticket, true);
    expect([first.outcome, second.outcome]).toEqual(['confirmed', 'confirmed']);
    expect(second).toMatchObject({ mediaId: first.outcome === 'confirmed' ? first.mediaId : '' });
    // With the ticket that came with the media's id, nothing is asked at all.
    expect(await finish(call, first.outcome === 'confirmed' ? (first.ticket ?? '') : '', true)).toMatchObject(
      { outcome: 'confirmed' },
    );
  },
);

it('completes by checksum when the certificate permits neither listing nor reading', async () => {
  const call = await open({ cosListParts: false, cosRead: false });
  const { ticket } = await start(call);
  expect(await call('list', { items: [{ ticket }] })).toMatchObject({ outcome: 'unlisted' });
  await sendParts(call, ticket);
  expect(await finish(call, ticket)).toMatchObject({ outcome: 'confirmed' });
  expect(await finish(call, ticket, true)).toMatchObject({ outcome: 'confirmed' });
});

it('restarts the transfer with its cover after the certificate has expired', async () => {
  const call = await open({ tencentCertificateSeconds: 600 });
  const session = await start(call);
  await sendParts(call, session.ticket);
  offsetMs = 601_000;
  expect(await finish(call, session.ticket)).toEqual({ outcome: 'parts-differ', partNumbers: [1, 2] });
  const again = await call<{ outcome: string; session: UploadSession }>('sign', {
    items: [{ ticket: session.ticket, parts: ledger }],
  });
  expect(again).toMatchObject({
    outcome: 'restarted',
    session: { transfer: { kind: 'multipart' }, attachments: [{ attachmentId: 'a1' }] },
  });
  await sendParts(call, again.session.ticket);
  expect((await put(again.session.attachments?.[0], picture)).status).toBe(200);
  const finished = await finish(call, again.session.ticket);
  if (finished.outcome !== 'confirmed') throw new Error(JSON.stringify(finished));
  const found = await call<{ media: { coverUrl?: string } }>('details', {
    items: [{ ticket: finished.ticket }],
  });
  expect(found.media.coverUrl).toMatch(/\.png$/);
});

it('signs a PUT that the store refuses when the body is longer than signed', async () => {
  const call = await open();
  const { ticket } = await start(call);
  const signed = await call<{ requests: SignedRequest[] }>('sign', {
    items: [{ ticket, parts: [{ partNumber: 1, sizeBytes: 1_048_576 }] }],
  });
  expect((await put(signed.requests[0], Buffer.alloc(1_048_577))).status).toBe(403);
  expect((await put(signed.requests[0], Buffer.alloc(1_048_576))).status).toBe(200);
});

it('reports media that moderation has forbidden as failed', async () => {
  const call = await open();
  const { ticket } = await start(call);
  await sendParts(call, ticket);
  const rules = [{ match: { action: 'CommitUpload' }, times: 1, effect: { mediaStatus: 'Forbidden' } }];
  await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'POST', body: JSON.stringify({ rules }) });
  const finished = await finish(call, ticket);
  const found = await call<unknown>('details', {
    items: [{ ticket: finished.outcome === 'confirmed' ? finished.ticket : '' }],
  });
  expect(found).toMatchObject({ media: { status: 'failed', failure: { code: 'Forbidden' } } });
});

it('reports media as ready after its renditions when readyWhen is "renditions"', async () => {
  const call = await open({}, { procedure: 'web', readyWhen: 'renditions' });
  const { ticket } = await start(call);
  await sendParts(call, ticket);
  const finished = await finish(call, ticket);
  const found = await call<unknown>('details', {
    items: [{ ticket: finished.outcome === 'confirmed' ? finished.ticket : '' }],
  });
  expect(found).toMatchObject({
    media: { status: 'ready', playUrls: [{ format: 'mp4' }, { format: 'mp4' }] },
  });
});
