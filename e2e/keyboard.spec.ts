import type { Locator, Page } from '@playwright/test';
import { withFakeDevices } from './support/devices.js';
import { films } from './support/films.js';
import { videos } from './support/media.js';
import { expectRecorded } from './support/recorder.js';
import { expect, test } from './support/test.js';
import type { Widget } from './support/widget.js';

/*
 * The dialogs of links, recording, trimming and shrinking, and the card of notes, by keyboard alone: the focus is on
 * something that is seen, Tab reaches what there is and stays in the dialog, Escape leaves it, and the focus returns.
 */

test.use(withFakeDevices);

const source = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** What has the focus, as `button Close`; it has to have an outline, or to be in something that has one. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    let ring: Element | null = element;
    while (ring && getComputedStyle(ring).outlineStyle === 'none') ring = ring.parentElement;
    const label =
      element.getAttribute('aria-label') ??
      document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ??
      (element as HTMLInputElement).labels?.[0]?.textContent ??
      element.textContent;
    return `${element.tagName.toLowerCase()} ${label.trim()}${ring ? '' : ' without an outline'}`;
  });
}

/** Everything that Tab reaches in the open dialog, in order, until it comes round. */
async function tabStops(page: Page, dialog: Locator): Promise<string[]> {
  const stops: string[] = [];
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    const isInside = await dialog.evaluate((element) => element.contains(document.activeElement));
    // The browser's own buttons are between the last and the first.
    if (!isInside) {
      expect(await focused(page)).toBe('nothing');
      continue;
    }
    const stop = await focused(page);
    if (stop === stops[0] && stops.length > 1) break;
    stops.push(stop);
  }
  return stops;
}

async function tabTo(page: Page, stop: string): Promise<void> {
  for (let press = 0; press < 40 && (await focused(page)) !== stop; press += 1)
    await page.keyboard.press('Tab');
  expect(await focused(page)).toBe(stop);
}

async function openWith(page: Page, widget: Widget, query: string): Promise<void> {
  await widget.open(query);
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
}

test('the focus stays on "Choose videos" when the zone becomes small with the first video', async ({
  page,
  widget,
}) => {
  // Its dialog is none that a test can answer.
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showOpenFilePicker');
  });
  // The browser is told to hand it over, which a key that is pressed at once would precede.
  const chooser = page.waitForEvent('filechooser');
  await openWith(page, widget, '');
  await page.getByRole('button', { name: 'Choose videos' }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(videos.small());
  await widget.expectStatus('ready');
  await expect(page.locator('[data-vodrop="dropzone"]')).toHaveAttribute('data-compact', 'true');
  expect(await focused(page)).toBe('button Choose videos');
});

test('links are typed, removed and added by keyboard, and Escape returns the focus', async ({
  page,
  widget,
}) => {
  await openWith(page, widget, '&sources=device,link&autoStart=false');
  const dialog = page.locator('[data-vodrop="links"]');
  await source(page, 'Link').press('Enter');
  await expect.poll(() => focused(page)).toBe('textarea Paste links, one a line');
  await page.keyboard.type('https://media.example.com/one.mp4');
  await page.keyboard.press('Enter');
  await page.keyboard.type('https://media.example.com/two.mp4');
  await page.keyboard.press('Enter');
  expect(await tabStops(page, dialog)).toEqual([
    'button Cancel',
    'button Add 2 videos',
    'button Close',
    'button Remove this link',
    'button Remove this link',
    'textarea Paste links, one a line',
  ]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(source(page, 'Link')).toBeFocused();

  await page.keyboard.press('Enter');
  await page.keyboard.type('https://media.example.com/one.mp4');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Delete');
  await expect(dialog.getByRole('listitem')).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe('textarea Paste links, one a line');
  await page.keyboard.type('https://media.example.com/three.mp4');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  await expect(widget.row('three.mp4')).toBeVisible();
  await expect(source(page, 'Link')).toBeFocused();
});

test('the recorder is used by keyboard alone, from the first button to the upload', async ({
  page,
  widget,
}) => {
  await openWith(page, widget, '&sources=device,camera,screen');
  const recorder = page.locator('[data-vodrop="recorder"]');
  await source(page, 'Camera').press('Enter');
  await expect(recorder).toHaveAttribute('data-phase', 'ready');
  await expect.poll(() => focused(page)).toBe('button Record');
  expect(await tabStops(page, recorder)).toEqual([
    'button Screen instead',
    'button Close',
    'select Camera',
    'select Microphone',
    'select Countdown',
    'button Mute the microphone',
    'button Record',
  ]);
  await tabTo(page, 'button Record');
  await page.keyboard.press('Enter');
  await expect(recorder).toHaveAttribute('data-phase', 'recording');
  await expect.poll(() => focused(page)).toBe('button Pause');
  await expectRecorded(page, 1);
  await page.keyboard.press('Enter');
  await expect(recorder).toHaveAttribute('data-phase', 'paused');
  await expect.poll(() => focused(page)).toBe('button Resume');
  await page.keyboard.press('r');
  await expect(recorder).toHaveAttribute('data-phase', 'done');
  await expect.poll(() => focused(page)).toBe('button Use recording');
  await page.keyboard.press('Escape');
  await expect(recorder).toHaveCount(0);
  await expect(source(page, 'Camera')).toBeFocused();

  const card = page.locator('[data-vodrop="recording"]');
  await card.getByRole('button', { name: 'Review and upload' }).press('Enter');
  await expect.poll(() => focused(page)).toBe('button Use recording');
  await page.keyboard.press('Enter');
  await expect(recorder).toHaveCount(0);
  await expect(widget.row()).toBeFocused();
  await widget.expectStatus('ready');
  expect(await focused(page)).not.toBe('nothing');
});

test('the recorder of the screen, which asks only when it begins, opens on its record button', async ({
  page,
  widget,
}) => {
  await openWith(page, widget, '&sources=device,screen');
  await source(page, 'Screen').press('Enter');
  await expect(page.locator('[data-vodrop="recorder"]')).toHaveAttribute('data-phase', 'ready');
  await expect.poll(() => focused(page)).toBe('button Record');
});

test('a film is trimmed by keyboard alone, and the focus returns from the editor and from the dialog', async ({
  page,
  widget,
}) => {
  await openWith(page, widget, '&trim=true&autoStart=false');
  await widget.pick(films.h264());
  const dialog = page.locator('[data-vodrop="details"]');
  const edit = widget.button('Edit details');
  await edit.press('Enter');
  await expect.poll(() => focused(page)).toMatch(/^input Title/);
  const trim = page.getByRole('button', { name: 'Trim', exact: true });
  await expect(trim).toBeVisible();
  const stops = await tabStops(page, dialog);
  expect(stops).toContain('button Trim');
  expect(stops.filter((stop) => stop.endsWith('without an outline'))).toEqual([]);
  await tabTo(page, 'button Trim');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-vodrop="trim"]')).toHaveAttribute('data-phase', 'ready');
  await expect.poll(() => focused(page)).toBe('span Start');
  await page.keyboard.press('ArrowRight');
  expect(await tabStops(page, dialog)).toEqual([
    'span End',
    'button Lossless',
    'button Exact',
    'button Back',
    'button Reset',
    'button Apply',
    'button Close',
    'span Start',
  ]);
  await tabTo(page, 'button Back');
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('button Trim');
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('span Start');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(edit).toBeFocused();

  await page.keyboard.press('Enter');
  await tabTo(page, 'button Trim');
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('span Start');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, 'button Apply');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(widget.rows).toHaveCount(1);
  await expect(widget.row()).toBeFocused();
});

test('the question of shrinking is answered by keyboard alone, and the focus goes on', async ({
  page,
  widget,
}) => {
  await openWith(page, widget, '&shrink=ask&maxHeight=180');
  const question = page.locator('[data-vodrop="shrink"]');
  await widget.pick(films.h264());
  await expect.poll(() => focused(page)).toBe('input 180p');
  expect(await tabStops(page, question)).toEqual([
    'button Send original',
    'button Send 180p',
    'button Close',
    'input 180p',
  ]);
  await question.getByRole('radio', { name: '180p' }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(question.getByRole('radio', { name: 'Original' })).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await expect(question.getByRole('radio', { name: '180p' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBe('nothing');
});

test('the card of notes is used by keyboard alone, and the focus is never lost', async ({ page, widget }) => {
  await openWith(page, widget, '&notes=true&autoStart=false');
  await widget.pick(films.silent(), films.rotated());
  const card = page.locator('[data-vodrop="notes"]');
  await card.getByRole('button', { name: 'Remove', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(card.getByText('No sound')).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBe('nothing');
  await card.getByRole('button', { name: 'Keep all' }).focus();
  await page.keyboard.press('Enter');
  await expect(card).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBe('nothing');
});
