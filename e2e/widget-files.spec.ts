import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { listen } from './support/heard.js';
import { md5Of, videos, withoutLength } from './support/media.js';
import { expect, test } from './support/test.js';

test('a dropped folder adds its videos at any depth and rejects the other files in one card, grouped by reason', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const folder = testInfo.outputPath('rushes');
  mkdirSync(path.join(folder, 'day 1', 'camera B'), { recursive: true });
  copyFileSync(videos.small(), path.join(folder, 'opening.mp4'));
  copyFileSync(videos.small(), path.join(folder, 'day 1', 'camera B', 'harbour.mp4'));
  for (let index = 1; index <= 5; index += 1)
    writeFileSync(path.join(folder, `call-sheet-${index}.pdf`), '%PDF-1.7 nothing more');
  writeFileSync(path.join(folder, 'day 1', 'notes.mp4'), 'words, not pictures\n'.repeat(50));
  writeFileSync(path.join(folder, 'empty.mp4'), '');
  await widget.open();
  const heard = await listen(page);
  await widget.drop(folder);
  await expect(widget.rejections).toContainText('7 of 9 files cannot be added');
  const notVideos = widget.rejections.locator('[data-rejection-code="file-invalid-type"]');
  await expect(notVideos).toContainText('(6)');
  await expect(notVideos).toContainText('3 more');
  await expect(widget.rejections.locator('[data-rejection-code="file-empty"]')).toContainText('empty.mp4');
  await expect.poll(heard).toContain('7 of 9 files cannot be added');
  await widget.expectStatus('ready', widget.row('opening.mp4'));
  await widget.expectStatus('ready', widget.row('harbour.mp4'));
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([
    md5Of(videos.small()),
    md5Of(videos.small()),
  ]);
  await widget.rejections.getByRole('button', { name: 'Dismiss' }).click();
  await expect(widget.rejections).toHaveCount(0);
});

test('pasted files are added only while the focus is in the widget', async ({ page, widget }) => {
  await widget.open();
  const paste = (selector: string) =>
    page.evaluate((where) => {
      const bytes = new Uint8Array(200_000);
      bytes.set([0, 0, 0, 24, ...new TextEncoder().encode('ftypisom')]);
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'pasted.mp4', { type: 'video/mp4' }));
      const event = new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
      document.querySelector(where)?.dispatchEvent(event);
      return event.defaultPrevented;
    }, selector);
  expect(await paste('h1')).toBe(false);
  await page.getByRole('button', { name: 'Choose videos' }).focus();
  expect(await paste(':focus')).toBe(true);
  await expect(widget.row()).toHaveAttribute('data-file-name', 'pasted.mp4');
  await widget.expectStatus('ready');
  await expect(widget.rows).toHaveCount(1);
});

test('content, name and MIME type together decide the type: .mkv and .mov without a MIME type pass, text named .mkv does not', async ({
  page,
  widget,
}) => {
  await widget.open();
  await pick(page, [
    {
      name: 'lecture.mkv',
      head: [0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x82, 0x88, ...Buffer.from('matroska')],
    },
    { name: 'rushes.mov', head: [0, 0, 0, 20, ...Buffer.from('ftypqt  ')] },
    { name: 'notes.mkv', head: [...Buffer.from('these are words, '.repeat(20))] },
  ]);
  await expect(widget.rejections.locator('[data-rejection-code="file-invalid-type"]')).toContainText(
    'notes.mkv',
  );
  await expect(widget.rows).toHaveCount(2);
  await widget.expectStatus('ready', widget.row('lecture.mkv'));
  await widget.expectStatus('ready', widget.row('rushes.mov'));
});

test('the widget rejects a video of too many pixels before it sends a byte, and shows its resolution and the limit', async ({
  page,
  widget,
  sandbox,
}) => {
  await page.goto('/?provider=huawei-vod&maxResolution=240');
  await widget.pick(videos.small());
  await expect(widget.rejections.locator('[data-rejection-code="resolution-too-high"]')).toContainText(
    /This video is .*360.*; the limit is .*240/,
  );
  expect(await sandbox.requests()).toEqual([]);
});

/** Files without a MIME type, as operating systems pass files of an unknown type. */
async function pick(page: Page, files: { name: string; head: number[] }[]): Promise<void> {
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, head } of given) {
      const bytes = new Uint8Array(200_000).fill(name.startsWith('notes') ? 0x61 : 0);
      bytes.set(head);
      transfer.items.add(new File([bytes], name));
    }
    const input = document.querySelector<HTMLInputElement>('[data-vodrop="uploader"] input[type=file]');
    if (!input) throw new Error('the widget has no file input');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, files);
}

for (const [what, film] of Object.entries(withoutLength)) {
  test(`a ${what} without a stated length has a poster and its length in the row`, async ({ widget }) => {
    await widget.open();
    await widget.pick(film());
    await expect(widget.row().locator('.vd-poster img')).toBeVisible();
    await expect(widget.row().locator('.vd-poster')).toContainText('0:04');
    await widget.expectStatus('ready');
    await expect(widget.row().locator('.vd-poster')).toContainText('0:04');
  });
}
