import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

const preflight = createRequire(import.meta.url).resolve('tailwindcss/preflight.css');
const stylesheet = path.join(import.meta.dirname, '..', 'dist', 'styles.css');
/** The resets of hosts and frameworks, outside of layers, so that they override every layer. */
const reset = `
  *, *::before, *::after { box-sizing: border-box; margin: 0; padding: 0; border-width: 0; }
  html { font-size: 62.5%; } ul, ol { list-style: square; padding-left: 2rem; }
  button, input, select { background: none; padding: 8px; border: 2px solid red; border-radius: 0; text-transform: uppercase; letter-spacing: 2px; }
  img, svg, video { display: block; max-width: 100%; height: auto; vertical-align: middle; }
  h1, h2, h3, p { font-size: 40px; color: red; margin: 3rem; } a { color: red; }`;

test('a CSS reset of the host moves no element of the widget', async ({ page, widget }) => {
  await page.goto('/?provider=alibaba-vod&autoStart=false');
  await widget.pick(videos.small());
  await expect(widget.row()).toContainText('Not started');
  await expect(widget.row().locator('img')).toBeVisible();
  // The host decides the font; this test uses the same font in both cases.
  await page.addStyleTag({
    content:
      '[data-vodrop="uploader"] { font-family: sans-serif; --vodrop-font-size: 14px; inline-size: 700px; line-height: 1.5; }',
  });
  // The drop zone shrinks to its small form in a moment.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const before = await boxes(page);
  expect(before.length).toBeGreaterThan(10);
  for (const sheet of [{ path: preflight }, { content: reset }]) {
    const style = await page.addStyleTag(sheet);
    expect(await boxes(page)).toEqual(before);
    await style.evaluate((element) => {
      (element as Element).remove();
    });
  }
});

test('the stylesheet changes no element of the host page', async ({ page }) => {
  test.skip(!existsSync(stylesheet), 'the package is not built; `npm test` builds it first');
  await page.setContent(`<html><body><h1>A</h1><p>b <a href="#">c</a></p><ul><li>d</li></ul><button>e</button><input><select><option>f</option></select><textarea></textarea>
    <table><tr><td>g</td></tr></table><dialog open>h</dialog><progress></progress><svg width="9" height="9"></svg><img alt=""><video></video><details><summary>i</summary></details><div class="row panel button flex hidden total">j</div></body></html>`);
  const look = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('html, body, body *')].map((element) => {
        const style = getComputedStyle(element);
        return [
          element.tagName,
          ...[...style]
            .filter((name) => !name.startsWith('--'))
            .map((name) => `${name}: ${style.getPropertyValue(name)}`),
        ].join(';');
      }),
    );
  const before = await look();
  await page.addStyleTag({ path: stylesheet });
  expect(await look()).toEqual(before);
  expect(
    await page.evaluate(() =>
      [...getComputedStyle(document.documentElement)].filter((name) => name.startsWith('--vodrop')),
    ),
  ).toEqual([]);
});

test('two widgets on one page do not affect each other', async ({ page, widget, sandbox }) => {
  await page.goto('/?provider=huawei-vod&second=tencent-vod');
  const [first, second] = [
    page.locator('[data-vodrop="uploader"]').nth(0),
    page.locator('[data-vodrop="uploader"]').nth(1),
  ];
  await second.locator('input[type=file]').first().setInputFiles(videos.small());
  const row = second.locator('[data-vodrop="upload"]');
  await widget.expectStatus('ready', row);
  await expect(first.locator('[data-vodrop="upload"]')).toHaveCount(0);
  expect((await sandbox.objects()).map(({ provider }) => provider)).toEqual(['tencent-vod']);
  await first.locator('input[type=file]').first().setInputFiles(videos.small());
  await widget.expectStatus('ready', first.locator('[data-vodrop="upload"]'));
  await expect(row).toHaveCount(1);
  const ids = await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('at 400% zoom the widget and its details dialog need no horizontal scrolling', async ({
  page,
  widget,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto('/?provider=alibaba-vod&autoStart=false');
  await widget.pick(videos.small());
  await widget.button('More').click();
  await page.getByRole('menuitem', { name: 'Edit details' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title', { exact: true }).fill('Harbour');
  for (const name of ['Use this frame', 'Add a file', 'Save']) {
    const button = dialog.getByRole('button', { name });
    await button.scrollIntoViewIfNeeded();
    await expect(button).toBeInViewport({ ratio: 0.9 });
  }
  expect(
    await page.evaluate(() =>
      [...document.querySelectorAll('html, dialog, dialog *')]
        .filter(
          (element) =>
            element.scrollWidth > element.clientWidth + 1 &&
            ['auto', 'scroll'].includes(getComputedStyle(element).overflowX),
        )
        .map(({ className }) => className),
    ),
  ).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await widget.button('Start').click();
  await widget.expectStatus('ready');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

for (const motion of ['no-preference', 'reduce'] as const) {
  test(`with prefers-reduced-motion: ${motion}, animated elements ${motion === 'reduce' ? 'do not move' : 'move'}`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await page.emulateMedia({ reducedMotion: motion });
    await sandbox.hold('ListParts');
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('confirming');
    const endless = () =>
      page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations === Infinity)
            .length,
      );
    if (motion === 'reduce') expect(await endless()).toBe(0);
    else await expect.poll(endless).toBeGreaterThan(0);
  });
}

/** The position and size of every element of the widget. */
function boxes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('[data-vodrop="uploader"]');
    const from = root?.getBoundingClientRect();
    return [...(root?.querySelectorAll('*') ?? [])].flatMap((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      if (!from || !width || element.closest('.vd-hidden, [aria-live], input, path')) return [];
      return [
        `${element.tagName} ${String(element.getAttribute('class'))} ${[left - from.left, top - from.top, width, height].map((value) => Math.round(value)).join(' ')}`,
      ];
    });
  });
}
