import { copyFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { listen } from './support/heard.js';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

const refused = (action: string) => ({
  match: { action },
  times: null,
  effect: { status: 403, code: 'AccessDenied' },
});

test('arrow keys move through the list, Delete removes rows, and the focus stays at the same position', async ({
  page,
  widget,
}, testInfo) => {
  const files = ['a.mp4', 'b.mp4', 'c.mp4', 'd.mp4'].map((name) => testInfo.outputPath(name));
  for (const file of files) copyFileSync(videos.small(), file);
  await widget.open();
  await widget.setUndoMs(300);
  await widget.pick(...files);
  await expect(page.locator('[data-vodrop="upload"][data-status="ready"]')).toHaveCount(4);
  const names = await widget.rows.evaluateAll((rows) =>
    rows.map((row) => (row as HTMLElement).dataset['fileName'] ?? ''),
  );
  const row = (index: number) => widget.row(names[index]);

  await row(0).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(3)).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await expect(widget.rows).toHaveCount(3);
  await expect(row(2)).toBeFocused();
  // The list is one tab stop: Tab returns to the row that had the focus.
  await page.keyboard.press('Shift+Tab');
  await expect(row(2)).not.toBeFocused();
  await page.keyboard.press('Tab');
  await expect(row(2)).toBeFocused();
  // After removal by its own button, the focus moves to the same button of the next row.
  await widget.removeReady(row(2));
  await expect(widget.rows).toHaveCount(2);
  await expect(widget.button('More', row(3))).toBeFocused();
  await widget.removeReady(row(3));
  await expect(widget.button('More', row(0))).toBeFocused();
  await widget.removeReady(row(0));
  await expect(widget.rows).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeFocused();
});

test('cancel all asks for confirmation and names the uploads, Escape keeps them, and after confirmation no parts stay in the cloud', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(8);
  await widget.open();
  await widget.pick(videos.large(), videos.largeTwin());
  await widget.expectPartsKnown(8);
  const all = page.getByRole('button', { name: 'Cancel all' });
  await all.click();
  const total = page.locator('[data-vodrop="total"]');
  await expect(total).toContainText('Cancel 2 unfinished uploads?');
  await expect(total).toContainText(/\d+(\.\d+)?.MB already uploaded will be deleted\./);
  await expect(total.getByRole('button', { name: 'Keep uploading' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(all).toBeFocused();
  await widget.expectStatus('uploading');
  await all.press('Enter');
  await total.getByRole('button', { name: 'Cancel uploads' }).click();
  await widget.expectStatus('canceled', widget.rows.nth(0));
  await widget.expectStatus('canceled', widget.rows.nth(1));
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
  expect(await sandbox.objects()).toEqual([]);
});

test('several failed uploads are retried at once, and the support details contain no secret', async ({
  context,
  page,
  widget,
  sandbox,
}, testInfo) => {
  const twin = testInfo.outputPath('twin.mp4');
  copyFileSync(videos.small(), twin);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await sandbox.faults(refused('PutObject'));
  await widget.open();
  await widget.pick(videos.small(), twin);
  await widget.expectStatus('failed', widget.row('small.mp4'));
  await widget.expectStatus('failed', widget.row('twin.mp4'));
  await expect(page.locator('[data-vodrop="total"]')).toContainText('2 need attention');

  await widget.button('Copy details', widget.row('twin.mp4')).click();
  const details = await page.evaluate(() => navigator.clipboard.readText());
  expect(details).toContain('store-refused');
  expect(details).toContain('AccessDenied');
  expect(details).toContain('vendorRequestId');
  expect(details).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d/);
  expect(details).not.toMatch(/https?:\/\/\S*\?|signature|accesskey|ticket["':=]|credential|eyJ/i);

  await sandbox.clearFaults();
  await page.getByRole('button', { name: 'Retry failed' }).click();
  await widget.expectStatus('ready', widget.row('small.mp4'));
  await widget.expectStatus('ready', widget.row('twin.mp4'));
});

test('the live region announces the start, a quarter and the end, and the total announces its percentage', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(7);
  await widget.open();
  const heard = await listen(page);
  await widget.pick(videos.large());
  await expect(page.locator('[data-vodrop="total"]').getByRole('progressbar')).toHaveAttribute(
    'aria-valuetext',
    /^\d+ percent/,
  );
  const quarter = expect.stringMatching(/^(25|50|75) percent uploaded$/) as unknown;
  await expect.poll(heard).toEqual(['Uploading 1 video', quarter]);
  await sandbox.clearFaults();
  await expect.poll(heard).toContain('large.mp4 is ready');
  // At most one announcement every five seconds; a slow machine has time for one more.
  const [first, ...later] = await heard();
  expect(first).toBe('Uploading 1 video');
  expect(later.slice(-1)).toEqual(['large.mp4 is ready']);
  expect(later.slice(0, -1)).toEqual(later.slice(0, -1).map(() => quarter));
});

test('unfinished uploads of an earlier visit are listed above new uploads', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toContainText('large.mp4');
  expect((await widget.unfinished.boundingBox())?.y).toBeLessThan((await widget.row().boundingBox())?.y ?? 0);
});

test.describe('leaving the page', () => {
  const asksBeforeLeaving = (page: Page) =>
    page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));

  test('leaving the page shows no warning while every upload can be resumed', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(2);
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectPartsKnown(2);
    expect(await asksBeforeLeaving(page)).toBe(false);
  });

  test('leaving the page shows a warning while a file was taken and nothing of it is known to the next visit', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.hold('CreateAssetByFileUpload');
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('preparing');
    expect(await asksBeforeLeaving(page)).toBe(true);
    await sandbox.clearFaults();
    await widget.expectStatus('ready');
    expect(await asksBeforeLeaving(page)).toBe(false);
  });

  test('leaving the page shows a warning until all bytes are sent when uploads cannot be resumed', async ({
    page,
    widget,
    sandbox,
  }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', { value: undefined });
    });
    await sandbox.holdPartsAfter(2);
    await widget.open();
    expect(await asksBeforeLeaving(page)).toBe(false);
    await widget.pick(videos.large());
    await expect.poll(async () => (await sandbox.acknowledgedParts()).length).toBeGreaterThanOrEqual(2);
    expect(await asksBeforeLeaving(page)).toBe(true);
    await sandbox.clearFaults();
    await widget.expectStatus('ready');
    expect(await asksBeforeLeaving(page)).toBe(false);
  });
});

test('the widget keeps the screen on only while bytes are sent', async ({ page, widget, sandbox }) => {
  await page.addInitScript(() => {
    const held = { now: 0 };
    Object.assign(window, { held });
    Object.defineProperty(navigator, 'wakeLock', {
      value: {
        request: () => {
          held.now += 1;
          return Promise.resolve({
            release: () => {
              held.now -= 1;
              return Promise.resolve();
            },
          });
        },
      },
    });
  });
  const held = () => page.evaluate(() => (window as unknown as { held: { now: number } }).held.now);
  await sandbox.hold('UploadPart');
  await widget.open();
  expect(await held()).toBe(0);
  await widget.pick(videos.large());
  await expect.poll(held).toBe(1);
  await widget.button('Pause').click();
  await expect.poll(held).toBe(0);
  await widget.button('Resume').click();
  await expect.poll(held).toBe(1);
  await sandbox.clearFaults();
  await widget.expectStatus('ready');
  await expect.poll(held).toBe(0);
});

test('background priority limits the upload to two parts at a time', async ({ page, widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.pick(videos.large());
  const parts = async () =>
    (await sandbox.requests())
      .filter(({ action }) => action === 'UploadPart')
      .map(({ at, answeredAt }) => ({
        at: Date.parse(at),
        until: answeredAt === null ? Infinity : Date.parse(answeredAt),
      }));
  await expect.poll(async () => (await parts()).length).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Limit speed' }).click();
  const gentleSince = Date.now();
  await expect(page.getByRole('button', { name: 'Limit speed' })).toHaveAttribute('aria-pressed', 'true');
  await sandbox.clearFaults();
  await sandbox.faults({ match: { action: 'UploadPart' }, times: null, effect: { delayMs: 300 } });
  await expect
    .poll(async () => (await parts()).filter(({ at }) => at > gentleSince).length)
    .toBeGreaterThan(4);

  const all = await parts();
  const besides = (one: { at: number }) =>
    all.filter(({ at, until }) => at <= one.at && until > one.at).length;
  expect(Math.max(...all.filter(({ at }) => at <= gentleSince).map(besides))).toBeGreaterThan(2);
  expect(Math.max(...all.filter(({ at }) => at > gentleSince).map(besides))).toBeLessThanOrEqual(2);
});
