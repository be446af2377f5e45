import { copyFileSync } from 'node:fs';
import type { TestInfo } from '@playwright/test';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';
import type { Widget } from './support/widget.js';

/** Uploads that many copies as tiles, and returns the names in the order of the page. */
async function showTiles(widget: Widget, testInfo: TestInfo, count: number, query = ''): Promise<string[]> {
  const files = Array.from({ length: count }, (_, index) => testInfo.outputPath(`take ${index + 1}.mp4`));
  for (const file of files) copyFileSync(videos.small(), file);
  await widget.page.goto(`/?layout=grid${query}`);
  await expect(widget.page.locator('[data-vodrop="uploader"]')).toBeVisible();
  await widget.pick(...files);
  await expect(widget.page.locator('.vd-tile[data-status="ready"]')).toHaveCount(count);
  return widget.rows.evaluateAll((tiles) =>
    tiles.map((tile) => (tile as HTMLElement).dataset['fileName'] ?? ''),
  );
}

/** How many tiles stand in the first line. */
const columnsOf = (widget: Widget): Promise<number> =>
  widget.rows.evaluateAll((tiles) => {
    const tops = tiles.map((tile) => Math.round(tile.getBoundingClientRect().top));
    return tops.filter((top) => top === tops[0]).length;
  });

/** No part of the page is wider than the screen, and every button can be hit. */
async function expectToFit(widget: Widget): Promise<void> {
  const { overflow, small } = await widget.page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small: Array.from(document.querySelectorAll('.vd-tile button'))
      .map((button) => ({
        name: button.getAttribute('aria-label') ?? button.textContent,
        box: button.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ name }) => name),
  }));
  expect(overflow).toBeLessThanOrEqual(0);
  expect(small).toEqual([]);
}

test('arrow keys move between tiles in both directions, and after Delete the focus stays at the same position', async ({
  page,
  widget,
}, testInfo) => {
  const names = await showTiles(widget, testInfo, 7);
  const columns = await columnsOf(widget);
  expect(columns).toBeGreaterThan(1);
  expect(columns).toBeLessThan(6);
  const tile = (index: number) => widget.row(names[index]);
  await tile(0).focus();
  for (const [key, index] of [
    ['ArrowRight', 1],
    ['ArrowDown', 1 + columns],
    ['ArrowUp', 1],
    ['ArrowLeft', 0],
    ['ArrowLeft', 0],
    ['End', 6],
    ['ArrowDown', 6],
    ['Home', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect(tile(index)).toBeFocused();
  }
  await widget.setUndoMs(600_000);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(tile(1)).toBeFocused();
  await expect(widget.rows).toHaveCount(7);
});

test('at 320 px tiles fit the screen and keep their keys from right to left', async ({
  page,
  widget,
}, testInfo) => {
  await page.setViewportSize({ width: 320, height: 700 });
  const names = await showTiles(widget, testInfo, 3, '&locale=ar');
  await expect(page.locator('[data-vodrop="uploader"]')).toHaveAttribute('dir', 'rtl');
  await expectToFit(widget);
  await widget.row(names[0]).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(widget.row(names[1])).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(widget.row(names[0])).toBeFocused();
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });

  test('a tap plays the video of a tile, and its menu removes it', async ({ page, widget }, testInfo) => {
    const names = await showTiles(widget, testInfo, 2);
    await expectToFit(widget);
    const first = widget.row(names[0]);
    await first.getByRole('button', { name: 'Play' }).tap();
    await expect(first.locator('video')).toBeVisible();
    await widget.row(names[1]).locator('[data-slot="end"], [aria-haspopup="menu"]').first().tap();
    await widget.setUndoMs(600_000);
    await page.getByRole('menuitem', { name: 'Remove from list' }).tap();
    await page.getByRole('button', { name: 'Undo' }).tap();
    await expect(widget.rows).toHaveCount(2);
  });
});
