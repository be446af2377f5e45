import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { coverPicture, md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

/** The providers that accept a cover; some of them also accept subtitles. */
const clouds = [
  { id: 'huawei-vod', hasSubtitles: true },
  { id: 'alibaba-vod', hasSubtitles: true },
  { id: 'tencent-vod', hasSubtitles: false },
];

const words = '1\n00:00:00,500 --> 00:00:01,500\nHello, caption one.\n';

for (const { id, hasSubtitles } of clouds) {
  test(`${id} stores the cover${hasSubtitles ? ' and the subtitles' : ''} chosen before the start with the video`, async ({
    page,
    widget,
    sandbox,
  }, testInfo) => {
    const subtitle = testInfo.outputPath('words.en.srt');
    writeFileSync(subtitle, words);
    await page.goto(`/?provider=${id}&autoStart=false`);
    await widget.pick(videos.small());
    await widget.expectStatus('queued');

    await widget.button('Edit details').click();
    const dialog = page.getByRole('dialog');
    const picture = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a picture' }).click();
    await (await picture).setFiles(coverPicture());
    if (hasSubtitles) {
      const file = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'Add a file' }).click();
      await (await file).setFiles(subtitle);
      await expect(dialog).toContainText('words.en.srt');
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();

    await page.getByRole('button', { name: 'Start', exact: true }).first().click();
    await widget.expectStatus('ready');
    const stored = (await sandbox.objects())
      .filter(({ provider }) => provider === id)
      .map(({ md5Hex }) => md5Hex);
    const wanted = [
      md5Of(videos.small()),
      md5Of(coverPicture()),
      ...(hasSubtitles ? [createHash('md5').update(words).digest('hex')] : []),
    ];
    expect(stored.sort()).toEqual(wanted.sort());
  });
}
