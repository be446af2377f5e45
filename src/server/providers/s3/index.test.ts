import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Session } from '../../provider.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { s3, type S3Keys, type S3Options, type S3State } from './index.js';

const nowMs = Date.UTC(2026, 0, 15, 8, 30);
const keys = { accessKeyId: 'AKSECRET', secretAccessKey: 'sk-secret' };
const small = {
  clientId: 'c',
  fileName: 'clip.mp4',
  contentType: 'video/mp4',
  sizeBytes: 5,
  md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
};
const large = { ...small, sizeBytes: 20_000_000 };
const error = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>AKSECRET</Message><RequestId>R1</RequestId></Error>`;
const initiated = '<InitiateMultipartUploadResult><UploadId>U1</UploadId></InitiateMultipartUploadResult>';

const listed =
  '<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"5d41402abc4b2a76b9719d911017c592"</ETag><Size>20000000</Size></Part></ListPartsResult>';
/** MD5 of that part's MD5. */
const joined = `${createHash('md5').update(Buffer.from('5d41402abc4b2a76b9719d911017c592', 'hex')).digest('hex')}-1`;

function setUp(answers: (Response | Error)[] = [], options: Partial<S3Options> = {}) {
  const seen: { method: string; url: URL; headers: Headers; body: string }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    seen.push({
      method: request.method,
      url: new URL(request.url),
      headers: new Headers(init?.headers),
      body: await request.text(),
    });
    const answer = answers.shift() ?? new Response(initiated);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const provider = s3({
    bucket: 'videos',
    region: 'eu-west-3',
    credentials: keys,
    fetch,
    now: () => nowMs,
    retry: { sleep: () => Promise.resolve() },
    ...options,
  });
  async function start(upload = small): Promise<Session<S3State> & { urls: string[] }> {
    const started = await provider.start(upload, { ...fakeContext(), caller: { id: 'ann' } });
    if (started === 'checksum-required') throw new Error('none is');
    const { mediaId, transfer, state, signed = [] } = started;
    return {
      id: 'x',
      fileName: upload.fileName,
      sizeBytes: upload.sizeBytes,
      mediaId,
      transfer,
      state,
      urls: signed.map(({ url }) => url),
    };
  }
  return { provider, seen, start };
}

const head = (headers: Record<string, string> = {}) =>
  new Response(null, {
    headers: {
      'content-length': '5',
      etag: '"5d41402abc4b2a76b9719d911017c592"',
      'last-modified': new Date(nowMs).toUTCString(),
      date: new Date(nowMs).toUTCString(),
      ...headers,
    },
  });

describe('start of s3', () => {
  it('signs a small file without a call to the store', async () => {
    const { seen, start } = setUp();
    const { urls, mediaId, transfer } = await start();
    expect(seen).toEqual([]);
    expect(mediaId).toMatch(/^uploads\/2026\/01\/15\/[0-9a-f-]{36}\/clip\.mp4$/);
    expect(transfer).toEqual({ kind: 'single', eTag: 'md5' });
    const url = new URL(urls[0] ?? '');
    expect(url.origin).toBe('https://videos.s3.eu-west-3.amazonaws.com');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-md5;content-type;host;if-none-match',
    );
  });

  it('opens a multipart upload with the headers of the object', async () => {
    const { seen, start } = setUp([], {
      acl: 'private',
      objectHeaders: { 'x-amz-server-side-encryption': 'aws:kms' },
      eTag: 'opaque',
    });
    const { state, transfer } = await start(large);
    expect(seen).toMatchObject([{ method: 'POST' }]);
    expect(seen[0]?.url.search).toBe('?uploads=');
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({
      'content-type': 'video/mp4',
      'x-amz-acl': 'private',
      'x-amz-server-side-encryption': 'aws:kms',
    });
    expect(state).toMatchObject({ kind: 'multipart', uploadId: 'U1' });
    expect(transfer).toMatchObject({ eTag: 'opaque' });
    expect(JSON.stringify(state)).not.toMatch(/secret/i);
  });

  it.each([
    [{ bucket: 'my.videos' }, 'https://s3.eu-west-3.amazonaws.com/my.videos/'],
    [{ endpoint: 'http://127.0.0.1:7480' }, 'http://127.0.0.1:7480/videos/'],
    [{ endpoint: 'https://store.test/base/' }, 'https://videos.store.test/base/'],
    [{ endpoint: 'https://store.test', forcePathStyle: true }, 'https://store.test/videos/'],
  ])('builds the bucket URL for the options %o', async (options, beginning) => {
    const { urls } = await setUp([], options).start();
    expect(urls[0]?.startsWith(beginning)).toBe(true);
  });

  it.each([
    [{ secondName: true }, 'https://s3.eu-west-3.amazonaws.com'],
    [{ forcePathStyle: true, secondName: true }, 'https://videos.s3.eu-west-3.amazonaws.com'],
    [{}, undefined],
    [{ endpoint: 'https://store.test', secondName: true }, 'https://store.test'],
    [{ endpoint: 'https://store.test', forcePathStyle: true, secondName: true }, 'https://videos.store.test'],
    [{ endpoint: 'http://localhost:7480', secondName: true }, 'http://videos.localhost:7480'],
  ])('names the second name of the bucket for the options %o', async (options, secondStore) => {
    const { start, provider } = setUp([], options);
    const session = await start(large);
    const asked = [{ partNumber: 1, sizeBytes: 5 }];
    expect(session.transfer).toMatchObject({ kind: 'multipart', secondStore });
    const signed = await provider.sign(session, asked, fakeContext());
    if (signed.outcome !== 'signed') throw new Error('it is');
    const second = signed.requests[0]?.secondUrl;
    expect(second && new URL(second).origin).toBe(secondStore);
  });

  it('refuses a second name that the host cannot carry', () => {
    for (const options of [
      { endpoint: 'http://127.0.0.1:7480' },
      { endpoint: 'https://store.test', bucket: 'my.videos' },
      { signature: 'headers' as const },
    ])
      expect(() => setUp([], { ...options, secondName: true })).toThrow(TypeError);
  });

  it('uses object keys that the host application names and refuses keys that cannot be addressed', async () => {
    expect(
      (await setUp([], { key: (upload, caller) => `${caller?.id}/${upload.fileName}` }).start()).mediaId,
    ).toBe('ann/clip.mp4');
    for (const key of ['', '/a', 'a/../b', './a', 'x'.repeat(1025)])
      await expect(setUp([], { key: () => key }).start()).rejects.toMatchObject({ code: 'file-refused' });
  });

  it('refuses an unknown file type, or stores it as application/octet-stream when all extensions are allowed', async () => {
    await expect(
      setUp().start({ ...small, fileName: 'page.html', contentType: 'text/html' }),
    ).rejects.toMatchObject({ code: 'file-refused' });
    // What the browser says counts where the name says nothing, and then for the key as well.
    expect((await setUp().start({ ...small, fileName: 'page.html' })).mediaId).toMatch(/\/page\.html\.mp4$/);
    const { start, seen } = setUp([], { extensions: 'any', singlePutMaxBytes: 0 });
    await start({ ...small, fileName: 'page.html', contentType: 'text/html' });
    expect(seen[0]?.headers.get('content-type')).toBe('application/octet-stream');
  });
});

describe('S3 errors', () => {
  it.each([
    [403, error('AccessDenied'), 'vendor-credentials', 1],
    [404, error('NoSuchBucket'), 'vendor-credentials', 1],
    [301, error('PermanentRedirect'), 'vendor-credentials', 1],
    [400, error('InvalidArgument'), 'vendor-refused', 1],
    [400, error('RequestTimeout'), 'vendor-unavailable', 3],
    [503, error('SlowDown'), 'vendor-throttled', 3],
    [500, 'no xml', 'vendor-unavailable', 3],
    [200, error('InternalError'), 'vendor-unavailable', 3],
    [200, 'no xml', 'vendor-invalid-reply', 1],
  ])('maps HTTP %i with body %s to %s', async (status, text, code, calls) => {
    const { start, seen } = setUp(Array.from({ length: 3 }, () => new Response(text, { status })));
    const refused = (await start(large).catch((reason: unknown) => reason)) as Error;
    expect(refused).toMatchObject({ code });
    expect(refused.message).not.toMatch(/secret/i);
    expect(seen).toHaveLength(calls);
  });

  it('requests new keys once when the store reports that the keys have expired', async () => {
    let count = 0;
    const credentials = () => ({ ...keys, sessionToken: `t${++count}`, expiresAt: nowMs + 3_600_000 });
    const { start, seen } = setUp([new Response(error('ExpiredToken'), { status: 400 })], { credentials });
    await start(large);
    expect(seen.map(({ headers }) => headers.get('x-amz-security-token'))).toEqual(['t1', 't2']);
    const failing = setUp(
      Array.from({ length: 2 }, () => new Response(error('ExpiredToken'), { status: 400 })),
      { credentials },
    );
    await expect(failing.start(large)).rejects.toMatchObject({
      code: 'vendor-credentials',
      vendor: { code: 'ExpiredToken', requestId: 'R1' },
    });
  });

  it('gives up credentials that do not come, and asks for them again with the next call', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const credentials = vi.fn<() => Promise<S3Keys>>(() => new Promise(() => {}));
    const { start } = setUp([], { credentials });
    const refused = expect(start()).rejects.toMatchObject({ code: 'internal', message: /`credentials`/ });
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
    vi.useRealTimers();
    credentials.mockResolvedValue(keys);
    expect((await start()).urls).toHaveLength(1);
  });

  it('limits the lifetime of signed requests to that of the keys', async () => {
    const { urls } = await setUp([], {
      credentials: () => ({ ...keys, sessionToken: 't', expiresAt: new Date(nowMs + 600_000) }),
    }).start();
    expect(new URL(urls[0] ?? '').searchParams.get('X-Amz-Expires')).toBe('600');
  });
});

describe('complete, abort and confirm of s3', () => {
  const part = { partNumber: 1, sizeBytes: 5, md5Base64: small.md5Base64 };

  it('treats a single PUT as completed only if the stored object has its size and checksum', async () => {
    for (const [answer, outcome] of [
      [head(), 'completed'],
      [head({ 'content-length': '6' }), 'parts-differ'],
      [head({ etag: '"0"' }), 'parts-differ'],
      [new Response(null, { status: 404 }), 'parts-differ'],
    ] as const) {
      const { provider, start } = setUp([answer]);
      expect(
        await provider.complete(await start(), [part], { isRepeat: false }, fakeContext()),
      ).toMatchObject({ outcome });
    }
  });

  it('deletes what a canceled small file has left but not an object that was stored before', async () => {
    const { provider, start, seen } = setUp([
      head({ 'content-length': '6' }),
      new Response(null, { status: 204 }),
      head({ 'last-modified': new Date(nowMs - 60_000).toUTCString() }),
    ]);
    await provider.abort(await start(), fakeContext());
    expect(seen.map(({ method }) => method)).toEqual(['HEAD', 'DELETE']);
    await provider.abort(await start(), fakeContext());
    expect(seen.map(({ method }) => method)).toEqual(['HEAD', 'DELETE', 'HEAD']);
  });

  it('does not delete a whole object when a cancel comes late', async () => {
    const { provider, start, seen } = setUp([head()]);
    await expect(provider.abort(await start(), fakeContext())).rejects.toMatchObject({
      code: 'media-state-conflict',
    });
    const parts = setUp([
      new Response(initiated),
      new Response(error('NoSuchUpload'), { status: 404 }),
      head({ 'content-length': String(large.sizeBytes), etag: '"x-2"' }),
    ]);
    await expect(parts.provider.abort(await parts.start(large), fakeContext())).rejects.toMatchObject({
      code: 'media-state-conflict',
    });
    expect([...seen, ...parts.seen].map(({ method }) => method)).toEqual(['HEAD', 'POST', 'DELETE', 'HEAD']);
  });

  it.each([
    ['the object is there', head({ 'content-length': '20000000', etag: `"${joined}"` }), 'completed'],
    ['the object has another size', head({ etag: `"${joined}"` }), 'upload-not-found'],
    [
      'the object is made of other parts',
      head({ 'content-length': '20000000', etag: '"616b22f0616b22f0616b22f0616b22f0-1"' }),
      'upload-not-found',
    ],
    ['there is no object', new Response(null, { status: 404 }), 'upload-not-found'],
  ])('believes in a completion whose reply was lost only if it has seen it: %s', async (_, seen, end) => {
    const { provider, start } = setUp([
      new Response(initiated),
      new Response(listed),
      new Response(error('SlowDown'), { status: 503 }),
      new Response(error('NoSuchUpload'), { status: 404 }),
      seen,
    ]);
    const session = await start(large);
    const sent = [{ partNumber: 1, sizeBytes: large.sizeBytes, md5Base64: small.md5Base64 }];
    const outcome = await provider.complete(session, sent, { isRepeat: false }, fakeContext()).then(
      (completed) => completed.outcome,
      (refused: { code: string }) => refused.code,
    );
    expect(outcome).toBe(end);
  });

  it('calls onUploaded only for uploaded files', async () => {
    const told: unknown[] = [];
    const { provider, start } = setUp([head({ 'content-type': 'video/mp4' })], {
      onUploaded: (object) => void told.push(object),
    });
    const session = await start();
    await provider.confirm(session, 'canceled', fakeContext());
    await provider.confirm(session, 'uploaded', { ...fakeContext(), caller: { id: 'ann' } });
    expect(told).toEqual([
      {
        bucket: 'videos',
        key: session.mediaId,
        sizeBytes: 5,
        eTag: '5d41402abc4b2a76b9719d911017c592',
        contentType: 'video/mp4',
        fileName: 'clip.mp4',
        caller: { id: 'ann' },
      },
    ]);
  });

  it('refuses parts that are larger than the file', async () => {
    const { provider, start } = setUp();
    await expect(
      provider.sign(await start(), [{ partNumber: 1, sizeBytes: 6 }], fakeContext()),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

it.each([
  { bucket: '' },
  { region: '' },
  { endpoint: 'store.test' },
  { credentials: { accessKeyId: '', secretAccessKey: '' } },
  { urlLifetimeSeconds: 604_801 },
  { singlePutMaxBytes: 6 * 1024 ** 3 },
])('throws a TypeError for the configuration %o', (options) => {
  expect(() => s3({ bucket: 'b', region: 'r', credentials: keys, ...options })).toThrow(TypeError);
});

it('signs one hundred parts in one call with distinct signatures', async () => {
  const { provider, start } = setUp();
  const session = await start(large);
  const parts = Array.from({ length: 100 }, (_, i) => ({
    partNumber: i + 1,
    sizeBytes: 5,
    md5Base64: small.md5Base64,
  }));
  const signed = await provider.sign(session, parts, fakeContext());
  if (signed.outcome !== 'signed') throw new Error('not signed');
  expect(
    new Set(signed.requests.map(({ url }) => new URL(url).searchParams.get('X-Amz-Signature'))).size,
  ).toBe(100);
});
