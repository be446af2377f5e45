import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { test as base } from './support/demo.js';
import { md5Of, videos } from './support/media.js';
import { MortalBrowser } from './support/mortal-browser.js';
import type { Sandbox } from './support/sandbox.js';
import { expect, watchForSecrets } from './support/test.js';
import { Widget } from './support/widget.js';

/** Open connections to the store; so many parts may be on their way when the power goes. */
const connections = 6;

const test = base.extend<{ mortal: { start: () => Promise<Widget>; kill: () => Promise<void> } }>({
  /** `start` opens the page in a browser that keeps its profile from one life to the next. */
  mortal: async ({ baseURL, sandbox: _first }, use, testInfo) => {
    const secrets = watchForSecrets();
    const browser = new MortalBrowser(testInfo.outputPath('profile'), baseURL, secrets.watch);
    await use({
      start: async () => {
        const widget = new Widget(await browser.start());
        await widget.open();
        return widget;
      },
      kill: () => browser.kill(),
    });
    await browser.close();
    secrets.expectNone();
  },
});

/** One whole object equal to the file, no part acknowledged twice, and no more sent in vain than was on its way. */
async function expectNothingLost(sandbox: Sandbox, file: string): Promise<void> {
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex)).toEqual([md5Of(file)]);
  const acknowledged = await sandbox.acknowledgedParts();
  expect(acknowledged.length).toBe(new Set(acknowledged).size);
  const sent = (await sandbox.requests()).filter(({ action }) => action === 'UploadPart');
  expect(sent.length - (objects[0]?.parts.length ?? 0)).toBeLessThanOrEqual(connections);
  // A start that nobody lived to hear of was taken back.
  expect((await sandbox.media()).filter(({ status }) => status !== 'CANCELLED')).toHaveLength(1);
  expect(await sandbox.openUploads()).toEqual([]);
}

test.describe('killed in the middle, the browser is started again:', () => {
  test('while uploading; the same file is chosen and only what is missing is sent', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(4);
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectPartsKnown(4);
    await mortal.kill();

    const widget = await mortal.start();
    await expect(widget.unfinished).toContainText(/Continue “large.mp4” at [1-9]\d?%/);
    await sandbox.clearFaults();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    await expectNothingLost(sandbox, videos.large());
  });

  test('while paused', async ({ mortal, sandbox }) => {
    await sandbox.holdPartsAfter(4);
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectPartsKnown(4);
    await before.button('Pause').click();
    await before.expectStatus('paused');
    await mortal.kill();

    const widget = await mortal.start();
    await expect(widget.unfinished).toContainText('Continue “large.mp4”');
    await sandbox.clearFaults();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expectNothingLost(sandbox, videos.large());
  });

  test('while confirming: no file is needed any more, and the video is confirmed once', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.hold('ListParts');
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectStatus('confirming');
    await mortal.kill();
    // What the endpoint was asked to finish it finishes, whoever has gone meanwhile.
    await sandbox.clearFaults();
    await expect
      .poll(
        async () =>
          (await sandbox.requests()).filter(
            ({ action, status }) => action === 'ConfirmAssetUpload' && status === 200,
          ).length,
      )
      .toBe(1);

    const widget = await mortal.start();
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    await expectNothingLost(sandbox, videos.large());
    const joined = (await sandbox.requests()).filter(
      ({ action, status }) => action === 'CompleteMultipartUpload' && status === 200,
    );
    expect(joined).toHaveLength(1);
  });

  test('while processing: it is waited for without the file', async ({ mortal, sandbox }) => {
    await sandbox.hold('ShowAssetMeta');
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectStatus('processing');
    await mortal.kill();
    await sandbox.clearFaultsWhenLetGo();

    const widget = await mortal.start();
    await widget.expectStatus('ready');
    await expectNothingLost(sandbox, videos.large());
  });

  test('while checking the file of an upload that goes on: it can still go on', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(4);
    const first = await mortal.start();
    await first.pick(videos.large());
    await first.expectPartsKnown(4);
    await mortal.kill();
    await sandbox.clearFaultsWhenLetGo();
    await sandbox.hold('ListParts');
    const second = await mortal.start();
    await second.pick(videos.large());
    await second.expectStatus('preparing');
    await mortal.kill();
    await sandbox.clearFaultsWhenLetGo();

    const widget = await mortal.start();
    await expect(widget.unfinished).toContainText('Continue “large.mp4”');
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expectNothingLost(sandbox, videos.large());
  });
});

test.describe('a dropped file', () => {
  test('is remembered by its handle: one click goes on where the browser allows it, dropping it again does anyway', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(4);
    const before = await mortal.start();
    await before.drop(videos.large());
    await before.expectPartsKnown(4);
    await mortal.kill();

    const widget = await mortal.start();
    await expect(widget.unfinished).toHaveAttribute('data-state', 'can-continue');
    // After a restart the browser wants to be asked again, and a browser without a window never answers.
    await widget.unfinished.getByRole('button', { name: 'Continue', exact: true }).click();
    await sandbox.clearFaults();
    await widget.drop(videos.large());
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    await expectNothingLost(sandbox, videos.large());
  });

  test('goes on with one click once the browser allows it, without a file dialog', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(4);
    const before = await mortal.start();
    await before.drop(videos.large());
    await before.expectPartsKnown(4);
    await mortal.kill();

    const widget = await mortal.start();
    await expect(widget.unfinished).toHaveAttribute('data-state', 'can-continue');
    await allow(widget.page.context(), videos.large());
    await widget.page.bringToFront();
    await sandbox.clearFaults();
    let dialogs = 0;
    widget.page.on('filechooser', () => {
      dialogs += 1;
    });
    await widget.unfinished.getByRole('button', { name: 'Continue', exact: true }).click();
    await widget.expectStatus('ready');
    expect(dialogs).toBe(0);
    await expectNothingLost(sandbox, videos.large());
  });
});

/**
 * Stands for the person's "Allow": the browser's question cannot be answered without a window, but a file dropped on
 * any page of the site may be read by all of them.
 */
async function allow(context: BrowserContext, file: string): Promise<void> {
  const page = await context.newPage();
  await page.goto('/icon.svg');
  const taken = page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        window.addEventListener('dragover', (event) => {
          event.preventDefault();
        });
        window.addEventListener('drop', (event) => {
          event.preventDefault();
          const item = event.dataTransfer?.items[0] as
            { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> } | undefined;
          item?.getAsFileSystemHandle?.().then((handle) => {
            resolve(handle?.name ?? '');
          }, reject);
        });
      }),
  );
  const session = await context.newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 20,
      y: 20,
      data: { items: [], files: [file], dragOperationsMask: 1 },
    });
  }
  expect(await taken).toBe(path.basename(file));
}

for (const [how, add] of [
  ['chosen', (widget: Widget, file: string) => widget.pick(file)],
  ['dropped', (widget: Widget, file: string) => widget.drop(file)],
] as const) {
  test(`a small file that was ${how} just goes on after the crash: nobody is asked for it`, async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.faults({ match: { action: 'PutObject' }, effect: { stallAfterBytes: 100_000 } });
    const before = await mortal.start();
    await add(before, videos.small());
    await expect
      .poll(async () => (await sandbox.requests()).find(({ action }) => action === 'PutObject')?.bytes ?? 0)
      .toBe(100_000);
    await before.expectFilesKept(1);
    await before.expectStatus('uploading');
    await mortal.kill();

    const widget = await mortal.start();
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    await expectNothingLost(sandbox, videos.small());
  });
}

test('killed before the cloud has answered: nothing is offered, and the file starts as if for the first time', async ({
  mortal,
  sandbox,
}) => {
  // Only the first: it is never answered.
  await sandbox.faults({ match: { action: 'CreateAssetByFileUpload' }, effect: { hold: true } });
  const before = await mortal.start();
  await before.pick(videos.large());
  await before.expectStatus('preparing');
  await expect
    .poll(async () => (await sandbox.requests()).map(({ action }) => action))
    .toContain('CreateAssetByFileUpload');
  await mortal.kill();

  const widget = await mortal.start();
  await expect(widget.page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  await expectNothingLost(sandbox, videos.large());
});

test('canceled and the tab closed in the same breath: the store keeps no part, and the service hears of it', async ({
  mortal,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  const widget = await mortal.start();
  const other = await widget.page.context().newPage();
  await widget.page.bringToFront();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await widget.page.evaluate(() => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-vodrop="upload"] button'))
      if (button.getAttribute('aria-label') === 'Cancel' || button.textContent === 'Cancel') button.click();
  });
  await widget.page.close();
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);
  expect(await sandbox.objects()).toEqual([]);
  // Nor does the next visit offer it again.
  const next = new Widget(other);
  await next.open();
  await expect(other.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await expect(next.unfinished).toHaveCount(0);
});
