import { chromium, type Locator, type Page } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './support/chromium.js';
import { fakeDevices, withFakeDevices } from './support/devices.js';
import { videos } from './support/media.js';
import { MortalBrowser } from './support/mortal-browser.js';
import { expectPhase, expectRecorded, recorder } from './support/recorder.js';
import { expect, test as base, watchForSecrets } from './support/test.js';
import { Widget } from './support/widget.js';

const test = base.extend<{ mortal: MortalBrowser }>({
  mortal: async ({ baseURL, sandbox: _first }, use, testInfo) => {
    const secrets = watchForSecrets();
    const browser = new MortalBrowser(testInfo.outputPath('profile'), baseURL, secrets.watch, fakeDevices);
    await use(browser);
    await browser.close();
    secrets.expectNone();
  },
});

test.use(withFakeDevices);

const recordings = (page: Page): Locator => page.locator('[data-vodrop="recording"]');

/** Opens the recorder and records until its timer says so many seconds. */
async function record(page: Page, source: 'Camera' | 'Screen', seconds: number): Promise<void> {
  await page.getByRole('button', { name: source, exact: true }).click();
  await expectPhase(page, 'ready');
  await page.keyboard.press('r');
  await expectPhase(page, 'recording');
  await expectRecorded(page, seconds);
}

/** The length of the video in the review, as the player knows it: infinite where the file does not say it. */
function lengthInReview(page: Page): Promise<number> {
  return recorder(page)
    .locator('video')
    .evaluate(
      (video: HTMLVideoElement) =>
        new Promise<number>((resolve) => {
          if (video.readyState > 0) resolve(video.duration);
          else video.onloadedmetadata = () => resolve(video.duration);
        }),
    );
}

test('a recording of the camera has a length, can be named, and is uploaded as any other video', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&sources=device,camera,screen');
  await record(page, 'Camera', 3);
  await page.keyboard.press('r');
  await expectPhase(page, 'done');
  const seconds = await lengthInReview(page);
  expect(seconds).toBeGreaterThan(2);
  expect(seconds).toBeLessThan(30);

  // By keys: what Playwright fills in, Firefox does not tell React.
  await recorder(page).getByLabel('Name').press('ControlOrMeta+a');
  await recorder(page).getByLabel('Name').pressSequentially('First: talk');
  await recorder(page).getByRole('button', { name: 'Use recording' }).click();
  await expect(recorder(page)).toHaveCount(0);
  await widget.expectStatus('ready', widget.row('First talk.webm'));

  const [object] = await sandbox.objects();
  expect(object?.size).toBeGreaterThan(10_000);
  await widget.button('Play').click();
  const player = page.locator('video[controls]');
  await expect
    .poll(() => player.evaluate((video: HTMLVideoElement) => video.duration))
    .toBeCloseTo(seconds, 0);
  // The cloud has it: the copy in the browser is gone.
  await page.reload();
  await expect(page.getByRole('button', { name: 'Camera', exact: true })).toBeVisible();
  await expect(recordings(page)).toHaveCount(0);
});

test('a recording of the screen can be paused, and what was recorded again replaces it', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&sources=device,screen');
  await record(page, 'Screen', 1);
  await page.keyboard.press(' ');
  await expectPhase(page, 'paused');
  await page.keyboard.press(' ');
  await expectPhase(page, 'recording');
  await recorder(page).getByRole('button', { name: 'Stop' }).click();
  await expectPhase(page, 'done');
  await recorder(page).getByRole('button', { name: 'Record again' }).click();
  await expectPhase(page, 'ready');
  await page.keyboard.press('r');
  await expectRecorded(page, 1);
  await page.keyboard.press('r');
  await expectPhase(page, 'done');
  await recorder(page).getByRole('button', { name: 'Use recording' }).click();
  await widget.expectStatus('ready');
  expect(await sandbox.objects()).toHaveLength(1);
});

test('a recording of the screen has the camera in its corner where that was chosen', async ({
  page,
  widget,
}) => {
  await widget.open('&sources=device,screen');
  await page.getByRole('button', { name: 'Screen', exact: true }).click();
  await expectPhase(page, 'ready');
  await recorder(page).getByLabel('Camera in the corner').check();
  await page.keyboard.press('r');
  await expectRecorded(page, 2);
  await page.keyboard.press('r');
  await expectPhase(page, 'done');
  expect(await lengthInReview(page)).toBeGreaterThan(1);
  // The white line around the corner: the fake devices show the same picture.
  const whitest = (from: number, to: number) =>
    recorder(page)
      .locator('video')
      .evaluate(
        async (video: HTMLVideoElement, [top, bottom]) => {
          video.currentTime = 1;
          await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
          const { videoWidth: width, videoHeight: height } = video;
          const context = new OffscreenCanvas(width, height).getContext('2d');
          context?.drawImage(video, 0, 0);
          const y = Math.round(height * top);
          const column = context?.getImageData(
            Math.round(width * 0.88),
            y,
            1,
            Math.round(height * bottom) - y,
          );
          const reds = [...(column?.data ?? [])].filter((_, index) => index % 4 === 0);
          return Math.max(...reds);
        },
        [from, to] as const,
      );
  expect(await whitest(0.7, 0.85)).toBeGreaterThan(180);
  expect(await whitest(0.2, 0.6)).toBeLessThan(120);
});

test('a browser killed while recording offers nearly all of it on the next visit', async ({ mortal }) => {
  const page = await mortal.start();
  await new Widget(page).open('&sources=device,camera');
  await record(page, 'Camera', 5);
  await mortal.kill();

  const next = await mortal.start();
  const widget = new Widget(next);
  await widget.open('&sources=device,camera');
  await expect(recordings(next)).toContainText('Recovered');
  await recordings(next).getByRole('button', { name: 'Review and upload' }).click();
  await expectPhase(next, 'done');
  expect(await lengthInReview(next)).toBeGreaterThan(3);
  await recorder(next).getByRole('button', { name: 'Use recording' }).click();
  await widget.expectStatus('ready');
  await expect(recordings(next)).toHaveCount(0);
});

test('Escape asks before a recording is lost, and another tab does not offer what is being recorded', async ({
  page,
  widget,
  context,
}) => {
  await widget.open('&sources=device,camera');
  await record(page, 'Camera', 1);
  const other = await context.newPage();
  await new Widget(other).open('&sources=device,camera');
  await expect(other.getByRole('button', { name: 'Camera', exact: true })).toBeVisible();
  await expect(recordings(other)).toHaveCount(0);

  await page.bringToFront();
  await page.keyboard.press('Escape');
  await expect(recorder(page).getByRole('alertdialog')).toContainText('Discard this recording?');
  await page.keyboard.press('Escape');
  await expectPhase(page, 'recording');
  await page.keyboard.press('Escape');
  await recorder(page).getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
  await expect(recorder(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Camera', exact: true })).toBeFocused();
  await expect(recordings(page)).toHaveCount(0);
});

test('a recording that is open in one tab cannot be discarded in another, where its card goes away', async ({
  page,
  widget,
  context,
}) => {
  await widget.open('&sources=device,camera');
  await record(page, 'Camera', 1);
  await page.keyboard.press('r');
  await expectPhase(page, 'done');
  await page.keyboard.press('Escape');
  const other = await context.newPage();
  await new Widget(other).open('&sources=device,camera');
  await expect(recordings(other)).toHaveCount(1);
  await page.bringToFront();
  await recordings(page).getByRole('button', { name: 'Review and upload' }).click();
  await expectPhase(page, 'done');

  await recordings(other).getByRole('button', { name: 'Discard' }).click();
  await recordings(other).getByRole('button', { name: 'Discard' }).click();
  await expect(recordings(other)).toHaveCount(0);
  await recorder(page).getByRole('button', { name: 'Use recording' }).click();
  await widget.expectStatus('ready');
});

for (const language of ['de', 'fr'])
  test(`on a phone, the choices of the recorder are shown whole in ${language}`, async ({ page, widget }) => {
    await page.setViewportSize({ width: 320, height: 760 });
    await widget.open(`&sources=device,camera,screen&locale=${language}`);
    await page.locator('[data-source="camera"]').click();
    await expectPhase(page, 'ready');
    const tooWide = await recorder(page)
      .locator('.vd-select')
      .evaluate((select: HTMLSelectElement) => {
        const pen = document.createElement('canvas').getContext('2d');
        if (!pen) return ['no canvas'];
        pen.font = getComputedStyle(select).font;
        const arrow = 20;
        const texts = [...select.options].map(({ text }) => text);
        return texts.filter((text) => pen.measureText(text).width + arrow > select.clientWidth);
      });
    expect(tooWide).toEqual([]);
  });

test('a camera that is not allowed is told in words, with a way on', async ({ baseURL, sandbox: _first }) => {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArgs, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'],
  });
  try {
    const page = await browser.newPage({ baseURL });
    await new Widget(page).open('&sources=device,camera');
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await expect(recorder(page)).toContainText('The browser does not allow the camera');
    const dialog = page.waitForEvent('filechooser');
    await recorder(page).getByRole('button', { name: 'Choose videos' }).click();
    await dialog;
    await expect(recorder(page)).toHaveCount(0);
  } finally {
    await browser.close();
  }
});

test('a phone whose browser records nothing opens its own camera', async ({
  browser,
  baseURL,
  sandbox: _first,
}) => {
  const context = await browser.newContext({ baseURL, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'MediaRecorder');
  });
  const widget = new Widget(page);
  await widget.open('&sources=device,camera,screen');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Record a video' }).tap();
  expect(await (await chooser).element().getAttribute('capture')).toBe('environment');
  await (await chooser).setFiles(videos.small());
  await widget.expectStatus('ready');
  await expect(page.locator('[data-source="screen"]')).toHaveCount(0);
  await context.close();
});
