import { expect, type Page } from '@playwright/test';
import { test as base } from './demo.js';
import { Widget } from './widget.js';

/** What must never be seen outside the requests themselves: signatures, presigned queries, tickets. */
const secrets = /Signature=|AWSAccessKeyId=|X-Amz-Signature|eyJ[A-Za-z0-9_-]{20,}\.|SkSandbox|secret/i;

/** Collects what pages print; nothing of it may be a secret, and nothing may be uncaught. */
export function watchForSecrets(): { lines: string[]; watch: (page: Page) => void; expectNone: () => void } {
  const lines: string[] = [];
  return {
    lines,
    watch: (page) => {
      page.on('console', (message) => lines.push(message.text()));
      page.on('pageerror', (error) => lines.push(`uncaught: ${error.message}`));
    },
    expectNone: () => {
      expect(lines.filter((line) => line.startsWith('uncaught'))).toEqual([]);
      // Chromium itself names the URL of a request that failed; that line is the browser's, not ours.
      const ours = lines.filter(
        (line) => !line.startsWith('Failed to load resource') && !line.startsWith('Access to XMLHttpRequest'),
      );
      expect(ours.join('\n')).not.toMatch(secrets);
    },
  };
}

export const test = base.extend<{ widget: Widget; console: string[] }>({
  /** Everything the page printed. After each test it is searched for secrets, and so is the page itself. */
  console: [
    async ({ page }, use) => {
      const { lines, watch, expectNone } = watchForSecrets();
      watch(page);
      await use(lines);
      expectNone();
      if (!page.isClosed()) expect(await page.locator('body').innerText()).not.toMatch(secrets);
    },
    { auto: true },
  ],
  widget: async ({ page, sandbox: _ready }, use) => {
    await use(new Widget(page));
  },
});

export { expect };
