import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('an upload continues on another page of the application, the dock shows it, and the widget shows it again', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(3);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(3);
  await page.getByRole('button', { name: 'Library' }).click();
  const dock = page.locator('[data-vodrop="dock"]');
  await expect(dock).toContainText('0 of 1 ready');
  // The parts that the sandbox held are stored, and it holds the next ones.
  await sandbox.clearFaults();
  await sandbox.hold('UploadPart');
  await expect.poll(async () => (await sandbox.acknowledgedParts()).length).toBeGreaterThan(5);

  await dock.getByRole('button', { name: 'Show uploads' }).click();
  await expect(page.locator('[data-vodrop="dock-upload"]')).toContainText('large.mp4');
  await sandbox.clearFaults();
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(widget.rows).toHaveCount(1);
  await expect(widget.unfinished).toHaveCount(0);
  await expect(dock).toHaveCount(0);
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
  const parts = await sandbox.acknowledgedParts();
  expect(new Set(parts).size).toBe(parts.length);
});

test('an upload that ends while the widget is not mounted is shown as ready in the dock', async ({
  page,
  widget,
}) => {
  await widget.open();
  await widget.pick(videos.small());
  await expect(widget.rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Library' }).click();
  const dock = page.locator('[data-vodrop="dock"]');
  await expect(dock).toContainText('1 video ready');
  await dock.getByRole('button', { name: 'Dismiss' }).click();
  await expect(dock).toHaveCount(0);
});
