import { readFileSync, writeFileSync } from 'node:fs';
import { films } from './support/films.js';
import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('what is worth knowing of files is said before they are sent, and each note can be acted on', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const original = readFileSync(videos.small());
  const twin = testInfo.outputPath('twin.mp4');
  writeFileSync(twin, original);
  const cut = testInfo.outputPath('cut.mp4');
  writeFileSync(cut, original.subarray(0, Math.floor(original.length * 0.6)));
  await page.goto('/?notes=true&autoStart=false');
  await widget.pick(videos.small(), twin, cut, films.rotated());

  const card = page.locator('[data-vodrop="notes"]');
  const note = (code: string) => card.locator(`[data-note-code="${code}"]`);
  await expect(card).toContainText('4 things to know before sending');
  await expect(note('incomplete')).toContainText('The end of cut.mp4 is missing.');
  await expect(note('same-video')).toContainText('twin.mp4 is the same video as small.mp4.');
  // Of a file that was cut off, no more is known than its index says, where that is in front.
  await expect(note('no-sound')).toContainText('small.mp4, twin.mp4');
  await expect(note('vertical')).toContainText('trim-rotated.mp4 is 360');

  await note('same-video').getByRole('button', { name: 'Skip it' }).click();
  await expect(note('same-video')).toHaveCount(0);
  await expect(card).toContainText('3 things to know before sending');
  await note('incomplete').getByRole('button', { name: 'Remove' }).press('Enter');
  await expect(note('incomplete')).toHaveCount(0);
  await card.getByRole('button', { name: 'Keep all' }).click();
  await expect(card).toHaveCount(0);

  await page.getByRole('button', { name: 'Start all' }).click();
  await widget.expectStatus('ready', widget.row('small.mp4'));
  await widget.expectStatus('ready', widget.row('trim-rotated.mp4'));
  const stored = await sandbox.objects();
  expect(stored.map(({ md5Hex }) => md5Hex).toSorted()).toEqual(
    [md5Of(videos.small()), md5Of(films.rotated())].toSorted(),
  );
});

test('a video that was sent on an earlier visit is said to be the same', async ({ page, widget }) => {
  await page.goto('/?notes=true');
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await page.reload();
  await widget.pick(videos.small());
  await expect(page.locator('[data-note-code="same-video"]')).toContainText(
    'small.mp4 was sent before: today',
  );
});
