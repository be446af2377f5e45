import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('pause stops sending, and resume continues without sending a stored part again', async ({
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(3);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(3);
  await widget.button('Pause').click();
  await widget.expectStatus('paused');
  await expect(widget.row()).toContainText('Paused');
  await expect(widget.button('Resume')).toBeFocused();

  await sandbox.clearFaults();
  await widget.button('Resume').click();
  await widget.expectStatus('ready');
  const parts = await sandbox.acknowledgedParts();
  expect(new Set(parts).size).toBe(parts.length);
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('cancel during uploading aborts the multipart upload and reports CANCELLED', async ({
  widget,
  sandbox,
}) => {
  await sandbox.hold('UploadPart');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await expect.poll(async () => (await sandbox.openUploads()).length).toBe(1);
  await widget.expectStatus('uploading');
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await expect(widget.row()).toContainText('nothing is stored in the cloud');
  expect(await sandbox.openUploads()).toEqual([]);
  expect(await sandbox.objects()).toEqual([]);
  expect(await sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);

  await sandbox.clearFaults();
  await widget.button('Retry').click();
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('cancel during a pause leaves no parts in the store', async ({ widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await sandbox.expectHeld('UploadPart');
  await widget.button('Pause').click();
  await widget.expectStatus('paused');
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
});

test('cancel during checking, before the cloud answers, takes effect after the answer', async ({
  widget,
  sandbox,
}) => {
  await sandbox.hold('CreateAssetByFileUpload');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectStatus('preparing');
  await sandbox.expectHeld('CreateAssetByFileUpload');
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await sandbox.clearFaults();
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'CANCELLED' }]);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
});

test('cancel during confirming takes effect or comes too late, but never leaves parts in the store', async ({
  widget,
  sandbox,
}) => {
  await sandbox.hold('ListParts');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectStatus('confirming');
  await sandbox.expectHeld('ListParts');
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await sandbox.clearFaults();
  await expect
    .poll(async () => (await sandbox.media()).map(({ status }) => status))
    .not.toEqual(['CREATING']);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
});

test('cancel of a queued upload sends no request to the cloud', async ({ widget, sandbox }) => {
  await sandbox.hold('UploadPart');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.pick(videos.largeTwin());
  await widget.pick(videos.large());
  await widget.pick(videos.largeTwin());
  const last = widget.rows.nth(3);
  await widget.expectStatus('queued', last);
  await expect.poll(async () => (await sandbox.media()).length).toBe(3);
  await widget.button('Cancel', last).click();
  await widget.expectStatus('canceled', last);
  expect(await sandbox.media()).toHaveLength(3);
  await widget.button('Remove from list', last).click();
  await expect(widget.rows).toHaveCount(3);
});

test('remove deletes the row of an upload that has ended and keeps the video in the cloud', async ({
  widget,
  sandbox,
}) => {
  await widget.open('&undo=false');
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  await widget.removeReady();
  await expect(widget.rows).toHaveCount(0);
  expect(await sandbox.objects()).toHaveLength(1);
});

for (const provider of ['s3', 'huawei-vod', 'alibaba-vod', 'tencent-vod']) {
  test(`a cancel while ${provider} completes the upload says that it is too late, and what is stored stays`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.hold('CompleteMultipartUpload');
    await page.goto(`/?provider=${provider}&undo=false`);
    await widget.pick(videos.large());
    await widget.expectStatus('confirming');
    await sandbox.expectHeld('CompleteMultipartUpload');
    await widget.button('Cancel').click();
    await sandbox.clearFaults();
    await expect(page.locator('[data-vodrop="alerts"]')).toContainText('Too late to cancel');
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    expect(await sandbox.openUploads()).toEqual([]);
  });
}
