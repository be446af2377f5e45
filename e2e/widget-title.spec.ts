import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('a title typed into the row while the file uploads reaches the cloud once it is there', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open();
  await sandbox.hold('UploadPart');
  await widget.pick(videos.large());
  await widget.expectStatus('uploading');
  await widget.row().locator('[data-editable]').click();
  const box = widget.row().getByRole('textbox');
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(/^[^.]+$/);
  // Typed, because React does not see what is filled in by the driver of Firefox. All of the old title is selected.
  await box.pressSequentially('Sunrise over the ridge');
  await box.press('Enter');
  // This is shown for two seconds only.
  await expect(widget.row()).toContainText('Saved');
  await expect(widget.row()).toBeFocused();
  await expect(widget.row()).toContainText('Sunrise over the ridge');
  await sandbox.clearFaults();
  await widget.expectStatus('ready');
  await expect
    .poll(async () => (await sandbox.media()).map(({ fields }) => fields['title']))
    .toEqual(['Sunrise over the ridge']);

  await widget.button('Edit details').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: 'Title', exact: true })).toBeFocused();
  await expect(dialog.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue(
    'Sunrise over the ridge',
  );
  await dialog.getByRole('textbox', { name: 'Title', exact: true }).press('ControlOrMeta+a');
  await dialog.getByRole('textbox', { name: 'Title', exact: true }).pressSequentially('Dawn');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(async () => (await sandbox.media()).map(({ fields }) => fields['title']))
    .toEqual(['Dawn']);
});
