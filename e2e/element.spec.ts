import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { shortVideos, videos } from './support/media.js';
import { expect, nonce, strictPolicy, test, watchViolations, type Host } from './support/host.js';
import type { Page } from '@playwright/test';

const where = 'endpoint="/api/uploads" provider="huawei-vod"';
const script = '<script type="module" src="/dist/cdn/vodrop.js"></script>';

interface PageParts {
  readonly body: string;
  readonly head?: string;
  readonly headers?: Record<string, string>;
}

async function openPage(page: Page, host: Host, parts: string | PageParts): Promise<void> {
  const { body, head = script, headers }: PageParts = typeof parts === 'string' ? { body: parts } : parts;
  host.put(
    '/',
    `<!doctype html><html lang="en"><head><title>Host</title>${head}</head><body>${body}</body></html>`,
    headers,
  );
  await page.goto('/');
}

const element = (page: Page) => page.locator('vodrop-uploader').first();

test('a page of plain HTML uploads with one script tag, and hears of it by events', async ({
  page,
  host,
  widget,
  sandbox,
}) => {
  await openPage(
    page,
    host,
    `<vodrop-uploader ${where}></vodrop-uploader>
    <script>
      const heard = (window.heard = []);
      for (const type of ['vodrop-start', 'vodrop-confirmed', 'vodrop-ready', 'vodrop-change', 'change'])
        document.addEventListener(type, ({ detail }) => heard.push([type, (detail?.upload ?? {}).status]));
    </script>`,
  );
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  const heard = await page.evaluate(() =>
    (window as unknown as { heard: [string, string][] }).heard.map(([type]) => type),
  );
  expect(heard.toSorted()).toEqual(
    ['change', 'vodrop-change', 'vodrop-confirmed', 'vodrop-ready', 'vodrop-start'].toSorted(),
  );
  expect(await sandbox.media()).toHaveLength(1);
  expect(await page.evaluate(() => document.querySelector('vodrop-uploader')?.shadowRoot !== null)).toBe(
    true,
  );
});

test('takes files that are dropped on its shadow root', async ({ page, host, widget }) => {
  await openPage(page, host, `<vodrop-uploader ${where}></vodrop-uploader>`);
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await widget.drop(videos.small());
  await widget.expectStatus('ready');
});

test('submits its media id in a plain form, and keeps the form from being sent before there is one', async ({
  page,
  host,
  widget,
}) => {
  host.put('/sent', '<!doctype html><p>sent</p>');
  await openPage(
    page,
    host,
    `<form action="/sent"><vodrop-uploader ${where} name="video" required></vodrop-uploader><button>Save</button></form>`,
  );
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(await element(page).evaluate((one: HTMLInputElement) => one.validity.valueMissing)).toBe(true);
  await expect(page.locator('[data-vodrop="dropzone"]')).toBeFocused();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  const id = await widget.row().getAttribute('data-media-id');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('sent')).toBeVisible();
  expect(new URL(page.url()).searchParams.getAll('video')).toEqual([id]);
});

for (const root of ['', 'no-shadow'])
  test(`saves media details without sending the form around, in ${root || 'a shadow root'}`, async ({
    page,
    host,
    widget,
  }) => {
    host.put('/sent', '<!doctype html><p>sent</p>');
    await openPage(
      page,
      host,
      `<form action="/sent"><vodrop-uploader ${where} ${root} auto-start="false"></vodrop-uploader><button>Send</button></form>`,
    );
    await widget.pick(videos.small());
    const dialog = page.getByRole('dialog');
    const title = dialog.getByRole('textbox', { name: 'Title' });
    const edit = page.getByRole('button', { name: 'Edit details' });
    await edit.click();
    await title.fill('Harbor');
    await title.press('Enter');
    await expect(dialog).toHaveCount(0);
    await edit.click();
    await expect(title).toHaveValue('Harbor');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe('/');
  });

test('has its media id again when the person comes back to the form', async ({ page, host, widget }) => {
  host.put('/sent', '<!doctype html><p>sent</p>');
  await openPage(
    page,
    host,
    `<form action="/sent"><vodrop-uploader ${where} name="video" required></vodrop-uploader><button>Save</button></form>`,
  );
  const valid = () => element(page).evaluate((one: HTMLInputElement) => one.validity.valid);
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  const id = await widget.row().getAttribute('data-media-id');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('sent')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect.poll(valid).toBe(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('sent')).toBeVisible();
  expect(new URL(page.url()).searchParams.getAll('video')).toEqual([id]);
});

test('has the message of the page that forbids the form, until the page takes it back', async ({
  page,
  host,
}) => {
  await openPage(page, host, `<form><vodrop-uploader ${where} name="video"></vodrop-uploader></form>`);
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  const say = (message: string) =>
    element(page).evaluate((one: HTMLInputElement, text) => {
      one.setCustomValidity(text);
      return [one.validity.customError, one.validationMessage, one.form?.checkValidity()];
    }, message);
  expect(await say('Not this week.')).toEqual([true, 'Not this week.', false]);
  expect(await say('')).toEqual([false, '', true]);
});

test('follows reset, a disabled fieldset and its label like an input', async ({ page, host, widget }) => {
  await openPage(
    page,
    host,
    `<form>
      <label for="up">Trailer</label>
      <fieldset><vodrop-uploader id="up" ${where} name="video" value="old"></vodrop-uploader></fieldset>
      <button type="reset">Reset</button>
    </form>`,
  );
  const values = () =>
    page.evaluate(() => new FormData(document.querySelector('form') ?? undefined).getAll('video'));
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  expect(await values()).toEqual(['old']);
  await page.getByText('Trailer').click();
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeFocused();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect(await values()).toHaveLength(2);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(widget.rows).toHaveCount(0);
  expect(await values()).toEqual(['old']);
  await page.locator('fieldset').evaluate((one: HTMLFieldSetElement) => {
    one.disabled = true;
  });
  await expect(page.locator('[data-vodrop="dropzone"]')).toHaveAttribute('data-disabled', 'true');
  expect(await values()).toEqual([]);
});

test('takes properties that were set before it was defined, and mirrors attributes in properties', async ({
  page,
  host,
}) => {
  await openPage(page, host, { body: '<vodrop-uploader></vodrop-uploader>', head: '' });
  await element(page).evaluate((one) => {
    Object.assign(one, {
      endpoint: '/api/uploads',
      provider: 'huawei-vod',
      maxSize: '2GB',
      headers: { 'x-a': '1' },
    });
  });
  await page.addScriptTag({ type: 'module', url: '/dist/cdn/vodrop.js' });
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  expect(
    await element(page).evaluate((one: HTMLElement & Record<string, unknown>) => {
      one['maxFiles'] = 3;
      one.setAttribute('auto-start', 'false');
      return [
        one.getAttribute('max-size'),
        one.getAttribute('max-files'),
        one['autoStart'],
        one['headers'],
        one['disabled'],
      ];
    }),
  ).toEqual(['2GB', '3', false, { 'x-a': '1' }, false]);
});

test('sends parts of the size that "part-size" names', async ({ page, host, widget, sandbox }, testInfo) => {
  const file = testInfo.outputPath('clip.mp4');
  writeFileSync(file, randomBytes(24_000_000));
  await openPage(page, host, `<vodrop-uploader ${where} part-size="8 MiB"></vodrop-uploader>`);
  await widget.pick(file);
  await widget.expectStatus('ready');
  expect((await sandbox.acknowledgedParts()).toSorted()).toEqual([1, 2, 3]);
});

test('keeps its uploads when it is moved in the document, or taken out and put back', async ({
  page,
  host,
  widget,
  sandbox,
}) => {
  await sandbox.hold('UploadPart');
  await openPage(page, host, `<main><vodrop-uploader ${where}></vodrop-uploader></main><aside></aside>`);
  await widget.pick(videos.large());
  await widget.expectStatus('uploading');
  await page.evaluate(() =>
    document.querySelector('aside')?.append(document.querySelector('vodrop-uploader') ?? ''),
  );
  await widget.expectStatus('uploading');
  await page.evaluate(async () => {
    const one = document.querySelector('vodrop-uploader');
    one?.remove();
    await new Promise((resolve) => setTimeout(resolve, 200));
    document.querySelector('main')?.append(one ?? '');
  });
  await widget.expectStatus('uploading');
  await sandbox.clearFaults();
  await widget.expectStatus('ready');
});

test('menus, dialogs and the focus work in the shadow root by keyboard, under a strict policy without a violation', async ({
  page,
  host,
  widget,
}) => {
  await page.setViewportSize({ width: 420, height: 800 });
  const violations = await watchViolations(page);
  const headers = {
    'content-security-policy': strictPolicy(
      host,
      "require-trusted-types-for 'script'",
      'trusted-types vodrop',
    ),
  };
  const head = `<script type="module" nonce="${nonce}" src="/dist/cdn/vodrop.js"></script>`;
  const body = `<vodrop-uploader ${where} auto-start="false"></vodrop-uploader>`;
  await openPage(page, host, { body, head, headers });
  await widget.pick(...shortVideos(2));
  await expect(widget.rows).toHaveCount(2);
  await widget.button('More').click();
  const items = page.getByRole('menuitem');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(widget.button('More')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit details' }).press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Title', { exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(widget.button('More')).toBeFocused();
  // The row that had the focus is removed: the next one gets it.
  await widget.row().focus();
  const [, second] = await widget.rows.all();
  const id = await second?.getAttribute('data-upload-id');
  await element(page).evaluate(
    (
      one: HTMLElement & {
        uploader?: { getSnapshot(): { uploads: { id: string }[] }; remove(id: string): void };
      },
    ) => {
      one.uploader?.remove(one.uploader.getSnapshot().uploads[0]?.id ?? '');
    },
  );
  await expect(widget.rows).toHaveCount(1);
  await expect(page.locator(`[data-upload-id="${id}"]`)).toBeFocused();
  expect(violations).toEqual([]);
});

test('takes variables from the page, names its parts, and shows what the page puts into its slots', async ({
  page,
  host,
  widget,
}) => {
  await openPage(
    page,
    host,
    `<style>
      vodrop-uploader { --vodrop-accent: rgb(200, 0, 100) }
      vodrop-uploader::part(upload) { outline: 3px solid rgb(1, 2, 3) }
      vodrop-uploader::part(upload ready) { outline-color: rgb(4, 5, 6) }
    </style>
    <vodrop-uploader ${where}>
      <h2 slot="header">Lessons</h2><b slot="dropzone">Drop lessons here</b><i>Below</i>
    </vodrop-uploader>`,
  );
  await expect(page.getByText('Drop lessons here')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Lessons' })).toBeVisible();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  const look = await widget.row().evaluate((row) => {
    const style = getComputedStyle(row);
    return [style.outlineColor, style.outlineWidth, style.getPropertyValue('--vodrop-accent').trim()];
  });
  expect(look).toEqual(['rgb(4, 5, 6)', '3px', 'rgb(200, 0, 100)']);
});

test('renders into itself with no-shadow, with its styles', async ({ page, host, widget }) => {
  await openPage(page, host, `<vodrop-uploader ${where} no-shadow></vodrop-uploader>`);
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect(
    await page.evaluate(() => [
      document.querySelector('vodrop-uploader')?.shadowRoot,
      getComputedStyle(document.querySelector('.vd-stack') ?? document.body).display,
    ]),
  ).toEqual([null, 'grid']);
});

test('adds files and opens the file dialog by its methods', async ({ page, host, widget }) => {
  await openPage(page, host, `<vodrop-uploader ${where}></vodrop-uploader><button>Add</button>`);
  await page.evaluate(() => {
    const one = document.querySelector('vodrop-uploader');
    document.querySelector('button')?.addEventListener('click', () => one?.open());
  });
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  const mp4 = await page.evaluate(async () => {
    const result = await document
      .querySelector('vodrop-uploader')
      ?.addFiles([new File(['no video'], 'notes.txt', { type: 'text/plain' })]);
    return [result?.added.length, result?.rejections.map(({ code }) => code)];
  });
  expect(mp4).toEqual([0, ['file-invalid-type']]);
  await page.evaluate(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add' }).click();
  await (await chooser).setFiles(videos.small());
  await widget.expectStatus('ready');
});

test('is defined once when two copies are loaded, and both elements work', async ({
  page,
  host,
  sandbox,
}) => {
  await openPage(page, host, {
    body: `<vodrop-uploader ${where} scope="one"></vodrop-uploader><vodrop-uploader ${where} scope="two"></vodrop-uploader>`,
    head: `${script}<script type="module" src="/dist/cdn/vodrop.js?again"></script>`,
  });
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  for (const index of [0, 1]) {
    const one = page.locator('vodrop-uploader').nth(index);
    await one.locator('input[type=file]').first().setInputFiles(videos.small());
    await expect(one.locator('[data-vodrop="upload"]')).toHaveAttribute('data-status', 'ready');
  }
  expect(errors).toEqual([]);
  expect(await sandbox.media()).toHaveLength(2);
});
