import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';

const directory = path.join(import.meta.dirname, '..', '..', 'storybook', 'pictures');

/** Tolerated differences. A different font moves letters, but no other element, and it changes no color. */
const tolerated = {
  /** Share of non-plain cells whose mean color differs: elements have moved, changed size or disappeared. */
  places: 0.07,
  /** Plain cells whose color differs, as a share of the same cells: a surface has changed. */
  surfaces: 0.03,
  /** The tolerated distance of the mean of one hue, of 255, and the tolerated growth of its area. */
  hue: 20,
  hueTimes: 2,
};

/** The content may still be loading: a poster, a component loaded on demand. */
const patienceMs = 3000;
const settledMs = 800;

/**
 * Compares the screen with the stored picture at a low resolution: fonts and their smoothing differ between machines;
 * colors, lines, positions and sizes must not. `VODROP_UPDATE_PICTURES=1` replaces the stored picture where it differs.
 * Returns the problem, or undefined.
 */
export async function differsFromPicture(page: Page, name: string): Promise<string | undefined> {
  const file = path.join(directory, `${name}.jpg`);
  const isUpdate = Boolean(process.env['VODROP_UPDATE_PICTURES']);
  const kept = existsSync(file) ? readFileSync(file).toString('base64') : undefined;
  if (kept === undefined && !isUpdate) return `there is no stored picture ${name}`;
  const until = performance.now() + patienceMs;
  for (;;) {
    const shown = isUpdate ? await takeSettled(page) : await take(page);
    const problem =
      kept === undefined
        ? 'it is new'
        : judge(await page.evaluate(compare, { shown: shown.toString('base64'), kept }));
    if (!problem) return undefined;
    if (isUpdate) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(file, shown);
      return undefined;
    }
    if (performance.now() < until) continue;
    const result = path.join(import.meta.dirname, '..', '..', 'test-results', 'pictures', `${name}.jpg`);
    mkdirSync(path.dirname(result), { recursive: true });
    writeFileSync(result, shown);
    return `${name}: ${problem}; see ${path.relative(process.cwd(), result)}`;
  }
}

/** Saves a picture for the documentation: at a higher resolution, and without a comparison. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await takeSettled(page);
  const file = path.join(directory, `${name}.jpg`);
  mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, type: 'jpeg', quality: 82, animations: 'disabled', caret: 'hide' });
}

const take = (page: Page) =>
  page.screenshot({ type: 'jpeg', quality: 50, animations: 'disabled', caret: 'hide' });

/**
 * Takes the picture after it stops changing for the time that a component or a language may need to load. With forced
 * colors the caret never stops blinking.
 */
async function takeSettled(page: Page): Promise<Buffer> {
  const began = performance.now();
  let [last, since] = [await take(page), began];
  while (performance.now() - since < settledMs && performance.now() - began < patienceMs) {
    const next = await take(page);
    if (!next.equals(last)) [last, since] = [next, performance.now()];
  }
  return last;
}

interface Hue {
  name: string;
  kept: number;
  shown: number;
  distance: number;
}
interface Difference {
  isOtherSize: boolean;
  places: number;
  surfaces: number;
  hues: Hue[];
}

function judge({ isOtherSize, places, surfaces, hues }: Difference): string | undefined {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  if (isOtherSize) return 'the size differs';
  if (places > tolerated.places) return `${percent(places)} of the drawn cells differ in position`;
  if (surfaces > tolerated.surfaces) return `surfaces differ in color, ${percent(surfaces)}`;
  const hue = hues.find(
    ({ kept, shown, distance }) =>
      Math.max(kept, shown) > tolerated.hueTimes * Math.min(kept, shown) || distance > tolerated.hue,
  );
  return (
    hue &&
    `the hue ${hue.name} differs: ${hue.kept} pixels before, ${hue.shown} now, distance ${hue.distance}`
  );
}

/** Runs in the page, which can decode pictures without a library. */
async function compare({ shown, kept }: { shown: string; kept: string }): Promise<Difference> {
  /** In a cell of this many pixels, letters of different fonts have the same mean gray. */
  const cellPx = 12;
  const read = async (base64: string) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('there is no canvas context');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const colorAt = ({ data }: ImageData, at: number) =>
    [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
  const cellsOf = (image: ImageData) => {
    const cells: { mean: number[]; isPlain: boolean }[] = [];
    for (let top = 0; top < image.height; top += cellPx) {
      for (let left = 0; left < image.width; left += cellPx) {
        const sum = [0, 0, 0];
        let [count, darkest, lightest] = [0, 255, 0];
        for (let y = top; y < Math.min(top + cellPx, image.height); y += 1) {
          for (let x = left; x < Math.min(left + cellPx, image.width); x += 1) {
            const color = colorAt(image, (y * image.width + x) * 4);
            const light = (color[0] + color[1] + color[2]) / 3;
            for (const [index, value] of color.entries()) sum[index] = (sum[index] ?? 0) + value;
            [count, darkest, lightest] = [count + 1, Math.min(darkest, light), Math.max(lightest, light)];
          }
        }
        cells.push({ mean: sum.map((value) => value / count), isPlain: lightest - darkest < 8 });
      }
    }
    return cells;
  };
  /** Counts saturated pixels by sixths of the color circle. */
  const names = ['orange', 'red', 'green', 'yellow-green', 'violet', 'blue'];
  const huesOf = (image: ImageData) => {
    const hues = names.map(() => ({ count: 0, sum: [0, 0, 0] }));
    for (let at = 0; at < image.data.length; at += 4) {
      const color = colorAt(image, at);
      const most = Math.max(...color);
      if (most - Math.min(...color) < 60) continue;
      const index = color.indexOf(most);
      const hue = hues[index * 2 + ((color[(index + 1) % 3] ?? 0) > (color[(index + 2) % 3] ?? 0) ? 0 : 1)];
      if (!hue) continue;
      hue.count += 1;
      for (const [part, value] of color.entries()) hue.sum[part] = (hue.sum[part] ?? 0) + value;
    }
    return hues.map(({ count, sum }) => ({ count, mean: sum.map((value) => value / Math.max(1, count)) }));
  };
  const apart = (one: number[], other: number[]) =>
    Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? 0))));

  const [a, b] = [await read(kept), await read(shown)];
  if (a.width !== b.width || a.height !== b.height)
    return { isOtherSize: true, places: 1, surfaces: 1, hues: [] };
  const others = cellsOf(b);
  let [drawn, moved, repainted] = [0, 0, 0];
  for (const [index, cell] of cellsOf(a).entries()) {
    const other = others[index];
    if (!other) continue;
    const distance = apart(cell.mean, other.mean);
    if (!cell.isPlain || !other.isPlain) {
      drawn += 1;
      if (distance > 26) moved += 1;
    } else if (distance > 5) {
      repainted += 1;
    }
  }
  const otherHues = huesOf(b);
  const hues = huesOf(a).flatMap(({ count, mean }, index) => {
    const other = otherHues[index];
    // A few pixels of a hue come from the edges of letters.
    if (!other || Math.max(count, other.count) < 400) return [];
    return [
      {
        name: names[index] ?? '',
        kept: count,
        shown: other.count,
        distance: count && other.count ? Math.round(apart(mean, other.mean)) : 255,
      },
    ];
  });
  return {
    isOtherSize: false,
    places: moved / Math.max(1, drawn),
    surfaces: repainted / Math.max(1, drawn),
    hues,
  };
}
