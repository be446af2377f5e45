import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxSettings } from '../../options.js';
import { startSandbox, type RunningSandbox } from '../../start.js';
import {
  api,
  authority,
  confirm,
  createAsset,
  infoOf,
  initiate,
  putPart,
  statusOf,
  store,
  type ApiOptions,
} from '../../test-support/raw-client.js';

const begin = Date.UTC(2026, 0, 15, 8, 30);
let now = begin;
let sandbox: RunningSandbox;

async function open(settings: Partial<SandboxSettings> = {}): Promise<void> {
  now = begin;
  sandbox = await startSandbox({ now: () => now, processingMs: 1000, settings });
}
afterEach(() => sandbox.close());

const at = (options: ApiOptions = {}): ApiOptions => ({ dateMs: now, ...options });
const create = (body: unknown, options: ApiOptions = {}) =>
  api(sandbox, 'POST', '/v1.0/{pid}/asset', at({ body, ...options }));
const minimal = { title: 't', video_name: 'a.mp4', video_type: 'MP4' };

describe('authentication', () => {
  it.each<[string, ApiOptions, string]>([
    ['no credentials', { unsigned: { authorization: '' } }, 'cannot be read'],
    ['an unknown key', { accessKey: 'NOBODY' }, 'Get secretKey failed'],
    ['a wrong secret', { secretKey: 'wrong' }, 'verify aksk signature fail'],
    [
      'a header changed after signing',
      { unsigned: { 'content-type': 'application/json;charset=UTF-8' } },
      'verify aksk signature fail',
    ],
    ['a clock that is off', { dateMs: begin - 901_000 }, 'more than 15 minutes off'],
    ['a token that was not issued', { token: 'made-up' }, 'decrypt token fail'],
  ])('refuses %s as the gateway does', async (_, options, problem) => {
    await open();
    const answer = await create(minimal, options);
    expect([answer.status, answer.json.error_code]).toEqual([401, 'APIGW.0301']);
    expect(answer.json.error_msg).toContain(problem);
    expect(answer.json.request_id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.text).not.toContain(sandbox.credentials.huaweiVod.secretKey);
  });

  it('refuses a request without any credentials', async () => {
    await open();
    const answer = await fetch(`${sandbox.url}/v1.0/${sandbox.credentials.huaweiVod.projectId}/asset`, {
      method: 'POST',
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({
      error_msg: 'Incorrect IAM authentication information: x-auth-token not found',
    });
  });

  it("refuses in the service's format with authErrors: service", async () => {
    await open({ authErrors: 'service' });
    const answer = await create(minimal, { secretKey: 'wrong' });
    expect([answer.status, answer.json]).toEqual([
      403,
      { error_code: 'VOD.10054', error_msg: 'Identity authentication failed.' },
    ]);
  });

  it('accepts a token of IAM for a day', async () => {
    await open();
    const { userName, password, domainName, projectName } = sandbox.credentials.huaweiVod;
    const ask = (secret: string) =>
      fetch(`${sandbox.url}/v3/auth/tokens`, {
        method: 'POST',
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ['password'],
              password: { user: { name: userName, password: secret, domain: { name: domainName } } },
            },
            scope: { project: { name: projectName } },
          },
        }),
      });
    expect((await ask('wrong')).status).toBe(401);
    expect((await fetch(`${sandbox.url}/v3/auth/tokens`, { method: 'POST', body: 'no json' })).status).toBe(
      400,
    );
    const issued = await ask(password);
    expect(issued.status).toBe(201);
    expect(await issued.json()).toMatchObject({ token: { expires_at: '2026-01-16T08:30:00.000000Z' } });
    const token = issued.headers.get('x-subject-token') ?? '';
    expect((await create(minimal, { token })).status).toBe(200);
    now += 24 * 3600_000;
    expect((await create(minimal, { token })).json.error_msg).toContain(
      'token expires, expires_at: 2026-01-16',
    );
  });

  it('accepts the temporary key only with its signed token', async () => {
    await open();
    const { accessKey, secretKey, securityToken } = sandbox.credentials.huaweiVod.temporary;
    expect((await create(minimal, { accessKey, secretKey })).status).toBe(401);
    expect(
      (await create(minimal, { accessKey, secretKey, headers: { 'x-security-token': securityToken } }))
        .status,
    ).toBe(200);
  });

  it('locks a key for five minutes after too many wrong signatures', async () => {
    await open({ lockAfterFailures: 2 });
    for (let time = 0; time < 2; time += 1) await create(minimal, { secretKey: 'wrong' });
    expect((await create(minimal)).json.error_msg).toContain('AK access failed to reach the limit,forbidden');
    now += 5 * 60_000;
    expect((await create(minimal)).status).toBe(200);
  });

  it('requires the project of the credentials in path and header', async () => {
    await open();
    const foreign = '0'.repeat(32);
    const byPath = await api(sandbox, 'POST', `/v1.0/${foreign}/asset`, at({ body: minimal }));
    const byHeader = await create(minimal, { headers: { 'x-project-id': foreign } });
    for (const answer of [byPath, byHeader])
      expect([answer.status, answer.json.error_code]).toEqual([403, 'VOD.10057']);
  });
});

describe('creating', () => {
  it('answers upload URLs for the announced files, and null for a missing cover', async () => {
    await open();
    const plain = await create(minimal);
    const { projectId, region } = sandbox.credentials.huaweiVod;
    expect(plain.json).toMatchObject({
      cover_upload_url: null,
      subtitle_upload_urls: [],
      target: { location: region },
    });
    expect(plain.json.asset_id).toMatch(/^[0-9a-f]{32}$/);
    expect(plain.json.target.object).toMatch(
      new RegExp(`^${projectId}/${plain.json.asset_id}/[0-9a-f]{32}\\.mp4$`),
    );
    const rich = await create({
      ...minimal,
      cover_type: 'PNG',
      subtitles: [
        { id: 1, type: 'SRT', language: 'EN' },
        { id: 2, type: 'VTT', language: 'CN' },
      ],
    });
    expect(rich.json.cover_upload_url).toContain('/cover/Cover0.png?');
    expect(rich.json.subtitle_upload_urls.map((url) => /subtitle\/\d\.\w+/.exec(url)?.[0])).toEqual([
      'subtitle/1.srt',
      'subtitle/2.vtt',
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['title', { title: undefined }],
    ['title', { title: 'x'.repeat(1025) }],
    ['title', { title: 5 }],
    ['video_name', { video_name: '中'.repeat(43) }],
    ['video_type', { video_type: 'EXE' }],
    ['video_md5', { video_md5: '5d41402abc4b2a76b9719d911017c592' }],
    ['cover_type', { cover_type: 'GIF' }],
    ['description', { description: 'x'.repeat(1025) }],
    ['tags', { tags: Array.from({ length: 17 }, () => 'a').join(',') }],
    ['auto_publish', { auto_publish: 2 }],
    ['auto_preheat', { auto_preheat: 1 }],
    ['subtitles.language', { subtitles: [{ id: 1, type: 'SRT' }] }],
  ])('refuses an illegal %s by name: %j', async (field, change) => {
    await open();
    const answer = await create({ ...minimal, ...change });
    expect([answer.status, answer.json.error_code]).toEqual([403, 'VOD.10053']);
    expect(answer.json.error_msg).toBe(`The request parameter is illegal, illegal field: ${field}.`);
  });

  it('answers illegal parameters with 400 by setting', async () => {
    await open({ parameterErrorStatus: 400 });
    expect((await create({ ...minimal, video_type: 'EXE' })).status).toBe(400);
  });

  it('refuses a foreign category, a body that is no JSON, another content type and another method', async () => {
    await open();
    expect((await create({ ...minimal, category_id: 7 })).json.error_code).toBe('VOD.10064');
    expect((await create(undefined, { rawBody: '{' })).json.error_code).toBe('VOD.10081');
    expect((await create(minimal, { headers: { 'content-type': 'text/plain' } })).json.error_code).toBe(
      'VOD.10059',
    );
    expect((await api(sandbox, 'PATCH', '/v1.0/{pid}/asset', at({ body: {} }))).json.error_code).toBe(
      'VOD.10058',
    );
    const large = await create(undefined, { rawBody: `"${'x'.repeat(12 * 1024 * 1024)}"` });
    expect([large.status, large.json.error_code]).toEqual([413, 'APIGW.0201']);
  });
});

describe('authority', () => {
  it('answers a URL in v1.1 and only its signature in v1.0, with CORS only there', async () => {
    await open();
    const asset = await createAsset(sandbox, {}, at());
    const query = {
      http_verb: 'POST',
      content_type: 'video/mp4',
      bucket: asset.target.bucket,
      object_key: asset.target.object,
    };
    const ask = (version: string) =>
      api(
        sandbox,
        'GET',
        `/${version}/{pid}/asset/authority`,
        at({ query, unsigned: { origin: 'http://page.example' } }),
      );
    const [url, fragment] = [await ask('v1.1'), await ask('v1.0')];
    expect(fragment.json.sign_str).toMatch(/^AWSAccessKeyId=[^&]+&Expires=\d+&Signature=[^&]+$/);
    expect(url.json.sign_str).toBe(
      `${sandbox.url}/${asset.target.bucket}/${asset.target.object}?uploads&${fragment.json.sign_str}`,
    );
    expect([url, fragment].map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual([
      null,
      'http://page.example',
    ]);
    const preflight = (version: string) =>
      fetch(`${sandbox.url}/${version}/${sandbox.credentials.huaweiVod.projectId}/asset/authority`, {
        method: 'OPTIONS',
        headers: { Origin: 'http://page.example', 'Access-Control-Request-Method': 'GET' },
      });
    expect([(await preflight('v1.1')).status, (await preflight('v1.0')).status]).toEqual([404, 200]);
  });

  it.each<[string, Record<string, string | number>]>([
    ['http_verb', { http_verb: 'PATCH', upload_id: 'U' }],
    ['content_type', { http_verb: 'POST' }],
    ['upload_id', { http_verb: 'PUT', part_number: 1 }],
    ['upload_id', { http_verb: 'DELETE' }],
    ['part_number', { http_verb: 'PUT', upload_id: 'U' }],
    ['part_number', { http_verb: 'PUT', upload_id: 'U', part_number: 10_001 }],
    ['content_md5', { http_verb: 'PUT', upload_id: 'U', part_number: 1, content_md5: 'abc' }],
    ['object_key', { http_verb: 'GET', upload_id: 'U', object_key: '' }],
  ])('refuses an illegal or missing %s: %j', async (field, query) => {
    await open();
    const asset = await createAsset(sandbox, {}, at());
    await expect(authority(sandbox, asset, query, at())).rejects.toThrow(`illegal field: ${field}.`);
  });

  it('refuses authority for other objects, and for assets that are not uploading', async () => {
    await open();
    const asset = await createAsset(sandbox, {}, at());
    await expect(
      authority(sandbox, asset, { http_verb: 'GET', upload_id: 'U', object_key: 'x' }, at()),
    ).rejects.toThrow('VOD.10062');
    await confirm(sandbox, asset.asset_id, 'CANCELLED', at());
    await expect(authority(sandbox, asset, { http_verb: 'GET', upload_id: 'U' }, at())).rejects.toThrow(
      'VOD.10135',
    );
  });

  it('signs the fixed part type of the documented flow, or the one asked for', async () => {
    for (const [authorityContentType, works] of [
      ['fixed', 'application/octet-stream'],
      ['given', 'video/mp4'],
    ] as const) {
      await open({ authorityContentType });
      const asset = await createAsset(sandbox, {}, at());
      const uploadId = await initiate(sandbox, asset, at());
      const url = await authority(
        sandbox,
        asset,
        { http_verb: 'PUT', upload_id: uploadId, part_number: 1, content_type: 'video/mp4' },
        at(),
      );
      for (const type of ['application/octet-stream', 'video/mp4']) {
        expect((await store(url, 'PUT', { 'Content-Type': type }, 'x')).status).toBe(
          type === works ? 200 : 403,
        );
      }
      await sandbox.close();
    }
    await open();
  });
});

describe('the single PUT', () => {
  const put = (url: string, type: string, md5?: string) =>
    store(
      url,
      'PUT',
      { 'Content-Type': type, ...(md5 === undefined ? {} : { 'Content-MD5': md5 }) },
      'hello',
    );

  it.each([
    ['table', 200, 403],
    ['seed', 403, 200],
    ['either', 200, 200],
  ] as const)('contentTypeSigned %s: quicktime %i, mov %i', async (contentTypeSigned, quicktime, mov) => {
    await open({ contentTypeSigned });
    const asset = await createAsset(sandbox, { video_type: 'MOV' }, at());
    expect([
      (await put(asset.video_upload_url, 'video/quicktime')).status,
      (await put(asset.video_upload_url, 'video/mov')).status,
    ]).toEqual([quicktime, mov]);
  });

  it.each([
    ['jpg', 200, 403],
    ['jpeg', 403, 200],
    ['either', 200, 200],
  ] as const)('coverContentTypeSigned %s: jpg %i, jpeg %i', async (coverContentTypeSigned, jpg, jpeg) => {
    await open({ coverContentTypeSigned });
    const asset = await createAsset(sandbox, { cover_type: 'JPG' }, at());
    expect([
      (await put(asset.cover_upload_url ?? '', 'image/jpg')).status,
      (await put(asset.cover_upload_url ?? '', 'image/jpeg')).status,
    ]).toEqual([jpg, jpeg]);
  });

  it.each([
    [true, 200, 403],
    [false, 403, 200],
  ] as const)(
    'videoMd5Signed %s: with Content-MD5 %i, without %i',
    async (videoMd5Signed, withMd5, without) => {
      await open({ videoMd5Signed });
      const md5 = 'XUFAKrxLKna5cZ2REBfFkg==';
      const asset = await createAsset(sandbox, { video_md5: md5 }, at());
      expect([
        (await put(asset.video_upload_url, 'video/mp4', md5)).status,
        (await put(asset.video_upload_url, 'video/mp4')).status,
      ]).toEqual([withMd5, without]);
    },
  );

  it('refuses a single PUT above 20 MB or after the URL has expired', async () => {
    await open({ singlePutMaxBytes: 4, urlLifetimeSeconds: 60 });
    const asset = await createAsset(sandbox, { cover_type: 'JPG' }, at());
    expect((await put(asset.video_upload_url, 'video/mp4')).text).toContain('EntityTooLarge');
    expect((await put(asset.cover_upload_url ?? '', 'image/jpg')).status).toBe(200);
    now += 61_000;
    expect((await put(asset.video_upload_url, 'video/mp4')).text).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired.',
    );
  });
});

describe('confirming', () => {
  it('refuses unknown assets and statuses', async () => {
    await open();
    const asset = await createAsset(sandbox, {}, at());
    const unknown = await confirm(sandbox, '0'.repeat(32), 'CREATED', at());
    expect([unknown.status, unknown.json]).toEqual([
      403,
      { error_code: 'VOD.10062', error_msg: 'Media asset or resource does not exist, please check.' },
    ]);
    for (const status of ['DONE', ''])
      expect((await confirm(sandbox, asset.asset_id, status, at())).json.error_msg).toContain(
        'illegal field: status.',
      );
  });

  it.each([
    ['403', 403],
    ['200', 200],
  ] as const)('answers a repeated confirm with confirmRepeat %s', async (confirmRepeat, status) => {
    await open({ confirmRepeat });
    for (const first of ['CREATED', 'FAILED', 'CANCELLED']) {
      const asset = await createAsset(sandbox, {}, at());
      expect((await confirm(sandbox, asset.asset_id, first, at())).status).toBe(200);
      expect((await confirm(sandbox, asset.asset_id, first, at())).status).toBe(status);
      const other = await confirm(sandbox, asset.asset_id, first === 'FAILED' ? 'CREATED' : 'FAILED', at());
      expect([other.status, other.json.error_code]).toEqual([403, 'VOD.10126']);
    }
  });

  it('accepts a confirm without a file, and fails the asset later', async () => {
    await open();
    const asset = await createAsset(sandbox, {}, at());
    expect((await confirm(sandbox, asset.asset_id, 'CREATED', at())).status).toBe(200);
    now += 1000;
    expect(await statusOf(sandbox, asset.asset_id, at())).toBe('UPLOAD_FAILED');
  });

  it('keeps FAILED and CANCELLED as final states', async () => {
    await open();
    for (const [status, shown] of [
      ['FAILED', 'UPLOAD_FAILED'],
      ['CANCELLED', 'CANCELLED'],
    ] as const) {
      const asset = await createAsset(sandbox, {}, at());
      await confirm(sandbox, asset.asset_id, status, at());
      now += 5000;
      expect(await statusOf(sandbox, asset.asset_id, at())).toBe(shown);
    }
  });
});

describe('updating', () => {
  const update = (body: unknown) => api(sandbox, 'PUT', '/v1.0/{pid}/asset', at({ body }));

  it('answers an update with the requested URLs only', async () => {
    await open();
    const { asset_id } = await createAsset(sandbox, {}, at());
    const answer = await update({
      asset_id,
      cover_id: '0',
      cover_type: 'JPG',
      subtitles: [
        { id: 1, language: 'CN', type: 'SRT', md5: 'SqcyFjJZoDZaP8oKIY6rgQ==', description: 'AAAAA' },
      ],
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['asset_id', 'cover_upload_url', 'subtitle_upload_urls']);
    expect(answer.json.subtitle_upload_urls).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['video_name', {}],
    ['video_name', { video_type: 'MP4' }],
    ['video_type', { video_name: 'b.mp4' }],
    ['video_type', { video_name: 'b.webm', video_type: 'WEBM' }],
    ['cover_type', { cover_id: 0 }],
    ['cover_type', { cover_type: '' }],
    ['cover_id', { cover_id: 1, cover_type: 'JPG' }],
    ['subtitles.id', { subtitles: [{ id: 17, type: 'SRT', language: 'CN' }] }],
    ['subtitles.type', { subtitles: [{ id: 1, type: 'TXT', language: 'CN' }] }],
    ['subtitles.language', { subtitles: [{ id: 1, type: 'SRT' }] }],
  ])('refuses an update with an illegal %s: %j', async (field, fields) => {
    await open();
    const { asset_id } = await createAsset(sandbox, {}, at());
    expect((await update({ asset_id, ...fields })).json.error_msg).toBe(
      `The request parameter is illegal, illegal field: ${field}.`,
    );
  });

  it('replaces the video only of failed and cancelled uploads, which then upload again', async () => {
    await open();
    const video = { video_name: 'b.mov', video_type: 'MOV' };
    expect((await update({ asset_id: '0'.repeat(32), ...video })).json.error_code).toBe('VOD.10062');
    const asset = await createAsset(sandbox, {}, at());
    expect((await update({ asset_id: asset.asset_id, ...video })).json.error_code).toBe('VOD.10061');
    await confirm(sandbox, asset.asset_id, 'CANCELLED', at());
    const updated = await update({ asset_id: asset.asset_id, ...video });
    expect(Object.keys(updated.json)).toEqual(['asset_id', 'video_upload_url']);
    const object = decodeURIComponent(
      new URL(updated.json.video_upload_url).pathname.slice(asset.target.bucket.length + 2),
    );
    expect(object).toMatch(/\.mov$/);
    const again = { ...asset, target: { ...asset.target, object } };
    const uploadId = await initiate(sandbox, again, at());
    expect((await putPart(sandbox, again, uploadId, 1, new Uint8Array(3), at())).status).toBe(200);
    expect(await statusOf(sandbox, asset.asset_id, at())).toBe('CREATING');
  });

  it.each([
    ['video', 200],
    ['all', 403],
  ] as const)('accepts a cover depending on updateStates %s', async (updateStates, status) => {
    await open({ updateStates });
    const { asset_id } = await createAsset(sandbox, {}, at());
    expect((await update({ asset_id, cover_type: 'PNG' })).status).toBe(status);
  });
});

describe('reading and deleting', () => {
  it('answers details by category, and 400 for an asset that is not there', async () => {
    await open();
    const { asset_id } = await createAsset(sandbox, {}, at());
    const details = (query: ApiOptions['query']) =>
      api(sandbox, 'GET', '/v1.0/{pid}/asset/details', at({ query: query ?? {} }));
    expect(Object.keys((await details({ asset_id })).json)).toEqual([
      'asset_id',
      'base_info',
      'transcode_info',
      'thumbnail_info',
      'review_info',
    ]);
    expect(Object.keys((await details({ asset_id, categories: ['base_info', 'review_info'] })).json)).toEqual(
      ['asset_id', 'base_info', 'review_info'],
    );
    expect(Object.keys((await details({ asset_id, categories: 'base_info,review_info' })).json)).toEqual([
      'asset_id',
      'base_info',
      'review_info',
    ]);
    const missing = await details({ asset_id: 'x' });
    expect([missing.status, missing.json.error_code]).toEqual([400, 'VOD.10062']);
  });

  it.each([
    ['entry', ['NO_ASSET']],
    ['omit', []],
  ] as const)('answers unknown ids with unknownAsset %s', async (unknownAsset, statuses) => {
    await open({ unknownAsset });
    const answer = await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', at({ query: { asset_id: 'x' } }));
    expect(answer.json.asset_info_array.map(({ status }) => status)).toEqual(statuses);
  });

  it("reads by ids, at most ten, or by page, and takes the body {} that the vendor's client sends on GET", async () => {
    await open();
    const { asset_id } = await createAsset(sandbox, {}, at());
    const ids = Array.from({ length: 11 }, (_, index) => `id${index}`);
    expect(
      (await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', at({ query: { asset_id }, body: {} }))).status,
    ).toBe(200);
    expect((await infoOf(sandbox, asset_id, at())).status).toBe('CREATING');
    expect(
      (await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', at({ query: { asset_id: ids } }))).status,
    ).toBe(400);
    const listed = await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', at({ query: { page: 0, size: 1 } }));
    expect(listed.json).toMatchObject({ total: 1, is_truncated: 0 });
  });

  it('shows a cover once it is stored, and deletes all of an asset', async () => {
    await open();
    const asset = await createAsset(sandbox, { cover_type: 'JPG' }, at());
    expect((await infoOf(sandbox, asset.asset_id, at())).base_info.cover_info_array).toEqual([]);
    await store(asset.cover_upload_url ?? '', 'PUT', { 'Content-Type': 'image/jpg' }, 'a cover');
    const cover =
      (await infoOf(sandbox, asset.asset_id, at())).base_info.cover_info_array[0]?.cover_url ?? '';
    expect(await (await fetch(cover)).text()).toBe('a cover');
    const deleted = await api(
      sandbox,
      'DELETE',
      '/v1.0/{pid}/asset',
      at({ query: { asset_id: [asset.asset_id, 'unknown'] } }),
    );
    expect(deleted.json.delete_result_array).toEqual([
      { asset_id: asset.asset_id, status: 'DELETED' },
      { asset_id: 'unknown', status: 'FAILED' },
    ]);
    expect((await fetch(cover)).status).toBe(404);
    expect((await confirm(sandbox, asset.asset_id, 'CREATED', at())).json.error_code).toBe('VOD.10062');
  });
});
