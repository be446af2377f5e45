import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox } from './start.js';
import {
  addFault,
  createAsset,
  look,
  openRequest,
  statusOf,
  confirm,
  store,
  until,
} from './test-support/raw-client.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vodrop-start-test-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('picks a free port, and names a port that is taken', async () => {
  const first = await startSandbox({ dataDir });
  expect(first.port).toBeGreaterThan(0);
  expect(first.url).toBe(`http://127.0.0.1:${first.port}`);
  const second = startSandbox({ dataDir, port: first.port });
  await expect(second).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `The sandbox cannot listen on 127.0.0.1:${first.port}: the port is taken.`,
  });
  expect(await readdir(dataDir)).toHaveLength(1);
  await first.close();
});

it('closes during uploads, and leaves no file and no open port', async () => {
  const sandbox = await startSandbox({ dataDir });
  const asset = await createAsset(sandbox);
  await store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4' }, 'stored');
  const half = openRequest(asset.video_upload_url, 'PUT', {
    'Content-Type': 'video/mp4',
    'Content-Length': '1000',
  });
  half.write(Buffer.from('half'));
  await addFault(sandbox, { action: 'CreateAssetByFileUpload' }, { delayMs: 3_600_000 });
  const waiting = createAsset(sandbox);
  waiting.catch(() => undefined);
  await until(
    async () => (await look(sandbox, 'requests')).filter(({ status }) => status === null).length === 2,
  );
  await Promise.all([sandbox.close(), sandbox.close()]);
  await expect(half.answer).rejects.toThrow();
  await expect(waiting).rejects.toThrow();
  expect(await readdir(dataDir)).toEqual([]);
  const again = await startSandbox({ dataDir, port: sandbox.port });
  await again.close();
});

it('starts with given credentials and settings', async () => {
  const sandbox = await startSandbox({
    dataDir,
    processingMs: 0,
    settings: { mediaStatus: 'TRANSCODE_FAILED' },
    huawei: { projectId: 'p1', accessKey: 'mine', secretKey: 'own' },
  });
  try {
    expect(sandbox.credentials.huaweiVod).toMatchObject({
      projectId: 'p1',
      accessKey: 'mine',
      secretKey: 'own',
      endpoint: sandbox.url,
      userName: 'sandbox-user',
    });
    const asset = await createAsset(sandbox);
    expect(asset.target.object).toMatch(/^p1\//);
    await store(asset.video_upload_url, 'PUT', { 'Content-Type': 'video/mp4' }, 'x');
    await confirm(sandbox, asset.asset_id);
    expect(await statusOf(sandbox, asset.asset_id)).toBe('TRANSCODE_FAILED');
  } finally {
    await sandbox.close();
  }
});
