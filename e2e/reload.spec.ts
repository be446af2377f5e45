import { copyFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('after a reload during the upload, choosing the same file continues it without sending a stored part again', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(6);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(6);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  expect(before).toHaveLength(6);
  await expect(widget.unfinished).toHaveAttribute('data-file-name', 'large.mp4');

  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  const after = await sandbox.acknowledgedParts();
  const again = after.slice(before.length).filter((part) => before.includes(part));
  expect(again).toEqual([]);
  const [object, ...others] = await sandbox.objects();
  expect(others).toEqual([]);
  expect(object?.md5Hex).toBe(md5Of(videos.large()));
  expect(await sandbox.media()).toHaveLength(1);
});

test('a different file of the same name and size does not continue an unfinished upload', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const original = videos.large();
  const other = testInfo.outputPath('large.mp4');
  copyFileSync(videos.largeTwin(), other);
  truncateSync(other, statSync(original).size);
  const { atime, mtime } = statSync(original);
  utimesSync(other, atime, mtime);
  expect(path.basename(other)).toBe(path.basename(original));
  expect(statSync(other).size).toBe(statSync(original).size);

  await sandbox.holdPartsAfter(3);
  await widget.open();
  await widget.pick(original);
  await widget.expectPartsKnown(3);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  await expect(widget.unfinished).toHaveCount(1);
  await widget.pick(other);
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(1);
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex)).toEqual([md5Of(other)]);
  expect(await sandbox.media()).toHaveLength(2);
});

test('discarding an unfinished upload removes its parts from the store', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await page.reload();
  await widget.unfinished.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(widget.unfinished).toHaveCount(0);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect(widget.unfinished).toHaveCount(0);
});

test('the journal contains no URL, no key and no signature', async ({ page, widget, sandbox }) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  const stored = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('vodrop');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the journal cannot be opened'));
    });
    const all = await Promise.all(
      [...database.objectStoreNames].map(
        (name) =>
          new Promise((resolve) => {
            const request = database.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => resolve(request.result);
          }),
      ),
    );
    return JSON.stringify(all);
  });
  expect(stored).toContain('large.mp4');
  expect(stored).not.toMatch(/https?:|signature|accesskey/i);
});

test('the card of an unfinished upload shows the picture of its video, which is deleted with the upload', async ({
  page,
  widget,
  sandbox,
}) => {
  const keptCount = () =>
    page.evaluate(async () => (await (await caches.open('vodrop-posters-1')).keys()).length);
  await sandbox.holdPartsAfter(2);
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await expect.poll(keptCount).toBe(1);
  await page.reload();
  const picture = widget.unfinished.locator('.vd-poster img');
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
  await widget.unfinished.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(widget.unfinished).toHaveCount(0);
  await expect.poll(keptCount).toBe(0);
});
