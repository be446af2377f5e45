import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { callSettings } from '../../kit/call.js';
import { assumeRole } from '../../signing/assume-role.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { startXmlProxy, xmlStyles } from '../../test-support/xml-proxy.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { createAddressing } from './address.js';
import { createKeyRing } from './credentials.js';
import { s3, s3Stores, type S3Options } from './index.js';
import { createS3Store } from './store.js';

/**
 * The provider contract at a real store: the one whose settings are in the environment, as `.env.example` names them.
 * `npm test` runs this against a Ceph gateway and an OpenStack Swift of its own.
 */
const {
  S3_BUCKET: bucket = '',
  S3_REGION: region = '',
  S3_ENDPOINT: endpoint,
  S3_FORCE_PATH_STYLE: pathStyle,
  S3_PRESET: preset,
  S3_ACCOUNT_ID: accountId = '',
} = process.env;
const {
  S3_ACCESS_KEY_ID: accessKeyId = '',
  S3_SECRET_ACCESS_KEY: secretAccessKey = '',
  S3_SESSION_TOKEN: sessionToken,
  S3_ROLE_ARN: roleArn,
  S3_STS_ENDPOINT: stsEndpoint,
} = process.env;
const isLive = Boolean(bucket && (region || preset) && accessKeyId && secretAccessKey);

/** RADOS Gateway numbers its requests in this form. */
const requestId = endpoint && (await fetch(endpoint)).headers.get('x-amz-request-id');
const { absentHeaders } = s3Stores.ceph({ endpoint: '' });

type Place = Record<'region' | 'endpoint' | 'accountId', string>;
type Preset = (place: Place) => Partial<S3Options>;
const presets: Record<string, Preset> = s3Stores;
// The preset has defaults for what is not set.
const place = Object.entries({ region, endpoint, accountId }).filter(([, value]) => value);
const known = preset ? presets[preset]?.(Object.fromEntries(place) as Place) : {};
if (!known) throw new Error(`S3_PRESET: no preset ${preset}`);

const store = {
  ...known,
  bucket,
  region: region || (known.region ?? ''),
  singlePutMaxBytes: 1_000_000,
  ...(endpoint && { endpoint }),
  ...(pathStyle && { forcePathStyle: pathStyle === 'true' }),
  ...(requestId?.startsWith('tx') && requestId.endsWith('-default') && { absentHeaders }),
};
const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };

function open(options: Partial<S3Options> = {}): Promise<ProviderEnvironment> {
  return Promise.resolve({
    provider: s3({ ...store, credentials: keys, ...options }),
    providerWithWrongKeys: s3({
      ...store,
      ...options,
      credentials: { ...keys, secretAccessKey: 'wrong' },
    }),
    singleSizeBytes: 500_000,
    multipartSizeBytes: 11_000_000,
    askingSizeBytes: 1_000_001,
    canceledCode: 'NoSuchUpload',
    failedCode: 'NoSuchUpload',
    close: () => Promise.resolve(),
  });
}

describe.skipIf(!isLive)('s3 with a real store', () => {
  describeProvider('s3', () => open());

  // Straight at the store over http: the proxy speaks nothing else.
  describe.skipIf(!endpoint?.startsWith('http:'))(
    's3 with a real store that writes its XML in another style',
    () => {
      describe.each(Object.keys(xmlStyles) as (keyof typeof xmlStyles)[])(
        's3 with a real store that writes XML with %s',
        (style) => {
          describeProvider('s3', async () => {
            const proxy = await startXmlProxy(endpoint ?? '', style);
            const environment = await open({ endpoint: proxy.url, forcePathStyle: true });
            const close = async () => {
              expect(proxy.rewritten()).toBeGreaterThan(20);
              await proxy.close();
            };
            return { ...environment, close };
          });
        },
      );
    },
  );

  describe.skipIf(!roleArn)('s3 with a real store and temporary keys', () => {
    describeProvider('s3', () =>
      open({
        credentials: assumeRole({
          region: store.region,
          roleArn: roleArn ?? '',
          credentials: keys,
          ...(stsEndpoint && { endpoint: stsEndpoint }),
        }),
      }),
    );
  });

  describe.skipIf(!roleArn)('s3 with a real store and temporary keys in headers', () => {
    const credentials = assumeRole({
      region: store.region,
      roleArn: roleArn ?? '',
      credentials: keys,
      ...(stsEndpoint && { endpoint: stsEndpoint }),
    });
    describeProvider('s3', () => open({ signature: 'headers', credentials }));
  });

  // The block is read even where it is skipped, and then there is no store.
  let provider: ReturnType<typeof s3>;
  beforeAll(() => {
    provider = s3({ ...store, credentials: keys });
  });
  const bytes = Buffer.alloc(2_000_000, 'x');
  const upload = { clientId: 'c', fileName: 'clip.mp4', contentType: '', sizeBytes: bytes.length };
  const md5Base64 = createHash('md5').update(bytes).digest('base64');
  const wholeAlready = { code: 'media-state-conflict' };

  it.each([
    ['a small file', 500_000],
    ['a part', 2_000_000],
  ])('refuses other bytes, more bytes and other parameters than were signed for %s', async (_, sizeBytes) => {
    const own = bytes.subarray(0, sizeBytes);
    const part = { partNumber: 1, sizeBytes, md5Base64: createHash('md5').update(own).digest('base64') };
    const { request, session } = await signed(sizeBytes, part);
    const { url, headers } = request;
    const put = async (body: Buffer, changes: Record<string, string> = {}, to = url) =>
      (await fetch(to, { method: 'PUT', headers: { ...headers, ...changes }, body: new Uint8Array(body) }))
        .status;
    expect(await put(Buffer.alloc(sizeBytes, 'y'))).toBe(400);
    expect(await put(own, { 'Content-MD5': createHash('md5').update('other').digest('base64') })).toBe(403);
    expect(await put(Buffer.concat([own, own]))).toBe(403);
    expect(await put(own, {}, url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=9999'))).toBe(403);
    expect(await put(own, {}, url.replace(/(X-Amz-Signature=.)./, '$1x'))).toBe(403);
    if (sizeBytes > 1_000_000)
      expect(await put(own, {}, url.replace('partNumber=1', 'partNumber=2'))).toBe(403);
    expect(await put(own)).toBe(200);
    // One PUT makes the object whole, and a whole object stays; parts are discarded.
    if (session.transfer.kind === 'single')
      await expect(provider.abort(session, fakeContext())).rejects.toMatchObject(wholeAlready);
    else await provider.abort(session, fakeContext());
  });

  it('accepts small files without a checksum but refuses files longer than declared', async () => {
    const { request } = await signed(5, { partNumber: 1, sizeBytes: 5 });
    const put = async (body: string) =>
      (await fetch(request.url, { method: 'PUT', headers: request.headers, body })).status;
    expect(await put('123456')).toBe(403);
    expect(await put('12345')).toBe(200);
  });

  it.skipIf(known.acl === 'none')(
    'signs a private ACL that the store refuses when a page changes it',
    async () => {
      const { request } = await signed(5, { partNumber: 1, sizeBytes: 5 });
      expect(request.headers).toMatchObject({ 'x-amz-acl': 'private' });
      const put = async (headers: Record<string, string>) =>
        (await fetch(request.url, { method: 'PUT', headers, body: '12345' })).status;
      expect(await put({ ...request.headers, 'x-amz-acl': 'public-read' })).toBe(403);
      expect(await put(request.headers)).toBe(200);
    },
  );

  it('copies no other object into an upload by a header that a page adds', async () => {
    const { request: other } = await signed(5, { partNumber: 1, sizeBytes: 5 });
    expect((await fetch(other.url, { method: 'PUT', headers: other.headers, body: 'other' })).status).toBe(
      200,
    );
    const source = decodeURIComponent(new URL(other.url).pathname);
    for (const sizeBytes of [5, 2_000_000]) {
      const { request } = await signed(sizeBytes, { partNumber: 1, sizeBytes });
      const headers = { ...request.headers, 'x-amz-copy-source': encodeURI(source) };
      const answer = await fetch(request.url, { method: 'PUT', headers, body: new Uint8Array(sizeBytes) });
      expect(answer.status).toBe(403);
    }
  });

  it('completes without a stored part that is not in the plan, or aborts the upload', async () => {
    const part = { partNumber: 1, sizeBytes: bytes.length, md5Base64 };
    const { request, session } = await signed(bytes.length, part);
    const extra = await provider.sign(session, [{ ...part, partNumber: 2 }], fakeContext());
    if (extra.outcome !== 'signed') throw new Error('not signed');
    for (const { url, headers } of [request, ...extra.requests])
      expect((await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status).toBe(200);
    const end = await provider.complete(session, [part], { isRepeat: false }, fakeContext()).then(
      ({ outcome }) => outcome,
      (error: { code?: string }) => error.code,
    );
    expect(['completed', 'upload-not-found']).toContain(end);
    expect(await provider.details([session], fakeContext())).toMatchObject([
      { status: end === 'completed' ? 'ready' : 'failed' },
    ]);
  });

  it('completes by the MD5s of the sent parts when parts are not listed', async () => {
    const unlisted = s3({ ...store, credentials: keys, listsParts: false });
    const part = { partNumber: 1, sizeBytes: bytes.length, md5Base64 };
    const { request, session } = await signed(bytes.length, part);
    const complete = () => unlisted.complete(session, [part], { isRepeat: false }, fakeContext());
    expect(await unlisted.list(session, fakeContext())).toBeUndefined();
    const { url, headers } = request;
    expect((await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status).toBe(200);
    expect(await complete()).toMatchObject({ outcome: 'completed', proof: 'accepted' });
  });

  it('stores objects under keys with every character that needs escaping', async () => {
    const key = `tests/ä b/中+(1)'!*~$&=@:,;#?%41 ${crypto.randomUUID()}.mp4`;
    const named = s3({ ...store, credentials: keys, key: () => key });
    const started = await named.start(
      { ...upload, sizeBytes: 5, md5Base64: createHash('md5').update('hello').digest('base64') },
      fakeContext(),
    );
    if (started === 'checksum-required' || !started.signed?.[0]) throw new Error('not started');
    const { url, headers } = started.signed[0];
    expect((await fetch(url, { method: 'PUT', headers, body: 'hello' })).status).toBe(200);
    const session = {
      id: 'x',
      fileName: 'clip.mp4',
      sizeBytes: 5,
      mediaId: started.mediaId,
      transfer: started.transfer,
      state: started.state,
    };
    expect(await named.details([session], fakeContext())).toMatchObject([
      { mediaId: key, status: 'ready', sizeBytes: 5 },
    ]);
    await expect(named.abort(session, fakeContext())).rejects.toMatchObject(wholeAlready);
    expect(await named.details([session], fakeContext())).toMatchObject([{ status: 'ready' }]);
  });

  it('keeps no parts of an aborted upload', async () => {
    const part = { partNumber: 1, sizeBytes: bytes.length, md5Base64 };
    const { request, session } = await signed(bytes.length, part);
    expect(
      (await fetch(request.url, { method: 'PUT', headers: request.headers, body: new Uint8Array(bytes) }))
        .status,
    ).toBe(200);
    expect(await provider.list(session, fakeContext())).toHaveLength(1);
    await provider.abort(session, fakeContext());
    const state = session.state;
    if (state.kind !== 'multipart') throw new Error('not in parts');
    const addressOf = createAddressing(store);
    const ring = createKeyRing(keys, Date.now);
    const client = createS3Store(
      { addressOf, region: store.region, keys: ring },
      callSettings({ timeoutMs: 10_000 }),
    );
    const upload = { target: state.key, uploadId: state.uploadId };
    expect(await client.exists(upload, fakeContext())).toBe(false);
    await expect(provider.list(session, fakeContext())).rejects.toMatchObject({ code: 'upload-not-found' });
  });

  async function signed(
    sizeBytes: number,
    part: { partNumber: number; sizeBytes: number; md5Base64?: string },
  ) {
    const started = await provider.start({ ...upload, sizeBytes }, fakeContext());
    if (started === 'checksum-required') throw new Error('none needed');
    const session = {
      id: 'x',
      fileName: 'clip.mp4',
      sizeBytes,
      mediaId: started.mediaId,
      transfer: started.transfer,
      state: started.state,
    };
    const answer = await provider.sign(session, [part], fakeContext());
    if (answer.outcome !== 'signed' || !answer.requests[0]) throw new Error('not signed');
    return { request: answer.requests[0], session };
  }
});
