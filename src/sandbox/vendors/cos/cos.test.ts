import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxSettings } from '../../options.js';
import { startSandbox, type RunningSandbox } from '../../start.js';
import {
  addFault,
  codeOf,
  completeXml,
  look,
  md5Base64,
  md5Hex,
  openRequest,
} from '../../test-support/raw-client.js';
import {
  cos,
  cosUrl,
  initiateCos,
  tencent,
  type CosOptions,
  type TencentFields,
} from '../../test-support/tencent-raw.js';

let sandbox: RunningSandbox;
let applied: TencentFields;
let uploadId: string;
let offsetMs = 0;
afterEach(() => sandbox.close());

async function open(settings: Partial<SandboxSettings> = {}): Promise<void> {
  offsetMs = 0;
  sandbox = await startSandbox({
    now: () => Date.now() + offsetMs,
    settings: { idleTimeoutMs: 300, ...settings },
  });
  applied = await tencent(sandbox, 'ApplyUpload', { MediaType: 'mp4', CoverType: 'jpg' });
  uploadId = await initiateCos(sandbox, applied);
}

const send = (method: string, options: CosOptions = {}) => cos(sandbox, applied, method, options);
const part = (partNumber: number | string, body: string, more: CosOptions = {}) =>
  send('PUT', { query: { partNumber: String(partNumber), uploadId }, body, ...more });
const complete = (xml: string, more: CosOptions = {}) =>
  send('POST', { query: { uploadId }, headers: { 'Content-Type': 'application/xml' }, body: xml, ...more });
const refusal = async (answer: ReturnType<typeof send>): Promise<[number, string]> => {
  const { status, text } = await answer;
  return [status, codeOf(text)];
};

describe('signatures', () => {
  it('answers a refused signature with an error document and ids', async () => {
    await open();
    const answer = await fetch(cosUrl(sandbox, applied, 'PUT').replace('f0.mp4', 'f1.mp4'), {
      method: 'PUT',
      body: 'x',
    });
    const text = await answer.text();
    expect(text).toMatch(
      /^<\?xml version='1.0' encoding='utf-8' \?>\s*<Error><Code>SignatureDoesNotMatch<\/Code><Message>.+<\/Message><Resource>.+f1\.mp4<\/Resource><RequestId>.+<\/RequestId><TraceId>.+<\/TraceId><\/Error>$/,
    );
    expect(answer.headers.get('content-type')).toBe('application/xml');
    expect(answer.headers.get('x-cos-request-id')).toBeTruthy();
  });

  it('accepts a signature within its time window', async () => {
    await open();
    expect((await send('PUT', { body: 'x' })).status).toBe(200);
    const late = await send('PUT', { body: 'x', nowMs: Date.now() - 3600_000 });
    expect([late.status, codeOf(late.text), /<Message>(.*)<\/Message>/.exec(late.text)?.[1]]).toEqual([
      403,
      'AccessDenied',
      'Request has expired',
    ]);
    await addFault(sandbox, { action: 'PutObject' }, { expire: true });
    expect(await refusal(send('PUT', { body: 'x' }))).toEqual([403, 'AccessDenied']);
  });

  it.each([
    ['refused', 403],
    ['taken', 200],
  ] as const)(
    'handles a signature that becomes valid shortly after now: %s',
    async (cosFutureSignatures, status) => {
      await open({ cosFutureSignatures });
      expect((await send('PUT', { body: 'x', startsInSeconds: 120 })).status).toBe(status);
    },
  );

  it.each(['AccessDenied', 'InvalidAccessKeyId'] as const)(
    'refuses a certificate without its token with %s',
    async (cosMissingToken) => {
      await open({ cosMissingToken });
      expect(await refusal(send('PUT', { body: 'x', token: null }))).toEqual([403, cosMissingToken]);
      expect(
        (
          await send('PUT', {
            body: 'x',
            token: null,
            unsigned: { 'x-cos-security-token': applied.TempCertificate.Token },
          })
        ).status,
      ).toBe(200);
    },
  );

  it.each(['ExpiredToken', 'AccessDenied'] as const)(
    'refuses an expired certificate with %s',
    async (cosExpiredKey) => {
      await open({ cosExpiredKey, tencentCertificateSeconds: 100 });
      offsetMs = 99_000;
      expect((await send('PUT', { body: 'x' })).status).toBe(200);
      offsetMs = 102_000;
      expect(await refusal(send('PUT', { body: 'x' }))).toEqual([403, cosExpiredKey]);
    },
  );

  it('gives access to the two keys of the certificate only', async () => {
    await open();
    expect((await send('PUT', { body: 'a cover', path: applied.CoverStoragePath ?? '' })).status).toBe(200);
    expect(await refusal(send('PUT', { body: 'x', path: `${applied.MediaStoragePath}.bak` }))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect(await refusal(send('GET', { path: '/', query: { uploads: '', prefix: '' } }))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect((await fetch(`${sandbox.url}${applied.MediaStoragePath}`)).status).toBe(403);
  });
});

describe('objects', () => {
  it('refuses a body that differs from its length or digest', async () => {
    await open();
    expect(
      (await send('PUT', { body: 'x', headers: { 'Content-MD5': md5Base64('x') } })).headers.get('etag'),
    ).toBe(`"${md5Hex('x')}"`);
    expect(await refusal(send('PUT', { body: 'x', headers: { 'Content-MD5': md5Base64('y') } }))).toEqual([
      400,
      'BadDigest',
    ]);
    expect(await refusal(send('PUT', { body: 'x', headers: { 'Content-MD5': 'short' } }))).toEqual([
      400,
      'InvalidDigest',
    ]);
    expect((await send('PUT', { body: 'x', headers: { 'Content-Length': '1' } })).status).toBe(200);
    const chunked = openRequest(cosUrl(sandbox, applied, 'PUT'), 'PUT', { 'transfer-encoding': 'chunked' });
    chunked.write(Buffer.from('0'));
    expect((await chunked.answer).status).toBe(411);
    const large = openRequest(cosUrl(sandbox, applied, 'PUT'), 'PUT', {
      'content-length': String(5 * 1024 ** 3 + 1),
    });
    large.write(Buffer.from('x'));
    expect(codeOf((await large.answer).text)).toBe('EntityTooLarge');
    large.destroy();
  });

  it('refuses a body that sends nothing for too long', async () => {
    await open();
    const idle = openRequest(cosUrl(sandbox, applied, 'PUT'), 'PUT', { 'content-length': '10' });
    idle.write(Buffer.from('x'));
    const { status, text } = await idle.answer;
    expect([status, codeOf(text)]).toEqual([400, 'RequestTimeOut']);
  });

  it.each([
    [true, 200],
    [false, 403],
  ] as const)('allows reading objects with the certificate: %s', async (cosRead, status) => {
    await open({ cosRead });
    await send('PUT', { body: 'x' });
    expect((await send('GET')).status).toBe(status);
    expect((await send('HEAD')).status).toBe(status);
  });

  it('answers 404 for objects that do not exist', async () => {
    await open();
    expect(await refusal(send('GET'))).toEqual([404, 'NoSuchKey']);
    expect((await send('HEAD')).status).toBe(404);
    expect((await send('DELETE')).status).toBe(501);
  });
});

describe('what COS keeps and checks of an object', () => {
  it('returns standard headers and x-cos-meta-* with the object', async () => {
    await open();
    const described = { 'cache-control': 'max-age=7', 'x-cos-meta-by': 'vodrop' };
    await send('PUT', { headers: described, body: 'a' });
    const { headers } = await send('HEAD');
    expect(['cache-control', 'x-cos-meta-by'].map((name) => headers.get(name))).toEqual([
      'max-age=7',
      'vodrop',
    ]);
  });

  it('does not overwrite an object with x-cos-forbid-overwrite', async () => {
    await open();
    const forbid = { 'x-cos-forbid-overwrite': 'true' };
    expect((await send('PUT', { headers: forbid, body: 'a' })).status).toBe(200);
    expect(await refusal(send('PUT', { headers: forbid, body: 'b' }))).toEqual([409, 'FileAlreadyExists']);
  });

  it('answers x-cos-forbid-overwrite with another code, or not at all, by a setting', async () => {
    const forbid = { 'x-cos-forbid-overwrite': 'true' };
    const second = async (cosForbidOverwrite: SandboxSettings['cosForbidOverwrite']) => {
      await open({ cosForbidOverwrite });
      await send('PUT', { headers: forbid, body: 'a' });
      return send('PUT', { headers: forbid, body: 'b' });
    };
    expect(await refusal(second(412))).toEqual([412, 'PreconditionFailed']);
    await sandbox.close();
    expect((await second('ignored')).status).toBe(200);
  });

  it('lists objects below the keys of a certificate only where a setting allows it', async () => {
    const list = (prefix = applied.MediaStoragePath.slice(1)) => {
      const query = { prefix, 'max-keys': '10' };
      return cos(sandbox, { ...applied, MediaStoragePath: '/' }, 'GET', { query });
    };
    await open();
    expect(await refusal(list())).toEqual([403, 'AccessDenied']);
    await sandbox.close();
    await open({ cosListObjects: true });
    await send('PUT', { body: 'a' });
    expect((await list()).text).toContain(`<Key>${applied.MediaStoragePath.slice(1)}</Key>`);
    expect(await refusal(list(''))).toEqual([403, 'AccessDenied']);
  });

  it('answers conditional reads, and refuses conditional writes and unknown headers with 501', async () => {
    await open();
    const { headers } = await send('PUT', { body: 'a' });
    const etag = headers.get('etag') ?? '';
    expect((await send('GET', { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(await refusal(send('GET', { headers: { 'if-match': '"x"' } }))).toEqual([
      412,
      'PreconditionFailed',
    ]);
    for (const name of ['if-none-match', 'x-cos-storage-class'])
      expect(await refusal(send('PUT', { headers: { [name]: '*' }, body: 'b' }))).toEqual([
        501,
        'NotImplemented',
      ]);
  });
});

describe('parts', () => {
  it('requires part numbers from 1 to 10,000 and an open upload', async () => {
    await open();
    for (const number of ['0', '10001', 'one'])
      expect(await refusal(part(number, 'x'))).toEqual([400, 'InvalidArgument']);
    expect((await part(10_000, 'x')).headers.get('x-cos-hash-crc64ecma')).toMatch(/^\d+$/);
    expect(
      await refusal(send('PUT', { query: { partNumber: '1', uploadId: 'made-up' }, body: 'x' })),
    ).toEqual([404, 'NoSuchUpload']);
  });

  it('lists parts in order, with the last one sent of each number', async () => {
    await open();
    await part(2, 'old');
    await part(2, 'newer');
    await part(1, 'first');
    const { text } = await send('GET', { query: { uploadId, 'encoding-type': 'url' } });
    expect(
      [...text.matchAll(/<Part>.*?<\/Part>/g)].map(([one]) => [
        /<PartNumber>(\d)/.exec(one)?.[1],
        /<ETag>"(\w+)"/.exec(one)?.[1],
        /<Size>(\d+)/.exec(one)?.[1],
      ]),
    ).toEqual([
      ['1', md5Hex('first'), '5'],
      ['2', md5Hex('newer'), '5'],
    ]);
    expect(text).toContain('<Encoding-type>url</Encoding-type>');
    expect(await refusal(send('GET', { query: { uploadId, 'max-parts': '0' } }))).toEqual([
      400,
      'InvalidArgument',
    ]);
    expect(await refusal(send('GET', { query: { uploadId, 'encoding-type': 'hex' } }))).toEqual([
      400,
      'InvalidArgument',
    ]);
  });

  it.each([
    [true, 200],
    [false, 403],
  ] as const)('allows listing parts with the certificate: %s', async (cosListParts, status) => {
    await open({ cosListParts });
    expect((await send('GET', { query: { uploadId } })).status).toBe(status);
  });

  it.each([[404], [400]] as const)(
    'answers requests for an unknown upload with %i',
    async (cosNoSuchUploadStatus) => {
      await open({ cosNoSuchUploadStatus });
      await send('DELETE', { query: { uploadId } });
      expect(await refusal(part(1, 'x'))).toEqual([cosNoSuchUploadStatus, 'NoSuchUpload']);
    },
  );

  it.each([204, 200] as const)('answers an abort with %i', async (cosAbortStatus) => {
    await open({ cosAbortStatus });
    await part(1, 'x');
    expect((await send('DELETE', { query: { uploadId } })).status).toBe(cosAbortStatus);
    expect(await look(sandbox, 'uploads')).toEqual([]);
  });
});

describe('completing a multipart upload', () => {
  const big = 'x'.repeat(1024 * 1024);
  const whole = (...bodies: string[]) =>
    completeXml(bodies.map((body, index) => [index + 1, `&quot;${md5Hex(body)}&quot;`]));

  it('completes with ETags with and without quotes, and validates the body', async () => {
    await open();
    await part(1, big);
    await part(2, 'end');
    for (const [body, code] of [
      ['', 'MissingRequestBodyError'],
      ['<Complete', 'MalformedXML'],
      ['<CompleteMultipartUpload/>', 'MalformedXML'],
      [
        completeXml([
          [2, md5Hex('end')],
          [1, md5Hex(big)],
        ]),
        'InvalidPartOrder',
      ],
      [completeXml([[2, md5Hex('end')]]), 'InvalidPart'],
    ]) {
      expect(await refusal(complete(body ?? ''))).toEqual([400, code]);
    }
    expect(
      await refusal(
        complete(whole(big, 'end'), {
          headers: { 'Content-Type': 'application/xml', 'Content-MD5': md5Base64('other') },
        }),
      ),
    ).toEqual([400, 'BadDigest']);
    const completed = await complete(
      completeXml([
        [1, md5Hex(big).toUpperCase()],
        [2, md5Hex('end')],
      ]),
    );
    const composite = createHash('md5')
      .update(Buffer.from(md5Hex(big) + md5Hex('end'), 'hex'))
      .digest('hex');
    expect([completed.status, /<ETag>"(.*)"<\/ETag>/.exec(completed.text)?.[1]]).toEqual([
      200,
      `${composite}-2`,
    ]);
    expect(completed.headers.get('x-cos-hash-crc64ecma')).toBe(
      (await send('HEAD')).headers.get('x-cos-hash-crc64ecma'),
    );
    expect((await send('HEAD')).headers.get('content-type')).toBe('video/mp4');
  });

  it('answers an opaque ETag of the composite form by setting', async () => {
    await open({ cosJoinedETag: 'opaque' });
    await part(1, 'x');
    const composite = createHash('md5')
      .update(Buffer.from(md5Hex('x'), 'hex'))
      .digest('hex');
    const eTag = /<ETag>"(.*)"<\/ETag>/.exec((await complete(whole('x'))).text)?.[1];
    expect(eTag).toMatch(/^[0-9a-f]{32}-1$/);
    expect(eTag).not.toBe(`${composite}-1`);
    expect((await send('HEAD')).headers.get('etag')).toBe(`"${eTag}"`);
  });

  it.each([
    ['enforced', 400],
    ['ignored', 200],
  ] as const)('handles the minimum part size: %s', async (cosMinPartSize, status) => {
    await open({ cosMinPartSize });
    await part(1, 'small');
    await part(2, 'end');
    expect((await complete(whole('small', 'end'))).status).toBe(status);
  });

  it('reports a failed complete request after an early 200 by setting', async () => {
    await open({ cosCompleteErrors: 'body' });
    const { status, text } = await complete(whole('nothing'));
    expect(status).toBe(200);
    expect(text).toMatch(/^ +<Error><Code>InvalidPart<\/Code>/);
  });
});

describe('CORS', () => {
  const preflight = (url: string, method: string, origin = 'https://app.test') =>
    fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'content-md5',
      },
    });

  it('allows pages of permitted origins by CORS, without a key in the preflight', async () => {
    await open({ allowedOrigins: ['https://app.test'], exposeETag: true });
    const url = cosUrl(sandbox, applied, 'PUT', { query: { partNumber: '1', uploadId } });
    const allowed = await preflight(url, 'PUT');
    expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([
      200,
      'content-md5',
    ]);
    expect((await preflight(url.split('?')[0] ?? '', 'PUT')).status).toBe(200);
    const denied = await preflight(url, 'PUT', 'https://other.test');
    expect([denied.status, codeOf(await denied.text())]).toEqual([403, 'AccessForbidden']);
    expect((await preflight(url, 'PATCH')).status).toBe(403);
    expect(
      (await part(1, 'x', { unsigned: { Origin: 'https://app.test' } })).headers.get(
        'access-control-expose-headers',
      ),
    ).toContain('ETag');
  });

  it.each([
    [true, 'https://app.test'],
    [false, null],
  ] as const)('adds CORS headers to refusals: %s', async (corsOnErrors, origin) => {
    await open({ corsOnErrors });
    const answer = await part('0', 'x', { unsigned: { Origin: 'https://app.test' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([400, origin]);
  });
});

it.each([
  [503, 'SlowDown'],
  [500, 'InternalError'],
  [429, 'SlowDown'],
  [403, 'AccessDenied'],
])('answers a fault of status %i with the code %s', async (status, code) => {
  await open();
  await addFault(
    sandbox,
    { provider: 'tencent-vod', plane: 'data', action: 'UploadPart', partNumber: 1 },
    { status },
  );
  expect(await refusal(part(1, 'x'))).toEqual([status, code]);
  await addFault(sandbox, { action: 'UploadPart' }, { status: 403, code: 'ExpiredToken' });
  expect(await refusal(part(1, 'x'))).toEqual([403, 'ExpiredToken']);
});
