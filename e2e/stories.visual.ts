import { createRequire } from 'node:module';
import path from 'node:path';
import type axe from 'axe-core';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { differsFromPicture, keepPicture } from './support/pictures.js';

interface Story {
  id: string;
  title: string;
  type: string;
}
interface Variant {
  name: string;
  globals: string;
  viewport?: { width: number; height: number };
  only?: RegExp;
  forcedColors?: 'active';
  withAxe?: boolean;
  /** The only rules of axe, where another variant has been checked with all of them. */
  axeRules?: string[];
  /** A test for each group of stories, in place of one for all: so many stories take minutes. */
  inGroups?: boolean;
}

const groups = [
  'components',
  'details',
  'dock',
  'drop-zone',
  'grid',
  'headless',
  'notes',
  'row',
  'sources',
  'trim',
  'uploader',
];

const anyOf = (...stories: RegExp[]) => new RegExp(stories.map(({ source }) => source).join('|'));

const variants: Variant[] = [
  { name: 'light', globals: 'theme:light', withAxe: true, inGroups: true },
  {
    name: 'dark',
    globals: 'theme:dark',
    withAxe: true,
    // The elements are those of the light variant; only their colors differ.
    axeRules: ['color-contrast', 'link-in-text-block'],
    inGroups: true,
  },
  {
    name: 'narrow',
    globals: 'width:narrow',
    viewport: { width: 352, height: 640 },
    only: anyOf(
      /uploader--(idle|mixed|done)/,
      /details--(everything|video)/,
      /row--(asking|failed|ready|safe|uploading|waiting)/,
      /components--(total-(asking|not-started|uploading)|unfinished|rejected)/,
      /drop-zone--(idle|compact$|drag-mixed)/,
      /dock--open/,
      /grid--(mixed|ready)/,
    ),
    withAxe: true,
  },
  {
    name: 'arabic',
    globals: 'locale:ar;width:middle',
    viewport: { width: 648, height: 640 },
    only: anyOf(
      /uploader--(idle|mixed)|grid--mixed|components--|details--everything|dock--|trim--(editor|question)/,
      /row--(failed|uploading|ready|safe)|sources--(links|camera-(ready|recording))/,
    ),
  },
  {
    name: 'arabic-narrow',
    globals: 'locale:ar;width:narrow;theme:dark',
    viewport: { width: 352, height: 640 },
    only: /uploader--(idle|mixed)|row--(failed|safe)|components--unfinished/,
  },
  {
    name: 'german-narrow',
    globals: 'locale:de;width:narrow',
    viewport: { width: 352, height: 640 },
    only: anyOf(
      /uploader--(idle|mixed|done)|grid--(mixed|every)|components--|details--everything|sources--recovered/,
      /row--(failed|title-not-saved|waiting-for-(its-file|sign-in))|trim--question/,
      /sources--(links|camera-(ready|recording)|screen-ready)/,
    ),
  },
  {
    name: 'forced-colours',
    globals: 'theme:light',
    forcedColors: 'active',
    only: anyOf(
      /uploader--mixed|grid--mixed|drop-zone--(drag|idle)|details--everything|components--rejected-many/,
      /trim--(editor|question)|sources--(links|camera-(ready|recording))/,
    ),
  },
];

const tests = variants.flatMap((variant) =>
  (variant.inGroups ? groups : [undefined]).map((group) => ({ variant, group })),
);

for (const { variant, group } of tests) {
  const which = group === undefined ? 'stories' : `stories of ${group}`;
  test(`the ${which} match their pictures in the variant ${variant.name}`, async ({ page, request }) => {
    const stories = (await storiesOf(request)).filter(
      ({ id }) => (variant.only?.test(id) ?? true) && (group === undefined || groupOf(id) === group),
    );
    if (variant.viewport) await page.setViewportSize(variant.viewport);
    await page.emulateMedia({ forcedColors: variant.forcedColors ?? 'none', reducedMotion: 'reduce' });
    await page.clock.setFixedTime('2026-11-15T10:00:00Z');
    if (variant.withAxe)
      await page.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core') });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    // Storybook reports a play function that throws on the console.
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        errors.push(message.text());
    });

    for (const [index, { id }] of stories.entries()) {
      await show(page, id, variant.globals, index === 0);
      expect.soft(await differsFromPicture(page, `${id}.${variant.name}`)).toBeUndefined();
      expect.soft(await widerThanPage(page), `${id} is wider than its page`).toBe(false);
      if (variant.withAxe) expect.soft(await page.evaluate(violations, variant.axeRules), id).toEqual([]);
    }
    expect(errors).toEqual([]);
  });
}

test('every story belongs to a group that is compared', async ({ request }) => {
  const found = new Set((await storiesOf(request)).map(({ id }) => groupOf(id)));
  expect([...found].sort()).toEqual(groups);
});

async function storiesOf(request: APIRequestContext): Promise<Story[]> {
  const { entries } = (await (await request.get('/index.json')).json()) as { entries: Record<string, Story> };
  return Object.values(entries).filter(({ type }) => type === 'story');
}

function groupOf(storyId: string): string {
  return storyId.split('--')[0] ?? '';
}

/** Style changes to a story, and whether the comparison must detect them. */
const changes: { what: string; id: string; css: string; isNoticed: boolean }[] = [
  {
    what: 'another font',
    id: 'uploader--mixed-rows',
    css: '.story { font-family: sans-serif }',
    isNoticed: false,
  },
  { what: 'letters with serifs', id: 'row--failed', css: '.story { font-family: serif }', isNoticed: false },
  { what: 'another font', id: 'dock--open', css: '.story { font-family: sans-serif }', isNoticed: false },
  {
    what: 'another accent',
    id: 'row--uploading',
    css: '.vd-root { --vodrop-accent: #1a763f }',
    isNoticed: true,
  },
  {
    what: 'gray in place of red',
    id: 'row--failed',
    css: '.vd-root { --vodrop-danger: #5d6166 }',
    isNoticed: true,
  },
  {
    what: 'four pixels more between rows',
    id: 'uploader--mixed-rows',
    css: '.vd-row { padding-block: 16px }',
    isNoticed: true,
  },
  {
    what: 'a gray surface',
    id: 'components--rejected-many',
    css: '.vd-root { --vodrop-surface: #f2f2f5 }',
    isNoticed: true,
  },
  {
    what: 'no progress',
    id: 'row--uploading',
    css: '[role=progressbar] { visibility: hidden }',
    isNoticed: true,
  },
  {
    what: 'no words',
    id: 'uploader--idle',
    css: '.vd-root * { color: transparent !important }',
    isNoticed: true,
  },
];

test('the picture comparison detects the changes that a person sees and ignores fonts', async ({ page }) => {
  test.skip(
    Boolean(process.env['VODROP_UPDATE_PICTURES']),
    'the pictures are being updated, so there is nothing to compare with',
  );
  await page.clock.setFixedTime('2026-11-15T10:00:00Z');
  for (const { what, id, css, isNoticed } of changes) {
    await show(page, id, 'theme:light', true);
    await page.addStyleTag({ content: css });
    expect
      .soft((await differsFromPicture(page, `${id}.light`)) !== undefined, `${what}, ${id}`)
      .toBe(isNoticed);
  }
});

const forReadme = [
  { name: 'idle', id: 'uploader--idle', height: 270 },
  { name: 'dragging', id: 'drop-zone--drag-accepted', height: 270 },
  { name: 'mixed', id: 'uploader--mixed-rows', height: 835 },
  { name: 'dark', id: 'uploader--mixed-rows', globals: 'theme:dark', height: 835 },
  { name: 'done', id: 'uploader--done', height: 470 },
  { name: 'arabic', id: 'uploader--mixed-rows', globals: 'locale:ar', height: 835 },
  { name: 'narrow', id: 'uploader--mixed-rows', globals: 'width:narrow', height: 835, width: 352 },
];

test('the pictures for the README are created', async ({ browser }) => {
  test.skip(
    !process.env['VODROP_UPDATE_PICTURES'],
    'the README pictures are created only when pictures are updated; they are not compared',
  );
  for (const { name, id, globals = 'theme:light', height, width = 868 } of forReadme) {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: 1.5,
      reducedMotion: 'reduce',
    });
    await page.clock.setFixedTime('2026-11-15T10:00:00Z');
    await show(page, id, globals, true);
    await keepPicture(page, path.join('readme', name));
    await page.close();
  }
});

/** The first story loads the page; the others replace it in the same page, which takes a tenth of the time. */
async function show(page: Page, id: string, globals: string, isFirst: boolean): Promise<void> {
  if (isFirst) {
    await page.goto(`/iframe.html?id=${id}&viewMode=story&globals=${globals}`);
    await page.waitForFunction(isRendered, id);
  } else {
    await page.evaluate((storyId) => {
      // Overlays on the page belong to the previous story.
      for (const dialog of document.querySelectorAll('dialog[open]')) (dialog as HTMLDialogElement).close();
      window.scrollTo(0, 0);
      (
        window as unknown as {
          __STORYBOOK_ADDONS_CHANNEL__: { emit: (type: string, value: unknown) => void };
        }
      ).__STORYBOOK_ADDONS_CHANNEL__.emit('setCurrentStory', { storyId, viewMode: 'story' });
    }, id);
    await page.waitForFunction(isRendered, id);
  }
  await page.waitForFunction(
    () =>
      !document.querySelector('[data-wordless]') &&
      document.fonts.status === 'loaded' &&
      Array.from(document.images).every(({ complete }) => complete),
  );
}

/** Waits until the play function has run and everything that it loads is present. */
function isRendered(id: string): boolean {
  const render = (
    window as unknown as { __STORYBOOK_PREVIEW__?: { currentRender?: { id?: string; phase?: string } } }
  ).__STORYBOOK_PREVIEW__?.currentRender;
  return render?.id === id && ['finished', 'completed', 'errored'].includes(render.phase ?? '');
}

/**
 * Runs in the page, where axe stays loaded; axe's own driver injects it again for each check, which takes five times
 * as long.
 */
async function violations(only?: string[]): Promise<string[]> {
  const { axe: checker } = window as unknown as { axe: typeof axe };
  // The check covers the widget; a test page is not a complete application document.
  const rules = {
    region: { enabled: false },
    'page-has-heading-one': { enabled: false },
    'landmark-one-main': { enabled: false },
  };
  const which: axe.RunOptions = only ? { runOnly: { type: 'rule', values: only } } : { rules };
  const found = await checker.run('.story', { ...which, resultTypes: ['violations'] });
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}

/** WCAG reflow: content must not require scrolling in two directions. */
function widerThanPage(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
