import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { listen } from './support/heard.js';
import { coverPicture, md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('every action works by keyboard and is announced', async ({ page, widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.setUndoMs(300);
  const dialog = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose videos' }).focus();
  await page.keyboard.press('Enter');
  await (await dialog).setFiles(videos.large());
  const [polite, alerts] = [
    page.locator('[data-vodrop="announcements"]').first(),
    page.locator('[data-vodrop="alerts"]').first(),
  ];
  await expect(polite).toHaveText('Uploading 1 video');
  const heard = await listen(page);
  await widget.expectStatus('uploading');

  await widget.row().focus();
  await page.keyboard.press('Space');
  await widget.expectStatus('paused');
  await expect.poll(heard).toContainEqual(expect.stringMatching(/^large\.mp4 paused, \d+ percent$/));
  await expect(widget.row()).toBeFocused();
  await page.keyboard.press('Space');
  await widget.expectStatus('uploading');
  await expect.poll(heard).toContain('Uploading large.mp4');
  await page.keyboard.press('Tab');
  // The poster plays the file; it is the first button of the row once there is a picture.
  await expect(widget.button('Play').or(widget.button('Pause')).and(page.locator(':focus'))).toHaveCount(1);
  await widget.button('Pause').focus();
  await expect(widget.button('Pause')).toBeFocused();
  await expect(widget.row().getByRole('progressbar')).toHaveAttribute('aria-valuetext', /^\d+ percent/);

  await sandbox.clearFaults();
  await sandbox.faults({
    match: { action: 'UploadPart' },
    times: null,
    effect: { status: 403, code: 'AccessDenied' },
  });
  await widget.expectStatus('failed');
  await expect(alerts).toContainText(/^large\.mp4 stopped\. /);
  await sandbox.clearFaults();
  await widget.button('Retry').press('Enter');
  await widget.expectStatus('ready');
  await expect(polite).toHaveText('large.mp4 is ready');
  await widget.row().focus();
  await page.keyboard.press('Delete');
  await expect(widget.rows).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeFocused();
});

test('the demo page works in right-to-left Arabic and in Chinese without axe violations', async ({
  page,
  widget,
}) => {
  await widget.open('&locale=ar');
  const root = page.locator('[data-vodrop="uploader"]');
  await expect(root).toHaveAttribute('dir', 'rtl');
  await expect(root).toHaveAttribute('lang', 'ar');
  await expect(page.getByRole('button', { name: 'اختر الفيديوهات' })).toBeVisible();
  await widget.pick(videos.small());
  await expect(widget.row()).toContainText('جاهز');
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // Colors change in a transition. Those in between have no contrast of their own.
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
    expect(
      (await new AxeBuilder({ page }).analyze()).violations.map(
        ({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      ),
    ).toEqual([]);
  }
  await widget.open('&locale=zh-CN');
  await expect(page.getByRole('button', { name: '选择视频', exact: true })).toBeVisible();
});

test('at 320 pixels no element is cut off and the page needs no horizontal scrolling', async ({
  page,
  widget,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const targets = await page.locator('[data-vodrop="uploader"] button:visible').evaluateAll((buttons) =>
    buttons.map((button) => {
      const { width, height } = button.getBoundingClientRect();
      return {
        name: button.getAttribute('aria-label') ?? button.textContent,
        small: Math.min(width, height) < 24,
      };
    }),
  );
  // WCAG 2.5.8 exempts inline targets: a link within a sentence may have the height of its line.
  expect(targets.filter(({ small, name }) => small && !/choose videos|media ID/i.test(name ?? ''))).toEqual(
    [],
  );
});

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('targets have 44 pixels, and an unfinished upload does not speak of dropping', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(2);
    await widget.open();
    await widget.pick(videos.large(), videos.small());
    await widget.expectStatus('ready', widget.row('small.mp4'));
    await expect(widget.button('Play', widget.row('large.mp4'))).toBeVisible();
    const small = () =>
      page.locator('[data-vodrop="uploader"] button:visible').evaluateAll((buttons) =>
        buttons
          // The link in the drop zone is as large as the zone.
          .filter(
            (button) =>
              getComputedStyle(button, '::after').position !== 'absolute' || !button.matches('.vd-link'),
          )
          .filter((button) => {
            const { width, height } = button.getBoundingClientRect();
            return Math.min(width, height) < 43.9;
          })
          .map((button) => button.getAttribute('aria-label') ?? button.textContent),
      );
    expect(await small()).toEqual([]);
    await widget.expectPartsKnown(2);
    await page.reload();
    await expect(widget.unfinished).toHaveCount(1);
    expect(await small()).toEqual([]);
    expect(await page.locator('[data-vodrop="uploader"]').innerText()).not.toMatch(/drop/i);
    await sandbox.clearFaultsWhenLetGo();
  });

  for (const [language, more, edit, words] of [
    ['en', 'More', 'Edit details', 'Choose a picture'],
    ['de', 'Mehr', 'Details bearbeiten', 'Bild wählen'],
  ] as const)
    test(`the cover field does not speak of dropping in ${language}`, async ({ page, widget }) => {
      await page.goto(`/?autoStart=false&locale=${language}`);
      await widget.pick(videos.small());
      await widget.expectStatus('queued');
      await widget.button(more).tap();
      await page.getByRole('menuitem', { name: edit }).tap();
      const dialog = page.getByRole('dialog');
      const chooser = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: words, exact: true }).tap();
      await (await chooser).setFiles(coverPicture());
      await expect(dialog).toContainText(path.basename(coverPicture()));
    });

  test('the link to what needs attention can be hit where its 44 pixels are', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.faults({
      match: { action: 'PutObject' },
      times: null,
      effect: { status: 403, code: 'AccessDenied' },
    });
    await widget.open();
    await widget.pick(videos.small());
    await widget.expectStatus('failed');
    const link = page.getByRole('button', { name: '1 needs attention' });
    const isHit = await link.evaluate((element) => {
      const { left, top, bottom, width } = element.getBoundingClientRect();
      const at = (y: number) => document.elementFromPoint(left + width / 2, y);
      return bottom - top >= 43.9 && [top + 1, bottom - 1].every((y) => element.contains(at(y)));
    });
    expect(isHit).toBe(true);
  });
});

test('the page title shows the progress and is restored afterwards', async ({ page, widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open();
  await widget.pick(videos.large());
  await expect(page).toHaveTitle(/^\d+% · /);
  await sandbox.clearFaults();
  await widget.expectStatus('ready');
  await expect(page).toHaveTitle('vodrop');
});

test('faults can be set on the demo page, and the stored object has the digest of the file', async ({
  page,
  widget,
}) => {
  await widget.open();
  await page.getByRole('button', { name: 'Fail a part' }).click();
  await expect(page.getByText('The store answers 500 to the next part.')).toBeVisible();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await expect(page.getByText('The same, to the byte')).toBeVisible();
});

test('a fault with a duration ends by itself, also after a reload', async ({ page, widget, sandbox }) => {
  await page.clock.install();
  await widget.open();
  await page.getByRole('button', { name: 'Refuse everything' }).click();
  await expect(page.getByText('The store refuses all parts for 20 seconds.')).toBeVisible();
  expect(await sandbox.rules()).toHaveLength(1);
  await page.reload();
  await page.clock.fastForward(21_000);
  await expect(page.getByText('The faults have ended.')).toBeVisible();
  expect(await sandbox.rules()).toEqual([]);
});

test('every kind of fault reaches the store, and the video is stored intact despite all of them', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open();
  for (const name of ['Drop the connection', 'Expire the URLs', 'Fail a part', 'Damage a byte'])
    await page.getByRole('button', { name }).click();
  await expect(page.getByText('One byte of the next part arrives changed.')).toBeVisible();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  const parts = (await sandbox.requests()).filter(({ action }) => action === 'UploadPart');
  const statuses = new Set(parts.map(({ status }) => status));
  expect(
    [403, 500, 400].filter((status) => !statuses.has(status)),
    [...statuses].join(),
  ).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);

  await page.getByRole('button', { name: 'Slow line' }).click();
  await widget.pick(videos.large());
  await expect(widget.rows.nth(1)).toContainText(/\d.MB\/s/);
  await widget.expectStatus('uploading', widget.rows.nth(1));
  await page.getByRole('button', { name: 'Remove the faults' }).click();
  await expect(page.getByText('No faults are set.')).toBeVisible();
  await widget.expectStatus('ready', widget.rows.nth(1));
});
