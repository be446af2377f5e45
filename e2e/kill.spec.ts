import path from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { expectNothingLost, test } from './support/kill.js';
import { videos } from './support/media.js';
import { expect } from './support/test.js';
import { Widget } from './support/widget.js';

test.describe('browser killed and restarted', () => {
  test('after a kill during uploading, choosing the same file sends only the missing parts', async ({
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

  test('after a kill during a pause, choosing the same file continues the upload', async ({
    mortal,
    sandbox,
  }) => {
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

  test('after a kill during confirming, the upload needs no file and the video is confirmed once', async ({
    mortal,
    sandbox,
  }) => {
    await sandbox.hold('ListParts');
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectStatus('confirming');
    await sandbox.expectHeld('ListParts');
    await mortal.kill();
    // The endpoint completes a `finish` that it received, even after the client is gone.
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

  test('after a kill during the check of a resumed file, the upload can still be resumed', async ({
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
    await sandbox.expectHeld('ListParts');
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
  test('the handle of a dropped file is stored: one click resumes it where the browser permits, a second drop resumes it everywhere', async ({
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
    // After a restart the browser prompts for permission again. This replaces the prompt with one that is never
    // answered: while headless Chromium shows its own, the page receives no drag events in some runs.
    await widget.page.evaluate(() => {
      Object.assign(FileSystemHandle.prototype, { requestPermission: () => new Promise(() => {}) });
    });
    await widget.unfinished.getByRole('button', { name: 'Continue', exact: true }).click();
    await sandbox.clearFaults();
    await widget.drop(videos.large());
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    await expectNothingLost(sandbox, videos.large());
  });

  test('a dropped file resumes with one click and without a file dialog when the browser permits it', async ({
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
 * Replaces the person's "Allow": a headless browser cannot answer the permission prompt, but all pages of the site may
 * read a file that was dropped on one of them.
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
  test(`a small file that was ${how} continues after a crash without being chosen again`, async ({
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

test('after a kill before the cloud answers, the widget offers nothing to resume and the file starts as a new upload', async ({
  mortal,
  sandbox,
}) => {
  // The rule matches only the first call, which never gets an answer.
  await sandbox.faults({ match: { action: 'CreateAssetByFileUpload' }, effect: { hold: true } });
  const before = await mortal.start();
  await before.pick(videos.large());
  await before.expectStatus('preparing');
  await expect
    .poll(async () => (await sandbox.requests()).map(({ action }) => action))
    .toContain('CreateAssetByFileUpload');
  await mortal.kill();

  const widget = await mortal.start();
  await expect(widget.page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  await expectNothingLost(sandbox, videos.large());
});

for (const provider of ['huawei-vod', 'alibaba-vod', 'tencent-vod', 's3'])
  test(`after a kill while the answer to the start is on its way, the next visit discards what was started: ${provider}`, async ({
    mortal,
    sandbox,
  }) => {
    const before = await mortal.start();
    await before.page.goto(`/?provider=${provider}`);
    // The endpoint has answered and takes nothing back; the page never gets the answer.
    const answered = new Promise<void>((resolve) => {
      void before.page.route('**/api/uploads/start', async (route) => {
        await route.fetch();
        resolve();
      });
    });
    await before.pick(videos.large());
    await answered;
    await before.expectUploadsKnown(1);
    expect(await sandbox.openUploads()).toHaveLength(1);
    await mortal.kill();

    const widget = await mortal.start();
    await widget.page.goto(`/?provider=${provider}`);
    await expect.poll(() => sandbox.openUploads()).toEqual([]);
    await expect
      .poll(async () =>
        (await sandbox.media()).filter(({ status }) => ['CREATING', 'Uploading'].includes(status)),
      )
      .toEqual([]);
    await expect(widget.unfinished).toHaveCount(0);
    await expect(widget.rows).toHaveCount(0);
  });

test('cancel directly before the tab closes leaves no part in the store and reaches the service', async ({
  mortal,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  const widget = await mortal.start('&undo=false');
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
  // The next visit does not offer it either.
  const next = new Widget(other);
  await next.open();
  await expect(other.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect(next.unfinished).toHaveCount(0);
});
