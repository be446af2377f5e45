import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

const debianFirefox = '/usr/bin/firefox-esr';
const executablePath =
  process.env['VODROP_FIREFOX'] || (existsSync(debianFirefox) ? debianFirefox : undefined);
const { viewport, trace, screenshot } = base.use ?? {};

/**
 * The main job and the reload in browsers other than Chromium: the stock Firefox, by WebDriver BiDi. WebKit is driven by
 * a test of its own, as Playwright has no way to the stock one.
 */
export default defineConfig({
  ...base,
  testDir: path.join(import.meta.dirname, 'browsers'),
  outputDir: path.join(import.meta.dirname, '..', 'test-results-browsers'),
  use: { ...(viewport && { viewport }), ...(trace && { trace }), ...(screenshot && { screenshot }) },
  projects: [
    {
      name: 'firefox',
      testMatch: 'firefox.browsers.ts',
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          ...(executablePath && { executablePath }),
          firefoxUserPrefs: {
            'network.http.http3.enable': false,
            'app.update.enabled': false,
            'datareporting.policy.dataSubmissionEnabled': false,
          },
        },
      },
    },
    // One after the other: a second MiniBrowser beside the first one stands still.
    { name: 'webkit', testMatch: 'webkit.browsers.ts', fullyParallel: false },
  ],
});
