import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { md5Of, videos } from '../support/media.js';
import { expect, test } from '../support/test.js';
import { store } from './store.js';

/** The PUTs of parts that the store has answered, in order, with their statuses. */
function watchParts(page: Page): { partNumber: string | null; status: number; hasToken: boolean }[] {
  const seen: { partNumber: string | null; status: number; hasToken: boolean }[] = [];
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (response.request().method() !== 'PUT' || url.origin !== store.origin) return;
    seen.push({
      partNumber: url.searchParams.get('partNumber'),
      status: response.status(),
      hasToken: response.request().headers()['x-amz-security-token'] !== undefined,
    });
  });
  return seen;
}

async function open(page: Page, provider = 's3'): Promise<void> {
  await page.goto(`/?provider=${provider}`);
  await expect(page.locator('[data-vodrop="uploader"]')).toBeVisible();
}

/** The uploads open before a test: those of other tests do not count. */
let openBefore = 0;
test.beforeEach(async () => {
  openBefore = await store.openUploads();
});

async function keyOf(page: Page): Promise<string> {
  return (await page.locator('[data-vodrop="upload"]').first().getAttribute('data-media-id')) ?? 'none';
}

test('Ceph stores a small video sent in one PUT, and the video plays from the store', async ({
  page,
  widget,
}) => {
  const parts = watchParts(page);
  await open(page);
  await widget.drop(videos.small());
  await widget.expectStatus('ready');
  expect(parts).toEqual([{ partNumber: null, status: 200, hasToken: false }]);
  expect(await store.md5Of(await keyOf(page))).toBe(md5Of(videos.small()));

  await widget.button('Play').click();
  const player = page.locator('video[controls]');
  await expect
    .poll(() => player.evaluate((video: HTMLVideoElement) => video.readyState))
    .toBeGreaterThanOrEqual(2);
});

test('Ceph stores a large video sent in verified parts', async ({ page, widget }) => {
  const parts = watchParts(page);
  await open(page);
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.every(({ status }) => status === 200)).toBe(true);
  expect(new Set(parts.map(({ partNumber }) => partNumber)).size).toBe(parts.length);
  expect(await store.md5Of(await keyOf(page))).toBe(md5Of(videos.large()));
  expect(await store.openUploads()).toBe(openBefore);
});

test('Ceph stores a large video sent with the temporary credentials of a role', async ({ page, widget }) => {
  const parts = watchParts(page);
  await open(page, 's3-sts');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.every(({ hasToken, status }) => hasToken && status === 200)).toBe(true);
  expect(await store.md5Of(await keyOf(page))).toBe(md5Of(videos.large()));
});

test('Ceph receives no stored part again after a reload during the upload', async ({ page, widget }) => {
  const parts = watchParts(page);
  const stored = () => parts.filter(({ status }) => status === 200).map(({ partNumber }) => partNumber);
  const held = await holdParts(page, 2);
  await open(page);
  await widget.pick(videos.large());
  await expect.poll(() => stored().length).toBe(2);
  const before = stored();
  await page.reload();
  await held.release();
  await expect(widget.unfinished).toHaveAttribute('data-file-name', 'large.mp4');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(
    stored()
      .slice(before.length)
      .filter((part) => before.includes(part)),
  ).toEqual([]);
  expect(await store.md5Of(await keyOf(page))).toBe(md5Of(videos.large()));
  expect(await store.openUploads()).toBe(openBefore);
});

test('Ceph refuses bytes that changed in transit, and the part is sent again', async ({ page, widget }) => {
  const parts = watchParts(page);
  const postData = readFileSync(videos.small());
  postData[1000] = (postData[1000] ?? 0) ^ 1;
  await page.route(`${store.origin}/**`, (route) => route.continue({ postData }), { times: 1 });
  await open(page);
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect(parts.map(({ status }) => status)).toEqual([400, 200]);
  expect(await store.md5Of(await keyOf(page))).toBe(md5Of(videos.small()));
});

test('a canceled upload leaves no parts and no object in Ceph', async ({ page, widget }) => {
  const keysBefore = await store.keys();
  const parts = watchParts(page);
  const held = await holdParts(page, 2);
  await open(page);
  await widget.pick(videos.large());
  await expect.poll(() => parts.length).toBe(2);
  expect(await store.openUploads()).toBe(openBefore + 1);
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await held.release();
  await expect.poll(() => store.openUploads()).toBe(openBefore);
  expect(await store.keys()).toEqual(keysBefore);
});

/** Forwards the given number of parts and holds the others until they are released. */
async function holdParts(page: Page, count: number): Promise<{ release: () => Promise<void> }> {
  let left = count;
  const isPart = (url: URL) => url.origin === store.origin && url.searchParams.has('partNumber');
  await page.route(isPart, async (route) => {
    if (route.request().method() !== 'PUT' || left-- > 0) return route.continue();
    // The request gets no answer: it is pending until the page aborts it.
  });
  return { release: () => page.unroute(isPart) };
}
