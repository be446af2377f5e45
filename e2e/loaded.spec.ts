// The code that a page with the widget loads for one upload, which `scripts/size.mjs` measures.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import expected from '../scripts/plain-upload.json' with { type: 'json' };
import { expect, test } from './support/host.js';
import { shortVideos } from './support/media.js';

const root = path.join(import.meta.dirname, '..');

test('one upload loads the code that its size is measured by, and nothing else', async ({ host, page }) => {
  host.folders.set('/built/', await buildPage());
  host.put('/', '<!doctype html><html lang="en"><body><script type="module" src="/built/page.js"></script>');
  const requested = new Set<string>();
  page.on('request', (request) => {
    const name = /\/built\/chunks\/(.+?)(-[\w-]{8}){1,2}\.js$/.exec(new URL(request.url()).pathname)?.[1];
    if (name !== undefined) requested.add(name);
  });
  await page.goto(host.url);
  await page.locator('input[type=file]').first().setInputFiles(shortVideos(1));
  await expect(page.locator('[data-vodrop="upload"][data-status="ready"]')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect([...requested].sort()).toEqual(expected);
});

/** Answers the folder of a page that has the widget and nothing else, bundled as a host does it. */
async function buildPage(): Promise<string> {
  const folder = path.join(root, 'node_modules/.cache/vodrop-loaded');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'page.js'),
    `import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Uploader } from '${path.join(root, 'dist/index.js')}';
import '${path.join(root, 'dist/styles.css')}';
const place = document.body.appendChild(document.createElement('div'));
createRoot(place).render(createElement(Uploader, { endpoint: '/api/uploads', provider: 'huawei-vod' }));
`,
  );
  await build({
    configFile: false,
    root: folder,
    base: '/built/',
    logLevel: 'error',
    build: {
      modulePreload: false,
      rollupOptions: {
        input: path.join(folder, 'page.js'),
        output: { entryFileNames: 'page.js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  return path.join(folder, 'dist');
}
