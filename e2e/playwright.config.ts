import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './support/chromium.js';

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(import.meta.dirname, '..', 'test-results'),
  globalSetup: path.join(import.meta.dirname, 'support', 'build-demo.ts'),
  // Each has a demo and a browser of its own. Most of the time goes into waiting for clouds that take theirs on purpose.
  workers: 3,
  fullyParallel: true,
  // Nothing takes that long, but for machines that have other things to do as well.
  timeout: 120_000,
  expect: { timeout: 40_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    viewport: { width: 1000, height: 800 },
    // Costs a fifth of all the work; `npm run e2e -- --trace retain-on-failure` has it.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { ...(chromiumPath && { executablePath: chromiumPath }), args: chromiumArgs },
  },
});
