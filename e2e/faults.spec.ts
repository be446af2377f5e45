import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

test('a part that the store answers with 500 once is sent again', async ({ widget, sandbox }) => {
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

test('an expired presigned URL is signed again without a message to the person', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults({ match: { action: 'UploadPart' }, times: 3, effect: { expire: true } });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(
    (await sandbox.requests()).filter(({ action, status }) => action === 'UploadPart' && status === 403),
  ).toHaveLength(3);
});

test('the expired URL of a small file is replaced without a message to the person', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults({ match: { action: 'PutObject' }, times: 1, effect: { expire: true } });
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.small()));
});

test('a part that arrives damaged is sent again, and the stored object equals the file', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults({ match: { action: 'UploadPart', partNumber: 2 }, effect: { corrupt: true } });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test('a connection that breaks during a part and a reply that is lost cost one retry each', async ({
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

test('the row shows a network outage, and the upload continues automatically after it', async ({
  context,
  widget,
  sandbox,
}) => {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await context.setOffline(true);
  // The requests in flight succeed; later requests do not.
  await sandbox.clearFaults();
  await expect(widget.row()).toHaveAttribute('data-waiting', 'network');
  await expect(widget.row()).toContainText('Waiting for the network');
  await context.setOffline(false);
  await widget.expectStatus('ready');
  expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
});

test.describe('the endpoint', () => {
  test('when the endpoint answers 401, the row asks for a sign-in, and Retry continues afterwards', async ({
    page,
    widget,
  }) => {
    await widget.open();
    await page.route('**/api/uploads/**', (route) => route.fulfill({ status: 401, body: '' }));
    await widget.pick(videos.small());
    await widget.expectStatus('failed');
    await expect(widget.row()).toHaveAttribute('data-error-code', 'unauthorized');
    await page.unrouteAll();
    await widget.button('Retry').click();
    await widget.expectStatus('ready');
  });

  test('calls that the endpoint answers with 500 for some time are repeated', async ({ page, widget }) => {
    await widget.open();
    let left = 2;
    await page.route('**/api/uploads/**', (route) =>
      left-- > 0 ? route.fulfill({ status: 500, body: 'broken' }) : route.continue(),
    );
    await widget.pick(videos.small());
    await widget.expectStatus('ready');
  });

  test('an HTML page that has always taken the place of the endpoint fails the upload with a clear message', async ({
    page,
    widget,
  }) => {
    await widget.open();
    let calls = 0;
    await page.route('**/api/uploads/**', (route) => {
      calls += 1;
      return route.fulfill({ status: 200, contentType: 'text/html', body: '<html>Please log in</html>' });
    });
    await widget.pick(videos.small());
    await widget.expectStatus('failed');
    await expect(widget.row()).toHaveAttribute('data-error-code', 'endpoint-invalid-reply');
    expect(calls).toBe(6);
  });
});

test('a video that the cloud cannot process ends as failed and shows the reason', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults({
    match: { action: 'ConfirmAssetUpload' },
    effect: { mediaStatus: 'TRANSCODE_FAILED' },
  });
  await widget.open();
  await widget.pick(videos.small());
  await widget.expectStatus('failed');
  await expect(widget.row()).toHaveAttribute('data-error-code', 'media-failed');
});

test('removing a failed upload informs the cloud and leaves no parts in the store', async ({
  widget,
  sandbox,
}) => {
  await sandbox.faults({
    match: { action: 'UploadPart', partNumber: 2 },
    times: null,
    effect: { status: 400, code: 'InvalidArgument' },
  });
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectStatus('failed');
  await expect(widget.row()).toHaveAttribute('data-error-code', 'store-refused');
  await widget.button('Remove from list').click();
  await expect(widget.rows).toHaveCount(0);
  await expect.poll(() => sandbox.openUploads()).toEqual([]);
  await expect.poll(() => sandbox.media()).toMatchObject([{ status: 'UPLOAD_FAILED' }]);
});

test.describe('an outage longer than any single retry', () => {
  const outageMs = 40_000;
  const outages = {
    'an endpoint that answers 502': ['**/api/uploads/**', { status: 502, body: '<h1>Bad gateway</h1>' }],
    'an endpoint that answers a page of maintenance': [
      '**/api/uploads/**',
      { status: 200, contentType: 'text/html', body: '<h1>Back soon</h1>' },
    ],
    'a network without a way out, though the browser is online': ['**', undefined],
  } as const;

  for (const [index, [what, [urls, answer]]] of Object.entries(outages).entries()) {
    // The first outage is tried by `npm test`, the others by `npm run e2e:long`.
    const tag = index === 0 ? [] : '@long';
    test(
      `${what} does not end a running upload, which resumes automatically`,
      { tag },
      async ({ page, widget, sandbox }) => {
        await sandbox.holdPartsAfter(2);
        await widget.open();
        await widget.pick(videos.large());
        await widget.expectPartsKnown(2);
        await page.route(urls, (route) => (answer ? route.fulfill(answer) : route.abort()));
        await sandbox.clearFaults();
        await expect(widget.row()).toHaveAttribute('data-waiting', /network|cloud/);
        // The length of the outage is what is tested.
        const until = Date.now() + outageMs;
        while (Date.now() < until) {
          await expect(widget.row()).not.toHaveAttribute('data-status', 'failed');
          await page.waitForTimeout(1000);
        }
        await page.unrouteAll();
        await widget.expectStatus('ready');
        expect((await sandbox.objects())[0]?.md5Hex).toBe(md5Of(videos.large()));
        const parts = await sandbox.acknowledgedParts();
        expect(new Set(parts).size).toBe(parts.length);
      },
    );
  }
});
