// The code of README and guides that runs in pages, pasted into a page under a strict policy and driven to a ready upload.
// What belongs to a framework that is not installed here is pasted into its host by `npm run hosts`.
import path from 'node:path';
import { blocks, bundle, type Block } from './support/guide-blocks.js';
import { expect, nonce, strictPolicy, test as base, watchViolations } from './support/host.js';
import { shortVideos } from './support/media.js';
import type { Page } from '@playwright/test';

const isEngine = ({ document, language, code }: Block) =>
  language === 'ts' &&
  (document === 'migrating.mdx' ||
    (document === 'application.mdx' && code.includes('uploader.')) ||
    code.trim() === "import 'vodrop/element';");

/** The blocks that this page cannot run, and what does. */
const elsewhere: readonly { readonly where: string; readonly has: string }[] = [
  {
    where: 'compiled: the shape of what a hook returns',
    has: 'isPending, isSuccess, isError, error, progress, data, reset }',
  },
  { where: 'npm run hosts', has: 'publishes a lesson' },
  { where: 'compiled: a fragment of a test', has: "id: 'talk', status: 'uploading'" },
  { where: 'npm run hosts', has: "from 'react-hook-form'" },
  { where: 'npm run hosts', has: "from '@tanstack/react-form'" },
  { where: 'npm run hosts', has: "'vodrop/element/solid'" },
];

const ofPages = blocks.filter((block) => /^(html|tsx)$/.test(block.language) || isEngine(block));
const here = ofPages.filter(({ code }) => !elsewhere.some(({ has }) => code.includes(has)));
const bundled = here.filter(({ language }) => language !== 'html');

const test = base.extend<object, { bundles: { files: ReadonlyMap<string, string>; folder: string } }>({
  bundles: [
    async ({}, use, { workerIndex }) => {
      const folder = path.join(import.meta.dirname, '../node_modules/.cache/vodrop-guides', `${workerIndex}`);
      await use({ files: await bundle(bundled, folder), folder: path.join(folder, 'dist') });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** In one worker, one after the other: the modules are built once. */
test.describe.configure({ mode: 'default' });

const withNonce = (html: string) => html.replaceAll('<script', `<script nonce="${nonce}"`);

/** What the guides leave to the host: the token against forged requests. */
const filledIn = (html: string) => html.replaceAll('content="…"', 'content="a token"');

/** A block of HTML is the page's body; without a script of its own it is on a page that has the element. */
const htmlPage = ({ code }: Block) => {
  const script = code.includes('<script') ? '' : '<script type="module" src="/vodrop/vodrop.js"></script>';
  const own = code.includes('importmap');
  const map = own ? '' : '<script type="importmap">{"imports":{"vodrop/engine":"/dist/engine.js"}}</script>';
  return `<!doctype html><html lang="en"><head><title>Host</title>${map}${script}</head><body>${code}</body></html>`;
};

const bundledPage = ({ language, code }: Block, file: string) => {
  const body =
    language === 'tsx'
      ? '<div id="root"></div>'
      : code.includes('vodrop/element')
        ? '<vodrop-uploader endpoint="/api/uploads" provider="huawei-vod"></vodrop-uploader>'
        : '<input type="file" id="file"><output id="state"></output>';
  return `<!doctype html><html lang="en"><head><title>Host</title></head><body>${body}
    <script type="module" src="/built/${file}"></script></body></html>`;
};

test('runs every block of HTML and React that README and guides have, or says where it is run', () => {
  expect(here.length).toBeGreaterThan(25);
  expect(elsewhere.filter(({ has }) => !ofPages.some(({ code }) => code.includes(has)))).toEqual([]);
  expect(new Set(here.filter(({ document }) => document === 'migrating.mdx')).size).toBe(6);
});

const quickstarts = [
  'README.md',
  'getting-started.mdx',
  'nextjs.mdx',
  'element.mdx',
  'headless.mdx',
  'vue.mdx',
];
const groups: Record<string, (document: string) => boolean> = {
  'README and the quickstarts': (document) => quickstarts.includes(document),
  'the guide about migrating': (document) => document === 'migrating.mdx',
  'the other guides': (document) => !quickstarts.includes(document) && document !== 'migrating.mdx',
};

// Each block in a browser profile of its own, four at a time: what takes time is the processing of the clouds.
for (const [name, isIn] of Object.entries(groups))
  test(`runs the code of ${name}, up to a ready upload`, async ({ browser, host, sandbox, bundles }) => {
    host.folders.set('/built/', bundles.folder);
    const wanted = here.filter(({ document }) => isIn(document));
    const waiting = [...wanted.entries()];
    const problems: string[] = [];
    const runWaiting = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, block] = next;
        const context = await browser.newContext({ baseURL: host.url });
        const file = bundles.files.get(block.name);
        const html = file === undefined ? htmlPage(block) : bundledPage(block, file);
        const policy = strictPolicy(host, "style-src 'self'");
        host.put(`/${index}`, withNonce(filledIn(html)), { 'content-security-policy': policy });
        for (const problem of await uploadOn(await context.newPage(), `/${index}`, block))
          problems.push(`${block.name}: ${problem}`);
        await context.close();
      }
    };
    await Promise.all(Array.from({ length: 4 }, runWaiting));
    expect(problems).toEqual([]);
    expect(await sandbox.objects()).toHaveLength(wanted.length);
  });

/** Answers what the browser has complained about. */
async function uploadOn(page: Page, address: string, block: Block): Promise<readonly string[]> {
  const problems = await watchViolations(page);
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (/^(error|warning)$/.test(message.type())) problems.push(message.text());
  });
  await page.goto(address);
  await page.locator('input[type=file]').first().setInputFiles(shortVideos(1));
  const row = page.locator('[data-vodrop="upload"]');
  if (/autoStart=\{false\}/.test(block.code))
    await row.getByRole('button', { name: 'Start', exact: true }).click();
  const ready = row
    .and(page.locator('[data-status="ready"]'))
    // What a block shows instead of the row: its own row, a status, a media id.
    .or(page.locator('li[data-upload-id]').getByText(/: ready/))
    .or(page.locator('output').getByText(/^(ready|[\da-f]{32})$/));
  await expect(ready.first(), block.name).toBeVisible();
  return problems;
}
