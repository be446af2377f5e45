import { md5Of, videos } from '../support/media.js';
import { describeOwnership } from '../support/ownership.js';
import { expect, test } from '../support/test.js';

test('Firefox uploads a small and a large video, which are confirmed and become ready', async ({
  widget,
  sandbox,
}) => {
  await widget.open();
  await widget.pick(videos.small(), videos.large());
  await widget.expectStatus('ready', widget.row('small.mp4'));
  await widget.expectStatus('ready', widget.row('large.mp4'));
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.small()), md5Of(videos.large())].sort(),
  );
  const parts = await sandbox.acknowledgedParts();
  expect(parts.length).toBeGreaterThan(6);
  expect(new Set(parts).size).toBe(parts.length);
});

test('in Firefox, the drop zone is lit while files are over it, and a drop hands them to the widget', async ({
  page,
  widget,
}) => {
  await widget.open();
  const zone = page.locator('[data-vodrop="dropzone"]');
  // Only Chromium's DevTools can drag real files; the events and their data are the browser's own all the same.
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['words, not pictures'], 'notes.mp4', { type: 'video/mp4' }));
    return data;
  });
  await zone.dispatchEvent('dragenter', { dataTransfer: transfer });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(zone).toHaveAttribute('data-drag', /./);
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(widget.rejections).toContainText('notes.mp4');
  await expect(zone).not.toHaveAttribute('data-drag', /./);
});

test('in Firefox, choosing the same file after a reload continues the upload without sending a stored part again', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(4);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(4);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  await expect(widget.unfinished).toContainText('Continue “large.mp4”');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  expect(
    (await sandbox.acknowledgedParts()).slice(before.length).filter((part) => before.includes(part)),
  ).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
});

test('in Firefox, the upload of a small file continues automatically after a reload', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.faults({ match: { action: 'PutObject' }, times: 1, effect: { stallAfterBytes: 100_000 } });
  await widget.open();
  await widget.pick(videos.small());
  await expect
    .poll(async () => (await sandbox.requests()).find(({ action }) => action === 'PutObject')?.bytes ?? 0)
    .toBe(100_000);
  await widget.expectFilesKept(1);
  await page.reload();
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
});

describeOwnership('Firefox', test);
