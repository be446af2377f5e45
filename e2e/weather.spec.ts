import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('a part answered 500 once is sent again', async ({ widget, sandbox }) => {
  await sandbox.faults({ match: { action: 'UploadPart', partNumber: 3 }, effect: { status: 500 } });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  const sent = (await sandbox.requests()).filter(
    ({ action, partNumber }) => action === 'UploadPart' && partNumber === 3,
  );
  expect(sent.map(({ status }) => status)).toEqual([500, 200]);
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('a presigned URL that has expired is signed again, unseen', async ({ widget, sandbox }) => {
  await sandbox.faults({ match: { action: 'UploadPart' }, times: 3, effect: { expire: true } });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(
    (await sandbox.requests()).filter(({ action, status }) => action === 'UploadPart' && status === 403),
  ).toHaveLength(3);
});

test('the single URL of a small file that has expired is replaced, unseen', async ({ widget, sandbox }) => {
  await sandbox.faults({ match: { action: 'PutObject' }, times: 1, effect: { expire: true } });
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.small()));
});

test('a part that arrives damaged is sent again, and the object is the file', async ({ widget, sandbox }) => {
  await sandbox.faults({ match: { action: 'UploadPart', partNumber: 2 }, effect: { corrupt: true } });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('a connection that breaks in the middle of a part, and a reply that gets lost, cost one repeat each', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults(
    { match: { action: 'UploadPart', partNumber: 1 }, effect: { dropAfterBytes: 500_000 } },
    { match: { action: 'UploadPart', partNumber: 2 }, effect: { loseReply: true } },
  );
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('the network goes away for a while: the row says so, and goes on by itself', async ({
  context,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await context.setOffline(true);
  // What was on its way comes through; what would follow does not.
  await sandbox.clearFaults();
  await expect(widget.row()).toHaveAttribute('data-waiting', 'network');
  await expect(widget.row()).toContainText('Waiting for the network');
  await context.setOffline(false);
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test.describe('the endpoint', () => {
  test('answers 401: the row says to sign in, and Retry goes on afterwards', async ({ page, widget }) => {
    await widget.open();
    await page.route('**/api/uploads/**', (route) => route.fulfill({ status: 401, body: '' }));
    await widget.pick(videos.small());
    await widget.expectStatus('failed');
    await expect(widget.row()).toHaveAttribute('data-error-code', 'unauthorized');
    await page.unrouteAll();
    await widget.button('Retry').click();
    await widget.expectStatus('ready');
  });

  test('answers 500 for a while: it is asked again', async ({ page, widget }) => {
    await widget.open();
    let left = 2;
    await page.route('**/api/uploads/**', (route) =>
      left-- > 0 ? route.fulfill({ status: 500, body: 'broken' }) : route.continue(),
    );
    await widget.pick(videos.small());
    await widget.expectStatus('ready');
  });

  test('answers an HTML page: that is said plainly and not repeated', async ({ page, widget }) => {
    await widget.open();
    let calls = 0;
    await page.route('**/api/uploads/**', (route) => {
      calls += 1;
      return route.fulfill({ status: 200, contentType: 'text/html', body: '<html>Please log in</html>' });
    });
    await widget.pick(videos.small());
    await widget.expectStatus('failed');
    await expect(widget.row()).toHaveAttribute('data-error-code', 'endpoint-invalid-reply');
    expect(calls).toBe(1);
  });
});

test('a video that the cloud cannot process ends failed, with the reason', async ({ widget, sandbox }) => {
  await sandbox.faults({
    match: { action: 'ConfirmAssetUpload' },
    effect: { mediaStatus: 'TRANSCODE_FAILED' },
  });
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('failed');
  await expect(widget.row()).toHaveAttribute('data-error-code', 'media-failed');
});

test('giving up on a failed upload tells the cloud and leaves nothing there', async ({ widget, sandbox }) => {
  await sandbox.faults({
    match: { action: 'UploadPart', partNumber: 2 },
    times: null,
    effect: { status: 400, code: 'InvalidArgument' },
  });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('failed');
  await expect(widget.row()).toHaveAttribute('data-error-code', 'store-refused');
  await widget.button('Remove').click();
  await expect(widget.rows).toHaveCount(0);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'UPLOAD_FAILED' }]);
});
