import { statSync } from 'node:fs';
import type { Locator, Page, TestInfo } from '@playwright/test';
import { films, likeness, probe, type Probed } from './support/films.js';
import { md5Of } from './support/media.js';
import { MortalBrowser } from './support/mortal-browser.js';
import { savePlayed } from './support/played.js';
import { expect, test as base, watchForSecrets } from './support/test.js';
import { Widget } from './support/widget.js';

const test = base.extend<{ mortal: MortalBrowser }>({
  /** A browser that keeps its profile when it is killed. */
  mortal: async ({ baseURL, sandbox: _first }, use, testInfo) => {
    const secrets = watchForSecrets();
    const browser = new MortalBrowser(testInfo.outputPath('profile'), baseURL, secrets.watch);
    await use(browser);
    await browser.close();
    secrets.expectNone();
  },
});

const editor = (page: Page): Locator => page.locator('[data-vodrop="trim"]');
const handle = (page: Page, point: 'Start' | 'End'): Locator =>
  page.getByRole('slider', { name: point, exact: true });

/** Whether this browser has a codec: builds differ. */
async function can(page: Page, kind: 'decode' | 'encode', codec: string): Promise<boolean> {
  return page.evaluate(
    async ([what, name]) => {
      const config = { codec: name, width: 640, height: 360 };
      const answer =
        what === 'decode'
          ? VideoDecoder.isConfigSupported(config)
          : VideoEncoder.isConfigSupported({ ...config, bitrate: 1e6, framerate: 25 });
      return (await answer).supported === true;
    },
    [kind, codec] as const,
  );
}

/** Adds a film that waits for its start, and opens the editor. */
async function openEditor(page: Page, widget: Widget, film: string): Promise<void> {
  await widget.open('&trim=true&autoStart=false');
  await widget.pick(film);
  await widget.button('Edit details').click();
  await page.getByRole('button', { name: 'Trim', exact: true }).click();
  await expect(editor(page)).toHaveAttribute('data-phase', 'ready');
}

/** One number of each picture of the strip: films of tests show another picture at each moment. */
function stripColors(page: Page): Promise<number[]> {
  return page.locator('.vd-strip-pictures img').evaluateAll(async (images) =>
    Promise.all(
      (images as HTMLImageElement[]).map(async (image) => {
        await image.decode();
        const { naturalWidth: width, naturalHeight: height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context?.drawImage(image, 0, 0);
        return [...(context?.getImageData(0, 0, width, height).data ?? [])].reduce(
          (sum, value) => (sum * 31 + value) % 1e9,
          0,
        );
      }),
    ),
  );
}

async function applyAndSend(page: Page, widget: Widget): Promise<void> {
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(editor(page)).toHaveCount(0);
  await expect(widget.rows).toHaveCount(1);
  await widget.button('Start').click();
  await widget.expectStatus('ready');
}

/** What the cloud has, as ffprobe sees it. */
async function stored(page: Page, widget: Widget, testInfo: TestInfo): Promise<Probed> {
  return probe(await savePlayed(page, widget, testInfo));
}

/** The first format of each kind is tried by `npm test`, the others with the tag `@long` by `npm run e2e:long`. */
const tagOf = (index: number) => ({ tag: index === 0 ? [] : '@long' });

const kinds = [
  { name: 'H.264 and AAC', film: films.h264 },
  { name: 'VP9 and Opus in WebM', film: films.vp9 },
  { name: 'VP9 and Opus in MP4', film: films.vp9InMp4 },
  { name: 'AV1 and Opus in MP4', film: films.av1 },
  { name: 'AV1 and Opus in WebM', film: films.av1InWebm },
  { name: 'HEVC, which need not be decoded,', film: films.hevcKeys },
  { name: 'a rotated film', film: films.rotated },
  { name: 'a film that is rotated back', film: films.rotatedBack },
  { name: 'a film of variable frame rate', film: films.variable },
  { name: 'a film without sound', film: films.silentKeys },
  { name: 'a film with two sound tracks', film: films.twoSounds },
  { name: 'QuickTime with sound that is not compressed', film: films.pcm },
  { name: 'VP9 with alpha', film: films.alpha },
];

for (const [index, { name, film }] of kinds.entries()) {
  test(
    `a lossless trim of ${name} is cut at key frames and keeps its streams`,
    tagOf(index),
    async ({ page, widget, sandbox }, testInfo) => {
      const before = probe(film());
      await openEditor(page, widget, film());
      await handle(page, 'Start').press('ArrowRight');
      await handle(page, 'Start').press('ArrowRight');
      await expect(handle(page, 'Start')).toHaveAttribute('aria-valuenow', /^2(\.0\d?)?$/);
      await handle(page, 'End').press('ArrowLeft');
      const end = Number(await handle(page, 'End').getAttribute('aria-valuenow'));
      expect(end).toBeLessThan(before.seconds);
      const start = Number(await handle(page, 'Start').getAttribute('aria-valuenow'));
      await applyAndSend(page, widget);

      const after = await stored(page, widget, testInfo);
      expect(after.tracks).toEqual(before.tracks);
      expect(after.hasAlpha).toBe(before.hasAlpha);
      expect(after.languages).toEqual(before.languages);
      expect(after.sound).toEqual(before.sound);
      expect([after.width, after.height, after.rotation]).toEqual([
        before.width,
        before.height,
        before.rotation,
      ]);
      expect(Math.abs(after.seconds - (end - start))).toBeLessThan(0.3);
      expect(after.complaints).toBe('');
      expect(await sandbox.objects()).toHaveLength(1);
    },
  );
}

test(
  'of a film in HEVC that the browser cannot decode, only a lossless trim is offered, and that is said',
  { tag: '@long' },
  async ({ page, widget }) => {
    await openEditor(page, widget, films.hevcKeys());
    test.skip(await can(page, 'decode', 'hvc1.1.6.L93.B0'), 'this browser decodes HEVC');
    const exact = page.getByRole('button', { name: 'Exact', exact: true });
    await expect(exact).toBeDisabled();
    await expect(exact).toHaveAttribute('title', /cannot decode/);
  },
);

test(
  'a lossless trim of the end alone keeps the distance of sound and picture',
  { tag: '@long' },
  async ({ page, widget }, testInfo) => {
    const before = probe(films.lateSound());
    await openEditor(page, widget, films.lateSound());
    await handle(page, 'End').press('ArrowLeft');
    const end = Number(await handle(page, 'End').getAttribute('aria-valuenow'));
    await applyAndSend(page, widget);
    const after = await stored(page, widget, testInfo);
    expect(after.tracks).toEqual(before.tracks);
    expect(Math.abs(after.pictureLate - before.pictureLate)).toBeLessThan(0.05);
    expect(Math.abs(after.seconds - end)).toBeLessThan(0.3);
    expect(after.complaints).toBe('');
  },
);

const exactKinds = [
  { name: 'H.264 and AAC', film: films.h264, codec: 'avc1.42001e', tracks: ['video h264', 'audio aac'] },
  { name: 'VP9 and Opus', film: films.vp9, codec: 'vp09.00.30.08', tracks: ['video vp9', 'audio opus'] },
  {
    name: 'VP9 and Opus in MP4',
    film: films.vp9InMp4,
    codec: 'vp09.00.30.08',
    tracks: ['video h264', 'audio opus'],
  },
  { name: 'AV1 and Opus', film: films.av1, codec: 'av01.0.04M.08', tracks: ['video h264', 'audio opus'] },
  {
    name: 'AV1 and Opus in WebM',
    film: films.av1InWebm,
    codec: 'av01.0.04M.08',
    tracks: ['video vp9', 'audio opus'],
  },
  {
    name: 'VP9 with alpha',
    film: films.alpha,
    codec: 'vp09.00.30.08',
    tracks: ['video vp9', 'audio opus'],
  },
  { name: 'a rotated film', film: films.rotated, codec: 'avc1.42001e', tracks: ['video h264', 'audio aac'] },
  {
    name: 'a film that is rotated back',
    film: films.rotatedBack,
    codec: 'avc1.42001e',
    tracks: ['video h264', 'audio aac'],
  },
  {
    name: 'a film of variable frame rate',
    film: films.variable,
    codec: 'avc1.42001e',
    tracks: ['video h264', 'audio aac'],
  },
  { name: 'a film without sound', film: films.silentKeys, codec: 'avc1.42001e', tracks: ['video h264'] },
  {
    name: 'a film with two sound tracks',
    film: films.twoSounds,
    codec: 'avc1.42001e',
    tracks: ['video h264', 'audio aac', 'audio aac'],
  },
];

for (const [index, { name, film, codec, tracks }] of exactKinds.entries()) {
  test(
    `an exact trim of ${name} is cut on the frame, and its sound is copied`,
    tagOf(index),
    async ({ page, widget }, testInfo) => {
      const before = probe(film());
      await openEditor(page, widget, film());
      const isPossible = (await can(page, 'decode', codec)) && (await can(page, 'encode', 'avc1.42001e'));
      test.skip(!isPossible, `this browser cannot decode or encode ${codec}`);
      await page.getByRole('button', { name: 'Exact', exact: true }).click();
      for (let frame = 0; frame < 10; frame += 1) await handle(page, 'Start').press('.');
      await expect(handle(page, 'Start')).toHaveAttribute('aria-valuetext', /^0:00\.40 of /);
      await handle(page, 'End').press('ArrowLeft');
      const end = Number(await handle(page, 'End').getAttribute('aria-valuenow'));
      await applyAndSend(page, widget);

      const after = await stored(page, widget, testInfo);
      expect(after.tracks).toEqual(tracks);
      expect(after.hasAlpha).toBe(before.hasAlpha);
      expect(after.rotation).toBe(before.rotation);
      expect([after.width, after.height]).toEqual([before.width, before.height]);
      expect(Math.abs(after.seconds - (end - 0.4))).toBeLessThan(0.2);
      expect(after.complaints).toBe('');
    },
  );
}

for (const when of ['before', 'while'] as const) {
  test(`a cut for which there is no space ${when} it is made says so, leaves nothing, and the film can be sent`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await openEditor(page, widget, films.h264());
    await handle(page, 'Start').press('ArrowRight');
    const client = await page.context().newCDPSession(page);
    const setQuota = (quotaSize: number) =>
      client.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
    if (when === 'while')
      // The estimate of the browser is too high: other pages and programs write as well.
      await page.evaluate(() => {
        navigator.storage.estimate = () => Promise.resolve({ quota: 1e12, usage: 0 });
      });
    await setQuota(1);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'no space for a copy' })).toBeVisible();
    const copies = await page.evaluate(async () => {
      const files: string[] = [];
      const collect = async (folder: FileSystemDirectoryHandle): Promise<void> => {
        for await (const [name, entry] of folder.entries())
          if (entry.kind === 'directory') await collect(entry);
          else files.push(name);
      };
      await collect(await navigator.storage.getDirectory());
      return files;
    });
    expect(copies).toEqual([]);
    await page.keyboard.press('Escape');
    await widget.button('Start').click();
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
  });
}

test('trimming an upload that sends asks first, sends the cut from its beginning, and stores one object', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  await widget.open('&trim=true');
  await sandbox.holdPartsAfter(1);
  await widget.pick(films.long());
  await widget.expectPartsKnown(1);
  await widget.button('Edit details').click();
  await page.getByRole('button', { name: 'Trim', exact: true }).click();
  await expect(editor(page)).toHaveAttribute('data-phase', 'ready');
  await handle(page, 'End').press('ArrowLeft');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('sent already');
  await question.getByRole('button', { name: 'Cut and send again' }).click();
  // The first click has paused the upload.
  await sandbox.clearFaults();
  await expect(editor(page)).toHaveCount(0);
  await widget.expectStatus('ready');
  await expect(widget.rows).toHaveCount(1);
  expect(await sandbox.objects()).toHaveLength(1);
  expect((await stored(page, widget, testInfo)).seconds).toBeCloseTo(38, 0);
});

test('the points of a cut move by pointer and by the keys I and O, and Reset takes them back', async ({
  page,
  widget,
}) => {
  await openEditor(page, widget, films.h264());
  const film = page.locator('.vd-trim-film');
  const box = await film.boundingBox();
  if (!box) throw new Error('there is no film strip');
  const at = (seconds: number) => box.x + (box.width * seconds) / 12;
  const middle = box.y + box.height / 2;
  await page.mouse.move(at(0) - 5, middle);
  await page.mouse.down();
  await page.mouse.move(at(3.2), middle, { steps: 4 });
  await page.mouse.up();
  await expect(handle(page, 'Start')).toHaveAttribute('aria-valuenow', '3');
  await page.mouse.click(at(8.1), middle);
  await page.keyboard.press('o');
  await expect(handle(page, 'End')).toHaveAttribute('aria-valuenow', '8');
  await page.mouse.click(at(5.1), middle);
  await page.keyboard.press('i');
  await expect(handle(page, 'Start')).toHaveAttribute('aria-valuenow', '5');
  await expect(page.locator('[data-vodrop="trim-length"]')).toContainText('0:03.00');
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(handle(page, 'Start')).toHaveAttribute('aria-valuenow', '0');
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeDisabled();
});

const question = (page: Page): Locator => page.locator('[data-vodrop="shrink"]');
const copies = (page: Page): Locator => page.locator('[data-vodrop="copy"]');

/** How many copies the origin's private file system has, whole or half-written. */
async function keptCopies(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const count = async (folder: FileSystemDirectoryHandle, depth: number): Promise<number> => {
      let sum = 0;
      for await (const entry of folder.values())
        if (entry.kind === 'directory') sum += depth === 0 ? 1 : await count(entry, depth - 1);
      return sum;
    };
    const root = await navigator.storage.getDirectory();
    return count(await root.getDirectoryHandle('vodrop-copies', { create: true }), 1);
  });
}

const shrinkKinds = [
  { name: 'H.264 and AAC', film: films.heavy, codec: 'avc1.42001f' },
  { name: 'VP9 and Opus in WebM', film: films.heavyVp9, codec: 'vp09.00.30.08' },
  { name: 'VP9 and Opus in MP4', film: films.heavyVp9InMp4, codec: 'vp09.00.30.08' },
  { name: 'VP9 with alpha', film: films.alpha, codec: 'vp09.00.30.08' },
  { name: 'AV1 and Opus in MP4', film: films.heavyAv1, codec: 'av01.0.04M.08' },
  { name: 'AV1 and Opus in WebM', film: films.heavyAv1InWebm, codec: 'av01.0.04M.08' },
  { name: 'a film of variable frame rate', film: films.heavyVariable, codec: 'avc1.42001f' },
  { name: 'HEVC', film: films.hevc, codec: 'hvc1.1.6.L93.B0' },
];

for (const [index, { name, film, codec }] of shrinkKinds.entries()) {
  test(
    `${name} is shrunk without a question, and what is stored has its length and its sound`,
    tagOf(index),
    async ({ page, widget, sandbox }, testInfo) => {
      const before = probe(film());
      await widget.open('&shrink=always&maxHeight=360');
      const isPossible = (await can(page, 'decode', codec)) && (await can(page, 'encode', 'avc1.42001f'));
      test.skip(!isPossible, `this browser cannot decode or encode ${codec}`);
      await widget.pick(film());
      await widget.expectStatus('ready');
      await expect(copies(page)).toHaveCount(0);

      const after = await stored(page, widget, testInfo);
      expect(after.tracks).toEqual(['video h264', before.tracks[1]]);
      expect([after.width, after.height]).toEqual([640, 360]);
      expect(Math.abs(after.seconds - before.seconds)).toBeLessThan(0.3);
      expect(after.complaints).toBe('');
      const [object] = await sandbox.objects();
      expect(object?.size).toBeLessThan(statSync(film()).size * 0.8);
    },
  );
}

const unusualKinds = [
  { name: 'a film without sound', film: films.silent, size: [360, 202] },
  { name: 'a film with surround sound', film: films.surround, size: [360, 202] },
  { name: 'a film with two sound tracks', film: films.twoSounds, size: [640, 360] },
  { name: 'a rotated film', film: films.rotated, size: [180, 320] },
  { name: 'a film that is rotated back', film: films.rotatedBack, size: [180, 320] },
  { name: 'a film that begins before zero', film: films.hidden, size: [640, 360] },
  { name: 'a film whose picture begins after its sound', film: films.late, size: [640, 360] },
  { name: 'a film whose sound begins after its picture', film: films.lateSound, size: [640, 360] },
  { name: 'a film that begins at 0.5 s', film: () => films.offset(0.5, 'mp4'), size: [640, 360] },
  { name: 'a film in MP4 that begins at 10 h', film: () => films.offset(36_000, 'mp4'), size: [640, 360] },
  {
    name: 'a film in Matroska that begins at 10 h',
    film: () => films.offset(36_000, 'mkv'),
    size: [640, 360],
  },
];

for (const { name, film, size } of unusualKinds) {
  test(
    `${name} is shrunk, and pictures, sound and their distance are those of the original`,
    { tag: '@long' },
    async ({ page, widget }, testInfo) => {
      const before = probe(film());
      await widget.open(`&shrink=always&maxHeight=${Math.min(...size)}`);
      test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
      await widget.pick(film());
      await widget.expectStatus('ready');
      const file = await savePlayed(page, widget, testInfo);
      const after = probe(file);
      expect([after.width, after.height]).toEqual(size);
      expect(likeness(file, film())).toBeGreaterThan(0.8);
      expect(after.sound).toEqual(before.sound);
      expect(after.tracks).toEqual(before.tracks);
      expect(after.languages).toEqual(before.languages);
      // The copy begins at zero.
      expect(Math.abs(after.seconds - (before.seconds - before.begins))).toBeLessThan(0.1);
      expect(Math.abs(after.pictureLate - before.pictureLate)).toBeLessThan(0.05);
      // Those before zero are in the original, too, and are not shown.
      if (film !== films.hidden) expect(after.pictures).toBe(before.pictures);
      expect(after.complaints).toBe('');
    },
  );
}

test('raw sound is compressed in a smaller copy, and in a lossless cut it is said to be as it was', async ({
  page,
  widget,
}, testInfo) => {
  const before = probe(films.pcm());
  expect(before.tracks).toEqual(['video h264', 'audio pcm_s16le']);
  await widget.open('&shrink=always&maxHeight=360&trim=true&autoStart=false');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.pcm());
  await widget.button('Start').click();
  await widget.expectStatus('ready');
  const after = await stored(page, widget, testInfo);
  expect(['audio aac', 'audio opus']).toContain(after.tracks[1]);
  expect(Math.abs(after.seconds - before.seconds)).toBeLessThan(0.1);
  expect(Math.abs(after.pictureLate - before.pictureLate)).toBeLessThan(0.05);
  expect(after.pictures).toBe(before.pictures);
  expect(after.complaints).toBe('');

  await openEditor(page, widget, films.pcm());
  await expect(editor(page)).toContainText('Not every browser plays its uncompressed sound.');
  await page.getByRole('button', { name: 'Exact', exact: true }).click();
  await expect(editor(page)).not.toContainText('uncompressed');
});

for (const [index, { begins, extension }] of (
  [
    { begins: 36_000, extension: 'mkv' },
    { begins: 36_000, extension: 'mp4' },
    { begins: 0.5, extension: 'mp4' },
    { begins: 0.5, extension: 'mkv' },
  ] as const
).entries())
  test(
    `a film in ${extension} that begins at ${begins} s is cut where its points stand, and its length is that of what is shown`,
    tagOf(index),
    async ({ page, widget }, testInfo) => {
      await openEditor(page, widget, films.offset(begins, extension));
      await expect(page.locator('[data-vodrop="upload"] .vd-poster-time')).toHaveText('0:04');
      await expect(page.locator('.vd-strip-pictures img')).toHaveCount(10);
      expect(new Set(await stripColors(page)).size).toBeGreaterThan(8);
      await expect(page.locator('[data-vodrop="trim-length"]')).toHaveText('0:04.02 of 0:04.02');
      await handle(page, 'End').press('ArrowLeft');
      await expect(handle(page, 'End')).toHaveAttribute('aria-valuenow', '3.02');
      await handle(page, 'Start').press('ArrowRight');
      await expect(handle(page, 'Start')).toHaveAttribute('aria-valuenow', '1.02');
      await page.screenshot({ path: testInfo.outputPath('editor.png') });
      await applyAndSend(page, widget);
      const after = await stored(page, widget, testInfo);
      expect(after.tracks).toEqual(['video h264', 'audio aac']);
      expect(after.pictures).toBe(50);
      expect(after.seconds).toBeCloseTo(2, 1);
      expect(after.complaints).toBe('');
    },
  );

test(
  'a film in HDR is shrunk to the colors of other films',
  { tag: '@long' },
  async ({ page, widget }, testInfo) => {
    await widget.open('&shrink=always&maxHeight=180');
    const isPossible =
      (await can(page, 'decode', 'avc1.6e001e')) && (await can(page, 'encode', 'avc1.42001f'));
    test.skip(!isPossible, 'this browser cannot decode ten bits or encode H.264');
    expect(probe(films.hdr()).transfer).toBe('arib-std-b67');
    await widget.pick(films.hdr());
    await widget.expectStatus('ready');
    const after = await stored(page, widget, testInfo);
    expect([after.width, after.height]).toEqual([320, 180]);
    expect(after.transfer).not.toBe('arib-std-b67');
  },
);

test(
  'an exact trim of a film with pixels that are not square has the shape of the film',
  { tag: '@long' },
  async ({ page, widget }, testInfo) => {
    await openEditor(page, widget, films.wide());
    test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
    await page.getByRole('button', { name: 'Exact', exact: true }).click();
    await handle(page, 'End').press('ArrowLeft');
    await applyAndSend(page, widget);
    const after = await stored(page, widget, testInfo);
    expect([after.width, after.height]).toEqual([854, 360]);
  },
);

test('of a film that was cut off, the copy is discarded and the original is sent', async ({
  page,
  widget,
  sandbox,
}) => {
  const film = films.cutOff();
  await widget.open('&shrink=always&maxHeight=180');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(film);
  await expect(page.locator('[data-vodrop="shrink-note"]')).toContainText('was not like the original');
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(film)]);
  await expect.poll(() => keptCopies(page)).toBe(0);
});

test('a rotated film is shrunk upright', async ({ page, widget }, testInfo) => {
  await widget.open('&shrink=always&maxHeight=180');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.rotated());
  await widget.expectStatus('ready');
  const after = await stored(page, widget, testInfo);
  expect([after.width, after.height]).toEqual([180, 320]);
  expect(after.tracks).toEqual(['video h264', 'audio aac']);
  expect(after.seconds).toBeCloseTo(6, 0);
});

test('the question says what each way weighs; the smaller copy is sent, and the original when it is wanted', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=ask&maxHeight=360');
  await widget.pick(films.heavy());
  await expect(question(page)).toContainText('Original');
  // The encoder does not give the same number of bytes on every machine.
  await expect(question(page)).toContainText(`${(statSync(films.heavy()).size / 1e6).toFixed(1)} MB`);
  await expect(question(page).getByRole('radio', { name: '360p' })).toBeChecked();
  await question(page).getByRole('button', { name: 'Send 360p' }).click();
  await expect(question(page)).toHaveCount(0);
  await widget.expectStatus('ready');
  const was = `was ${(statSync(films.heavy()).size / 1e6).toFixed(1)} MB`;
  await expect(widget.row('trim-heavy.mp4')).toContainText(was);

  await widget.pick(films.long());
  await question(page).getByRole('radio', { name: 'Original' }).check();
  await expect(question(page).getByRole('button', { name: 'Send 360p' })).toHaveCount(0);
  await question(page).getByRole('button', { name: 'Send original' }).click();
  await widget.expectStatus('ready', widget.row('shrink-long.mp4'));
  const digests = (await sandbox.objects()).map(({ md5Hex }) => md5Hex);
  expect(digests).toContain(md5Of(films.long()));
  expect(digests).not.toContain(md5Of(films.heavy()));
});

test('a film in a codec that the browser cannot decode is sent as it is, and that is said', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=always&maxHeight=180');
  test.skip(await can(page, 'decode', 'hvc1.1.6.L93.B0'), 'this browser decodes HEVC');
  await widget.pick(films.hevc());
  await expect(page.locator('[data-vodrop="shrink-note"]')).toContainText('cannot decode the video');
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.hevc())]);
});

test('a browser killed while it shrinks offers the film on the next visit and leaves no half copy', async ({
  mortal,
  sandbox,
}) => {
  const first = await mortal.start();
  await new Widget(first).open('&shrink=always&maxHeight=360');
  test.skip(!(await can(first, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await new Widget(first).pick(films.long());
  await expect(copies(first)).toHaveAttribute('data-status', 'shrinking');
  await expect.poll(() => keptCopies(first)).toBe(1);
  await mortal.kill();

  const page = await mortal.start();
  const widget = new Widget(page);
  await widget.open('&shrink=always&maxHeight=360');
  await expect(copies(page)).toHaveAttribute('data-status', 'interrupted');
  await expect(copies(page)).toContainText('Not sent yet');
  await expect.poll(() => keptCopies(page)).toBe(0);
  const dialog = page.waitForEvent('filechooser');
  await copies(page).getByRole('button', { name: 'Choose the file' }).click();
  await (await dialog).setFiles(films.long());
  await widget.expectStatus('ready');
  await expect(copies(page)).toHaveCount(0);
  expect(await sandbox.objects()).toHaveLength(1);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect.poll(() => keptCopies(page)).toBe(0);
});

test('a browser killed while it asks has kept a small film, and sends it without a file dialog', async ({
  mortal,
  sandbox,
}) => {
  const first = await mortal.start();
  await new Widget(first).open('&shrink=ask&maxHeight=180');
  await new Widget(first).pick(films.h264());
  await expect(question(first)).toContainText('Original');
  await mortal.kill();

  const page = await mortal.start();
  const widget = new Widget(page);
  await widget.open('&shrink=ask&maxHeight=180');
  await copies(page).getByRole('button', { name: 'Send original' }).click();
  await widget.expectStatus('ready');
  await expect(copies(page)).toHaveCount(0);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
});

test('a browser killed while it cuts has kept the upload, and leaves no half copy', async ({
  mortal,
  sandbox,
}) => {
  const first = await mortal.start();
  const before = new Widget(first);
  await before.open('&trim=true');
  test.skip(!(await can(first, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await sandbox.holdPartsAfter(1);
  await before.pick(films.long());
  await before.expectPartsKnown(1);
  await before.button('Edit details').click();
  await first.getByRole('button', { name: 'Trim', exact: true }).click();
  await expect(editor(first)).toHaveAttribute('data-phase', 'ready');
  await first.getByRole('button', { name: 'Exact', exact: true }).click();
  await handle(first, 'End').press('ArrowLeft');
  await first.getByRole('button', { name: 'Apply', exact: true }).click();
  await first.getByRole('alertdialog').getByRole('button', { name: 'Cut and send again' }).click();
  await expect(editor(first)).toHaveAttribute('data-phase', 'cutting');
  await expect.poll(() => keptCopies(first)).toBe(1);
  await mortal.kill();
  await sandbox.clearFaultsWhenLetGo();

  const page = await mortal.start();
  const widget = new Widget(page);
  await widget.open('&trim=true');
  await expect(widget.unfinished).toContainText('Continue “shrink-long.mp4”');
  await expect.poll(() => keptCopies(page)).toBe(0);
  await widget.pick(films.long());
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.long())]);
});

/** The line of the page and of its workers. */
async function sendAt(page: Page, bytesPerSecond: number): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 20, downloadThroughput: -1 },
    uploadThroughput: bytesPerSecond,
  });
}

/** What the widget has measured of the line on an earlier visit. */
async function rememberLine(page: Page, bytesPerSecond: number): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('vodrop-line-bytes-per-second', JSON.stringify({ value, at: Date.now() }));
  }, bytesPerSecond);
}

test('with "slow-line" a film is shrunk on a slow line without a question, and sent as it is on a fast one or an unknown one', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=slow-line&maxHeight=360');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.heavy());
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.heavy())]);

  await rememberLine(page, 1e9);
  await widget.open('&shrink=slow-line&maxHeight=360');
  await widget.pick(films.heavy());
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([
    md5Of(films.heavy()),
    md5Of(films.heavy()),
  ]);

  await rememberLine(page, 20_000);
  await widget.open('&shrink=slow-line&maxHeight=360');
  await widget.pick(films.heavy());
  await widget.expectStatus('ready');
  await expect(question(page)).toHaveCount(0);
  const { size } = (await sandbox.objects()).at(-1) ?? { size: 0 };
  expect(size).toBeLessThan(statSync(films.heavy()).size / 2);
});

test('with "slow-line" the widget measures the line with what it sends, and shrinks the next film where that was slow', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=slow-line&maxHeight=360');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await sendAt(page, 200_000);
  // Too small to be shrunk; on this line it takes seconds.
  await widget.pick(films.h264());
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.h264())]);
  const measured = await page.evaluate(
    () =>
      (JSON.parse(localStorage.getItem('vodrop-line-bytes-per-second') ?? '{}') as { value?: number }).value,
  );
  expect(measured).toBeGreaterThan(50_000);
  expect(measured).toBeLessThan(800_000);

  // Another visit, on which nothing was sent yet.
  await widget.open('&shrink=slow-line&maxHeight=360');
  await widget.pick(films.heavy());
  await widget.expectStatus('ready');
  await expect(question(page)).toHaveCount(0);
  const { size } = (await sandbox.objects()).at(-1) ?? { size: 0 };
  expect(size).toBeLessThan(statSync(films.heavy()).size / 4);
});

test('a film that is shrunk can be canceled, sent as it is, and is offered again after a reload', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=always&maxHeight=360');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.long());
  const bar = copies(page).getByRole('progressbar');
  await expect(copies(page)).toContainText('Shrinking to 360p');
  await expect(bar).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  await copies(page).getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(copies(page)).toHaveCount(0);
  await expect.poll(() => keptCopies(page)).toBe(0);
  await expect(widget.rows).toHaveCount(0);

  await widget.pick(films.long());
  await expect(bar).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  await page.reload();
  await expect(copies(page)).toHaveAttribute('data-status', 'interrupted');
  await copies(page).getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(copies(page)).toHaveCount(0);
  expect(await sandbox.objects()).toEqual([]);

  await widget.pick(films.long());
  await expect(copies(page)).toHaveAttribute('data-status', 'shrinking');
  await copies(page).getByRole('button', { name: 'Send original' }).click();
  await widget.expectStatus('ready');
  await expect.poll(() => keptCopies(page)).toBe(0);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.long())]);
});

test('a film that is shrunk for one scope is not shown in another, and is offered again in its own', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=always&maxHeight=360&scope=one');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.long());
  await expect(copies(page)).toHaveAttribute('data-status', 'shrinking');
  await widget.open('&shrink=always&maxHeight=360&scope=two');
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await widget.pick(films.heavy());
  await widget.expectStatus('ready');
  await expect(copies(page)).toHaveCount(0);
  await widget.open('&shrink=always&maxHeight=360&scope=one');
  await expect(copies(page)).toHaveAttribute('data-status', 'interrupted');
  await expect(copies(page)).toContainText('shrink-long.mp4');
  expect(await sandbox.objects()).toHaveLength(1);
});

test('shrinking is paused and resumed by keyboard, and the copy is whole', async ({
  page,
  widget,
}, testInfo) => {
  await widget.open('&shrink=always&maxHeight=360');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.long());
  const bar = copies(page).getByRole('progressbar');
  await expect(bar).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  await copies(page).getByRole('button', { name: 'Pause', exact: true }).press('Enter');
  await expect(copies(page)).toHaveAttribute('data-status', 'paused');
  await expect(copies(page)).toContainText('Paused');
  await expect(copies(page).locator('.vd-poster img')).toHaveCount(1);
  await expect(copies(page).getByRole('button', { name: 'Resume', exact: true })).toBeFocused();
  await page.screenshot({ path: testInfo.outputPath('paused.png') });
  await page.keyboard.press('Enter');
  await expect(copies(page)).toHaveAttribute('data-status', 'shrinking');
  await widget.expectStatus('ready');
  const after = await stored(page, widget, testInfo);
  expect(after.pictures).toBe(probe(films.long()).pictures);
  expect(after.complaints).toBe('');
});

test('a film that is paused while it is shrunk can be canceled', async ({ page, widget }) => {
  await widget.open('&shrink=always&maxHeight=360');
  test.skip(!(await can(page, 'encode', 'avc1.42001f')), 'this browser cannot encode H.264');
  await widget.pick(films.long());
  await copies(page).getByRole('button', { name: 'Pause', exact: true }).click();
  await copies(page).getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(copies(page)).toHaveCount(0);
  await expect.poll(() => keptCopies(page)).toBe(0);
});
