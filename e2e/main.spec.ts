import { md5Of, shortVideos, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('a dropped small video is sent in one PUT, confirmed and ready in the cloud', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open();
  const statuses = await widget.recordStatuses();
  await widget.drop(videos.small());
  await widget.expectStatus('ready');
  expect((await statuses()).filter((status) => status !== 'queued')).toEqual([
    'preparing',
    'uploading',
    'confirming',
    'processing',
    'ready',
  ]);

  const [object, ...others] = await sandbox.objects();
  expect(others).toEqual([]);
  expect(object).toMatchObject({ provider: 'huawei-vod', md5Hex: md5Of(videos.small()), parts: [] });
  const [media] = await sandbox.media();
  await expect(widget.row()).toHaveAttribute('data-media-id', media?.mediaId ?? 'none');

  await widget.button('Play').click();
  await expect(widget.row()).toContainText(media?.mediaId ?? 'none');
  const player = page.locator('video[controls]');
  await expect(player).toBeVisible();
  await expect
    .poll(() => player.evaluate((video: HTMLVideoElement) => video.readyState))
    .toBeGreaterThanOrEqual(2);
  expect(await player.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBe(640);
});

test('a large video is sent in verified parts', async ({ widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('uploading');
  await expect(widget.row().getByRole('progressbar')).toHaveAttribute('aria-valuenow', /\d+/);
  await sandbox.clearFaults();
  await widget.expectStatus('ready');

  const [object] = await sandbox.objects();
  expect(object?.md5Hex).toBe(md5Of(videos.large()));
  expect(object?.parts.length).toBeGreaterThan(6);
  const requests = await sandbox.requests();
  expect(requests.filter(({ action }) => action === 'ConfirmAssetUpload')).toMatchObject([{ status: 200 }]);
  const parts = await sandbox.acknowledgedParts();
  expect(new Set(parts).size).toBe(parts.length);
});

test('the drop zone is a button, and Enter opens the file dialog', async ({ page, widget, sandbox }) => {
  await widget.open();
  const dialog = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose videos' }).focus();
  await page.keyboard.press('Enter');
  await (await dialog).setFiles(videos.small());
  await widget.expectStatus('ready');
  expect(await sandbox.objects()).toHaveLength(1);
});

test('several files upload in parallel, and the same file can be chosen again', async ({
  widget,
  sandbox,
}) => {
  await widget.open();
  await widget.drop(videos.small(), videos.large());
  await widget.expectStatus('ready', widget.row('small.mp4'));
  await widget.expectStatus('ready', widget.row('large.mp4'));
  await widget.pick(videos.small());
  await expect(widget.rows).toHaveCount(3);
  await widget.expectStatus('ready', widget.rows.nth(2));
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.small()), md5Of(videos.small()), md5Of(videos.large())].sort(),
  );
});

test('one hundred and sixty small files are all stored', async ({ page, widget, sandbox }) => {
  test.setTimeout(120_000);
  await widget.open();
  const files = shortVideos(160);
  await widget.pick(...files);
  await expect(page.locator('[data-vodrop="total"]')).toContainText('160 videos ready', { timeout: 90_000 });
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex).sort()).toEqual(files.map(md5Of).sort());
});
