import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';

const directory = path.join(import.meta.dirname, '..', '..', 'storybook', 'pictures');

/** Pixels of the picture that become one of the comparison. Letters of another font become the same grey. */
const cellPx = 12;
/** Of 255, over the three colours; and how many cells may differ by more. */
const tolerated = 26;
const toleratedShare = 0.02;

/**
 * Compares what is on screen with the picture that is kept, seen from afar: fonts and their smoothing differ from machine
 * to machine, colours, lines, places and sizes must not. `VODROP_UPDATE_PICTURES=1` keeps what is there instead.
 * Answers what is wrong, or nothing.
 */
export async function differsFromPicture(page: Page, name: string): Promise<string | undefined> {
  const file = path.join(directory, `${name}.jpg`);
  const shown = await page.screenshot({ type: 'jpeg', quality: 50, animations: 'disabled', caret: 'hide' });
  if (process.env['VODROP_UPDATE_PICTURES']) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, shown);
    return undefined;
  }
  if (!existsSync(file)) return `there is no picture ${name}`;
  const share = await page.evaluate(compare, { shown: shown.toString('base64'), kept: readFileSync(file).toString('base64'), cellPx, tolerated });
  if (share <= toleratedShare) return undefined;
  const result = path.join(import.meta.dirname, '..', '..', 'test-results', 'pictures', `${name}.jpg`);
  mkdirSync(path.dirname(result), { recursive: true });
  writeFileSync(result, shown);
  return `${name} differs in ${(share * 100).toFixed(1)}% of its area; see ${path.relative(process.cwd(), result)}`;
}

/** In the page, which can read pictures without a library: the share of cells that differ. */
async function compare({ shown, kept, cellPx, tolerated }: { shown: string; kept: string; cellPx: number; tolerated: number }): Promise<number> {
  const read = async (base64: string) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [a, b] = [await read(shown), await read(kept)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  const mean = (image: ImageData, x: number, y: number) => {
    const sum = [0, 0, 0];
    let count = 0;
    for (let row = y; row < Math.min(y + cellPx, image.height); row += 1) {
      for (let column = x; column < Math.min(x + cellPx, image.width); column += 1) {
        const at = (row * image.width + column) * 4;
        for (let colour = 0; colour < 3; colour += 1) sum[colour] = (sum[colour] ?? 0) + (image.data[at + colour] ?? 0);
        count += 1;
      }
    }
    return sum.map((value) => value / count);
  };
  let [cells, different] = [0, 0];
  for (let y = 0; y < a.height; y += cellPx) {
    for (let x = 0; x < a.width; x += cellPx) {
      const [one, other] = [mean(a, x, y), mean(b, x, y)];
      cells += 1;
      if (one.some((value, colour) => Math.abs(value - (other[colour] ?? 0)) > tolerated)) different += 1;
    }
  }
  return different / cells;
}
