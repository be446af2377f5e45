import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { cosSdk } from '../../test-support/tencent-clients.js';
import { look } from '../../test-support/raw-client.js';

let sandbox: RunningSandbox;
let offsetMs: number;
beforeEach(async () => {
  offsetMs = 0;
  sandbox = await startSandbox({ processingMs: 0, now: () => Date.now() + offsetMs });
});
afterEach(() => sandbox.close());

interface Reply {
  code: number;
  data: Record<string, string> & {
    video: Record<string, string>;
    tempCertificate: { secretId: string; secretKey: string; token: string; expiredTime: number };
  };
}

/** The signature of `original`, as a host's server makes it for the vendor's uploader. */
function sign(fields: Record<string, string | number> = {}, secret?: string): string {
  const { secretId, secretKey } = sandbox.credentials.tencentVod;
  const now = Math.floor((Date.now() + offsetMs) / 1000);
  const times = { currentTimeStamp: now, expireTime: now + 3600, random: 7 };
  const all = { secretId, ...times, ...fields };
  const original = Object.entries(all)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const digest = createHmac('sha1', secret ?? secretKey)
    .update(original)
    .digest();
  return Buffer.concat([digest, Buffer.from(original)]).toString('base64');
}

async function call(action: string, body: object): Promise<Reply> {
  const answer = await fetch(`${sandbox.url}/v3/index.php?Action=${action}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Reply;
}

const file = { videoName: 'clip', videoType: 'mp4', videoSize: 7, uploadFromWeb: true };

it('applies, resumes and commits by the signature that a page was given', async () => {
  const signature = sign({ sourceContext: 'order=42', vodSubAppId: 1500012345 });
  const { data: applied } = await call('ApplyUploadUGC', { signature, ...file });
  const { tempCertificate: certificate } = applied;
  const resumed = await call('ApplyUploadUGC', { signature, vodSessionKey: applied['vodSessionKey'] });
  expect(resumed.data.video).toEqual(applied.video);
  const early = await call('CommitUploadUGC', { signature, vodSessionKey: applied['vodSessionKey'] });
  expect(early.code).toBe(10001);
  const Bucket = `${applied['storageBucket']}-${applied['storageAppId']}`;
  const Region = applied['storageRegionV5'] ?? '';
  const cos = cosSdk(sandbox, {
    StorageBucket: Bucket,
    StorageRegion: Region,
    TempCertificate: {
      SecretId: certificate.secretId,
      SecretKey: certificate.secretKey,
      Token: certificate.token,
      ExpiredTime: certificate.expiredTime,
    },
  });
  await cos.putObject({
    Bucket,
    Region,
    Key: applied.video['storagePath'] ?? '',
    Body: Buffer.from('a video'),
  });
  const committed = await call('CommitUploadUGC', { signature, vodSessionKey: applied['vodSessionKey'] });
  expect(committed.code).toBe(0);
  expect(await (await fetch(committed.data.video['url'] ?? '')).text()).toBe('a video');
  expect(await look(sandbox, 'media')).toMatchObject([
    {
      mediaId: committed.data['fileId'],
      fields: { MediaName: 'clip', SourceContext: 'order=42', SubAppId: 1500012345 },
    },
  ]);
});

it('refuses signatures that are changed, expired, too long-lived or of another account', async () => {
  const codes = async (signature: unknown) => (await call('ApplyUploadUGC', { signature, ...file })).code;
  const good = sign();
  expect(await codes(good)).toBe(0);
  expect(await codes(Buffer.from(good, 'base64').fill('x', 30, 31).toString('base64'))).toBe(10004);
  expect(await codes(sign({}, 'another secret'))).toBe(10004);
  expect(await codes(sign({ secretId: 'AKIDother' }))).toBe(10004);
  expect(await codes(sign({ currentTimeStamp: 1.5 }))).toBe(10004);
  expect(await codes(sign({ random: 2 ** 32 }))).toBe(10004);
  expect(await codes(sign({ expireTime: Math.floor(Date.now() / 1000) + 7_776_100 }))).toBe(10004);
  expect(await codes(undefined)).toBe(10004);
  offsetMs = 3_601_000;
  expect(await codes(good)).toBe(10010);
});

it('answers unknown actions and values with an invalid request', async () => {
  expect((await call('RemoveUGC', { signature: sign() })).code).toBe(10001);
  const answer = await call('ApplyUploadUGC', { signature: sign(), ...file, videoType: 'exe' });
  expect(answer.code).toBe(10001);
});

it('allows pages of other origins to call it', async () => {
  const answer = await fetch(`${sandbox.url}/v3/index.php?Action=ApplyUploadUGC`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://page.test',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'https://page.test',
  ]);
});
