import { chromium, type Page } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './support/chromium.js';
import { fakeDevices, withFakeDevices } from './support/devices.js';
import { films, probe } from './support/films.js';
import { md5Of, videos } from './support/media.js';
import { savePlayed } from './support/played.js';
import { expectPhase, expectRecorded, recorder } from './support/recorder.js';
import { expect, test, watchForSecrets } from './support/test.js';
import { Widget } from './support/widget.js';

/*
 * Browsers that lack something: what cannot be done has no button, or says why before anything is asked, and videos are
 * uploaded all the same. That nothing is thrown is checked after each test.
 */

test.use(withFakeDevices);

const lacks = {
  'an encoder': () => {
    Reflect.deleteProperty(globalThis, 'VideoEncoder');
  },
  WebCodecs: () => {
    for (const name of ['VideoEncoder', 'VideoDecoder', 'AudioEncoder', 'AudioDecoder', 'EncodedVideoChunk'])
      Reflect.deleteProperty(globalThis, name);
  },
  'a private file system': () => {
    Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');
  },
  'a private file system that opens': () => {
    StorageManager.prototype.getDirectory = () =>
      Promise.reject(new DOMException('Security error when calling GetDirectory', 'SecurityError'));
  },
  'files that a page can write': () => {
    Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createWritable');
  },
  'files that are written at once': () => {
    Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle');
  },
};

/** Not on the empty page before, which lacks in Firefox what is taken. */
async function onPages(page: Page, take: () => void): Promise<void> {
  await page.addInitScript(`if (isSecureContext) (${take.toString()})()`);
}

/** The page and its workers. */
async function withoutIt(page: Page, what: keyof typeof lacks): Promise<void> {
  const take = lacks[what];
  await onPages(page, take);
  await page.route(/media-worker/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${take.toString()})();\n${await response.text()}` });
  });
}

const note = (page: Page) => page.locator('[data-vodrop="shrink-note"]');
const question = (page: Page) => page.locator('[data-vodrop="shrink"]');
const editor = (page: Page) => page.locator('[data-vodrop="trim"]');

async function openEditor(page: Page, widget: Widget, film: string): Promise<void> {
  await widget.open('&trim=true&autoStart=false');
  await widget.pick(film);
  await widget.button('Edit details').click();
  await page.getByRole('button', { name: 'Trim', exact: true }).click();
}

for (const [what, reason] of [
  ['an encoder', 'cannot encode'],
  ['WebCodecs', 'cannot decode'],
  ['a private file system', 'keeps no files'],
  ['a private file system that opens', 'keeps no files'],
  ['files that a page can write', 'keeps no files'],
] as const)
  test(`without ${what}, no smaller copy is offered, the original is sent, and that is said`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await withoutIt(page, what);
    await widget.open('&shrink=ask&maxHeight=180');
    await widget.pick(films.h264());
    await expect(note(page)).toContainText(reason);
    await widget.expectStatus('ready');
    await expect(question(page)).toHaveCount(0);
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
  });

for (const [what, reason] of [
  ['an encoder', /cannot encode/],
  ['WebCodecs', /cannot decode/],
] as const)
  test(`without ${what}, a film is cut at key frames, and the exact cut says why it cannot be made`, async ({
    page,
    widget,
  }, testInfo) => {
    await withoutIt(page, what);
    await openEditor(page, widget, films.h264());
    await expect(editor(page)).toHaveAttribute('data-phase', 'ready');
    const exact = page.getByRole('button', { name: 'Exact', exact: true });
    await expect(exact).toBeDisabled();
    await expect(exact).toHaveAttribute('title', reason);
    await page.getByRole('slider', { name: 'End', exact: true }).press('ArrowLeft');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect(editor(page)).toHaveCount(0);
    await widget.button('Start').click();
    await widget.expectStatus('ready');
    const after = probe(await savePlayed(page, widget, testInfo));
    expect(after.tracks).toEqual(['video h264', 'audio aac']);
    expect(after.seconds).toBeCloseTo(11, 0);
  });

for (const what of ['a private file system', 'a private file system that opens'] as const)
  test(`without ${what}, the editor says at once that nothing can be cut, and the film can be sent`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await withoutIt(page, what);
    await openEditor(page, widget, films.h264());
    await expect(page.getByRole('alert').filter({ hasText: 'keeps no files' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeDisabled();
    await expect(page.getByRole('dialog')).not.toContainText('Saved in this browser');
    await page.keyboard.press('Escape');
    await widget.button('Start').click();
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
  });

test('without files that are written at once, a copy is made all the same', async ({
  page,
  widget,
}, testInfo) => {
  await withoutIt(page, 'files that are written at once');
  await widget.open('&shrink=always&maxHeight=180');
  await widget.pick(films.h264());
  await widget.expectStatus('ready');
  await expect(note(page)).toHaveCount(0);
  expect(probe(await savePlayed(page, widget, testInfo)).height).toBe(180);
});

for (const what of ['a private file system', 'a private file system that opens'] as const)
  test(`without ${what}, a recording stays in memory, says so, and is uploaded`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await withoutIt(page, what);
    await widget.open('&sources=device,camera');
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await expectPhase(page, 'ready');
    await page.keyboard.press('r');
    await expectPhase(page, 'recording');
    await expect(recorder(page)).toContainText('kept in this page only');
    await expectRecorded(page, 1);
    await page.keyboard.press('r');
    await expectPhase(page, 'done');
    await recorder(page).getByRole('button', { name: 'Use recording' }).click();
    await widget.expectStatus('ready');
    expect(await sandbox.objects()).toHaveLength(1);
  });

const missing = {
  MediaRecorder: () => {
    Reflect.deleteProperty(globalThis, 'MediaRecorder');
  },
  getUserMedia: () => {
    Reflect.deleteProperty(MediaDevices.prototype, 'getUserMedia');
  },
  getDisplayMedia: () => {
    Reflect.deleteProperty(MediaDevices.prototype, 'getDisplayMedia');
  },
  mediaDevices: () => {
    Reflect.deleteProperty(Navigator.prototype, 'mediaDevices');
  },
};

for (const [what, take] of Object.entries(missing))
  test(`without ${what}, only what can be recorded has a button`, async ({ page, widget }) => {
    await onPages(page, take);
    await widget.open('&sources=device,link,camera,screen');
    await expect(page.locator('[data-source="link"]')).toBeVisible();
    const cameras = what === 'getDisplayMedia' ? 1 : 0;
    const screens = what === 'getUserMedia' ? 1 : 0;
    await expect(page.locator('[data-source="camera"]')).toHaveCount(cameras);
    await expect(page.locator('[data-source="screen"]')).toHaveCount(screens);
  });

test('without getUserMedia, the screen is recorded without a microphone', async ({
  page,
  widget,
  sandbox,
}) => {
  await onPages(page, missing.getUserMedia);
  await widget.open('&sources=device,screen');
  await page.getByRole('button', { name: 'Screen', exact: true }).click();
  await expectPhase(page, 'ready');
  await page.keyboard.press('r');
  await expectRecorded(page, 1);
  await page.keyboard.press('r');
  await expectPhase(page, 'done');
  await recorder(page).getByRole('button', { name: 'Use recording' }).click();
  await widget.expectStatus('ready');
  expect(await sandbox.objects()).toHaveLength(1);
});

test('on a phone whose page is not secure, the camera of the system is opened', async ({
  browser,
  baseURL,
  sandbox: _first,
}) => {
  const context = await browser.newContext({ baseURL, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await onPages(page, missing.mediaDevices);
  await new Widget(page).open('&sources=device,camera,screen');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Record a video' }).tap();
  expect(await (await chooser).element().getAttribute('capture')).toBe('environment');
  await expect(page.locator('[data-source="screen"]')).toHaveCount(0);
  await context.close();
});

test('on a page that is not secure, videos are uploaded, and nothing is offered that needs more, or thrown', async ({
  baseURL,
  sandbox,
}) => {
  const secrets = watchForSecrets();
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArgs, ...fakeDevices, '--host-resolver-rules=MAP 192.0.2.1 127.0.0.1'],
  });
  try {
    const { port } = new URL(baseURL ?? '');
    const page = await browser.newPage({ baseURL: `http://192.0.2.1:${port}` });
    secrets.watch(page);
    const widget = new Widget(page);
    await widget.open('&sources=device,link,camera,screen&trim=true&shrink=ask&maxHeight=180&notes=true');
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await expect(page.locator('[data-source="link"]')).toBeVisible();
    await expect(page.locator('[data-source="camera"], [data-source="screen"]')).toHaveCount(0);
    await widget.pick(films.h264());
    await expect(note(page)).toContainText('cannot decode');
    await expect(question(page)).toHaveCount(0);
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
    await widget.open('&trim=true&autoStart=false');
    await openEditor(page, widget, videos.small());
    await expect(page.getByRole('alert').filter({ hasText: 'keeps no files' })).toBeVisible();
  } finally {
    await browser.close();
  }
  secrets.expectNone();
});
