import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('an editor of the title that does not come is said to be missing, can be put away, and comes by "Retry"', async ({
  page,
  widget,
  sandbox,
}) => {
  let isThere = false;
  await page.route(/\/title-editor-[^/]*\.js/, (route) => (isThere ? route.continue() : route.abort()));
  await page.clock.install();
  await widget.open();
  await sandbox.hold('UploadPart');
  await widget.pick(videos.large());
  await widget.expectStatus('uploading');
  const name = widget.row().locator('[data-editable]');
  await name.click();
  await page.clock.runFor(500);
  await expect(widget.row().locator('[data-icon="spin"]')).toBeVisible();
  await page.clock.runFor(8000);
  const note = widget.row().getByRole('alert');
  await expect(note).toContainText('Part of this page could not be loaded.');
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await expect(note).toHaveCount(0);
  await expect(widget.row()).toBeFocused();

  await name.click();
  await page.clock.runFor(9000);
  isThere = true;
  await note.getByRole('button', { name: 'Retry' }).click();
  await expect(widget.row().getByRole('textbox')).toBeFocused();
});
