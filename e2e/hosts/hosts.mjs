/*
 * One entry per host: `folder` is elsewhere than the name says. `build` makes `files` (default `dist`), which is
 * served beside a token endpoint; `start` runs a server of the host's own; of a host without a page (`hasPage`), only
 * `build` is run. Where no worker is started, `hasWorker` is false and the guide says why. `manifest` is added to its
 * package.json. `actions` runs after the upload. `pasted` are files that are a block of a guide: of this language and
 * with these words in it, `change`d where it cannot run as it is.
 */

import path from 'node:path';

const react = { react: '19.3.1', 'react-dom': '19.3.1' };
const vite = { vite: '8.3.8' };
const angular = (...names) => Object.fromEntries(names.map((name) => [`@angular/${name}`, '21.2.26']));

export const hosts = [
  {
    name: 'starter',
    folder: '../../starter',
    dependencies: { ...react, ...vite },
    build: ['npx', 'vite', 'build'],
    start: ['node', 'server.js'],
    hasOwnSandbox: true,
  },
  { name: 'script-tag', dependencies: {}, files: '.', isQuick: true, actions: expectSubmitted },
  { name: 'import-map', dependencies: {}, files: '.' },
  {
    name: 'html-page',
    dependencies: { express: '5.3.0' },
    start: ['node', 'server.mjs'],
    hasOwnSandbox: true,
    pasted: {
      'server.mjs': { guide: 'element', language: 'js', words: 'express', change: onFreePorts },
      'public/index.html': { guide: 'element', language: 'html', words: '<form', change: withIcon },
      'public/map.html': { guide: 'element', language: 'html', words: 'importmap', change: withIcon },
    },
    actions: async (page) => {
      await expectSubmitted(page);
      await page.goto(new URL('/map.html', page.url()).href);
      await page.locator('input[type=file]').first().setInputFiles(video);
      await page.locator('[data-vodrop="upload"][data-status="ready"]').waitFor();
    },
  },
  { name: 'two-copies', dependencies: {}, files: '.' },
  {
    name: 'two-versions',
    dependencies: { ...react, esbuild: '0.28.2' },
    build: ['node', 'build.mjs'],
    actions: expectSeparateLists,
  },
  {
    name: 'server-page',
    dependencies: {},
    start: ['node', 'server.mjs'],
    actions: expectSaved,
  },
  {
    name: 'vite-react',
    dependencies: { ...react, ...vite, 'react-hook-form': '7.92.0', '@tanstack/react-form': '1.33.5' },
    build: ['npx', 'vite', 'build'],
    isQuick: true,
    pasted: {
      'src/hook-form.tsx': { guide: 'forms', language: 'tsx', words: 'react-hook-form', change: saving },
      'src/tanstack-form.tsx': { guide: 'forms', language: 'tsx', words: '@tanstack', change: saving },
    },
    actions: expectFormLibraries,
  },
  {
    name: 'testing',
    dependencies: { ...react, vitest: '4.1.12', jsdom: '29.1.1', '@testing-library/react': '16.3.3' },
    manifest: { scripts: { test: 'vitest run' } },
    build: ['npm', 'test'],
    hasPage: false,
    isQuick: true,
    pasted: {
      'vitest.config.ts': { guide: 'testing', language: 'ts', words: 'environment' },
      'lesson.test.tsx': { guide: 'testing', language: 'tsx', words: 'publishes a lesson', change: patient },
    },
  },
  { name: 'standalone', dependencies: { ...vite }, build: ['npx', 'vite', 'build'] },
  {
    name: 'vue',
    dependencies: { ...react, ...vite, vue: '3.5.45', '@vitejs/plugin-vue': '6.0.11' },
    build: ['npx', 'vite', 'build'],
    pasted: {
      'vite.config.ts': { guide: 'vue', language: 'ts', words: '@vitejs/plugin-vue' },
      'src/app.vue': { guide: 'vue', language: 'vue', words: 'vodrop/element/vue' },
    },
    actions: expectReadyText,
  },
  {
    name: 'svelte',
    dependencies: { ...react, ...vite, svelte: '5.57.3', '@sveltejs/vite-plugin-svelte': '7.3.1' },
    build: ['npx', 'vite', 'build'],
    pasted: { 'src/app.svelte': { guide: 'vue', language: 'svelte', words: 'vodrop/element/svelte' } },
    actions: expectReadyText,
  },
  {
    name: 'solid',
    dependencies: { ...react, ...vite, 'solid-js': '1.9.20', 'vite-plugin-solid': '2.11.14' },
    build: ['npx', 'vite', 'build'],
    pasted: { 'src/upload.tsx': { guide: 'vue', language: 'tsx', words: 'vodrop/element/solid' } },
    actions: expectReadyText,
  },
  {
    name: 'angular',
    // The last that runs on every Node that vodrop runs on.
    dependencies: {
      ...react,
      '@angular/build': '21.2.27',
      '@angular/cli': '21.2.27',
      ...angular('core', 'common', 'compiler', 'compiler-cli', 'platform-browser'),
      rxjs: '7.8.2',
      tslib: '2.9.1',
      typescript: '5.9.3',
    },
    build: ['npx', 'ng', 'build'],
    pasted: { 'src/upload.ts': { guide: 'vue', language: 'ts', words: '@angular/core' } },
    actions: expectReadyText,
  },
  {
    name: 'astro',
    dependencies: { ...react, astro: '5.18.2', '@astrojs/node': '9.5.5', '@astrojs/react': '4.4.2' },
    build: ['npx', 'astro', 'build'],
    start: ['node', 'dist/server/entry.mjs'],
    actions: expectReadyText,
  },
  {
    name: 'react-router',
    dependencies: {
      ...react,
      vite: '7.3.8',
      'react-router': '7.18.4',
      '@react-router/dev': '7.18.4',
      '@react-router/node': '7.18.4',
      '@react-router/serve': '7.18.4',
      isbot: '5.2.3',
    },
    build: ['npx', 'react-router', 'build'],
    start: ['npx', 'react-router-serve', 'build/server/index.js'],
    actions: expectReadyText,
  },
  {
    name: 'next',
    dependencies: {
      ...react,
      next: '16.4.6',
      typescript: '5.9.3',
      '@types/node': '20.19.43',
      '@types/react': '19.3.0',
    },
    build: ['npx', 'next', 'build'],
    start: ['npx', 'next', 'start'],
    pasted: {
      'app/page.tsx': { guide: 'nextjs', language: 'tsx', words: 'function Page' },
      'app/session.ts': { guide: 'nextjs', language: 'ts', words: 'One person is everybody' },
      'app/api/uploads/[operation]/route.ts': {
        guide: 'nextjs',
        language: 'ts',
        words: 'createTokenEndpoint',
      },
    },
  },
  {
    name: 'esbuild',
    dependencies: { ...react, esbuild: '0.28.2' },
    build: ['node', 'build.mjs'],
    isQuick: true,
  },
  {
    name: 'webpack',
    dependencies: {
      ...react,
      webpack: '5.113.0',
      'webpack-cli': '7.3.1',
      'css-loader': '7.1.5',
      'style-loader': '4.0.0',
    },
    build: ['npx', 'webpack'],
  },
  {
    name: 'rspack',
    dependencies: {
      ...react,
      '@rspack/core': '2.3.3',
      '@rspack/cli': '2.2.8',
      'css-loader': '7.1.5',
      'style-loader': '4.0.0',
    },
    build: ['npx', 'rspack', 'build'],
  },
  {
    name: 'parcel',
    dependencies: { ...react, parcel: '2.16.4' },
    manifest: { '@parcel/resolver-default': { packageExports: true } },
    build: ['npx', 'parcel', 'build', 'index.html', '--no-cache', '--public-url', '/'],
  },
  {
    name: 'rollup',
    dependencies: {
      ...react,
      rollup: '4.68.8',
      '@rollup/plugin-node-resolve': '16.0.3',
      '@rollup/plugin-commonjs': '29.0.3',
      '@rollup/plugin-replace': '6.0.3',
      '@web/rollup-plugin-import-meta-assets': '2.3.3',
    },
    build: ['npx', 'rollup', '--config', 'rollup.config.mjs'],
  },
];

/** Where the runner looks for it, beside other hosts. */
function onFreePorts(code) {
  return code
    .replace('port: 5174', 'port: 0')
    .replace('listen(3000', 'listen(process.env.PORT')
    .replace("'http://localhost:3000/'", '`http://localhost:${process.env.PORT}/`');
}

/** Browsers ask for one, and report that it is missing. */
function withIcon(html) {
  return `<!doctype html><link rel="icon" href="data:,"><body>${html}`;
}

/** Testing Library waits for a second, in which a busy machine may not have loaded the list. */
function patient(code) {
  return `import { configure } from '@testing-library/react';\nconfigure({ asyncUtilTimeout: 4_000 });\n${code}`;
}

/** The block saves nowhere; the page shows what it saves. */
function saving(code) {
  return `import { save } from './save.js';\n${code}`;
}

/** What is uploaded, here and by scripts/hosts.mjs. */
export const video = path.join(import.meta.dirname, '../../.media/small.mp4');

async function expectReadyText(page) {
  await page.getByText(/^Ready: .+/).waitFor();
}

/** Each version has the uploads of its own, although endpoint, provider and scope are the same. */
async function expectSeparateLists(page) {
  const rows = (id) => page.locator(`#${id} [data-vodrop="upload"]`);
  if ((await rows('one').count()) !== 1 || (await rows('two').count()) !== 0)
    throw new Error('one version shows the uploads of the other');
  await page.locator('#two input[type=file]').first().setInputFiles(video);
  await rows('two').and(page.locator('[data-status="ready"]')).waitFor();
  if ((await rows('one').count()) !== 1) throw new Error('one version shows the uploads of the other');
}

/** The page's own server takes the media id from the form, and knows that the endpoint has confirmed it. */
async function expectSaved(page) {
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Ready: Harbor, .+/).waitFor();
}

/** The form submits the media id under the field's name. */
async function expectSubmitted(page) {
  const [id] = await page.evaluate(() => new FormData(document.querySelector('form')).getAll('video'));
  if (!id) throw new Error('the form has no media id');
}

/** Both form libraries get the media id, and say what is missing; resetting the form empties field and list. */
async function expectFormLibraries(page) {
  const row = page.locator('[data-vodrop="upload"]').first();
  const saved = page.locator('#saved').getByText(/^\["[^"]+"\]$/);
  const save = page.getByRole('button', { name: 'Save' });
  await save.click();
  await saved.waitFor();
  await page.getByRole('button', { name: 'Reset' }).click();
  await row.waitFor({ state: 'detached' });
  await save.click();
  await page.getByText('Add a video.').waitFor();
  await page.goto(new URL('/?tanstack', page.url()).href);
  await save.click();
  await page.getByText('Add a video.').waitFor();
  await page.locator('input[type=file]').first().setInputFiles(video);
  await row.and(page.locator('[data-status="ready"]')).waitFor();
  await save.click();
  await saved.waitFor();
}
