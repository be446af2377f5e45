import { copyFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('the title, cover and subtitles entered before the start reach the cloud', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  await page.goto('/?provider=alibaba-vod&autoStart=false');
  await widget.pick(videos.small());
  await expect(widget.row()).toContainText('Not started');
  await widget.button('Edit details').click();
  const dialog = page.getByRole('dialog', { name: 'Details of small.mp4' });
  await dialog.getByLabel('Title', { exact: true }).fill('Harbour at dawn');
  await dialog.getByLabel('Tags').fill('harbour');
  await dialog.getByLabel('Tags').press('Enter');

  const strip = dialog.getByRole('slider', { name: 'Position in the video' });
  await expect(strip).toHaveAttribute('aria-valuemax', '2');
  await strip.focus();
  await strip.press('ArrowRight');
  await expect(strip).toHaveAttribute('aria-valuetext', '0:01 of 0:02');
  await strip.press('Enter');
  await expect(dialog).toContainText('Frame at 0:01');

  const [wrong, right] = [testInfo.outputPath('broken.en.srt'), testInfo.outputPath('harbour.en.srt')];
  writeFileSync(wrong, '1\n00:00:02,000 --> 00:00:01,000\nHello\n');
  writeFileSync(right, '1\n00:00:00,500 --> 00:00:01,500\nHello\n');
  for (const file of [wrong, right]) {
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Add a file' }).click();
    await (await chooser).setFiles(file);
  }
  await expect(dialog.getByRole('alert')).toHaveText('Line 2 ends before it starts');
  await expect(dialog.getByLabel('Language: harbour.en.srt')).toHaveValue('en');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(widget.button('Edit details')).toBeFocused();
  expect(await sandbox.objects()).toEqual([]);

  await widget.button('Start').click();
  await widget.expectStatus('ready');
  const keys = (await sandbox.objects()).map(({ key }) => key);
  expect(keys.some((key) => /\.jpe?g$/.test(key))).toBe(true);
  expect(keys.some((key) => key.endsWith('.srt'))).toBe(true);
  expect(JSON.stringify(await sandbox.media())).toContain('Harbour at dawn');
});

test('the widget rejects a video that is too long before it sends a byte, and shows the duration', async ({
  page,
  widget,
  sandbox,
}) => {
  await page.goto('/?provider=huawei-vod&maxDuration=1');
  await widget.pick(videos.small());
  await expect(widget.rejections.locator('[data-rejection-code="duration-too-long"]')).toContainText(
    /This video is 2.s long; the limit is 1.s/,
  );
  await expect(page.getByRole('status').first()).toContainText('This file cannot be added');
  expect(await sandbox.requests()).toEqual([]);
});

test('files can be dropped anywhere on the page', async ({ page, widget }) => {
  await page.goto('/?provider=huawei-vod&dropTarget=page');
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  const session = await page.context().newCDPSession(page);
  const at = { x: 20, y: 700, data: { items: [], files: [videos.small()], dragOperationsMask: 1 } };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at });
  await expect(page.locator('[data-vodrop="page-drop"]')).toBeVisible();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at });
  await expect(page.locator('[data-vodrop="page-drop"]')).toHaveCount(0);
  await widget.expectStatus('ready');
});

test('a different file of the same name is recognized and can start as a new upload', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const other = testInfo.outputPath('large.mp4');
  copyFileSync(videos.largeTwin(), other);
  truncateSync(other, statSync(videos.large()).size);
  const { atime, mtime } = statSync(videos.large());
  utimesSync(other, atime, mtime);
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();

  const chooser = page.waitForEvent('filechooser');
  await widget.unfinished.getByRole('button', { name: 'Choose the file…' }).click();
  await (await chooser).setFiles(other);
  await expect(widget.unfinished.getByRole('alert')).toHaveText(
    'This is a different file with the same name.',
  );
  await widget.unfinished.getByRole('button', { name: 'Upload as a new video' }).click();
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveAttribute('data-state', 'needs-file');

  const again = page.waitForEvent('filechooser');
  await widget.unfinished.getByRole('button', { name: 'Choose the file…' }).click();
  await (await again).setFiles(videos.large());
  await expect(widget.unfinished).toHaveCount(0);
  await widget.expectStatus('ready', widget.rows.nth(1));
});
