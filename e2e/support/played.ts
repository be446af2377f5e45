import { writeFileSync } from 'node:fs';
import type { Page, TestInfo } from '@playwright/test';
import type { Widget } from './widget.js';

/** Plays what the cloud has of the first row, and answers where a copy of that is. */
export async function savePlayed(page: Page, widget: Widget, testInfo: TestInfo): Promise<string> {
  await widget.button('Play').click();
  const url = await page.locator('video[controls]').getAttribute('src');
  const file = testInfo.outputPath('stored');
  writeFileSync(file, Buffer.from(await (await fetch(url ?? '')).arrayBuffer()));
  return file;
}
