import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

const debianFirefox = '/usr/bin/firefox-esr';
const executablePath =
  process.env['VODROP_FIREFOX'] || (existsSync(debianFirefox) ? debianFirefox : undefined);
const { viewport, trace, screenshot } = base.use ?? {};

const firefox = {
  browserName: 'firefox',
  channel: 'moz-firefox',
  launchOptions: {
    executablePath,
    firefoxUserPrefs: {
      'network.http.http3.enable': false,
      'app.update.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      // A fake camera and microphone, without a permission prompt.
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
    },
  },
} as const;

/** Tests of the widget that must hold in every browser: layout, focus, keyboard, dialogs, two tabs, trim and shrink. */
const everywhere = [
  'arrow keys move through the list',
  'cancel all asks for confirmation',
  'every action works by keyboard',
  'at 320 pixels no element is cut off',
  'a CSS reset of the host moves no element',
  'at 400% zoom the widget and its details dialog',
  'an upload continues on another page of the application',
  'a second tab shows the upload of the first tab',
  'when the first tab closes, the second tab continues',
  'a different file of the same name is recognized',
  'two widgets of two scopes neither list nor continue',
  'a title typed into the row',
  'a canceled upload can be undone',
  'another tab shows an upload as paused',
  'several failed uploads are retried',
  'the live region announces',
  'leaving the page shows',
  'unfinished uploads of an earlier visit',
  'content, name and MIME type',
  'two widgets on one page',
  'the stylesheet changes no element',
  'pause stops sending',
  'cancel of a queued upload',
  'a lossless trim of H.264',
  'an exact trim of H.264',
  'points of a cut move',
  'H.264 and AAC is shrunk',
  'a rotated film is shrunk',
  'the question says what each way weighs',
  'a film that is shrunk can be canceled',
  'takes the decoder back twice',
  'the decoder crashes once',
  'the encoder back with pictures in it',
  'its drive wakes up',
  'the decoder fails at the same picture',
  'takes the decoder back each time',
  'the encoder fails in the middle',
  'the worker ends without a word',
  'the worker crashes',
  'nothing waits for, and no picture follows',
  'the copy cannot be written',
  'without WebCodecs, no smaller copy',
  'without a private file system that opens',
  'without files that are written at once',
  'without getUserMedia, only what can be recorded',
  'a recording of the camera has a length',
  'Escape asks before a recording is lost',
  'opens on its record button',
  'the card of notes is used by keyboard',
  'the focus stays on "Choose videos"',
];

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
      use: firefox,
    },
    {
      name: 'firefox-widget',
      testDir: import.meta.dirname,
      testMatch: [
        ...['widget-*.spec.ts', 'tabs.spec.ts', 'controls.spec.ts', 'trim.spec.ts'],
        ...['shrink-faults.spec.ts', 'lacking.spec.ts', 'keyboard.spec.ts', 'sources.spec.ts'],
      ],
      grep: new RegExp(everywhere.join('|')),
      use: firefox,
    },
    // The tests run one after the other: a second MiniBrowser next to the first one makes no progress.
    { name: 'webkit', testMatch: 'webkit.browsers.ts', fullyParallel: false },
  ],
});
