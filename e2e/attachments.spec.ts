import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { coverPicture, md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';
import type { Widget } from './support/widget.js';

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

const spoken = '1\n00:00:00,500 --> 00:00:01,500\nDéjà vu, Über, 你好\n';
const latin = Buffer.from('1\n00:00:00,500 --> 00:00:01,500\nD\xe9j\xe0 vu\n', 'latin1');

/** As an editor writes a text of which each 16-bit unit has its high byte first. */
function utf16BigEndian(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
}

for (const [encoding, bytes] of [
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${spoken}`)],
  ['UTF-16, little endian', Buffer.from(`\ufeff${spoken}`, 'utf16le')],
  ['UTF-16, big endian', utf16BigEndian(spoken)],
] as const) {
  test(`subtitles in ${encoding} are stored as UTF-8 with every letter`, async ({
    page,
    widget,
    sandbox,
  }, testInfo) => {
    const file = testInfo.outputPath('words.en.srt');
    writeFileSync(file, bytes);
    const dialog = await addSubtitles(page, widget, file);
    await expect(dialog).toContainText('words.en.srt');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Start', exact: true }).first().click();
    await widget.expectStatus('ready');
    const stored = (await sandbox.objects()).map(({ md5Hex }) => md5Hex);
    const texts = [spoken, `\ufeff${spoken}`].map((text) => createHash('md5').update(text).digest('hex'));
    expect(stored.filter((md5Hex) => texts.includes(md5Hex))).toHaveLength(1);
  });
}

test('subtitles in an encoding that cannot be told are refused with the reason, and nothing of them is sent', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const file = testInfo.outputPath('words.en.srt');
  writeFileSync(file, latin);
  const dialog = await addSubtitles(page, widget, file);
  await expect(dialog).toContainText('This file is not saved as UTF-8 or UTF-16');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).first().click();
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
});

async function addSubtitles(page: Page, widget: Widget, file: string): Promise<Locator> {
  await page.goto('/?provider=huawei-vod&autoStart=false');
  await widget.pick(videos.small());
  await widget.button('Edit details').click();
  const dialog = page.getByRole('dialog');
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Add a file' }).click();
  await (await chooser).setFiles(file);
  return dialog;
}
