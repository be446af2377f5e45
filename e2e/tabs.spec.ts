import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';
import { Widget } from './support/widget.js';

test.beforeEach(async ({ sandbox, widget }) => {
  await sandbox.holdPartsAfter(4);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(4);
});

test('a second tab shows the upload of the first tab, and its buttons work', async ({
  context,
  widget,
  sandbox,
}) => {
  const second = new Widget(await context.newPage());
  await second.open();
  await expect(second.row()).toHaveAttribute('data-owner', 'other');
  await expect(second.row()).toContainText('In another tab');
  await expect(second.unfinished).toHaveCount(0);
  await second.button('Pause').click();
  await widget.expectStatus('paused');
  await sandbox.clearFaults();
  await second.button('Resume').click();
  await widget.expectStatus('ready');
  await second.expectStatus('ready');
  const parts = await sandbox.acknowledgedParts();
  expect(new Set(parts).size).toBe(parts.length);
});

test('when the first tab closes, the second tab continues the upload within five seconds without asking for the file', async ({
  context,
  page,
  sandbox,
}) => {
  const second = new Widget(await context.newPage());
  await second.open();
  await expect(second.row()).toHaveAttribute('data-owner', 'other');
  await page.close();
  await expect(second.row()).not.toHaveAttribute('data-owner', 'other', { timeout: 5000 });
  const before = await sandbox.acknowledgedParts();
  await sandbox.clearFaults();
  await second.expectStatus('ready');
  const after = (await sandbox.acknowledgedParts()).slice(before.length);
  expect(after.filter((part) => before.includes(part))).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
});
