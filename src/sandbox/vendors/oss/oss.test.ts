import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox, type SandboxSettings } from '../../index.js';
import {
  addFault,
  codeOf,
  completeXml,
  look,
  md5Base64,
  openRequest,
  store,
} from '../../test-support/raw-client.js';

/** Raw documented requests. Signs V1 URLs in the plainest way; shares nothing with the verifiers. */
let sandbox: RunningSandbox;
const bucket = 'outin-sandbox-cn-shanghai';
const open = async (settings: Partial<SandboxSettings> = {}) => {
  sandbox = await startSandbox({ settings: { exposeETag: true, ...settings } });
};
beforeEach(() => open());
afterEach(() => sandbox.close());

const signedResources = ['acl', 'callback', 'partNumber', 'uploadId', 'uploads'];

function signed(
  method: string,
  key: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
): string {
  const { accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  const expires = String(Math.floor(Date.now() / 1000) + 600);
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const ossHeaders = Object.keys(lower)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${lower[name]}\n`)
    .join('');
  const resources = Object.keys(query)
    .filter((name) => signedResources.includes(name))
    .sort()
    .map((name) => name + (query[name] === '' ? '' : `=${query[name]}`))
    .join('&');
  const text = [
    method,
    lower['content-md5'] ?? '',
    lower['content-type'] ?? '',
    expires,
    `${ossHeaders}/${bucket}/${key}${resources && `?${resources}`}`,
  ].join('\n');
  const parameters = new URLSearchParams({
    ...query,
    OSSAccessKeyId: accessKeyId,
    Expires: expires,
    Signature: createHmac('sha1', accessKeySecret).update(text).digest('base64'),
  });
  return `${sandbox.url}/${bucket}/${key}?${parameters.toString().replaceAll('+', '%20')}`;
}

const send = (
  method: string,
  key: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
) => store(signed(method, key, query, headers), method, headers, body);
const initiate = async (key = 'k.mp4') =>
  /<UploadId>(\w+)</.exec((await send('POST', key, { uploads: '' })).text)?.[1] ?? '';
const md5Upper = (body: Uint8Array) => createHash('md5').update(body).digest('hex').toUpperCase();

describe('objects', () => {
  it("answers objects with the upper-case MD5 as ETag and the store's headers", async () => {
    const put = await send(
      'PUT',
      'a b(1).txt',
      {},
      { 'Content-Type': 'text/plain', 'Content-MD5': md5Base64('hello') },
      'hello',
    );
    expect([put.status, put.headers.get('etag'), put.headers.get('server')]).toEqual([
      200,
      '"5D41402ABC4B2A76B9719D911017C592"',
      'AliyunOSS',
    ]);
    expect(put.headers.get('x-oss-request-id')).toMatch(/^[0-9A-F]{24}$/);
    const whole = await send('GET', 'a b(1).txt');
    expect([whole.text, whole.headers.get('content-type')]).toEqual(['hello', 'text/plain']);
    const slice = await send('GET', 'a b(1).txt', {}, { Range: 'bytes=1-2' });
    expect([slice.status, slice.text, slice.headers.get('content-range')]).toEqual([
      206,
      'el',
      'bytes 1-2/5',
    ]);
    expect((await send('GET', 'a b(1).txt', {}, { Range: 'bytes=9-' })).status).toBe(416);
    expect((await send('HEAD', 'a b(1).txt')).headers.get('content-length')).toBe('5');
    const missing = await send('HEAD', 'nothing');
    expect(codeOf(Buffer.from(missing.headers.get('x-oss-err') ?? '', 'base64').toString())).toBe(
      'NoSuchKey',
    );
  });

  it('does not overwrite an object with x-oss-forbid-overwrite, by PUT or by complete', async () => {
    const uploadId = await initiate('k');
    const body = new Uint8Array(10);
    await send('PUT', 'k', { partNumber: '1', uploadId }, {}, body);
    await send('PUT', 'k', {}, {}, 'a');
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    const answer = await send('PUT', 'k', {}, forbid, 'b');
    expect([answer.status, codeOf(answer.text)]).toEqual([409, 'FileAlreadyExists']);
    const list = completeXml([[1, md5Upper(body)]]);
    const completed = await send('POST', 'k', { uploadId }, forbid, list);
    expect([completed.status, codeOf(completed.text)]).toEqual([409, 'FileAlreadyExists']);
    expect((await send('GET', 'k')).text).toBe('a');
  });

  it('returns standard headers and x-oss-meta-* with the object, also after a multipart upload', async () => {
    const described = {
      'Cache-Control': 'max-age=7',
      'x-oss-meta-by': 'vodrop',
      'Content-Type': 'video/mp4',
    };
    await send('PUT', 'single', {}, described, 'a');
    const answer = await send('POST', 'multi', { uploads: '' }, described);
    const uploadId = /<UploadId>(\w+)</.exec(answer.text)?.[1] ?? '';
    const body = new Uint8Array(10);
    await send('PUT', 'multi', { partNumber: '1', uploadId }, {}, body);
    await send('POST', 'multi', { uploadId }, {}, completeXml([[1, md5Upper(body)]]));
    for (const key of ['single', 'multi']) {
      const { headers } = await send('HEAD', key);
      expect(['cache-control', 'x-oss-meta-by', 'content-type'].map((name) => headers.get(name))).toEqual([
        'max-age=7',
        'vodrop',
        'video/mp4',
      ]);
    }
  });

  it('answers conditional reads, and refuses conditional writes with 501', async () => {
    const { headers } = await send('PUT', 'k', {}, {}, 'a');
    const etag = headers.get('etag') ?? '';
    const statusOf = async (method: string, condition: Record<string, string>) =>
      (await send(method, 'k', {}, condition, method === 'PUT' ? 'b' : undefined)).status;
    expect([
      await statusOf('GET', { 'If-Match': etag }),
      await statusOf('GET', { 'If-Match': '"x"' }),
      await statusOf('GET', { 'If-None-Match': etag }),
      await statusOf('PUT', { 'If-None-Match': '*' }),
    ]).toEqual([200, 412, 304, 501]);
  });

  it('refuses objects whose digest is malformed or differs, and stores nothing', async () => {
    for (const [digest, ec] of [
      ['nonsense', '0017-00000502'],
      [md5Base64('other'), '0017-00000503'],
    ] as const) {
      const answer = await send('PUT', 'k', {}, { 'Content-MD5': digest }, 'hello');
      expect([answer.status, codeOf(answer.text), answer.headers.get('x-oss-ec')]).toEqual([
        400,
        'InvalidDigest',
        ec,
      ]);
    }
    expect(await look(sandbox, 'objects')).toEqual([]);
  });
});

describe('multipart uploads', () => {
  const [first, second] = [new Uint8Array(102_400).fill(1), new Uint8Array(10).fill(2)];
  const part = (uploadId: string, partNumber: string, body: Uint8Array) =>
    send('PUT', 'k.mp4', { partNumber, uploadId }, {}, body);
  const complete = (uploadId: string, body: string, headers: Record<string, string> = {}) =>
    send('POST', 'k.mp4', { uploadId }, headers, body);

  it('completes the listed parts in order, with ETags in either case and with or without quotes', async () => {
    const uploadId = await initiate();
    for (const [number, body] of [
      ['1', first],
      ['3', first],
      ['7', second],
    ] as const)
      await part(uploadId, number, body);
    const answer = await complete(
      uploadId,
      completeXml([
        [1, `"${md5Upper(first)}"`],
        [7, md5Upper(second).toLowerCase()],
      ]),
    );
    expect([answer.status, answer.headers.get('etag')]).toEqual([
      200,
      expect.stringMatching(/^"[0-9A-F]{32}-2"$/),
    ]);
    expect(await look(sandbox, 'objects')).toMatchObject([
      { size: 102_410, parts: [{ partNumber: 1 }, { partNumber: 7 }] },
    ]);
    expect(codeOf((await complete(uploadId, completeXml([[1, md5Upper(first)]]))).text)).toBe('NoSuchUpload');
  });

  it('completes with all parts on request, and then refuses a list', async () => {
    const uploadId = await initiate();
    await part(uploadId, '2', second);
    await part(uploadId, '1', first);
    const all = { 'x-oss-complete-all': 'yes' };
    expect(codeOf((await complete(uploadId, completeXml([[1, 'x']]), all)).text)).toBe('InvalidArgument');
    expect((await complete(uploadId, '', all)).status).toBe(200);
  });

  it('refuses a complete request with a wrong list of parts', async () => {
    const uploadId = await initiate();
    await part(uploadId, '1', second);
    await part(uploadId, '2', first);
    const [small, large] = [md5Upper(second), md5Upper(first)];
    const cases: [string, string, number][] = [
      [
        completeXml([
          [2, large],
          [1, small],
        ]),
        'InvalidPartOrder',
        400,
      ],
      [
        completeXml([
          [1, small],
          [1, small],
        ]),
        'InvalidPartOrder',
        400,
      ],
      [completeXml([[1, large]]), 'InvalidPart', 400],
      [completeXml([[3, large]]), 'InvalidPart', 400],
      [
        completeXml([
          [1, small],
          [2, large],
        ]),
        'EntityTooSmall',
        400,
      ],
      ['<nonsense', 'MalformedXML', 400],
      ['<CompleteMultipartUpload/>', 'MalformedXML', 400],
      ['', 'MalformedXML', 400],
    ];
    for (const [body, code, status] of cases) {
      const answer = await complete(uploadId, body);
      expect([codeOf(answer.text), answer.status]).toEqual([code, status]);
    }
    expect((await complete(uploadId, completeXml([[3, large]]))).text).toContain(
      '<PartNumber>3</PartNumber>',
    );
    expect((await complete(uploadId, completeXml([[2, large]]))).status).toBe(200);
  });

  it('accepts part numbers from 1 to 10,000, and keeps the last part sent', async () => {
    const uploadId = await initiate();
    for (const number of ['0', '10001', 'x', '-1']) {
      const answer = await part(uploadId, number, second);
      expect([answer.status, codeOf(answer.text), answer.headers.get('x-oss-ec')]).toEqual([
        400,
        'InvalidArgument',
        '0017-00000220',
      ]);
    }
    expect(codeOf((await send('PUT', 'k.mp4', { uploadId }, {}, second)).text)).toBe('InvalidArgument');
    await part(uploadId, '10000', first);
    await part(uploadId, '10000', second);
    expect((await send('GET', 'k.mp4', { uploadId })).text).toContain('<Size>10</Size>');
  });

  it('lists parts by page, and encodes the key on request', async () => {
    const uploadId = await initiate('名.mp4');
    for (const partNumber of ['1', '2', '5'])
      await send('PUT', '名.mp4', { partNumber, uploadId }, {}, second);
    const page = await send('GET', '名.mp4', { uploadId, 'max-parts': '2', 'encoding-type': 'url' });
    expect(page.text).toMatch(/<Key>%E5%90%8D\.mp4<\/Key>.*<NextPartNumberMarker>2<.*<IsTruncated>true</s);
    expect((await send('GET', '名.mp4', { uploadId, 'part-number-marker': '2' })).text).toMatch(
      /<IsTruncated>false<.*<PartNumber>5</s,
    );
    const wrong: Record<string, string>[] = [
      { 'max-parts': '0' },
      { 'max-parts': '1001' },
      { 'part-number-marker': 'x' },
      { 'encoding-type': 'hex' },
    ];
    for (const query of wrong) {
      expect(codeOf((await send('GET', '名.mp4', { uploadId, ...query })).text)).toBe('InvalidArgument');
    }
  });

  it('ends a multipart upload with an abort', async () => {
    const uploadId = await initiate();
    await part(uploadId, '1', first);
    const abort = () => send('DELETE', 'k.mp4', { uploadId });
    expect([
      (await abort()).status,
      codeOf((await abort()).text),
      codeOf((await part(uploadId, '1', first)).text),
    ]).toEqual([204, 'NoSuchUpload', 'NoSuchUpload']);
  });
});

describe('requests', () => {
  it('accepts the bucket in the host, and in the path only for IP addresses', async () => {
    await send('PUT', 'k', {}, {}, 'hello');
    const url = new URL(signed('GET', 'k'));
    const ask = async (host: string, path: string) => {
      const opened = openRequest(`${sandbox.url}${path}${url.search}`, 'GET', { host });
      opened.write(new Uint8Array());
      return await opened.answer;
    };
    for (const [host, path] of [
      ['outin-sandbox-cn-shanghai.oss-cn-shanghai.aliyuncs.com', '/k'],
      [`${bucket}.localhost:5174`, '/k'],
      [`${bucket}.oss-cn-shanghai.aliyuncs.com`, `/${bucket}/k`],
      ['localhost:5174', `/${bucket}/k`],
    ] as const) {
      expect(await ask(host, path)).toEqual({ status: 200, text: 'hello' });
    }
    expect(codeOf((await ask('store.example.com', `/${bucket}/k`)).text)).toBe('SecondLevelDomainForbidden');
    expect(codeOf((await ask('outin-another.oss-cn-shanghai.aliyuncs.com', '/k')).text)).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('requires exactly one signature', async () => {
    expect(codeOf((await store(`${sandbox.url}/${bucket}/k`, 'GET')).text)).toBe('AccessDenied');
    expect(codeOf((await store(signed('GET', 'k'), 'GET', { Authorization: 'OSS a:b' })).text)).toBe(
      'InvalidArgument',
    );
  });

  it.each([
    ['callback', { callback: 'e30=' }, {}],
    ['x-oss-callback', {}, { 'x-oss-callback': 'e30=' }],
    ['acl', { acl: '' }, {}],
  ])('answers 501 to requests that are not emulated: %s', async (_, query, headers) => {
    expect(
      (await send('PUT', 'k', query as Record<string, string>, headers as Record<string, string>, 'x'))
        .status,
    ).toBe(501);
  });

  it('names host, request and code in refusals', async () => {
    const answer = await send('GET', 'nothing');
    expect(answer.text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>.+<\/Message><RequestId>[0-9A-F]{24}<\/RequestId><HostId>127\.0\.0\.1:\d+<\/HostId>/,
    );
  });

  it.each<[number, string | undefined, string]>([
    [500, undefined, 'InternalError'],
    [503, undefined, 'ServiceUnavailable'],
    [403, 'SecurityTokenExpired', 'SecurityTokenExpired'],
    [400, 'RequestTimeout', 'RequestTimeout'],
  ])('answers a fault of status %i with the code %s', async (status, code, told) => {
    await addFault(
      sandbox,
      { provider: 'alibaba-vod', plane: 'data', action: 'PutObject' },
      { status, ...(code !== undefined && { code }) },
    );
    const answer = await send('PUT', 'k', {}, {}, 'x');
    expect([answer.status, codeOf(answer.text)]).toEqual([status, told]);
    await addFault(sandbox, { action: 'PutObject' }, { expire: true });
    expect((await send('PUT', 'k', {}, {}, 'x')).text).toContain('Request has expired.');
  });
});

describe('pages of other origins', () => {
  const origin = { Origin: 'https://page.test' };
  const preflight = (method: string) =>
    store(`${sandbox.url}/${bucket}/k`, 'OPTIONS', {
      ...origin,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'content-md5',
    });

  it.each([
    [true, 'ETag'],
    [false, null],
  ])('allows PUT from other origins, with the ETag exposed: %s', async (exposeETag, exposed) => {
    await sandbox.close();
    await open({ exposeETag });
    expect([(await preflight('PUT')).status, (await preflight('PATCH')).status]).toEqual([200, 403]);
    const answer = await send('PUT', 'k', {}, origin, 'x');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://page.test');
    expect(answer.headers.get('access-control-expose-headers')?.split(',')[0] ?? null).toBe(exposed);
  });

  it.each([true, false])('adds CORS headers to refusals: %s', async (corsOnErrors) => {
    await sandbox.close();
    await open({ corsOnErrors });
    expect(
      (await store(`${sandbox.url}/${bucket}/k`, 'GET', origin)).headers.has('access-control-allow-origin'),
    ).toBe(corsOnErrors);
  });

  it('refuses origins that the CORS rules do not allow', async () => {
    await sandbox.close();
    await open({ allowedOrigins: ['https://other.test'] });
    const answer = await preflight('PUT');
    expect([answer.status, codeOf(answer.text)]).toEqual([403, 'AccessForbidden']);
  });
});
