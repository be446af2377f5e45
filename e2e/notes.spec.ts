import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { films } from './support/films.js';
import { film, md5Of, videos } from './support/media.js';
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

/** As cameras of phones film: ten bits a color, and sound. */
const hevc10 = () =>
  film('notes-hevc10.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=2'],
    ...['-f', 'lavfi', '-i', 'sine=440:d=2', '-c:a', 'aac'],
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-tag:v', 'hvc1'],
    ...['-pix_fmt', 'yuv420p10le'],
  ]);

test('of films of every kind, the row says what is to know and no more, and all of them are sent', async ({
  page,
  widget,
}) => {
  const expected: Record<string, readonly string[]> = {
    [films.h264()]: [],
    [films.vp9()]: [],
    [films.av1()]: [],
    [films.variable()]: [],
    [films.surround()]: [],
    [films.rotated()]: ['Vertical'],
    [films.silent()]: ['No sound'],
    [films.hevc()]: ['HEVC'],
    [hevc10()]: ['HEVC, 10 bit'],
    [films.hdr()]: ['H.264, 10 bit', 'HDR'],
  };
  await page.goto('/?notes=true');
  await widget.pick(...Object.keys(expected));
  for (const [file, titles] of Object.entries(expected)) {
    const row = widget.row(path.basename(file));
    await widget.expectStatus('ready', row);
    const marks = row.locator('.vd-marks > span');
    await expect(marks).toHaveCount(titles.length);
    for (const [index, title] of titles.entries())
      await expect(marks.nth(index)).toHaveAttribute('title', new RegExp(`^${title}\\. `));
  }
  await expect(page.locator('[data-vodrop="notes"] li')).toHaveCount(6);
});

test('a video that was sent on an earlier visit is said to be the same', async ({ page, widget }) => {
  await page.goto('/?notes=true');
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await page.reload();
  await widget.pick(videos.small());
  await expect(page.locator('[data-vodrop="notes"] [data-note-code="same-video"]')).toContainText(
    'small.mp4 was sent before: today',
  );
});
