import { expect, type Locator, type Page } from '@playwright/test';

/** Page object of the widget: it finds elements by roles, names and the documented `data-*` attributes. */
export class Widget {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`/?provider=huawei-vod${query}`);
    await expect(this.page.locator('[data-vodrop="uploader"]')).toBeVisible();
  }

  get rows(): Locator {
    return this.page.locator('[data-vodrop="upload"]');
  }

  get unfinished(): Locator {
    return this.page.locator('[data-vodrop="unfinished"]');
  }

  get rejections(): Locator {
    return this.page.locator('[data-vodrop="rejections"]');
  }

  /** Puts files into the file input, as the browser does after its dialog. */
  async pick(...files: string[]): Promise<void> {
    await this.page.locator('[data-vodrop="uploader"] input[type=file]').first().setInputFiles(files);
  }

  /** Performs a real drag of real files through the DevTools protocol. */
  async drop(...files: string[]): Promise<void> {
    const box = await this.page.locator('[data-vodrop="uploader"]').boundingBox();
    if (!box) throw new Error('the widget is not on the page');
    const session = await this.page.context().newCDPSession(this.page);
    const at = {
      x: box.x + box.width / 2,
      y: box.y + Math.min(25, box.height / 2),
      data: { items: [], files, dragOperationsMask: 1 },
    };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, ...at });
    await session.detach();
  }

  row(name?: string): Locator {
    return name === undefined
      ? this.rows.first()
      : this.page.locator(`[data-vodrop="upload"][data-file-name=${JSON.stringify(name)}]`);
  }

  async expectStatus(status: string, row: Locator = this.row()): Promise<void> {
    await expect(row).toHaveAttribute('data-status', status);
  }

  button(name: string, row: Locator = this.row()): Locator {
    return row.getByRole('button', { name, exact: true });
  }

  /** Sets the time to undo: long where a test must not race it, short where it only waits for its end. */
  async setUndoMs(ms: number): Promise<void> {
    await this.page.addStyleTag({ content: `[data-vodrop='uploader'] { --vodrop-dur-undo: ${ms}ms; }` });
  }

  /** Takes a ready row away, by keyboard, through its menu. */
  async removeReady(row: Locator = this.row()): Promise<void> {
    await this.button('More', row).press('Enter');
    await this.page.getByRole('menuitem', { name: 'Remove from list' }).press('Enter');
  }

  /**
   * Waits until the journal contains this number of stored parts: it may lack a part that the store has just
   * acknowledged.
   */
  async expectPartsKnown(count: number): Promise<void> {
    await expect.poll(() => this.page.evaluate(countJournal, 'parts')).toBe(count);
  }

  /** Waits until the journal contains this number of uploads: the page writes a new one while it asks for its start. */
  async expectUploadsKnown(count: number): Promise<void> {
    await expect.poll(() => this.page.evaluate(countJournal, 'uploads')).toBe(count);
  }

  /** Waits until the page has stored copies of this number of small files. */
  async expectFilesKept(count: number): Promise<void> {
    await expect.poll(() => this.page.evaluate(countJournal, 'files')).toBe(count);
  }

  /** Collects every later status of the first row, in order. */
  async recordStatuses(): Promise<() => Promise<string[]>> {
    await this.page.evaluate(() => {
      const seen: string[] = [];
      (window as unknown as { seenStatuses: string[] }).seenStatuses = seen;
      const look = () => {
        const status = document.querySelector<HTMLElement>('[data-vodrop="upload"]')?.dataset['status'];
        if (status && seen.at(-1) !== status) seen.push(status);
      };
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['data-status'],
      });
      look();
    });
    return () => this.page.evaluate(() => (window as unknown as { seenStatuses: string[] }).seenStatuses);
  }
}

/** Runs in the page: counts the `uploads`, `parts` or `files` in the journal. */
async function countJournal(what: string): Promise<number> {
  const database = await new Promise<IDBDatabase | undefined>((resolve) => {
    const request = indexedDB.open('vodrop');
    request.onsuccess = () => {
      resolve(request.result);
    };
    // The page must create the database. Aborting the upgrade makes the open request fail as well.
    request.onupgradeneeded = () => {
      request.transaction?.abort();
    };
    request.onerror = () => {
      resolve(undefined);
    };
  });
  if (!database) return 0;
  const count = await new Promise<number>((resolve) => {
    const request = database.transaction(what).objectStore(what).count();
    request.onsuccess = () => {
      resolve(request.result);
    };
  });
  database.close();
  return count;
}
