import { expect, it, vi } from 'vitest';
import { createTokenEndpoint } from './handler.js';
import type { TokenEndpointOptions } from './options.js';
import { alibabaVod } from './providers/alibaba-vod/index.js';
import { huaweiMetastudio } from './providers/huawei-metastudio/index.js';
import { huaweiVod } from './providers/huawei-vod/index.js';
import { s3 } from './providers/s3/index.js';
import { tencentVod } from './providers/tencent-vod/index.js';
import { openEndpoint, upload } from './test-support/fake-endpoint.js';
import { fakeProvider } from './test-support/fake-provider.js';

const secret = 'a secret of more than thirty-two characters';
const create = (options: Partial<TokenEndpointOptions>) =>
  createTokenEndpoint({ providers: [fakeProvider()], authorize: () => ({ id: 'ada' }), secret, ...options });
const call = () =>
  new Request('https://app.test/api/uploads/describe', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ providers: ['fake'] }),
  });

it.each([
  ['of an unset variable', undefined],
  ['of an empty variable', ''],
  ['of 5 characters', 'short'],
  ['of 31 bytes', crypto.getRandomValues(new Uint8Array(31))],
  ['of 32 spaces', ' '.repeat(32)],
  ['of 32 zeros', new Uint8Array(32)],
  ['of a word four times', 'changeme'.repeat(4)],
  ['of a row of digits twice', '0123456789abcdef'.repeat(2)],
  ['of the alphabet', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['of few letters', `${'a'.repeat(25)}bcdefgh`],
  ['of a number', 12_345],
  ['that no list names', []],
])('refuses a secret %s with a TypeError that names the remedy', (_, weak) => {
  expect(() => create({ secret: weak as string })).toThrow(TypeError);
  expect(() => create({ secret: weak as string })).toThrow(/openssl rand -base64 32/);
  expect(() => create({ secret: [secret, weak as string] })).toThrow(TypeError);
});

it('accepts random secrets in every usual notation', () => {
  for (let i = 0; i < 200; i++) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const half = Buffer.from(bytes.subarray(0, 16));
    for (const random of [bytes, Buffer.from(bytes).toString('base64'), half.toString('hex')])
      expect(() => create({ secret: random })).not.toThrow();
  }
});

it.each([
  ['https://app.example.com/', 'https://app.example.com'],
  ['https://app.example.com/uploads', 'https://app.example.com'],
  ['HTTPS://App.example.com', 'https://app.example.com'],
  ['https://app.example.com:443', 'https://app.example.com'],
  ['*', 'name each origin'],
  ['https://*.example.com', 'name each origin'],
  ['null', 'cannot be allowed'],
  ['app.example.com', 'https://app.example.com'],
  ['', 'https://app.example.com'],
  [undefined, 'https://app.example.com'],
])('refuses the origin %j with a TypeError that names the remedy', (origin, remedy) => {
  expect(() => create({ allowedOrigins: [origin as string] })).toThrow(TypeError);
  expect(() => create({ allowedOrigins: [origin as string] })).toThrow(remedy);
});

it('accepts the origins of sites, of other ports and of pages in apps', () => {
  const allowedOrigins = ['https://app.example.com', 'http://localhost:3000', 'capacitor://localhost'];
  expect(() => create({ allowedOrigins })).not.toThrow();
});

it('asks for its options with the first request when they are a function', async () => {
  const options = vi.fn(() => ({ providers: [fakeProvider()], authorize: () => ({ id: 'ada' }), secret }));
  const endpoint = createTokenEndpoint(options);
  expect(options).not.toHaveBeenCalled();
  expect((await endpoint(call())).status).toBe(200);
  expect((await endpoint(call())).status).toBe(200);
  expect(options).toHaveBeenCalledOnce();
});

it('answers internal and writes the remedy to the console while a function returns options that cannot work', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const environment: { secret?: string } = {};
  const endpoint = createTokenEndpoint(() => ({
    providers: [fakeProvider()],
    authorize: () => ({ id: 'ada' }),
    secret: environment.secret as string,
  }));
  const response = await endpoint(call());
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: 'internal' });
  expect(String(log.mock.calls[0]?.[0])).toContain('openssl rand -base64 32');
  environment.secret = secret;
  expect((await endpoint(call())).status).toBe(200);
});

type Place = { readonly region?: string; readonly endpoint?: string };
const pair = { accessKey: 'a', secretKey: 'b' };
const inPlace: Record<string, (place: Place) => unknown> = {
  'huawei-vod': (place) => huaweiVod({ projectId: 'p', credentials: pair, ...place }),
  'huawei-metastudio': (place) => huaweiMetastudio({ projectId: 'p', credentials: pair, ...place }),
  'alibaba-vod': (place) => alibabaVod({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' }, ...place }),
  'tencent-vod': (place) => tencentVod({ credentials: { secretId: 'a', secretKey: 'b' }, ...place }),
  s3: (place) =>
    s3({
      bucket: 'b',
      region: 'r',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      ...place,
    }),
};

it.each(Object.entries(inPlace))(
  'refuses a region and an endpoint of %s that no request can be sent to, with the remedy',
  (_, make) => {
    for (const region of ['cn-north-4 ', 'cn north', 'evil.example/', 'https://x', '../x'])
      expect(() => make({ region })).toThrow(/is not a region; write its id/);
    for (const endpoint of ['vod.example.com', 'https://', 'ftp://x', 'https://[', 'javascript:alert(1)'])
      expect(() => make({ region: 'cn-north-4', endpoint })).toThrow(/is not an endpoint; write a URL/);
    expect(() => make({ region: 'cn-north-4', endpoint: 'https://vod.example.com' })).not.toThrow();
  },
);

it('hands the whole reply of the service on to pages only when it is told to', async () => {
  const provider = fakeProvider();
  provider.details.mockImplementation(async () => [
    { mediaId: 'm', provider: 'fake', status: 'ready', vendor: { Bucket: 'internal-bucket' } },
  ]);
  const ask = async (exposeVendorDetails?: boolean) => {
    const endpoint = create({ providers: [provider], exposeVendorDetails });
    const post = async (operation: string, body: unknown) =>
      (await endpoint(
        new Request(`https://app.test/api/uploads/${operation}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ).then((response) => response.json())) as { results: { session: { ticket: string } }[] };
    const uploads = [{ clientId: 'c', fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' }];
    const { results } = await post('start', { provider: 'fake', uploads });
    return JSON.stringify(await post('details', { items: [{ ticket: results[0]?.session.ticket }] }));
  };
  expect(await ask()).toMatch(/"status":"ready"/);
  expect(await ask()).not.toContain('internal-bucket');
  expect(await ask(true)).toContain('internal-bucket');
});

const numbers = [NaN, 0, -1, Infinity, '5', null] as const;
const numeric = [
  'ticketLifetimeMs',
  'maxBodyBytes',
  'bodyTimeoutMs',
  'hookTimeoutMs',
  'concurrency',
  'concurrencyPerCaller',
] as const;

it.each(numeric.flatMap((name) => numbers.map((value) => [name, value] as const)))(
  'refuses %s: %j with a TypeError that names the remedy',
  (name, value) => {
    expect(() => create({ [name]: value })).toThrow(TypeError);
    expect(() => create({ [name]: value })).toThrow(new RegExp(`^${name}: .*leave it out for the default`));
  },
);

it.each(['timeoutMs', 'maxCalls'].flatMap((name) => numbers.map((value) => [name, value] as const)))(
  'refuses %s: %j of a provider with a TypeError',
  (name, value) => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
    const make = () => s3({ bucket: 'b', region: 'r', credentials, [name]: value });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(name);
  },
);

it.each([
  ['x-amz-meta-title', 'Grüße'],
  ['x-amz-meta-title', 'two\r\nlines'],
  ['x-amz-meta title', 'text'],
  ['x-amz-meta-ä', 'text'],
])('refuses the object header %s: %j, which no browser sends as it was signed', (name, value) => {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const make = () => s3({ bucket: 'b', region: 'r', credentials, objectHeaders: { [name]: value } });
  expect(make).toThrow(/has to be of printable ASCII: encode other text/);
});

const wrongLimits = [
  { bytesPerDay: NaN },
  { openUploads: -1 },
  { startsPerMinute: '60' as never },
  { maxFileSizeBytes: null as never },
  { extensions: ['.mp4'] },
  { extensions: ['MP4'] },
];

it.each(wrongLimits)(
  'refuses limits that would limit nothing, or everything, without a word: %j',
  async (limits) => {
    expect(() => create({ limits })).toThrow(/^limits\./);
    // Of one caller: nothing is let through.
    const { call: ask, provider, onError } = openEndpoint({ limits: () => limits });
    expect((await ask('start', { provider: 'fake', uploads: [upload] })).codes).toEqual(['internal']);
    expect(provider.start).not.toHaveBeenCalled();
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/limits\./);
  },
);

it('takes a limit of Infinity for none, also in what it tells the page', async () => {
  const { call: ask } = openEndpoint({ limits: { bytesPerDay: Infinity, openUploads: 3 } });
  const { json } = await ask('describe', { providers: ['fake'] });
  expect(json).toMatchObject({ results: [{ capabilities: { limits: { openUploads: 3 } } }] });
  expect(JSON.stringify(json)).not.toContain('null');
});
