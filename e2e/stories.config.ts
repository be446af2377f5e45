import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumArgs, wholeChromium } from './support/chromium.js';

const port = process.env['VODROP_STORIES_PORT'] || '6106';
process.env['VODROP_STORIES_PORT'] = port;

/**
 * Compares every story with its picture in `storybook/pictures/` and checks it with axe. `npm run stories` builds the
 * stories first.
 */
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: 'stories.visual.ts',
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'stories'),
  workers: 2,
  fullyParallel: true,
  timeout: 180_000,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 880, height: 640 },
    contextOptions: { reducedMotion: 'reduce' },
    // The pictures come from the full Chromium; the headless shell sets letters slightly wider apart.
    launchOptions: {
      executablePath: wholeChromium,
      args: [...chromiumArgs, '--force-color-profile=srgb'],
    },
  },
  webServer: {
    command: `npx vite preview --config storybook/vite.config.ts --outDir storybook-static --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: path.join(import.meta.dirname, '..'),
    url: `http://127.0.0.1:${port}/iframe.html`,
    timeout: 60_000,
  },
});
