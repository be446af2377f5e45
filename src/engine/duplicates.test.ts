import { describe, expect, it } from 'vitest';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, settle, testFile } from './test-support/harness.js';
import type { UploadStatus } from './types.js';

const codes = ({ rejections }: { rejections: readonly { code: string }[] }) =>
  rejections.map(({ code }) => code);

describe('a file of the same content', () => {
  it('is another upload where duplicates are allowed, which is the default', async () => {
    const h = harness();
    await h.uploader.add([testFile(95)]);
    await h.uploader.add([testFile(95), testFile(95)]);
    await h.clock.advance(60_000);
    expect(h.cloud.uploads.size).toBe(3);
  });

  it('is refused under any name, while a file of that size with another content is added', async () => {
    const h = harness({ duplicates: 'refuse' });
    const { added } = await h.uploader.add([testFile(95)]);
    const result = await h.uploader.add([testFile(95, { name: 'copy.mp4' }), testFile(95, { seed: 2 })]);
    expect(result.added).toHaveLength(1);
    expect(result.rejections).toMatchObject([
      { code: 'duplicate-file', duplicateOf: { id: added[0], fileName: 'clip.mp4' } },
    ]);
    expect(result.rejections[0]?.item).toBeUndefined();
  });

  it('is refused once within one call, and between two calls at once', async () => {
    const h = harness({ duplicates: 'refuse' });
    const results = await Promise.all([
      h.uploader.add([testFile(95), testFile(95, { name: 'b.mp4' })]),
      h.uploader.add([testFile(95, { name: 'c.mp4' })]),
    ]);
    expect(results.flatMap(({ added }) => added)).toHaveLength(1);
    expect(results.flatMap(codes)).toEqual(['duplicate-file', 'duplicate-file']);
  });

  it('is asked about: the item comes back, and is added all the same when it is allowed', async () => {
    const h = harness({ duplicates: 'ask' });
    await h.uploader.add([testFile(95)]);
    const copies = ['b.mp4', 'c.mp4'].map((name) => ({
      file: testFile(95, { name }),
      path: `day 1/${name}`,
    }));
    const { rejections } = await h.uploader.add(copies);
    expect(rejections.map(({ item }) => item)).toEqual(copies);
    expect(await h.uploader.add([...copies.slice(0, 1)], { duplicates: 'allow' })).toMatchObject({
      rejections: [],
    });
    expect(h.uploader.getSnapshot().uploads.map(({ path }) => path)).toEqual([undefined, 'day 1/b.mp4']);
    // The other question stays.
    expect(h.uploader.getSnapshot().rejections.map(({ item }) => item)).toEqual([copies[1]]);
  });

  it('continues an unfinished upload and is no duplicate of it', async () => {
    const first = harness({ duplicates: 'refuse', concurrency: { connections: 1 } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const second = first.reload();
    second.cloud.onPut = () => 'ok';
    await settle();
    expect(codes(await second.uploader.add([testFile(95)]))).toEqual([]);
    await second.until('ready');
    expect(second.cloud.uploads.size).toBe(1);
  });

  it('is refused while another tab of the scope uploads it, and added in another scope', async () => {
    const browser = new FakeBrowser();
    const open = (scope: string, kept: Parameters<typeof harness>[1]) =>
      harness({ duplicates: 'refuse', scope, ports: { tabs: browser.openTab() } }, kept);
    const first = open('a', {});
    first.cloud.onPut = () => new Promise<never>(() => {});
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const [second, other] = [open('a', first), open('b', first)];
    await first.clock.advance(1000);
    expect(codes(await second.uploader.add([testFile(95)]))).toEqual(['duplicate-file']);
    expect(codes(await other.uploader.add([testFile(95)]))).toEqual([]);
  });

  it.each<[UploadStatus, boolean]>([
    ['queued', true],
    ['uploading', true],
    ['paused', true],
    ['ready', true],
    ['failed', false],
    ['canceled', false],
  ])('of an upload that is %s is a duplicate: %s', async (status, isDuplicate) => {
    const h = harness({ duplicates: 'refuse', autoStart: status !== 'queued' });
    if (status === 'failed')
      h.cloud.onCall = (operation) =>
        operation === 'start' ? Response.json({ code: 'file-refused' }, { status: 422 }) : undefined;
    if (status !== 'ready') h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(1000);
    if (status === 'paused') h.uploader.pauseAll();
    if (status === 'canceled') h.uploader.cancelAll();
    await h.until(status);
    expect(codes(await h.uploader.add([testFile(95)]))).toEqual(isDuplicate ? ['duplicate-file'] : []);
  });
});
