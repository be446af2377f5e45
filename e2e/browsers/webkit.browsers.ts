import { writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test as base } from '../support/demo.js';
import { md5Of, shortVideos, videos } from '../support/media.js';
import { WebKitBrowser, webKitProblem } from '../support/webkit.js';

const problem = webKitProblem();
const input = '[data-vodrop="uploader"] input[type=file]';

const test = base.extend<{ webkit: WebKitBrowser }>({
  webkit: async ({ baseURL, sandbox: _first }, use) => {
    const browser = new WebKitBrowser();
    try {
      await browser.start();
      await browser.open(`${baseURL}/?provider=huawei-vod`);
      await use(browser);
    } finally {
      await browser.close();
    }
  },
});

test.skip(
  problem !== undefined,
  `WebKitGTK or its driver is missing, so there is no browser to run: ${problem}`,
);

function statusOf(webkit: WebKitBrowser, name: string): Promise<string> {
  return webkit.evaluate(
    (fileName) =>
      document.querySelector<HTMLElement>(`[data-vodrop="upload"][data-file-name="${fileName}"]`)?.dataset[
        'status'
      ] ?? '',
    name,
  );
}

function cards(webkit: WebKitBrowser): Promise<string[]> {
  return webkit.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-vodrop="unfinished"]')].map(
      (card) => `${card.dataset['state']} ${card.dataset['fileName']}`,
    ),
  );
}

/** What has the focus: the name of its row, or its own. */
function focused(webkit: WebKitBrowser): Promise<string> {
  return webkit.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    return element.dataset['fileName'] ?? element.getAttribute('aria-label') ?? element.textContent.trim();
  });
}

function hasFocusRing(webkit: WebKitBrowser): Promise<boolean> {
  return webkit.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2;
  });
}

async function focusRow(webkit: WebKitBrowser, name: string): Promise<void> {
  await webkit.evaluate(
    (fileName) =>
      document.querySelector<HTMLElement>(`[data-vodrop="upload"][data-file-name="${fileName}"]`)?.focus(),
    name,
  );
  expect(await focused(webkit)).toBe(name);
}

function countOf(webkit: WebKitBrowser, selector: string): Promise<number> {
  return webkit.evaluate((selected) => document.querySelectorAll(selected).length, selector);
}

/** Records what both live regions say from now on. */
async function listen(webkit: WebKitBrowser): Promise<() => Promise<string[]>> {
  await webkit.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    for (const region of document.querySelectorAll('[data-vodrop="announcements"], [data-vodrop="alerts"]'))
      new MutationObserver(() => {
        if (region.textContent) said.push(region.textContent);
      }).observe(region, { childList: true, subtree: true, characterData: true });
  });
  return () => webkit.evaluate(() => (window as unknown as { said: string[] }).said);
}

test('WebKit uploads a small and a large video, which are confirmed and become ready', async ({
  webkit,
  sandbox,
}) => {
  await webkit.choose(input, videos.small(), videos.large());
  for (const name of ['small.mp4', 'large.mp4'])
    await expect.poll(() => statusOf(webkit, name)).toBe('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.small()), md5Of(videos.large())].sort(),
  );
  const parts = await sandbox.acknowledgedParts();
  expect(parts.length).toBeGreaterThan(6);
  expect(new Set(parts).size).toBe(parts.length);
});

test('in WebKit, choosing the same file after a reload continues the upload without sending a stored part again', async ({
  webkit,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(5);
  await webkit.choose(input, videos.large());
  await expect.poll(async () => (await sandbox.acknowledgedParts()).length).toBe(5);
  await webkit.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  await expect.poll(() => cards(webkit)).toEqual(['needs-file large.mp4']);
  await webkit.choose(input, videos.large());
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('ready');
  expect(await cards(webkit)).toEqual([]);
  expect(
    (await sandbox.acknowledgedParts()).slice(before.length).filter((part) => before.includes(part)),
  ).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
});

test('in WebKit, the keyboard moves through the list, edits a title and opens the details, and the focus stays visible', async ({
  webkit,
}) => {
  await webkit.choose(input, ...shortVideos(3));
  await expect.poll(() => countOf(webkit, '[data-vodrop="upload"][data-status="ready"]')).toBe(3);
  await focusRow(webkit, 'short-0.mp4');
  for (const [key, name] of [
    ['ArrowDown', 'short-1.mp4'],
    ['End', 'short-2.mp4'],
    ['ArrowUp', 'short-1.mp4'],
    ['Home', 'short-0.mp4'],
  ] as const) {
    await webkit.press(key);
    expect(await focused(webkit)).toBe(name);
    expect(await hasFocusRing(webkit)).toBe(true);
  }
  // The row is one tab stop; its own buttons follow.
  for (const [key, name] of [
    ['Tab', 'Play'],
    ['Tab', 'Edit details'],
    ['Tab', 'More'],
    ['Shift+Tab', 'Edit details'],
  ] as const) {
    await webkit.press(key);
    expect(await focused(webkit)).toBe(name);
    expect(await hasFocusRing(webkit)).toBe(true);
  }

  await webkit.press('Enter');
  await expect.poll(() => countOf(webkit, 'dialog:modal')).toBe(1);
  for (let stop = 0; stop < 25; stop += 1) {
    await webkit.press('Tab');
    // The browser may be the next stop after the last of the dialog, never the page behind it.
    expect(
      await webkit.evaluate(
        () =>
          document.activeElement === document.body ||
          document.activeElement?.closest('dialog:modal') !== null,
      ),
    ).toBe(true);
  }
  await webkit.evaluate(() => document.querySelector<HTMLElement>('dialog:modal input')?.focus());
  await webkit.press('Escape');
  await expect.poll(() => countOf(webkit, 'dialog:modal')).toBe(0);
  await expect.poll(() => focused(webkit)).toBe('Edit details');

  await focusRow(webkit, 'short-0.mp4');
  await webkit.press('F2');
  await expect.poll(() => focused(webkit)).toBe('Title: short-0.mp4');
  await webkit.press('H', 'a', 'r', 'b', 'o', 'r', 'Enter');
  await expect.poll(() => focused(webkit)).toBe('short-0.mp4');
  await expect
    .poll(() => webkit.evaluate(() => document.querySelector('[data-vodrop="upload"]')?.textContent))
    .toContain('Harbor');
});

test('in WebKit, keys pause, resume and cancel an upload, Undo takes it back, and each is announced', async ({
  webkit,
  sandbox,
}) => {
  await sandbox.hold('UploadPart');
  await webkit.choose(input, videos.large());
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('uploading');
  const heard = await listen(webkit);
  await focusRow(webkit, 'large.mp4');
  await webkit.press('Space');
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('paused');
  await expect.poll(heard).toContainEqual(expect.stringMatching(/^large\.mp4 paused, \d+ percent$/));
  await webkit.press('Space');
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('uploading');
  await expect.poll(heard).toContain('Uploading large.mp4');
  await webkit.press('Delete');
  await expect.poll(heard).toContainEqual(expect.stringContaining('anceled'));
  await expect.poll(() => focused(webkit)).toMatch(/Undo|large\.mp4/);
  await webkit.evaluate(() => {
    const undo = [...document.querySelectorAll('button')].find(
      ({ textContent }) => textContent.trim() === 'Undo',
    );
    undo?.focus();
  });
  await webkit.press('Enter');
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('uploading');
  await sandbox.clearFaults();
  await expect.poll(() => statusOf(webkit, 'large.mp4')).toBe('ready');
});

test('in WebKit, the drop zone is lit while files are over it, and a drop hands them to the widget', async ({
  webkit,
}) => {
  const drag = (type: string) =>
    webkit.evaluate((name) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['words, not pictures'], 'notes.mp4', { type: 'video/mp4' }));
      const zone = document.querySelector<HTMLElement>('[data-vodrop="dropzone"]');
      zone?.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
    }, type);
  const lit = '[data-vodrop="dropzone"][data-drag]';
  await expect.poll(() => countOf(webkit, '[data-vodrop="dropzone"]')).toBe(1);
  await drag('dragenter');
  await drag('dragover');
  await expect.poll(() => countOf(webkit, lit)).toBe(1);
  await drag('drop');
  await expect
    .poll(() => webkit.evaluate(() => document.querySelector('[data-vodrop="rejections"]')?.textContent))
    .toContain('notes.mp4');
  await expect.poll(() => countOf(webkit, lit)).toBe(0);
});

for (const locale of ['en', 'ar'])
  test(`in WebKit, at 320 pixels no element of the widget is cut off: ${locale}`, async ({
    webkit,
    baseURL,
  }, testInfo) => {
    await webkit.openNarrow(`${baseURL}/?provider=huawei-vod&locale=${locale}`, 320);
    const root = '[data-vodrop="uploader"]';
    await expect.poll(() => countOf(webkit, `${root}[dir="${locale === 'ar' ? 'rtl' : 'ltr'}"]`)).toBe(1);
    const notes = testInfo.outputPath('notes.mp4');
    writeFileSync(notes, 'words, not pictures');
    await webkit.choose(input, ...shortVideos(2), notes);
    await expect.poll(() => countOf(webkit, '[data-vodrop="upload"][data-status="ready"]')).toBe(2);
    await expect.poll(() => countOf(webkit, '[data-vodrop="rejections"]')).toBe(1);
    expect(
      await webkit.evaluate(
        (selector) =>
          [...document.querySelectorAll(`${selector}, ${selector} *:not(svg *)`)]
            .filter((element) => {
              const { left, right, width } = element.getBoundingClientRect();
              return width > 1 && (left < -0.5 || right > innerWidth + 0.5);
            })
            .map(({ className }) => className),
        root,
      ),
    ).toEqual([]);
    expect(
      await webkit.evaluate(() => [innerWidth, document.documentElement.scrollWidth <= innerWidth]),
    ).toEqual([320, true]);
  });
