import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultList, parseFaultRules } from './faults.js';
import { startSandbox, type RunningSandbox } from './start.js';
import {
  addFault,
  api,
  authority,
  codeOf,
  confirm,
  createAsset,
  initiate,
  look,
  openRequest,
  putPart,
  statusOf,
  store,
  until,
  type CreatedAsset,
} from './test-support/raw-client.js';

describe('rules', () => {
  const target = {
    provider: 'huawei-vod',
    plane: 'data',
    action: 'UploadPart',
    method: 'PUT',
    partNumber: 3,
  } as const;

  it('applies the first matching rule, as often as the rule says', () => {
    const faults = new FaultList();
    faults.add(
      parseFaultRules({
        rules: [
          { match: { partNumber: 4 }, effect: { status: 500 } },
          { match: { action: 'UploadPart' }, times: 2, effect: { status: 503 } },
          { effect: { delayMs: 5 }, times: 'always' },
        ],
      }),
    );
    expect(Array.from({ length: 4 }, () => faults.take(target))).toEqual([
      { status: 503 },
      { status: 503 },
      { delayMs: 5 },
      { delayMs: 5 },
    ]);
    expect(faults.rules).toEqual([
      { match: { partNumber: 4 }, times: 1, effect: { status: 500 } },
      { match: {}, times: null, effect: { delayMs: 5 } },
    ]);
  });

  it.each<[unknown, string]>([
    [[], 'The body must be {"rules":[…]}.'],
    [{ rules: [5] }, 'rules[0] must be an object.'],
    [{ rules: [{ effect: {} }] }, 'rules[0].effect names no effect'],
    [{ rules: [{}] }, 'rules[0].effect must be an object.'],
    [{ rules: [{ effect: { status: 200 } }] }, 'rules[0].effect.status cannot be 200.'],
    [{ rules: [{ effect: { stauts: 500 } }] }, 'rules[0].effect.stauts is not known'],
    [{ rules: [{ match: { plane: 'x' }, effect: { status: 500 } }] }, 'rules[0].match.plane cannot be "x".'],
    [{ rules: [{ times: 0, effect: { status: 500 } }] }, 'rules[0].times must be'],
  ])('names the invalid part of the fault rule %j', (input, message) => {
    expect(() => parseFaultRules(input)).toThrow(message);
  });
});

describe('effects', () => {
  let sandbox: RunningSandbox;
  let asset: CreatedAsset;
  beforeEach(async () => {
    sandbox = await startSandbox({ processingMs: 0 });
    asset = await createAsset(sandbox);
  });
  afterEach(() => sandbox.close());

  const put = (headers: Record<string, string> = {}) =>
    store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4', ...headers }, 'hello');
  const objects = async () => (await look(sandbox, 'objects')).length;

  it("answers a fault with a status in the vendor's format, without performing the request", async () => {
    await addFault(sandbox, { action: 'PutObject' }, { status: 503 }, 2);
    for (let time = 0; time < 2; time += 1) {
      const answer = await put({ Origin: 'http://page.example' });
      expect([answer.status, codeOf(answer.text), answer.headers.get('access-control-allow-origin')]).toEqual(
        [503, 'ServiceUnavailable', 'http://page.example'],
      );
    }
    expect([await objects(), (await put()).status, await objects()]).toEqual([0, 200, 1]);
    await addFault(sandbox, { plane: 'control', action: 'ConfirmAssetUpload' }, { status: 500 });
    const refused = await confirm(sandbox, asset.asset_id);
    expect([refused.status, refused.json.error_code]).toEqual([500, 'VOD.10051']);
    await addFault(sandbox, { plane: 'control' }, { status: 429 });
    expect((await confirm(sandbox, asset.asset_id)).json.error_code).toBe('APIGW.0308');
  });

  it.each([
    ['SlowDown', 503],
    ['IncompleteBody', 400],
    ['TooManyWrongSignature', 400],
    ['VirtualHostDomainRequired', 403],
    ['OperationAborted', 409],
    ['MethodNotAllowed', 405],
    ['InternalError', 500],
  ])('answers a fault with the code %s, which nothing else causes', async (code, status) => {
    await addFault(sandbox, { plane: 'data' }, { status, code });
    const answer = await put();
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it('delays a request by delayMs', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { delayMs: 60 });
    const begin = performance.now();
    expect((await put()).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(50);
  });

  it('holds a request after its body until the rules are cleared', async () => {
    await addFault(sandbox, {}, { hold: true }, null);
    const [sending, asking] = [put(), statusOf(sandbox, asset.asset_id)];
    await until(
      async () =>
        (await look(sandbox, 'requests')).filter(
          ({ action, bytes }) => action === 'ShowAssetMeta' || (action === 'PutObject' && bytes === 5),
        ).length === 2,
    );
    expect((await look(sandbox, 'requests')).slice(-2)).toMatchObject([
      { status: null, isInFlight: true },
      { status: null, isInFlight: true },
    ]);
    expect(await objects()).toBe(0);
    await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'DELETE' });
    expect([(await sending).status, await asking, await objects()]).toEqual([200, 'CREATING', 1]);
    expect((await put()).status).toBe(200);
  });

  it('does not perform a held request whose client has disconnected', async () => {
    await addFault(sandbox, {}, { hold: true }, null);
    const body = Buffer.alloc(300_000);
    const hanging = openRequest(asset.video_upload_url, 'PUT', {
      'Content-Type': 'video/mp4',
      'Content-Length': String(body.length),
    });
    hanging.write(body);
    await until(async () =>
      (await look(sandbox, 'requests')).some(
        ({ action, bytes }) => action === 'PutObject' && bytes === body.length,
      ),
    );
    hanging.destroy();
    await expect(hanging.answer).rejects.toThrow();
    await until(async () => !(await look(sandbox, 'requests')).some(({ isInFlight }) => isInFlight));
    await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'DELETE' });
    expect((await put()).status).toBe(200);
    expect(await look(sandbox, 'objects')).toMatchObject([{ size: 5 }]);
  });

  it('reads a body no faster than rateBytesPerSecond', async () => {
    await addFault(sandbox, { method: 'PUT' }, { rateBytesPerSecond: 100 });
    const begin = performance.now();
    expect((await put()).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(40);
  });

  it('drops the connection after dropAfterBytes and stores nothing', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { dropAfterBytes: 3 });
    await expect(put()).rejects.toThrow();
    await addFault(sandbox, { action: 'ShowAssetMeta' }, { dropAfterBytes: 0 });
    await expect(statusOf(sandbox, asset.asset_id)).rejects.toThrow();
    expect(await objects()).toBe(0);
    expect((await look(sandbox, 'requests')).slice(-2)).toMatchObject([
      { action: 'PutObject', status: null, bytes: 3 },
      { action: 'ShowAssetMeta', status: null },
    ]);
  });

  it('stops reading after stallAfterBytes and keeps the connection open', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { stallAfterBytes: 3 });
    const given = new AbortController();
    const url = new URL(asset.video_upload_url);
    const hanging = fetch(url, {
      method: 'PUT',
      headers: { 'Content-Type': 'video/mp4' },
      body: 'hello',
      signal: given.signal,
    });
    await until(async () =>
      (await look(sandbox, 'requests')).some(({ action, bytes }) => action === 'PutObject' && bytes === 3),
    );
    given.abort();
    await expect(hanging).rejects.toThrow();
    expect(await objects()).toBe(0);
    expect((await put()).status).toBe(200);
  });

  it('answers a fault with an HTML page, without performing the request', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { html: true });
    await addFault(
      sandbox,
      { action: 'ConfirmAssetUpload' },
      { html: true, status: 502, retryAfterSeconds: 7 },
    );
    const answer = await put();
    expect([answer.status, answer.headers.get('content-type'), await objects()]).toEqual([
      200,
      'text/html',
      0,
    ]);
    const refused = await fetch(
      `${sandbox.url}/v1.0/${sandbox.credentials.huaweiVod.projectId}/asset/status/uploaded`,
      { method: 'POST', body: '{}' },
    );
    expect([refused.status, refused.headers.get('retry-after'), (await refused.text()).slice(0, 9)]).toEqual([
      502,
      '7',
      '<!doctype',
    ]);
  });

  it('corrupts a body, which only a checksum detects', async () => {
    await addFault(sandbox, { action: 'UploadPart', partNumber: 1 }, { corrupt: true });
    const uploadId = await initiate(sandbox, asset);
    expect(codeOf((await putPart(sandbox, asset, uploadId, 1, Buffer.from('hello'))).text)).toBe('BadDigest');
    await addFault(sandbox, { action: 'PutObject' }, { corrupt: true });
    expect((await put()).headers.get('etag')).not.toBe('"5d41402abc4b2a76b9719d911017c592"');
  });

  it('performs a request and loses its reply', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { loseReply: true });
    await expect(put()).rejects.toThrow();
    expect(await objects()).toBe(1);
    await addFault(sandbox, { action: 'ConfirmAssetUpload' }, { loseReply: true });
    await expect(confirm(sandbox, asset.asset_id)).rejects.toThrow();
    expect(await statusOf(sandbox, asset.asset_id)).toBe('PUBLISHED');
  });

  it('stores a part and hides its ETag', async () => {
    await addFault(sandbox, { action: 'PutObject' }, { hideETag: true });
    const answer = await put();
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
  });

  it('treats URL, signature and token as expired', async () => {
    await addFault(sandbox, {}, { expire: true }, 2);
    expect((await put()).text).toContain('<Code>AccessDenied</Code><Message>Request has expired.');
    const answer = await api(sandbox, 'GET', '/v1.0/{pid}/asset/info', {
      query: { asset_id: asset.asset_id },
    });
    expect([answer.status, answer.json.error_code]).toEqual([401, 'APIGW.0301']);
    expect((await put()).status).toBe(200);
  });

  it('lets one asset fail in processing by mediaStatus', async () => {
    await put();
    await addFault(sandbox, { action: 'ConfirmAssetUpload' }, { mediaStatus: 'TRANSCODE_FAILED' });
    await confirm(sandbox, asset.asset_id);
    expect(await statusOf(sandbox, asset.asset_id)).toBe('TRANSCODE_FAILED');
  });

  it('does not apply fault rules to preflights', async () => {
    await addFault(sandbox, {}, { status: 500 });
    const preflight = await store(asset.video_upload_url, 'OPTIONS', {
      Origin: 'http://page.example',
      'Access-Control-Request-Method': 'PUT',
    });
    expect([preflight.status, (await put()).status]).toEqual([200, 500]);
  });
});

describe('the control API', () => {
  let sandbox: RunningSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  const control = (method: string, resource: string, body?: string) =>
    fetch(`${sandbox.url}/__sandbox/${resource}`, { method, ...(body === undefined ? {} : { body }) });

  it('adds, lists and removes fault rules', async () => {
    await addFault(sandbox, { plane: 'data' }, { status: 500 }, 3);
    await addFault(sandbox, {}, { delayMs: 1 }, null);
    const shown = await control('GET', 'faults');
    expect(await shown.json()).toEqual({
      rules: [
        { match: { plane: 'data' }, times: 3, effect: { status: 500 } },
        { match: {}, times: null, effect: { delayMs: 1 } },
      ],
    });
    expect((await control('OPTIONS', 'faults')).status).toBe(204);
    expect((await control('DELETE', 'faults')).status).toBe(200);
    expect(await (await control('GET', 'faults')).json()).toEqual({ rules: [] });
  });

  it('aborts open uploads through the control API, as a lifecycle rule does', async () => {
    const asset = await createAsset(sandbox);
    const uploadId = await initiate(sandbox, asset);
    await putPart(sandbox, asset, uploadId, 1, Buffer.from('hello'));
    expect(await (await control('DELETE', 'uploads')).json()).toEqual([]);
    expect(await look(sandbox, 'uploads')).toEqual([]);
    expect(codeOf((await putPart(sandbox, asset, uploadId, 2, Buffer.from('world'))).text)).toBe(
      'NoSuchUpload',
    );
  });

  it('names what is invalid in the input of the control API', async () => {
    for (const [body, message] of [
      ['{', 'The body is not JSON.'],
      ['{"rules":[{"effect":{"x":1}}]}', 'rules[0].effect.x is not known'],
    ] as const) {
      const answer = await control('POST', 'faults', body);
      expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
        400,
        expect.stringContaining(message),
      ]);
    }
    expect((await control('GET', 'nothing')).status).toBe(404);
  });

  it('resets all state and aborts requests under way', async () => {
    const asset = await createAsset(sandbox);
    const uploadId = await initiate(sandbox, asset);
    await store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4' }, 'x');
    await addFault(sandbox, {}, { delayMs: 1 }, 'always');
    const url = await authority(sandbox, asset, { http_verb: 'PUT', upload_id: uploadId, part_number: 1 });
    const hanging = openRequest(url, 'PUT', {
      'Content-Type': 'application/octet-stream',
      'Content-Length': '10',
    });
    hanging.write(Buffer.from('half'));
    await until(async () =>
      (await look(sandbox, 'requests')).some(({ bytes, action }) => action === 'UploadPart' && bytes === 4),
    );
    expect((await control('POST', 'reset')).status).toBe(200);
    await expect(hanging.answer).rejects.toThrow();
    for (const resource of ['objects', 'uploads', 'media', 'requests'])
      expect(await look(sandbox, resource)).toEqual([]);
    expect(await (await control('GET', 'faults')).json()).toEqual({ rules: [] });
    expect((await createAsset(sandbox)).target.bucket).toBe(asset.target.bucket);
  });
});
