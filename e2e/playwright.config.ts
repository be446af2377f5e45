import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './support/chromium.js';

export default defineConfig({
  testDir: import.meta.dirname,
  // A run empties its directory; other configurations have theirs beside it.
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'e2e'),
  globalSetup: path.join(import.meta.dirname, 'support', 'build-demo.ts'),
  // Each worker has its own demo and browser. The tests mostly wait for clouds that delay their answers on purpose.
  workers: 3,
  fullyParallel: true,
  // Tests take less time than this, except on machines under load.
  timeout: 120_000,
  expect: { timeout: 40_000 },
  // Variants of what another test shows, which take minutes: `npm run e2e:long`.
  grepInvert: /@long/,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    viewport: { width: 1000, height: 800 },
    // Endless animations cost CPU time; tests of motion ask for it.
    contextOptions: { reducedMotion: 'reduce' },
    // Traces cost a fifth of the CPU time; `npm run e2e -- --trace retain-on-failure` turns them on.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: chromiumPath, args: chromiumArgs },
  },
});
