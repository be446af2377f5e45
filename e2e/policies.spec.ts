import { truncateSync, writeFileSync } from 'node:fs';
import { videos } from './support/media.js';
import { expect, nonce, strictPolicy, test, watchViolations, type Host } from './support/host.js';
import type { Page } from '@playwright/test';
import type { Widget } from './support/widget.js';

const where = 'endpoint="/api/uploads" provider="huawei-vod"';

const html = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head><title>Host</title>${head}</head><body>${body}</body></html>`;

const script = (src = '/dist/cdn/vodrop.js') =>
  `<script type="module" nonce="${nonce}" src="${src}"></script>`;

/** Counts the workers that have been started; hashing on the page would hide a policy that forbids them. */
function countWorkers(page: Page): () => number {
  let count = 0;
  page.on('worker', () => (count += 1));
  return () => count;
}

interface HostPage {
  readonly head?: string;
  readonly body?: string;
  readonly headers: Record<string, string>;
}

/** Uploads a video on that page. Answers what the browser has reported as forbidden, and how many workers it started. */
async function uploadOn(
  { page, host, widget }: { page: Page; host: Host; widget: Widget },
  { head = script(), body = `<vodrop-uploader ${where}></vodrop-uploader>`, headers }: HostPage,
): Promise<{ violations: readonly string[]; workers: number }> {
  const violations = await watchViolations(page);
  const workers = countWorkers(page);
  host.put('/', html(head, body), headers);
  await page.goto('/');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  // Its poster has been shown, too: pictures and styles under the policy.
  await expect(widget.row().locator('img')).toBeVisible();
  return { violations, workers: workers() };
}

test('uploads under a strict content security policy with a nonce, in a worker, without a violation', async ({
  page,
  host,
  widget,
}) => {
  host.fileHeaders = {
    'content-security-policy': "default-src 'none'; script-src 'self'; connect-src " + host.sandboxUrl,
  };
  const headers = { 'content-security-policy': strictPolicy(host) };
  const { violations, workers } = await uploadOn({ page, host, widget }, { headers });
  expect(workers).toBeGreaterThan(0);
  expect(violations).toEqual([]);
});

test('uploads to a store with two names where the policy allows the first only, and tries the second once at most', async ({
  page,
  host,
  widget,
}, testInfo) => {
  const [first = '', second = ''] = host.storeNames;
  const partCount = 12;
  const file = testInfo.outputPath('clip.mp4');
  writeFileSync(file, '');
  truncateSync(file, partCount * 5 * 1024 ** 2);
  const asked = { [first]: 0, [second]: 0 };
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (request.method() === 'PUT') asked[origin] = (asked[origin] ?? 0) + 1;
  });
  const policy = strictPolicy(host).replace("connect-src 'self'", `connect-src 'self' ${first}`);
  host.fileHeaders = {
    'content-security-policy': `default-src 'none'; script-src 'self'; connect-src ${first}`,
  };
  const body = `<vodrop-uploader endpoint="/api/uploads" provider="s3-two-names"></vodrop-uploader>`;
  host.put('/', html(script(), body), { 'content-security-policy': policy });
  await page.goto('/');
  await widget.pick(file);
  await widget.expectStatus('ready');
  expect(asked[first]).toBe(partCount);
  // Whether it is tried depends on what the connections carry on this machine; what the policy blocks counts, too.
  expect(asked[second]).toBeLessThanOrEqual(1);
});

test('uploads where Trusted Types allow the policy vodrop only, in a worker, without a violation', async ({
  page,
  host,
  widget,
}) => {
  const policy = strictPolicy(host, "require-trusted-types-for 'script'", 'trusted-types vodrop');
  const headers = { 'content-security-policy': policy };
  const { violations, workers } = await uploadOn({ page, host, widget }, { headers });
  expect(workers).toBeGreaterThan(0);
  expect(violations).toEqual([]);
});

test('uploads on a page that is isolated from other origins (COOP, COEP), without a violation', async ({
  page,
  host,
  widget,
}) => {
  const headers = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  host.fileHeaders = { ...headers, 'cross-origin-resource-policy': 'same-origin' };
  const { violations, workers } = await uploadOn({ page, host, widget }, { headers });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(workers).toBeGreaterThan(0);
  expect(violations).toEqual([]);
});

const forbiddenFeatures =
  'camera microphone clipboard-read clipboard-write screen-wake-lock autoplay fullscreen ' +
  'picture-in-picture encrypted-media geolocation display-capture storage-access';

test('uploads with every browser feature forbidden by Permissions-Policy, without a violation', async ({
  page,
  host,
  widget,
}) => {
  const features = forbiddenFeatures.split(' ').map((feature) => `${feature}=()`);
  const { violations } = await uploadOn(
    { page, host, widget },
    {
      body: `<vodrop-uploader ${where} wake-lock capture="environment"></vodrop-uploader>`,
      headers: { 'permissions-policy': features.join(', ') },
    },
  );
  expect(violations).toEqual([]);
});

test('uploads when its code comes from another origin, in a worker of the page, without a violation', async ({
  page,
  host,
  widget,
}) => {
  host.fileHeaders = { 'access-control-allow-origin': '*' };
  const policy = [
    "default-src 'none'",
    `script-src ${host.cdnUrl}`,
    `worker-src blob: ${host.cdnUrl}`,
    `connect-src 'self' ${host.sandboxUrl}`,
    'img-src blob:',
    `media-src blob: ${host.sandboxUrl}`,
  ];
  const { violations, workers } = await uploadOn(
    { page, host, widget },
    {
      head: `<script type="module" crossorigin src="${host.cdnUrl}/dist/cdn/vodrop.js"></script>`,
      headers: { 'content-security-policy': policy.join('; ') },
    },
  );
  expect(workers).toBeGreaterThan(0);
  expect(violations).toEqual([]);
});

for (const [name, sandbox, isOwn] of [
  ['with its own origin', 'allow-scripts allow-same-origin', true],
  ['without an origin of its own', 'allow-scripts', false],
] as const) {
  test(`uploads in a sandboxed frame ${name}, without a violation`, async ({ page, host }) => {
    const violations = await watchViolations(page);
    host.fileHeaders = { 'access-control-allow-origin': '*' };
    host.allowsNullOrigin = !isOwn;
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    // Without an origin, 'self' is nothing: the policy names the site.
    const policy = [
      "default-src 'none'",
      `script-src ${host.url}`,
      `worker-src ${host.url}`,
      `connect-src ${host.url} ${host.sandboxUrl}`,
      'img-src blob:',
      `media-src blob: ${host.sandboxUrl}`,
    ].join('; ');
    host.put('/frame', html(script(), `<vodrop-uploader ${where}></vodrop-uploader>`), {
      'content-security-policy': policy,
    });
    host.put('/', html('', `<iframe src="/frame" sandbox="${sandbox}" width="800" height="600"></iframe>`));
    await page.goto('/');
    const frame = page.frameLocator('iframe');
    await frame.locator('input[type=file]').first().setInputFiles(videos.large());
    await expect(frame.locator('[data-vodrop="upload"]')).toHaveAttribute('data-status', 'ready');
    expect(errors).toEqual([]);
    expect(violations).toEqual([]);
  });
}
