import type { Page } from '@playwright/test';

/**
 * Records every polite announcement from now on: the region holds only the newest, which may be gone before a test
 * looks. Returns what was said so far.
 */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = document.querySelector('[data-vodrop="announcements"]');
    if (!region) throw new Error('the widget has no live region');
    new MutationObserver(() => {
      const text = region.textContent;
      if (text && said.at(-1) !== text) said.push(text);
    }).observe(region, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}
