import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumArgs, wholeChromium } from './support/chromium.js';

const port = process.env['VODROP_STORIES_PORT'] || '6106';
process.env['VODROP_STORIES_PORT'] = port;

/** Every story is looked at and checked by axe; the pictures are in `storybook/pictures/`. `npm run stories` builds them first. */
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
    // The pictures were made by it; without windows it sets letters a little wider apart.
    launchOptions: {
      ...(wholeChromium && { executablePath: wholeChromium }),
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
