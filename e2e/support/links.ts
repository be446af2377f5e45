import { expect, type Locator, type Page } from '@playwright/test';
import { type FilmServer, startFilmServer } from './film-server.js';
import { test as base } from './test.js';
import type { Widget } from './widget.js';

/** Larger than any film here; the source without an end is cut off there. */
const pullMaxBytes = 16_000_000;

/** With a file server from which the emulated clouds pull. */
export const test = base.extend<object, { films: FilmServer; pullWaitMs: number }>({
  /** How long the clouds let a pull wait before it begins. */
  pullWaitMs: [0, { scope: 'worker', option: true }],
  films: [
    async ({}, use) => {
      const films = await startFilmServer();
      await use(films);
      await films.close();
    },
    { scope: 'worker' },
  ],
  demoSettings: [
    async ({ films, pullWaitMs }, use) => {
      await use({
        SANDBOX_PULL_ORIGINS: films.origin,
        SANDBOX_PULL_WAIT_MS: String(pullWaitMs),
        SANDBOX_PULL_MAX_BYTES: String(pullMaxBytes),
      });
    },
    { scope: 'worker' },
  ],
});

export const clouds = [
  {
    provider: 'huawei-vod',
    action: 'UploadMetaDataByUrl',
    hasPercent: false,
    canCancel: false,
    hasAttachments: true,
  },
  {
    provider: 'alibaba-vod',
    action: 'UploadMediaByURL',
    hasPercent: false,
    canCancel: true,
    hasAttachments: true,
  },
  { provider: 'tencent-vod', action: 'PullUpload', hasPercent: true, canCancel: true, hasAttachments: false },
] as const;

export async function open(page: Page, provider: string): Promise<void> {
  await page.goto(`/?provider=${provider}&sources=device,link`);
}

/** Pastes all of them at once into the dialog, and adds them. */
export async function addLinks(page: Page, links: readonly string[], buttonName: RegExp): Promise<void> {
  await page.locator('[data-source="link"]').click();
  await fillLinks(page, links, buttonName);
}

/** The same where the dialog stands open; `look` is called before they are added. */
export async function fillLinks(
  page: Page,
  links: readonly string[],
  buttonName: RegExp,
  look?: (dialog: Locator) => Promise<void>,
): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Add from links' });
  const field = dialog.getByRole('textbox');
  await field.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData('text', text);
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, links.join('\n'));
  await look?.(dialog);
  await dialog.getByRole('button', { name: buttonName }).click();
  await expect(dialog).toBeHidden();
}

export async function expectImporting(widget: Widget, name: string): Promise<void> {
  await widget.expectStatus('importing', widget.row(name));
}

/** The entries of the journal. */
export function journalOf(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('vodrop');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the journal cannot be opened'));
    });
    const entries = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction('uploads').objectStore('uploads').getAll();
      request.onsuccess = () => resolve(request.result as unknown[]);
    });
    database.close();
    return entries;
  });
}
