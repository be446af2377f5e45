import { expect, type Page } from '@playwright/test';
import { test as base } from './demo.js';
import { Widget } from './widget.js';

/** Patterns that must never appear outside requests: signatures, presigned queries, tickets. */
const secrets = /Signature=|AWSAccessKeyId=|X-Amz-Signature|eyJ[A-Za-z0-9_-]{20,}\.|SkSandbox|secret/i;

/** Collects the console output of pages; it may contain no secret and no uncaught error. */
export function watchForSecrets(): { lines: string[]; watch: (page: Page) => void; expectNone: () => void } {
  const lines: string[] = [];
  return {
    lines,
    watch: (page) => {
      page.on('console', (message) => lines.push(message.text()));
      page.on('pageerror', (error) => lines.push(`uncaught: ${error.message}`));
    },
    expectNone: () => {
      // Firefox tells of the errors of a worker also where the page has taken them.
      const uncaught = lines.filter(
        (line) => line.startsWith('uncaught') && line !== 'uncaught: by the test',
      );
      expect(uncaught).toEqual([]);
      // Chromium prints the URL of a failed request; that line does not come from the widget.
      const ours = lines.filter(
        (line) => !line.startsWith('Failed to load resource') && !line.startsWith('Access to XMLHttpRequest'),
      );
      expect(ours.join('\n')).not.toMatch(secrets);
    },
  };
}

export const test = base.extend<{ widget: Widget; console: string[] }>({
  /** The console output of the page. After each test, the output and the page are searched for secrets. */
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
