import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from './start.js';
import {
  api,
  authority,
  completeUpload,
  confirm,
  createAsset,
  infoOf,
  initiate,
  look,
  md5Base64,
  md5Hex,
  putPart,
  statusOf,
  store,
} from './test-support/raw-client.js';

let now = Date.UTC(2026, 0, 15, 8, 30);
let sandbox: RunningSandbox;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 8, 30);
  sandbox = await startSandbox({ now: () => now, processingMs: 1000 });
});
afterEach(() => sandbox.close());

const at = () => ({ dateMs: now });

it('stores a file in parts, from create to published, and serves the same bytes', async () => {
  const file = new Uint8Array(250_000).map((_, index) => (index * 7) % 251);
  const pieces = [file.subarray(0, 102_400), file.subarray(102_400, 204_800), file.subarray(204_800)];
  const asset = await createAsset(sandbox, { video_type: 'MOV' }, at());
  const uploadId = await initiate(sandbox, asset, at());

  for (const number of [3, 1, 2]) {
    const piece = pieces[number - 1] ?? new Uint8Array();
    const stored = await putPart(sandbox, asset, uploadId, number, piece, at());
    expect(stored.status).toBe(200);
    expect(stored.headers.get('etag')).toBe(`"${md5Hex(piece)}"`);
  }
  const listUrl = await authority(sandbox, asset, { http_verb: 'GET', upload_id: uploadId }, at());
  const listed = await store(listUrl, 'GET');
  expect(listed.text).toContain(`<PartNumber>2</PartNumber>`);
  expect(listed.text).toContain('<IsTruncated>false</IsTruncated>');
  const completed = await completeUpload(
    sandbox,
    asset,
    uploadId,
    pieces.map((piece, index) => [index + 1, `"${md5Hex(piece)}"`]),
    at(),
  );
  expect(completed.status).toBe(200);

  const composite = `${md5Hex(Buffer.concat(pieces.map((piece) => Buffer.from(md5Hex(piece), 'hex'))))}-3`;
  expect(completed.text).toContain(`<ETag>&quot;${composite}&quot;</ETag>`);
  expect(await look(sandbox, 'objects')).toEqual([
    {
      provider: 'huawei-vod',
      bucket: asset.target.bucket,
      key: asset.target.object,
      size: 250_000,
      md5Hex: md5Hex(file),
      etag: `"${composite}"`,
      parts: pieces.map((piece, index) => ({
        partNumber: index + 1,
        size: piece.length,
        etag: `"${md5Hex(piece)}"`,
      })),
    },
  ]);
  expect(await look(sandbox, 'uploads')).toEqual([]);

  expect((await confirm(sandbox, asset.asset_id, 'CREATED', at())).json).toEqual({
    asset_id: asset.asset_id,
  });
  const seen = [];
  for (const elapsed of [0, 300, 950, 1000]) {
    now = Date.UTC(2026, 0, 15, 8, 30) + elapsed;
    seen.push(await statusOf(sandbox, asset.asset_id, at()));
  }
  expect(seen).toEqual(['WAITING_TRANSCODE', 'TRANSCODING', 'TRANSCODE_SUCCEED', 'PUBLISHED']);

  const {
    play_info_array: [play],
    base_info: base,
  } = await infoOf(sandbox, asset.asset_id, at());
  expect(play?.play_type).toBe('mp4');
  expect(base.meta_data.video_size).toBe(250_000);
  const played = await fetch(play?.url ?? '', {
    headers: { Origin: 'http://page.example', Range: 'bytes=100-199' },
  });
  expect([
    played.status,
    played.headers.get('content-range'),
    played.headers.get('access-control-allow-origin'),
  ]).toEqual([206, 'bytes 100-199/250000', 'http://page.example']);
  expect(new Uint8Array(await played.arrayBuffer())).toEqual(file.subarray(100, 200));
});

it('stores a small file by one PUT that is bound to its checksum', async () => {
  const body = new TextEncoder().encode('hello');
  const asset = await createAsset(sandbox, { video_md5: md5Base64(body) }, at());
  const headers = { 'Content-Type': 'video/mp4', 'Content-MD5': md5Base64(body) };
  expect((await store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4' }, body)).status).toBe(
    403,
  );
  const stored = await store(asset.video_upload_url, 'PUT', headers, body);
  expect([stored.status, stored.headers.get('etag')]).toEqual([200, '"5d41402abc4b2a76b9719d911017c592"']);
  expect(await look(sandbox, 'objects')).toMatchObject([
    { size: 5, md5Hex: '5d41402abc4b2a76b9719d911017c592', parts: [] },
  ]);
});

it("lists every request in order, with the vendor's names and no query", async () => {
  const asset = await createAsset(sandbox, {}, at());
  const uploadId = await initiate(sandbox, asset, at());
  await putPart(sandbox, asset, uploadId, 7, new Uint8Array(10), at());
  const requests = await look(sandbox, 'requests');
  expect(
    requests.map(({ action, plane, status }) => `${String(plane)} ${String(action)} ${String(status)}`),
  ).toEqual([
    'control CreateAssetByFileUpload 200',
    'control ShowAssetTempAuthority 200',
    'data InitiateMultipartUpload 200',
    'control ShowAssetTempAuthority 200',
    'data UploadPart 200',
  ]);
  expect(requests[4]).toEqual({
    at: '2026-01-15T08:30:00.000Z',
    provider: 'huawei-vod',
    plane: 'data',
    action: 'UploadPart',
    method: 'PUT',
    status: 200,
    bytes: 10,
    partNumber: 7,
    answeredAt: '2026-01-15T08:30:00.000Z',
    isInFlight: false,
    object: expect.stringMatching(/^\/[\w./-]+\.mp4$/) as string,
  });
  expect(JSON.stringify(requests)).not.toContain('Signature');
  expect((await look(sandbox, 'media'))[0]).toMatchObject({
    provider: 'huawei-vod',
    mediaId: asset.asset_id,
    status: 'CREATING',
    fields: { title: 'a title' },
  });
});

it('answers 501 to requests that no service claims', async () => {
  for (const [method, path] of [
    ['GET', '/v1.0/{pid}/asset/categories'],
    ['PUT', '/v1.0/{pid}/asset/authority'],
    ['GET', '/nothing'],
  ] as const) {
    const answer = await api(sandbox, method, path, at());
    expect([answer.status, answer.json.code]).toEqual([501, 'not-implemented']);
  }
});

it('lets a page read the 501 of a request that no service claims', async () => {
  const headers = { Origin: 'https://page.test' };
  const answer = await fetch(`${sandbox.url}/no-bucket/key`, { headers });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
    501,
    'https://page.test',
  ]);
});
