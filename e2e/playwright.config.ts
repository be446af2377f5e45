import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const port = process.env['VODROP_E2E_PORT'] || '5273';
const sandboxPort = process.env['VODROP_E2E_SANDBOX_PORT'] || '5274';
// Workers read this file again: what was chosen here is what they use.
process.env['VODROP_E2E_PORT'] = port;
process.env['VODROP_E2E_SANDBOX_PORT'] = sandboxPort;

const debianChromium = '/usr/bin/chromium';
const executablePath = process.env['VODROP_CHROMIUM'] || (existsSync(debianChromium) ? debianChromium : undefined);

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(import.meta.dirname, '..', process.env['VODROP_E2E_OUTPUT'] || 'test-results'),
  // One sandbox, one cloud: tests would see each other's objects.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1000, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // The network of a test machine is closed, and it may run as root.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: {
    command: 'node scripts/start.mjs',
    cwd: path.join(import.meta.dirname, '..'),
    url: `http://127.0.0.1:${port}/`,
    env: { ...(process.env as Record<string, string>), PORT: port, SANDBOX_PORT: sandboxPort },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    timeout: 120_000,
    stdout: 'pipe',
  },
});
