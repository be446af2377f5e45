import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import {
  authority,
  codeOf,
  completeUpload,
  completeXml,
  createAsset,
  initiate,
  look,
  md5Base64,
  md5Hex,
  openRequest,
  putPart,
  store,
  until,
  type CreatedAsset,
} from '../../test-support/raw-client.js';

let sandbox: RunningSandbox;
let asset: CreatedAsset;
let uploadId: string;

beforeEach(async () => {
  sandbox = await startSandbox({ settings: { idleTimeoutMs: 300 } });
  asset = await createAsset(sandbox);
  uploadId = await initiate(sandbox, asset);
});
afterEach(() => sandbox.close());

const part = (size: number, fill: number): Uint8Array => new Uint8Array(size).fill(fill);
const enough = 100 * 1024;

/** A URL signed with the tenant's own key pair, for requests that VOD would not authorise. */
function tenantUrl(
  method: string,
  path: string,
  options: { subResources?: string; rest?: string; contentType?: string; contentMd5?: string } = {},
): string {
  const { accessKey, secretKey } = sandbox.credentials.huaweiVod;
  const expires = Math.floor(Date.now() / 1000) + 60;
  const { subResources = '', rest = '' } = options;
  const text = [
    method,
    options.contentMd5 ?? '',
    options.contentType ?? '',
    expires,
    `${path}${subResources === '' ? '' : `?${subResources}`}`,
  ].join('\n');
  const signature = encodeURIComponent(createHmac('sha1', secretKey).update(text).digest('base64'));
  return `${sandbox.url}${path}?${subResources}&AWSAccessKeyId=${accessKey}&Expires=${expires}&Signature=${signature}${rest}`;
}
const path = (): string => `/${asset.target.bucket}/${asset.target.object}`;

describe('signatures', () => {
  it('answers the string to sign when a signature does not match', async () => {
    const url = await authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1 });
    const answer = await store(url, 'PUT', { 'Content-Type': 'video/mp4' }, 'x');
    expect([answer.status, codeOf(answer.text)]).toEqual([403, 'SignatureDoesNotMatch']);
    expect(answer.text).toContain(`<StringToSign>PUT\n\nvideo/mp4\n`);
    expect(answer.text).toContain(`<Resource>${path()}</Resource>`);
    expect(answer.headers.get('content-type')).toBe('application/xml');
  });

  it('refuses a signature for another part, method or key', async () => {
    const url = await authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1 });
    const headers = { 'Content-Type': 'application/octet-stream' };
    expect((await store(url.replace('partNumber=1', 'partNumber=2'), 'PUT', headers, 'x')).status).toBe(403);
    expect((await store(url, 'POST', headers, 'x')).status).toBe(403);
    expect(
      codeOf(
        (await store(url.replace(/AWSAccessKeyId=\w+/, 'AWSAccessKeyId=NOBODY'), 'PUT', headers, 'x')).text,
      ),
    ).toBe('InvalidAccessKeyId');
    expect(codeOf((await store(`${sandbox.url}${path()}`, 'GET')).text)).toBe('AccessDenied');
  });

  it('accepts a signature in the Authorization header', async () => {
    const { accessKey, secretKey } = sandbox.credentials.huaweiVod;
    const date = new Date().toUTCString();
    const sign = (scheme: string, text: string) =>
      `${scheme} ${accessKey}:${createHmac('sha1', secretKey).update(text).digest('base64')}`;
    for (const [scheme, prefix] of [
      ['OBS', 'x-obs-'],
      ['AWS', 'x-amz-'],
    ] as const) {
      const answer = await store(
        `${sandbox.url}${path()}`,
        'PUT',
        {
          'Content-Type': 'text/plain',
          [`${prefix}date`]: date,
          Authorization: sign(scheme, `PUT\n\ntext/plain\n\n${prefix}date:${date}\n${path()}`),
        },
        'x',
      );
      expect(answer.status).toBe(200);
    }
    const old = new Date(Date.now() - 16 * 60_000).toUTCString();
    const late = await store(`${sandbox.url}${path()}`, 'GET', {
      Date: old,
      Authorization: sign('OBS', `GET\n\n\n${old}\n${path()}`),
    });
    expect(codeOf(late.text)).toBe('RequestTimeTooSkewed');
  });

  it('verifies signatures over encoded keys', async () => {
    const odd = `/${asset.target.bucket}/a%20b/%E4%B8%AD%2B%281%29%27%21%2A~.txt`;
    expect((await store(tenantUrl('PUT', odd), 'PUT', {}, 'x')).status).toBe(200);
    expect((await look(sandbox, 'objects'))[0]).toMatchObject({ key: "a b/中+(1)'!*~.txt" });
  });
});

describe('parts', () => {
  it('lists parts page by page with one signed URL', async () => {
    for (const number of [5, 1, 9, 3]) await putPart(sandbox, asset, uploadId, number, part(10, number));
    const url = await authority(sandbox, asset, { http_verb: 'GET', upload_id: uploadId });
    const numbers = (text: string) =>
      [...text.matchAll(/<PartNumber>(\d+)</g)].map((match) => Number(match[1]));
    const first = (await store(`${url}&max-parts=3`, 'GET')).text;
    expect([
      numbers(first),
      /<IsTruncated>(\w+)</.exec(first)?.[1],
      /<NextPartNumberMarker>(\d+)</.exec(first)?.[1],
    ]).toEqual([[1, 3, 5], 'true', '5']);
    const second = (await store(`${url}&max-parts=3&part-number-marker=5`, 'GET')).text;
    expect([numbers(second), /<IsTruncated>(\w+)</.exec(second)?.[1]]).toEqual([[9], 'false']);
    expect((await store(`${url}&max-parts=5000`, 'GET')).text).toContain('<MaxParts>1000</MaxParts>');
    expect(codeOf((await store(`${url}&max-parts=x`, 'GET')).text)).toBe('InvalidArgument');
  });

  it('replaces a part that is sent again, and deletes parts that complete does not list', async () => {
    await putPart(sandbox, asset, uploadId, 1, part(enough, 1));
    await putPart(sandbox, asset, uploadId, 1, part(enough, 2));
    await putPart(sandbox, asset, uploadId, 2, part(5, 3));
    await putPart(sandbox, asset, uploadId, 3, part(5, 4));
    expect((await look(sandbox, 'uploads'))[0]).toMatchObject({
      provider: 'huawei-vod',
      uploadId,
      parts: [
        { partNumber: 1, size: enough, etag: `"${md5Hex(part(enough, 2))}"` },
        { partNumber: 2 },
        { partNumber: 3 },
      ],
    });
    const done = await completeUpload(sandbox, asset, uploadId, [
      [1, md5Hex(part(enough, 2)).toUpperCase()],
      [3, `"${md5Hex(part(5, 4))}"`],
    ]);
    expect(done.status).toBe(200);
    expect((await look(sandbox, 'objects'))[0]).toMatchObject({
      size: enough + 5,
      md5Hex: md5Hex(Buffer.concat([part(enough, 2), part(5, 4)])),
    });
  });

  it('refuses parts after the upload was completed or aborted', async () => {
    const url = await authority(sandbox, asset, { http_verb: 'DELETE', upload_id: uploadId });
    const put = await authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1 });
    expect((await store(url, 'DELETE')).status).toBe(204);
    const again = await store(url, 'DELETE');
    expect([again.status, codeOf(again.text)]).toEqual([404, 'NoSuchUpload']);
    expect(codeOf((await store(put, 'PUT', { 'Content-Type': 'application/octet-stream' }, 'x')).text)).toBe(
      'NoSuchUpload',
    );
    expect(codeOf((await completeUpload(sandbox, asset, uploadId, [[1, 'x']])).text)).toBe('NoSuchUpload');
    expect(await look(sandbox, 'uploads')).toEqual([]);
  });

  it('does not store a part whose upload ends meanwhile', async () => {
    const url = await authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1 });
    const slow = openRequest(url, 'PUT', {
      'Content-Type': 'application/octet-stream',
      'Content-Length': '2',
    });
    slow.write(Buffer.from('a'));
    await until(async () =>
      (await look(sandbox, 'requests')).some(({ action, bytes }) => action === 'UploadPart' && bytes === 1),
    );
    await store(await authority(sandbox, asset, { http_verb: 'DELETE', upload_id: uploadId }), 'DELETE');
    slow.write(Buffer.from('b'));
    expect(codeOf((await slow.answer).text)).toBe('NoSuchUpload');
  });
});

describe('completing', () => {
  const send = async (body: string) =>
    store(
      await authority(sandbox, asset, { http_verb: 'POST', upload_id: uploadId }),
      'POST',
      { 'Content-Type': 'application/xml' },
      body,
    );
  const etag = (size: number, fill: number) => md5Hex(part(size, fill));

  it.each<[string, () => string]>([
    ['MissingRequestBodyError', () => ''],
    ['MalformedXML', () => '<CompleteMultipartUpload><Part>'],
    ['MalformedXML', () => '<Other/>'],
    ['MalformedXML', () => '<CompleteMultipartUpload/>'],
    [
      'InvalidRequestBody',
      () => `<CompleteMultipartUpload>${' '.repeat(4 * 1024 * 1024)}</CompleteMultipartUpload>`,
    ],
    [
      'InvalidPartOrder',
      () =>
        completeXml([
          [2, etag(5, 2)],
          [1, etag(10, 1)],
        ]),
    ],
    [
      'InvalidPartOrder',
      () =>
        completeXml([
          [1, etag(10, 1)],
          [1, etag(10, 1)],
        ]),
    ],
    [
      'InvalidPart',
      () =>
        completeXml([
          [1, etag(10, 1)],
          [3, etag(5, 2)],
        ]),
    ],
    ['InvalidPart', () => completeXml([[1, etag(9, 9)]])],
    [
      'EntityTooSmall',
      () =>
        completeXml([
          [1, etag(10, 1)],
          [2, etag(5, 2)],
        ]),
    ],
  ])('refuses a complete request with %s, and keeps the parts', async (code, body) => {
    await putPart(sandbox, asset, uploadId, 1, part(10, 1));
    await putPart(sandbox, asset, uploadId, 2, part(5, 2));
    const answer = await send(body());
    expect([answer.status, codeOf(answer.text)]).toEqual([400, code]);
    expect((await look(sandbox, 'uploads'))[0]).toMatchObject({
      parts: [{ partNumber: 1 }, { partNumber: 2 }],
    });
  });

  it('completes with a single small part, as the last part may be small', async () => {
    await putPart(sandbox, asset, uploadId, 1, part(10, 1));
    expect((await send(completeXml([[1, `&quot;${etag(10, 1)}&quot;`]]))).status).toBe(200);
    const head = await store(tenantUrl('HEAD', path()), 'HEAD');
    expect([
      head.status,
      head.headers.get('content-length'),
      head.headers.get('x-obs-uploadid'),
      head.headers.get('content-type'),
    ]).toEqual([200, '10', uploadId, 'video/mp4']);
  });
});

describe('bodies', () => {
  const partUrl = (query: Record<string, string> = {}) =>
    authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1, ...query });
  const octets = { 'Content-Type': 'application/octet-stream' };

  it('does not store a body that differs from its Content-MD5', async () => {
    const md5 = md5Base64('right');
    const answer = await store(
      await partUrl({ content_md5: md5 }),
      'PUT',
      { ...octets, 'Content-MD5': md5 },
      'wrong',
    );
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'BadDigest']);
    expect((await look(sandbox, 'uploads'))[0]).toMatchObject({ parts: [] });
    const url = tenantUrl('PUT', path(), { contentMd5: 'none' });
    expect(codeOf((await store(url, 'PUT', { 'Content-MD5': 'none' }, 'x')).text)).toBe('InvalidDigest');
  });

  it('requires a Content-Length of at most 5 GB', async () => {
    const chunked = openRequest(await partUrl(), 'PUT', { ...octets, 'Transfer-Encoding': 'chunked' });
    chunked.write(Buffer.from('x'));
    expect(await chunked.answer).toMatchObject({
      status: 411,
      text: expect.stringContaining('MissingContentLength') as string,
    });
    const huge = openRequest(await partUrl(), 'PUT', {
      ...octets,
      'Content-Length': String(5 * 1024 ** 3 + 1),
    });
    huge.write(Buffer.from('x'));
    expect(codeOf((await huge.answer).text)).toBe('EntityTooLarge');
    huge.destroy();
    chunked.destroy();
  });

  it('stores nothing of a body that is cut off', async () => {
    const cut = openRequest(await partUrl(), 'PUT', { ...octets, 'Content-Length': '100' });
    cut.write(Buffer.from('only this'));
    const entry = async () => (await look(sandbox, 'requests')).find(({ action }) => action === 'UploadPart');
    await until(async () => (await entry())?.['bytes'] === 9);
    cut.destroy();
    expect((await look(sandbox, 'uploads'))[0]).toMatchObject({ parts: [] });
    expect(await entry()).toMatchObject({ status: null, bytes: 9 });
  });

  it('refuses a request before its body has arrived, and delivers the answer', async () => {
    const early = openRequest(await partUrl(), 'PUT', {
      'Content-Type': 'video/mp4',
      'Content-Length': '100',
    });
    early.write(Buffer.from('x'));
    expect(await early.answer).toMatchObject({
      status: 403,
      text: expect.stringContaining('SignatureDoesNotMatch') as string,
    });
    early.destroy();
    expect((await store(await partUrl(), 'PUT', octets, 'x')).headers.get('connection')).toBe('close');
  });

  it('answers an idle body with RequestTimeout', async () => {
    const idle = openRequest(await partUrl(), 'PUT', { ...octets, 'Content-Length': '100' });
    idle.write(Buffer.from('x'));
    expect(await idle.answer).toMatchObject({
      status: 408,
      text: expect.stringContaining('RequestTimeout') as string,
    });
    idle.destroy();
  });
});

describe('requests', () => {
  it('answers 404 for unknown buckets, keys and uploads', async () => {
    const { bucket } = asset.target;
    expect(codeOf((await store(tenantUrl('GET', '/no-such-bucket/k'), 'GET')).text)).toBe('NoSuchBucket');
    expect(codeOf((await store(tenantUrl('GET', `/${bucket}/k`), 'GET')).text)).toBe('NoSuchKey');
    expect(
      codeOf(
        (
          await store(
            tenantUrl('PUT', path(), { subResources: `partNumber=0&uploadId=${uploadId}` }),
            'PUT',
            {},
            'x',
          )
        ).text,
      ),
    ).toBe('InvalidArgument');
    expect(
      codeOf(
        (
          await store(
            tenantUrl('PUT', path(), { subResources: `partNumber=10001&uploadId=${uploadId}` }),
            'PUT',
            {},
            'x',
          )
        ).text,
      ),
    ).toBe('InvalidArgument');
    expect((await store(tenantUrl('GET', path(), { subResources: 'acl' }), 'GET')).status).toBe(501);
  });

  it('serves ranges, and refuses unsatisfiable ones', async () => {
    await store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4' }, '0123456789');
    const get = (range: string) => store(tenantUrl('GET', path()), 'GET', { Range: range });
    expect((await get('bytes=2-4')).text).toBe('234');
    expect((await get('bytes=7-')).text).toBe('789');
    expect((await get('bytes=-2')).text).toBe('89');
    expect((await get('bytes=10-')).status).toBe(416);
    expect((await get('nonsense')).text).toBe('0123456789');
    const named = await store(
      tenantUrl('GET', path(), { subResources: 'response-content-type=video/x-named' }),
      'GET',
    );
    expect(named.headers.get('content-type')).toBe('video/x-named');
    expect((await store(tenantUrl('DELETE', path()), 'DELETE')).status).toBe(204);
    expect(await look(sandbox, 'objects')).toEqual([]);
  });

  it('accepts the bucket in the host', async () => {
    const { bucket, object } = asset.target;
    const signed = new URL(tenantUrl('PUT', path()));
    const outgoing = openRequest(`${sandbox.url}/${object}${signed.search}`, 'PUT', {
      Host: `${bucket}.obs.cn-north-4.myhuaweicloud.com`,
      'Content-Length': '1',
    });
    outgoing.write(Buffer.from('x'));
    expect((await outgoing.answer).status).toBe(200);
    expect(await look(sandbox, 'objects')).toMatchObject([{ bucket, key: object }]);
  });

  it("answers the unsigned version request of the vendor's client", async () => {
    const answer = await store(`${sandbox.url}/${asset.target.bucket}/?apiversion`, 'HEAD');
    expect([answer.status, answer.headers.get('x-obs-api')]).toEqual([200, '3.0']);
  });
});

describe('what OBS keeps and checks of an object', () => {
  const [bucket, key] = ['vod-sandbox-cn-north-4', 'kept.txt'];
  /** By the Authorization header, with the headers signed that begin with `x-obs-`. */
  const send = (method: string, headers: Record<string, string> = {}, body?: string, query = '') => {
    const { accessKey, secretKey } = sandbox.credentials.huaweiVod;
    const date = new Date().toUTCString();
    const own = Object.keys(headers).filter((name) => name.startsWith('x-obs-'));
    const signed = [...own].sort().map((name) => `${name}:${headers[name] ?? ''}\n`);
    const text = `${method}\n\n\n${date}\n${signed.join('')}/${bucket}/${key}${query}`;
    const signature = createHmac('sha1', secretKey).update(text).digest('base64');
    const all = { ...headers, Date: date, Authorization: `OBS ${accessKey}:${signature}` };
    return store(`${sandbox.url}/${bucket}/${key}${query}`, method, all, body);
  };

  it('returns standard headers and x-obs-meta-* with the object', async () => {
    await send('PUT', { 'Cache-Control': 'max-age=7', 'x-obs-meta-by': 'vodrop' }, 'a');
    const { headers } = await send('HEAD');
    expect(['cache-control', 'x-obs-meta-by'].map((name) => headers.get(name))).toEqual([
      'max-age=7',
      'vodrop',
    ]);
  });

  it('does not overwrite an object with x-obs-forbid-overwrite, by PUT or by complete', async () => {
    const forbid = { 'x-obs-forbid-overwrite': 'true' };
    const outcome = async (answer: ReturnType<typeof send>): Promise<[number, string]> => {
      const { status, text } = await answer;
      return [status, codeOf(text)];
    };
    const begun = (await send('POST', {}, undefined, '?uploads')).text;
    const id = /<UploadId>([^<]*)/.exec(begun)?.[1] ?? '';
    const etag = (await send('PUT', {}, 'p', `?partNumber=1&uploadId=${id}`)).headers.get('etag') ?? '';
    const listed = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    expect((await outcome(send('PUT', forbid, 'a')))[0]).toBe(200);
    expect(await outcome(send('PUT', forbid, 'b'))).toEqual([409, 'ObjectAlreadyExists']);
    expect(await outcome(send('POST', forbid, listed, `?uploadId=${id}`))).toEqual([
      409,
      'ObjectAlreadyExists',
    ]);
    expect((await send('GET')).text).toBe('a');
    expect((await outcome(send('PUT', { 'x-obs-forbid-overwrite': 'false' }, 'b')))[0]).toBe(200);
    expect((await outcome(send('POST', {}, listed, `?uploadId=${id}`)))[0]).toBe(200);
  });

  it('answers conditional reads, and refuses conditional writes and unknown headers with 501', async () => {
    const { headers } = await send('PUT', {}, 'a');
    const etag = headers.get('etag') ?? '';
    expect((await send('GET', { 'If-None-Match': etag })).status).toBe(304);
    expect((await send('GET', { 'If-Match': '"x"' })).status).toBe(412);
    for (const name of ['If-None-Match', 'x-obs-copy-source']) {
      const answer = await send('PUT', { [name]: '*' }, 'b');
      expect([answer.status, codeOf(answer.text)]).toEqual([501, 'NotImplemented']);
    }
  });

  it('refuses two signatures in one request', async () => {
    const answer = await store(tenantUrl('GET', `/${bucket}/${key}`), 'GET', { Authorization: 'OBS a:b' });
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'InvalidArgument']);
  });
});

describe('CORS', () => {
  const origin = 'http://page.example';
  const preflight = (headers: Record<string, string>) =>
    store(`${sandbox.url}${path()}?uploadId=U&partNumber=1`, 'OPTIONS', headers);

  it('allows PUT from any origin without exposing the ETag', async () => {
    const allowed = await preflight({
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'content-md5,content-type',
    });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-md5,content-type');
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PUT');
    const stored = await store(
      asset.video_upload_url,
      'PUT',
      { 'Content-Type': 'video/mp4', Origin: origin },
      'x',
    );
    expect([
      stored.headers.get('access-control-allow-origin'),
      stored.headers.get('access-control-expose-headers'),
    ]).toEqual([origin, null]);
  });

  it('refuses preflights that lack something or ask for too much', async () => {
    const bare = await preflight({ Origin: origin });
    expect([bare.status, codeOf(bare.text)]).toEqual([400, 'BadRequest']);
    const strange = await preflight({ Origin: origin, 'Access-Control-Request-Method': 'PATCH' });
    expect([strange.status, codeOf(strange.text)]).toEqual([403, 'AccessForbidden']);
  });

  it('follows the settings exposeETag, corsOnErrors and allowedOrigins', async () => {
    const strict = await startSandbox({
      settings: { exposeETag: true, corsOnErrors: false, allowedOrigins: [origin] },
    });
    try {
      const { video_upload_url: url } = await createAsset(strict);
      const put = (headers: Record<string, string>) =>
        store(url, 'PUT', { 'Content-Type': 'video/mp4', ...headers }, 'x');
      expect((await put({ Origin: origin })).headers.get('access-control-expose-headers')).toContain('ETag');
      expect(
        (await put({ Origin: 'http://other.example' })).headers.get('access-control-allow-origin'),
      ).toBeNull();
      const refused = await put({ Origin: origin, 'Content-Type': 'text/plain' });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      const other = await store(url, 'OPTIONS', {
        Origin: 'http://other.example',
        'Access-Control-Request-Method': 'PUT',
      });
      expect(other.status).toBe(403);
    } finally {
      await strict.close();
    }
  });

  it('lists preflights only when asked', async () => {
    await preflight({ Origin: origin, 'Access-Control-Request-Method': 'PUT' });
    const preflights = async (resource: string) =>
      (await look(sandbox, resource)).filter(({ method }) => method === 'OPTIONS');
    expect(await preflights('requests')).toEqual([]);
    expect(await preflights('requests?preflights=1')).toMatchObject([
      { action: 'Preflight', status: 200, partNumber: null },
    ]);
  });
});
