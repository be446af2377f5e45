import { appendFileSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('the widget rejects an empty file and shows the reason', async ({ widget, sandbox }, testInfo) => {
  const file = testInfo.outputPath('empty.mp4');
  writeFileSync(file, '');
  await widget.open();
  await widget.pick(file);
  await expect(widget.rejections.locator('[data-rejection-code="file-empty"]')).toContainText('empty.mp4');
  await expect(widget.rows).toHaveCount(0);
  expect(await sandbox.requests()).toEqual([]);
});

test('the widget rejects a text file named .mp4 before it sends a byte', async ({
  widget,
  sandbox,
}, testInfo) => {
  const file = testInfo.outputPath('notes.mp4');
  writeFileSync(file, 'this is plain text, not a video\n'.repeat(100));
  await widget.open();
  await widget.drop(file, videos.small());
  await expect(widget.rejections.locator('[data-rejection-code="file-invalid-type"]')).toContainText(
    'notes.mp4',
  );
  await widget.expectStatus('ready');
  await expect(widget.rows).toHaveCount(1);
  expect(await sandbox.objects()).toHaveLength(1);
});

test('the widget rejects all files beyond the file limit together', async ({ widget }) => {
  await widget.open('&maxFiles=2');
  await widget.pick(videos.small(), videos.large(), videos.largeTwin());
  await expect(widget.rows).toHaveCount(2);
  // Files are added in natural order, whatever order the browser lists them in.
  await expect(widget.rejections.locator('[data-rejection-code="too-many-files"]')).toContainText(
    'small.mp4',
  );
});

for (const [what, name] of [
  ['quotes, emoji and right-to-left marks', `a "quoted" 'name' 🎬 \u202eevil\u202c.mp4`],
  ['300 characters', `${'long name '.repeat(24)}end.mp4`.padStart(250, 'x')],
  ['letters of other scripts', 'مقابلة 采访 интервью.mp4'],
] as const) {
  test(`a file name with ${what} reaches the cloud unchanged`, async ({ widget, sandbox }, testInfo) => {
    const file = testInfo.outputPath(name);
    copyFileSync(videos.small(), file);
    await widget.open();
    await widget.pick(file);
    await widget.expectStatus('ready');
    expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(file));
    const [media] = await sandbox.media();
    expect(JSON.stringify(media?.fields)).not.toMatch(/\u202e|\.\.\//);
  });
}

test('a file name of 300 characters with ../ in it, which only a script can create, puts no ".." into the object key', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open();
  await page.evaluate(() => {
    const bytes = new Uint8Array(200_000);
    bytes.set([0, 0, 0, 24, ...new TextEncoder().encode('ftypisom')]);
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], `../../${'n'.repeat(290)}.mp4`, { type: 'video/mp4' }));
    const input = document.querySelector<HTMLInputElement>('[data-vodrop="uploader"] input[type=file]');
    if (!input) throw new Error('the widget has no file input');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await widget.expectStatus('ready');
  const [object] = await sandbox.objects();
  expect(object?.size).toBe(200_000);
  expect(object?.key).not.toContain('..');
});

for (const [what, spoil] of [
  ['is modified', (file: string) => appendFileSync(file, 'more')],
  ['is deleted', (file: string) => rmSync(file)],
] as const) {
  test(`a file that ${what} during the upload is asked for, and no mixed object is stored`, async ({
    page,
    widget,
    sandbox,
  }, testInfo) => {
    const file = testInfo.outputPath('moving.mp4');
    copyFileSync(videos.large(), file);
    await sandbox.holdPartsAfter(2);
    await widget.open();
    await widget.pick(file);
    await widget.expectPartsKnown(2);
    spoil(file);
    await sandbox.clearFaults();
    await expect(widget.row()).toHaveAttribute('data-waiting', 'file');
    await expect(widget.row()).toContainText('The file cannot be read');
    expect(await sandbox.objects()).toEqual([]);
    // The same content from elsewhere goes on with what is stored.
    const chooser = page.waitForEvent('filechooser');
    await widget.button('Choose the file…').click();
    await (await chooser).setFiles(videos.large());
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    expect(await sandbox.media()).toHaveLength(1);
  });
}
