import { readFileSync, rmSync, statSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type BareOrder, runBareCodecs } from './support/bare-codecs.js';
import { accessUnits, films, repeated } from './support/films.js';
import { MortalBrowser } from './support/mortal-browser.js';
import { expect, test as base, watchForSecrets } from './support/test.js';
import { Widget } from './support/widget.js';

/*
 * Whether memory grows with a film: that of the process that has the page and its workers (the proportional set size of
 * Linux, so that pictures, decoders and encoders count, too), while garbage is collected, because V8 frees memory at times
 * that a test cannot predict.
 */

/** What the collector may be late by, and the index of the copy. */
const mostMegabytes = 64;

/** Of ten samples the second largest: some fall before the collector, which runs beside the work, has freed anything. */
const highest = (sizes: readonly number[]) =>
  [...sizes].sort((one, other) => one - other)[sizes.length - 1 - Math.floor(sizes.length / 10)] ?? Infinity;

const test = base.extend<{ lasting: MortalBrowser }>({
  /** A browser with a profile: in a private window the private file system has little space. */
  lasting: async ({ baseURL, sandbox: _first }, use, testInfo) => {
    const secrets = watchForSecrets();
    const profile = testInfo.outputPath('profile');
    const browser = new MortalBrowser(profile, baseURL, secrets.watch, ['--js-flags=--expose-gc']);
    await use(browser);
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
    secrets.expectNone();
  },
});

test.skip(process.platform !== 'linux', 'the memory of a process is read from /proc');

/** Megabytes of all renderers of the browser: there is one page. */
async function megabytes(browser: MortalBrowser): Promise<number> {
  const session = await browser.context.browser()?.newBrowserCDPSession();
  if (!session) throw new Error('the browser is not running');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => sizeOf(id));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sizeOf(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1000;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/** In the page and in its workers. */
async function collectGarbage(page: Page): Promise<void> {
  const collect = () => {
    (globalThis as { gc?: () => void }).gc?.();
  };
  // A worker may end meanwhile.
  const workers = page.workers().map((worker) => worker.evaluate(collect).catch(() => undefined));
  await Promise.all([page.evaluate(collect), ...workers]);
}

async function sample(browser: MortalBrowser, page: Page): Promise<number> {
  await collectGarbage(page);
  return megabytes(browser);
}

/** Samples until the condition holds, some times a second: to collect garbage without a break would be most of the work. */
async function samplesUntil(
  browser: MortalBrowser,
  page: Page,
  isOver: () => Promise<boolean>,
): Promise<number[]> {
  const found: number[] = [];
  const look = async () => {
    found.push(await sample(browser, page));
    return isOver();
  };
  await expect.poll(look, { intervals: [200], timeout: 0 }).toBe(true);
  return found;
}

for (const { name, bytes, tag } of [
  { name: '300 MB', bytes: 3e8, tag: [] },
  { name: '10 GB', bytes: 1e10, tag: '@long' },
])
  test(
    `a lossless trim of a film of ${name} needs no more memory at its end than at its beginning`,
    { tag },
    async ({ lasting }, testInfo) => {
      test.setTimeout(120_000 + bytes / 10_000);
      const film = repeated(films.heavy(), bytes, testInfo.outputPath('large.mp4'));
      const page = await lasting.start();
      const widget = new Widget(page);
      await widget.open('&trim=true&autoStart=false');
      await widget.pick(film);
      await widget.button('Edit details').click();
      await page.getByRole('button', { name: 'Trim', exact: true }).click();
      const editor = page.locator('[data-vodrop="trim"]');
      await expect(editor).toHaveAttribute('data-phase', 'ready', { timeout: 60_000 });
      await page.getByRole('slider', { name: 'End', exact: true }).press('ArrowLeft');
      await expect(page.locator('.vd-trim-film .vd-strip-pictures :nth-child(10):is(img)')).toBeVisible();
      const before = await sample(lasting, page);
      await page.getByRole('button', { name: 'Apply', exact: true }).click();
      const sizes = await samplesUntil(lasting, page, async () => (await editor.count()) === 0);
      expect(sizes.length).toBeGreaterThan(3);
      const middle = Math.ceil(sizes.length / 2);
      const grown = highest(sizes.slice(middle)) - highest(sizes.slice(0, middle));
      testInfo.annotations.push({
        type: 'memory',
        description: `${before} MB, then ${sizes.map(Math.round).join(' ')}`,
      });
      expect(grown).toBeLessThan(mostMegabytes);
      rmSync(film);
    },
  );

/** Shrinks a film; megabytes of the page before, until it is a tenth done, and after. */
async function samplesOfShrinking(browser: MortalBrowser, film: string, lines: number) {
  const page = await browser.start();
  const widget = new Widget(page);
  await widget.open(`&shrink=always&maxHeight=${lines}&autoStart=false`);
  const rest = await sample(browser, page);
  await widget.pick(film);
  const copy = page.locator('[data-vodrop="copy"]');
  const bar = copy.getByRole('progressbar');
  const percent = async () => Number((await bar.getAttribute('aria-valuenow').catch(() => null)) ?? 100);
  await expect(copy).toHaveAttribute('data-status', 'shrinking', { timeout: 60_000 });
  await expect.poll(percent, { timeout: 300_000 }).toBeGreaterThan(1);
  const early = await samplesUntil(browser, page, async () => (await percent()) > 10);
  const late = await samplesUntil(browser, page, async () => (await copy.count()) === 0);
  await expect(page.locator('[data-vodrop="shrink-note"]')).toHaveCount(0);
  await expect(widget.rows).toHaveCount(1);
  await browser.close();
  return { rest, early, late };
}

const rounded = (sizes: readonly number[]) => sizes.map(Math.round).join(' ');

for (const { name, once, bytes, lines, tag } of [
  { name: 'an hour', once: films.noisy, bytes: () => statSync(films.noisy()).size * (3600 / 8), lines: 180 },
  { name: '10 GB', once: films.bulky, bytes: () => 1e10, lines: 360 },
].map((kind) => ({ ...kind, tag: '@long' })))
  test(
    `shrinking a film of ${name} needs no more memory at its end than when a tenth is done`,
    { tag },
    async ({ lasting }, testInfo) => {
      test.setTimeout(1_200_000);
      const film = repeated(once(), bytes(), testInfo.outputPath('large.mp4'));
      const { rest, early, late } = await samplesOfShrinking(lasting, film, lines);
      rmSync(film);
      const grown = highest(late) - highest(early);
      const description = `MB at rest ${Math.round(rest)}, until 10%: ${rounded(early)}, then ${rounded(late)}; grown by ${Math.round(grown)}`;
      testInfo.annotations.push({ type: 'memory', description });
      process.stdout.write(`${name}: ${description}\n`);
      expect(grown).toBeLessThan(mostMegabytes);
    },
  );

/** The same decoder and encoder without anything around them: one packet in the decoder, each frame closed at once. */
async function samplesOfBareCodecs(browser: MortalBrowser, film: string, order: BareOrder) {
  const page = await browser.start();
  await page.goto('/?provider=huawei-vod');
  const rest = await sample(browser, page);
  const bare = await runBareCodecs(page, film, order);
  const sizes = await samplesUntil(browser, page, bare.isOver);
  await browser.close();
  return { rest, sizes };
}

for (const { name, size, rate, lines } of [
  { name: '1080p to 720p', size: '1920x1080', rate: 20, lines: 720 },
  { name: '4K to 1080p', size: '3840x2160', rate: 50, lines: 1080 },
] as const)
  test(
    `shrinking ${name} takes no more memory than the browser's decoder and encoder alone, and 64 MB`,
    { tag: '@long' },
    async ({ lasting }, testInfo) => {
      test.setTimeout(600_000);
      const once = films.phone(size, rate);
      const units = accessUnits(once, testInfo.outputPath('units.h264'));
      const order = { width: (lines * 16) / 9, height: lines, bitsPerSecond: lines * lines * 3.84, times: 3 };
      const bare = await samplesOfBareCodecs(lasting, units, order);
      const film = repeated(once, statSync(once).size * 3, testInfo.outputPath('film.mp4'));
      const { rest, early, late } = await samplesOfShrinking(lasting, film, lines);
      rmSync(film);
      rmSync(units);
      const codecs = highest(bare.sizes) - bare.rest;
      const ours = highest([...early, ...late]) - rest;
      const description = `${name}: codecs alone ${Math.round(codecs)} MB, shrinking ${Math.round(ours)} MB over the page at rest (${Math.round(rest)} MB); alone ${rounded(bare.sizes)}, shrinking ${rounded([...early, ...late])}`;
      testInfo.annotations.push({ type: 'memory', description });
      process.stdout.write(`${description}\n`);
      expect(ours - codecs).toBeLessThan(mostMegabytes);
    },
  );
