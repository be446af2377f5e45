import { lengthOf, md5Of, videos } from '../support/media.js';
import { describeOwnership } from '../support/ownership.js';
import { expect, test } from '../support/test.js';

test('Firefox uploads a small and a large video, which are confirmed and become ready', async ({
  widget,
  sandbox,
}) => {
  await widget.open();
  await widget.pick(videos.small(), videos.large());
  await widget.expectStatus('ready', widget.row('small.mp4'));
  await widget.expectStatus('ready', widget.row('large.mp4'));
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex).sort()).toEqual(
    [md5Of(videos.small()), md5Of(videos.large())].sort(),
  );
  const parts = await sandbox.acknowledgedParts();
  expect(parts.length).toBeGreaterThan(6);
  expect(new Set(parts).size).toBe(parts.length);
});

test('in Firefox, the drop zone is lit while files are over it, and a drop hands them to the widget', async ({
  page,
  widget,
}) => {
  await widget.open();
  const zone = page.locator('[data-vodrop="dropzone"]');
  // Only Chromium's DevTools can drag real files; the events and their data are the browser's own all the same.
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['words, not pictures'], 'notes.mp4', { type: 'video/mp4' }));
    return data;
  });
  await zone.dispatchEvent('dragenter', { dataTransfer: transfer });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(zone).toHaveAttribute('data-drag', /./);
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(widget.rejections).toContainText('notes.mp4');
  await expect(zone).not.toHaveAttribute('data-drag', /./);
});

test('in Firefox, choosing the same file after a reload continues the upload without sending a stored part again', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(4);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(4);
  await page.reload();
  await sandbox.clearFaultsWhenLetGo();
  const before = await sandbox.acknowledgedParts();
  await expect(widget.unfinished).toContainText('Continue “large.mp4”');
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  expect(
    (await sandbox.acknowledgedParts()).slice(before.length).filter((part) => before.includes(part)),
  ).toEqual([]);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
});

test('in Firefox, the upload of a small file continues automatically after a reload', async ({
  page,
  widget,
  sandbox,
}) => {
  await sandbox.faults({ match: { action: 'PutObject' }, times: 1, effect: { stallAfterBytes: 100_000 } });
  await widget.open();
  await widget.pick(videos.small());
  await expect
    .poll(async () => (await sandbox.requests()).find(({ action }) => action === 'PutObject')?.bytes ?? 0)
    .toBe(100_000);
  await widget.expectFilesKept(1);
  await page.reload();
  await widget.expectStatus('ready');
  await expect(widget.unfinished).toHaveCount(0);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
});

describeOwnership('Firefox', test);

test('in Firefox, a recording of the camera has a length, can be paused, is uploaded, and survives a reload', async ({
  page,
  widget,
  sandbox,
}) => {
  const recorder = page.locator('[data-vodrop="recorder"]');
  const expectPhase = (phase: string) => expect(recorder).toHaveAttribute('data-phase', phase);
  const expectSeconds = (seconds: number) =>
    expect
      .poll(async () => Number(/:(\d\d)/.exec(await recorder.getByRole('timer').innerText())?.[1]))
      .toBeGreaterThanOrEqual(seconds);
  await widget.open('&sources=device,camera,screen');
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  await expectPhase('ready');
  await page.keyboard.press('r');
  await expectSeconds(1);
  await page.keyboard.press(' ');
  await expectPhase('paused');
  await page.keyboard.press(' ');
  await expectSeconds(4);
  await page.reload();

  const recording = page.locator('[data-vodrop="recording"]');
  await expect(recording).toContainText('Recovered');
  await recording.getByRole('button', { name: 'Review and upload' }).click();
  await expectPhase('done');
  const seconds = await lengthOf(recorder.locator('video'));
  expect(seconds).toBeGreaterThan(1.5);
  expect(seconds).toBeLessThan(60);
  await recorder.getByRole('button', { name: 'Use recording' }).click();
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.size).toBeGreaterThan(5000);
});

test('in Firefox, the screen has a button, and the camera in its corner has none', async ({
  page,
  widget,
}) => {
  await widget.open('&sources=device,screen');
  await page.getByRole('button', { name: 'Screen', exact: true }).click();
  const recorder = page.locator('[data-vodrop="recorder"]');
  await expect(recorder).toHaveAttribute('data-phase', 'ready');
  await expect(recorder.getByLabel('Microphone', { exact: true })).toBeVisible();
  await expect(recorder.getByText('Camera in the corner')).toHaveCount(0);
});

test('in Firefox, a page without a recorder has no button for the camera', async ({ page, widget }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'MediaRecorder');
  });
  await widget.open('&sources=device,link,camera,screen');
  await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
  await expect(page.locator('[data-source="link"]')).toBeVisible();
  await expect(page.locator('[data-source="camera"]')).toHaveCount(0);
  await expect(page.locator('[data-source="screen"]')).toHaveCount(0);
});
