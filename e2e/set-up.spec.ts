import type { Page } from '@playwright/test';
import { expect, test, type Host } from './support/host.js';

/** What these tests use of the engine. */
type EnginePage = typeof globalThis & {
  uploader: {
    add(files: readonly File[]): Promise<unknown>;
    getSnapshot(): { uploads: readonly { status: string; error?: { code: string } }[] };
  };
};

/** A page in development, as bundlers serve it, with an engine of its own. Answers what the console is told. */
async function open(
  { page, host }: { page: Page; host: Host },
  { endpoint = '/api/uploads', headers = {} }: { endpoint?: string; headers?: Record<string, string> } = {},
): Promise<string[]> {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('vodrop: ')) warnings.push(message.text());
  });
  await page.addInitScript(() => Object.assign(window, { process: { env: { NODE_ENV: 'development' } } }));
  host.put(
    '/',
    `<!doctype html><title>Host</title><script type="module">
      import { createUploader } from '/dist/engine.js';
      window.uploader = createUploader({ endpoint: '${endpoint}', provider: 'huawei-vod' });
    </script>`,
    headers,
  );
  await page.goto('/');
  await page.waitForFunction(() => 'uploader' in window);
  return warnings;
}

function addVideo(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    // An MP4 begins with the size of its first box and `ftyp`.
    const bytes = new Uint8Array(300_000);
    bytes.set([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d]);
    const file = new File([bytes], 'clip.mp4', { type: 'video/mp4' });
    return (globalThis as EnginePage).uploader.add([file]);
  });
}

async function expectUpload(page: Page, expected: Record<string, unknown>): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { status, error } = (globalThis as EnginePage).uploader.getSnapshot().uploads[0] ?? {};
        return { status, code: error?.code };
      }),
    )
    .toMatchObject(expected);
}

test('a worker that is not served: the upload is hashed on the page, and the console names the remedy', async ({
  page,
  host,
}) => {
  host.missingFiles = ['part-worker.js'];
  const warnings = await open({ page, host });
  await addVideo(page);
  await expectUpload(page, { status: 'ready' });
  await expect.poll(() => warnings).toEqual([expect.stringContaining('part-worker.js cannot be started')]);
});

test('an endpoint whose instances have different secrets: the console names the remedy', async ({
  page,
  host,
}) => {
  const warnings = await open({ page, host });
  await page.route('**/api/uploads/finish', async (route) => {
    host.secret = 'the secret of the other instance, 32 characters';
    await route.continue();
  });
  await addVideo(page);
  await expectUpload(page, { status: 'failed', code: 'ticket-invalid' });
  await expect
    .poll(() => warnings)
    .toEqual([expect.stringContaining('give all its instances the same `secret`')]);
});

test('an endpoint without its secret: the console says where to look', async ({ page, host }) => {
  host.secret = '';
  const warnings = await open({ page, host });
  await addVideo(page);
  await expect.poll(() => warnings).toEqual([expect.stringContaining('its log (`onError`) tells why')]);
});

test('an endpoint that is not mounted: the console asks whether it is', async ({ page, host }) => {
  const warnings = await open({ page, host }, { endpoint: '/nowhere' });
  await addVideo(page);
  await expectUpload(page, { status: 'failed', code: 'endpoint-invalid-reply' });
  await expect
    .poll(() => warnings)
    .toEqual([expect.stringContaining('is the token endpoint mounted there?')]);
});

test('an endpoint that does not run behind its proxy: the console asks whether it does', async ({
  page,
  host,
}) => {
  // Before the page opens: it asks the endpoint by itself, and one that has answered is known to run.
  await page.route('**/api/uploads/*', (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  const warnings = await open({ page, host });
  await addVideo(page);
  await expect
    .poll(() => warnings)
    .toEqual([expect.stringContaining('answers 502: does the token endpoint run?')]);
});

test('a store that the policy of the page forbids: the console names the directive', async ({
  page,
  host,
}) => {
  const headers = { 'content-security-policy': "script-src 'self' 'unsafe-inline'; connect-src 'self'" };
  // A worker has the policy of its own file.
  host.fileHeaders = headers;
  const warnings = await open({ page, host }, { headers });
  await addVideo(page);
  await expect
    .poll(() => warnings)
    .toEqual([expect.stringContaining(`add ${host.sandboxUrl} to connect-src`)]);
});

test('a bucket without CORS rules: the console names what they have to allow', async ({ page, host }) => {
  const warnings = await open({ page, host });
  host.allowInBuckets('https://app.example.com');
  await addVideo(page);
  await expect.poll(() => warnings).toEqual([expect.stringContaining('Allow the origin')]);
});
