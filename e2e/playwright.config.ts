import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const debianChromium = '/usr/bin/chromium';
const executablePath = process.env['VODROP_CHROMIUM'] || (existsSync(debianChromium) ? debianChromium : undefined);

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(import.meta.dirname, '..', 'test-results'),
  globalSetup: path.join(import.meta.dirname, 'support', 'build-demo.ts'),
  // Each has a demo and a browser of its own. Most of the time goes into waiting for clouds that take theirs on purpose.
  workers: 3,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    viewport: { width: 1000, height: 800 },
    // Costs a fifth of all the work; `npm run e2e -- --trace retain-on-failure` has it.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // The network of a test machine is closed, and it may run as root.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
