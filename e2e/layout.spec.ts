import { copyFileSync } from 'node:fs';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

// What moves a page may be an animation.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

/** A page counts as good below 0.1. https://web.dev/articles/cls */
const limit = 0.05;

test('seven dropped videos move the page by less than 0.05 until all are ready', async ({
  page,
  widget,
}, testInfo) => {
  const files = Array.from({ length: 7 }, (_, index) => testInfo.outputPath(`take ${index + 1}.mp4`));
  for (const file of files) copyFileSync(videos.small(), file);
  await widget.open();
  // The fonts of the page are the host's; what counts here begins with the drop.
  await page.evaluate(() => document.fonts.ready);
  const shifts = await page.evaluateHandle(() => {
    const seen: { value: number; moved: string[] }[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      })[]) {
        // What a person has just caused is expected to move; a drop through DevTools is no such input.
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(({ node }) =>
          node instanceof Element
            ? `${node.tagName} ${node.className} ${node.textContent.slice(0, 40)}`
            : '?',
        );
        seen.push({ value: entry.value, moved });
      }
    }).observe({ type: 'layout-shift' });
    return seen;
  });
  await widget.drop(...files);
  await expect(page.locator('[data-vodrop="upload"][data-status="ready"]')).toHaveCount(7);
  await expect(page.getByRole('button', { name: 'Clear list' })).toBeVisible();
  const seen = await shifts.jsonValue();
  const sum = seen.reduce((total, { value }) => total + value, 0);
  expect(sum, JSON.stringify(seen, null, 1)).toBeLessThan(limit);
});
