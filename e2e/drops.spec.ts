import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession, Locator, Page } from '@playwright/test';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

/** A real drag of files, one step at a time. */
class FileDrag {
  readonly #session: CDPSession;
  readonly #files: string[];

  constructor(session: CDPSession, files: string[]) {
    this.#session = session;
    this.#files = files;
  }

  static async of(page: Page, ...files: string[]): Promise<FileDrag> {
    return new FileDrag(await page.context().newCDPSession(page), files);
  }

  async send(type: 'dragEnter' | 'dragOver' | 'drop' | 'dragCancel', target: Locator): Promise<void> {
    const box = await target.boundingBox();
    if (!box) throw new Error('the target is not on the page');
    await this.#session.send('Input.dispatchDragEvent', {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data: { items: [], files: this.#files, dragOperationsMask: 1 },
    });
  }
}

/** What a memory card looks like after it was used by several systems. */
function makeCard(folder: string): void {
  const add = (name: string, content: string | undefined = undefined) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (content === undefined) copyFileSync(videos.small(), file);
    else writeFileSync(file, content);
  };
  for (const name of ['DCIM/clip 10.mp4', 'DCIM/clip 2.mp4', 'B cam/clip 2.mp4']) add(name);
  for (const name of [
    '.Trashes/501/deleted.mp4',
    '.Spotlight-V100/store.mp4',
    '$RECYCLE.BIN/S-1-5/$RAB12CD.mp4',
    'System Volume Information/tracking.mp4',
    '@eaDir/clip 2.mp4/SYNOVIDEO.mp4',
    '__MACOSX/clip 2.mp4',
    'lost+found/inode.mp4',
  ])
    add(name);
  for (const name of ['DCIM/._clip 2.mp4', '.DS_Store', 'Thumbs.db', 'DCIM/desktop.ini'])
    add(name, 'no video');
}

const wanted = ['B cam/clip 2.mp4', 'DCIM/clip 2.mp4', 'DCIM/clip 10.mp4'];

test('a dropped folder adds its videos in natural order with their folders, and no file of the operating systems', async ({
  page,
  widget,
}, testInfo) => {
  const card = testInfo.outputPath('card');
  makeCard(card);
  await widget.open();
  await widget.drop(card);
  await expect(widget.rows).toHaveCount(3);
  for (const [index, name] of wanted.entries()) {
    const row = widget.rows.nth(index);
    await expect(row).toHaveAttribute('data-file-name', path.basename(name));
    await expect(row).toContainText(`card/${path.dirname(name)}`);
    await widget.expectStatus('ready', row);
  }
  await expect(widget.rows).toHaveCount(3);
  await expect(widget.rejections).toHaveCount(0);
  await expect(page.locator('[data-vodrop="dropzone"]')).not.toHaveAttribute('data-drag');
});

test('a chosen folder adds the same files as a dropped one', async ({ page, widget }, testInfo) => {
  const card = testInfo.outputPath('card');
  makeCard(card);
  await widget.open();
  const dialog = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await dialog).setFiles(card);
  await expect(widget.rows).toHaveCount(3);
  expect(await widget.rows.evaluateAll((rows) => rows.map((row) => row.textContent))).toEqual(
    wanted.map((name): unknown => expect.stringContaining(`card/${path.dirname(name)}`)),
  );
  await expect(widget.rejections).toHaveCount(0);
});

test('a file and a folder that cannot be opened are rejected by name, and the rest of the drop is added', async ({
  page,
  widget,
}, testInfo) => {
  const card = testInfo.outputPath('card');
  for (const name of ['a.mp4', 'moved.mp4', 'locked/b.mp4', 'z.mp4']) {
    mkdirSync(path.dirname(path.join(card, name)), { recursive: true });
    copyFileSync(videos.small(), path.join(card, name));
  }
  await page.addInitScript(() => {
    const { getFile } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.getFile = function () {
      return this.name === 'moved.mp4'
        ? Promise.reject(new DOMException('moved', 'NotFoundError'))
        : getFile.call(this);
    };
    const { values } = FileSystemDirectoryHandle.prototype;
    FileSystemDirectoryHandle.prototype.values = function () {
      if (this.name === 'locked') throw new DOMException('refused', 'NoModificationAllowedError');
      return values.call(this);
    };
  });
  await widget.open();
  await widget.drop(card);
  await widget.expectStatus('ready', widget.row('a.mp4'));
  await widget.expectStatus('ready', widget.row('z.mp4'));
  await expect(widget.rows).toHaveCount(2);
  const reason = widget.rejections.locator('[data-rejection-code="file-unreadable"]');
  await expect(reason).toContainText('moved.mp4');
  await expect(reason).toContainText('locked');
  await expect(widget.rejections).toContainText('2 of 4 files cannot be added');
});

test('the compact drop zone is lit while files are over it, and no longer once they leave it, in any way', async ({
  page,
  widget,
}) => {
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  const zone = page.locator('[data-vodrop="dropzone"]');
  await expect(zone).toHaveAttribute('data-compact');
  const button = page.getByRole('button', { name: 'Choose videos' });
  const heading = page.getByRole('heading', { name: 'Video upload that survives anything' });
  const drag = await FileDrag.of(page, videos.small());

  for (const entry of [button, zone, zone.locator('svg').last()]) {
    await drag.send('dragEnter', entry);
    await drag.send('dragOver', entry);
    await expect(zone).toHaveAttribute('data-drag', 'accept');
    await expect(zone).toContainText('Drop to add 1 video');
    await drag.send('dragOver', heading);
    await expect(zone).not.toHaveAttribute('data-drag');
    await drag.send('dragOver', zone);
    await expect(zone).toHaveAttribute('data-drag', 'accept');
    await drag.send('dragCancel', zone);
    await page.mouse.move(5, 5);
    await expect(zone).not.toHaveAttribute('data-drag');
  }
  await drag.send('dragEnter', zone);
  await drag.send('dragOver', zone);
  await drag.send('drop', zone);
  await expect(zone).not.toHaveAttribute('data-drag');
  await expect(widget.rows).toHaveCount(2);
});

test('files dropped beside the drop zone do not open in place of the page', async ({ page, widget }) => {
  await widget.open();
  const url = page.url();
  const heading = page.getByRole('heading', { name: 'Video upload that survives anything' });
  const drag = await FileDrag.of(page, videos.small());
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await drag.send(type, heading);
  // A drop that the page does not prevent opens the file in another tab.
  const answered = await page.evaluate(() => {
    const event = new DragEvent('drop', {
      bubbles: true,
      cancelable: true,
      dataTransfer: new DataTransfer(),
    });
    event.dataTransfer?.items.add(new File(['x'], 'a.mp4', { type: 'video/mp4' }));
    return !document.querySelector('h1')?.dispatchEvent(event);
  });
  expect(answered).toBe(true);
  expect(page.context().pages()).toHaveLength(1);
  expect(page.url()).toBe(url);
  await expect(widget.rows).toHaveCount(0);
});
