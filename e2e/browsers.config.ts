import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

const debianFirefox = '/usr/bin/firefox-esr';
const executablePath =
  process.env['VODROP_FIREFOX'] || (existsSync(debianFirefox) ? debianFirefox : undefined);
const { viewport, trace, screenshot } = base.use ?? {};

/**
 * Tests the upload and the reload in browsers other than Chromium: the stock Firefox by WebDriver BiDi. WebKit has a
 * separate test with its own driver, because Playwright cannot drive the stock WebKit.
 */
export default defineConfig({
  ...base,
  testDir: path.join(import.meta.dirname, 'browsers'),
  outputDir: path.join(import.meta.dirname, '..', 'test-results-browsers'),
  use: { viewport, trace, screenshot },
  projects: [
    {
      name: 'firefox',
      testMatch: 'firefox.browsers.ts',
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath,
          firefoxUserPrefs: {
            'network.http.http3.enable': false,
            'app.update.enabled': false,
            'datareporting.policy.dataSubmissionEnabled': false,
          },
        },
      },
    },
    // The tests run one after the other: a second MiniBrowser next to the first one makes no progress.
    { name: 'webkit', testMatch: 'webkit.browsers.ts', fullyParallel: false },
  ],
});
