import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

/** Longer than any of these tests. */
const anyTimeMs = 600_000;

test('a canceled upload can be undone for a time, in which nothing is aborted and no part is lost', async ({
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(3);
  await widget.open();
  await widget.setUndoMs(anyTimeMs);
  await widget.pick(videos.large());
  await widget.expectPartsKnown(3);
  await widget.button('Cancel').click();
  await expect(widget.button('Undo')).toBeFocused();
  await expect(widget.row()).toContainText(/Canceled.*will be deleted in/);
  await widget.expectStatus('paused');
  expect(await sandbox.openUploads()).toHaveLength(1);
  await sandbox.clearFaults();
  await widget.button('Undo').click();
  await widget.expectStatus('ready');
  const parts = await sandbox.acknowledgedParts();
  expect(new Set(parts).size).toBe(parts.length);
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('a canceled upload is aborted when the time to undo is over, and not before', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.pick(videos.large());
  await expect.poll(async () => (await sandbox.openUploads()).length).toBe(1);
  await widget.row().focus();
  await page.keyboard.press('Delete');
  await widget.button('Undo').hover();
  await expect(widget.button('Undo')).toBeFocused();
  await widget.expectStatus('paused');
  expect(await sandbox.openUploads()).toHaveLength(1);
  await page.mouse.move(0, 0);
  await widget.expectStatus('canceled');
  await expect(widget.row()).toContainText('nothing is stored in the cloud');
  expect(await sandbox.openUploads()).toEqual([]);
  expect(await sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);
});

test('a page that is left before the time to undo is over leaves an unfinished upload, which can be continued', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.setUndoMs(anyTimeMs);
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await widget.button('Cancel').click();
  await expect(widget.button('Undo')).toBeFocused();
  await widget.expectStatus('paused');
  await page.reload();
  await expect(widget.unfinished).toHaveCount(1);
  expect(await sandbox.openUploads()).toHaveLength(1);
  await sandbox.clearFaults();
  await widget.pick(videos.large());
  const resume = widget.button('Resume');
  await resume.or(widget.page.locator('[data-status="ready"]')).first().waitFor();
  if (await resume.isVisible()) await resume.click();
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('another tab shows an upload as paused while its cancellation can be undone, and can resume it', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.setUndoMs(anyTimeMs);
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  const other = await page.context().newPage();
  await other.goto('/?provider=huawei-vod');
  const mirrored = other.locator('[data-vodrop="upload"]');
  await expect(mirrored).toHaveAttribute('data-owner', 'other');
  await widget.button('Cancel').click();
  await expect(mirrored).toHaveAttribute('data-status', 'paused');
  await sandbox.clearFaults();
  await mirrored.getByRole('button', { name: 'Resume' }).click();
  await expect(widget.button('Undo')).toHaveCount(0);
  await widget.expectStatus('ready');
});

test('an upload can be canceled also where the code of the undo is gone, as after a deploy', async ({
  page,
  widget,
  sandbox,
}) => {
  let refused = 0;
  await page.route(/undo-chunk/, (route) => {
    refused += 1;
    return route.abort();
  });
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.pick(videos.large());
  await expect.poll(async () => (await sandbox.openUploads()).length).toBe(1);
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await expect(widget.row()).toContainText('nothing is stored in the cloud');
  expect(await sandbox.openUploads()).toEqual([]);
  expect(refused).toBeGreaterThan(0);
});
