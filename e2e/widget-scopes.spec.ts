import type { Locator } from '@playwright/test';
import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('two widgets of two scopes neither list nor continue the uploads of each other, not even with the same file', async ({
  page,
  widget,
  sandbox,
}) => {
  const widgets = page.locator('[data-vodrop="uploader"]');
  const [first, second] = [widgets.nth(0), widgets.nth(1)].map((root) => ({
    rows: root.locator('[data-vodrop="upload"]'),
    unfinished: root.locator('[data-vodrop="unfinished"]'),
    pick: (file: string) => root.locator('input[type=file]').first().setInputFiles(file),
  })) as [Half, Half];
  await sandbox.holdPartsAfter(4);
  await page.goto('/?provider=huawei-vod&scope=lesson-1&second=huawei-vod&secondScope=lesson-2');
  await first.pick(videos.large());
  await widget.expectPartsKnown(4);
  await expect(second.rows).toHaveCount(0);

  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  await expect(first.unfinished).toContainText('Continue “large.mp4”');
  await expect(second.unfinished).toHaveCount(0);

  // In the other scope the same file is another upload.
  await second.pick(videos.large());
  await widget.expectStatus('ready', second.rows);
  await expect(first.rows).toHaveCount(0);
  await expect(first.unfinished).toContainText('Continue “large.mp4”');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
  const between = await sandbox.acknowledgedParts();

  await first.pick(videos.large());
  await widget.expectStatus('ready', first.rows);
  await expect(first.unfinished).toHaveCount(0);
  await expect(second.rows).toHaveCount(1);
  const continued = (await sandbox.acknowledgedParts()).slice(between.length);
  expect(continued.filter((part) => before.includes(part))).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([
    md5Of(videos.large()),
    md5Of(videos.large()),
  ]);
});

interface Half {
  readonly rows: Locator;
  readonly unfinished: Locator;
  readonly pick: (file: string) => Promise<void>;
}

test('an unfinished upload is offered only on the page of its scope, and stays unchanged on that of another', async ({
  widget,
  sandbox,
  page,
}) => {
  await sandbox.holdPartsAfter(4);
  await widget.open('&scope=lesson-1');
  await widget.pick(videos.large());
  await widget.expectPartsKnown(4);
  await widget.open('&scope=lesson-2');
  await sandbox.clearFaultsWhenLetGo();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  await widget.expectPartsKnown(4);
  await widget.open();
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect(widget.unfinished).toHaveCount(0);
  await widget.open('&scope=lesson-1');
  await expect(widget.unfinished).toContainText('Continue “large.mp4”');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.large()), md5Of(videos.small())].sort(),
  );
  expect(await sandbox.openUploads()).toEqual([]);
});

test('files that wait when the cookie becomes that of another person are refused, and start when the first is back', async ({
  widget,
  sandbox,
  page,
}) => {
  const signIn = (person: string) =>
    page.context().addCookies([{ name: 'person', value: person, url: new URL(page.url()).origin }]);
  await widget.open('&autoStart=false');
  await signIn('ann');
  // Once for what the cloud can do, and once for who has added the file.
  let answers = 0;
  page.on('response', (response) => {
    if (response.url().endsWith('/describe')) answers += 1;
  });
  await widget.pick(videos.small());
  await widget.expectStatus('queued');
  await expect.poll(() => answers).toBe(2);
  await signIn('ben');
  await widget.button('Start').click();
  await widget.expectStatus('failed');
  await expect(widget.row()).toHaveAttribute('data-error-code', 'ticket-foreign');
  await expect(widget.row()).toContainText('another account');
  expect(await sandbox.objects()).toEqual([]);
  expect(await sandbox.openUploads()).toEqual([]);
  await signIn('ann');
  await widget.button('Retry').click();
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
});
