import { expect } from '@playwright/test';
import { test as base } from '../support/demo.js';
import { md5Of, videos } from '../support/media.js';
import { WebKitBrowser, webKitProblem } from '../support/webkit.js';

const problem = webKitProblem();
const input = '[data-vodrop="uploader"] input[type=file]';

const test = base.extend<{ webkit: WebKitBrowser }>({
  webkit: async ({ baseURL, sandbox: _first }, use) => {
    const browser = new WebKitBrowser();
    try {
      await browser.start();
      await browser.open(`${baseURL}/?provider=huawei-vod`);
      await use(browser);
    } finally {
      await browser.close();
    }
  },
});

test.skip(
  problem !== undefined,
  `WebKitGTK or its driver is missing, so there is no browser to run: ${problem}`,
);

function statusOf(webkit: WebKitBrowser, name: string): Promise<string> {
  return webkit.evaluate(
    (fileName) =>
      document.querySelector<HTMLElement>(`[data-vodrop="upload"][data-file-name="${fileName}"]`)?.dataset[
        'status'
      ] ?? '',
    name,
  );
}

function cards(webkit: WebKitBrowser): Promise<string[]> {
  return webkit.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-vodrop="unfinished"]')].map(
      (card) => `${card.dataset['state']} ${card.dataset['fileName']}`,
    ),
  );
}

test('WebKit uploads a small and a large video, which are confirmed and become ready', async ({
  webkit,
  sandbox,
}) => {
  await webkit.choose(input, videos.small(), videos.large());
  for (const name of ['small.mp4', 'large.mp4'])
    await expect.poll(() => statusOf(webkit, name)).toBe('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.small()), md5Of(videos.large())].sort(),
  );
  const parts = await sandbox.acknowledgedParts();
  expect(parts.length).toBeGreaterThan(6);
  expect(new Set(parts).size).toBe(parts.length);
});

test('in WebKit, choosing the same file after a reload continues the upload without sending a stored part again', async ({
  webkit,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(5);
  await webkit.choose(input, videos.large());
  await expect.poll(async () => (await sandbox.acknowledgedParts()).length).toBe(5);
  await webkit.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  await expect.poll(() => cards(webkit)).toEqual(['needs-file large.mp4']);
  await webkit.choose(input, videos.large());
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('ready');
  expect(await cards(webkit)).toEqual([]);
  expect(
    (await sandbox.acknowledgedParts()).slice(before.length).filter((part) => before.includes(part)),
  ).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
});
