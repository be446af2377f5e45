import type { Page, Request } from '@playwright/test';
import { md5Of, videos } from './support/media.js';
import type { Sandbox } from './support/sandbox.js';
import { expect, test } from './support/test.js';

/** The maximum number of parts in flight. */
const connections = 6;

async function expectWhole(sandbox: Sandbox, file = videos.large()): Promise<void> {
  const acknowledged = await sandbox.acknowledgedParts();
  expect(acknowledged.length).toBe(new Set(acknowledged).size);
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(file)]);
}

async function statusesOf(sandbox: Sandbox, part: number): Promise<(number | null)[]> {
  return (await sandbox.requests())
    .filter(({ action, partNumber }) => action === 'UploadPart' && partNumber === part)
    .map(({ status }) => status);
}

/** The number of calls to the token endpoint for each operation. */
function countCalls(page: Page): Record<string, number> {
  const counts: Record<string, number> = {};
  page.on('request', (request) => {
    const [, operation] = /\/api\/uploads\/(\w+)$/.exec(request.url()) ?? [];
    if (operation) counts[operation] = (counts[operation] ?? 0) + 1;
  });
  return counts;
}

test.describe('network', () => {
  test('a part without progress for half a minute is sent again', async ({ widget, sandbox }) => {
    test.slow();
    await sandbox.faults({
      match: { action: 'UploadPart', partNumber: 2 },
      effect: { stallAfterBytes: 100_000 },
    });
    await widget.open();
    await widget.pick(videos.large());
    await expect(widget.row()).toHaveAttribute('data-status', 'ready', { timeout: 60_000 });
    expect(await statusesOf(sandbox, 2)).toEqual([null, 200]);
    await expectWhole(sandbox);
  });

  test('five seconds offline cost no attempt: the page sends no call, no upload fails, and only parts in flight are sent again', async ({
    context,
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(3);
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectPartsKnown(3);
    const calls = countCalls(page);
    await context.setOffline(true);
    // The requests in flight succeed; later requests do not.
    await sandbox.clearFaults();
    await expect(widget.row()).toContainText('Waiting for the network');
    const [asked, seen] = [JSON.stringify(calls), (await sandbox.requests()).length];
    // The test is about the length of the outage, so it waits.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect([JSON.stringify(calls), (await sandbox.requests()).length]).toEqual([asked, seen]);
    await widget.expectStatus('uploading');
    await context.setOffline(false);
    await widget.expectStatus('ready');
    await expectWhole(sandbox);
    const sent = (await sandbox.requests()).filter(({ action }) => action === 'UploadPart');
    expect(sent.length - ((await sandbox.objects())[0]?.parts.length ?? 0)).toBeLessThanOrEqual(connections);
  });

  test('an upload succeeds with a client clock that is hours wrong', async ({ page, widget, sandbox }) => {
    await page.addInitScript(() => {
      const real = Date.now.bind(Date);
      const wrong = () => real() + 9 * 3_600_000;
      Date.now = wrong;
      const RealDate = Date;
      window.Date = class extends RealDate {
        constructor(...given: []) {
          super(...((given.length > 0 ? given : [wrong()]) as []));
        }
      } as DateConstructor;
    });
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expectWhole(sandbox);
    expect(
      (await sandbox.requests()).filter(({ action, status }) => action === 'UploadPart' && status !== 200),
    ).toEqual([]);
  });
});

test.describe('the store', () => {
  test('each part that the store answers with a transient status is sent once more', async ({
    widget,
    sandbox,
  }) => {
    const passing = [408, 429, 500, 502, 503, 504];
    await sandbox.faults(
      ...passing.map((status, index) => ({
        match: { action: 'UploadPart', partNumber: index + 1 },
        effect: { status },
      })),
    );
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    for (const [index, status] of passing.entries())
      expect(await statusesOf(sandbox, index + 1)).toEqual([status, 200]);
    await expectWhole(sandbox);
  });

  test('a permanent refusal by the store is shown and not repeated', async ({ widget, sandbox }) => {
    await sandbox.faults({
      match: { action: 'UploadPart', partNumber: 1 },
      times: null,
      effect: { status: 405, code: 'MethodNotAllowed' },
    });
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('failed');
    await expect(widget.row()).toHaveAttribute('data-error-code', 'store-refused');
    expect(await statusesOf(sandbox, 1)).toEqual([405]);
    await sandbox.clearFaults();
    await widget.button('Retry').click();
    await widget.expectStatus('ready');
    // Parts that were on their way when the upload failed may have been stored without the page hearing of it.
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
  });

  test('a part that a proxy answers with 200 and an HTML page is found missing in the list of parts and sent again', async ({
    widget,
    sandbox,
  }) => {
    await sandbox.faults({ match: { action: 'UploadPart', partNumber: 3 }, effect: { html: true } });
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    expect(await statusesOf(sandbox, 3)).toEqual([200, 200]);
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    const joined = (await sandbox.requests()).filter(({ action }) => action === 'CompleteMultipartUpload');
    expect(joined.map(({ status }) => status)).toEqual([200]);
  });

  test('without an ETag in the response, the list of parts is compared instead and reveals a damaged part', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.faults(
      { match: { action: 'UploadPart', partNumber: 2 }, effect: { corrupt: true } },
      { match: { action: 'UploadPart' }, times: null, effect: { hideETag: true } },
    );
    await page.goto('/?provider=s3');
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expect(widget.row()).toContainText('Verified');
    expect((await sandbox.requests()).filter(({ action }) => action === 'ListParts').length).toBeGreaterThan(
      0,
    );
    await expectWhole(sandbox);
  });

  test('an upload that the store has removed begins anew by itself', async ({ widget, sandbox }) => {
    await sandbox.holdPartsAfter(2);
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectPartsKnown(2);
    await sandbox.clearUp();
    await sandbox.clearFaults();
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
  });

  test('a file whose upload the store removed between two visits starts a new upload automatically', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(2);
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectPartsKnown(2);
    await page.reload();
    await expect(widget.unfinished).toHaveCount(1);
    await sandbox.clearUp();
    await sandbox.clearFaults();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expect(widget.unfinished).toHaveCount(0);
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    expect(await sandbox.openUploads()).toEqual([]);
  });
});

interface StartAnswer {
  results: { session?: { signed?: { partNumber: number }[] } }[];
}

function partNumbersIn({ results }: StartAnswer): number[] {
  return results.flatMap(({ session }) => session?.signed?.map(({ partNumber }) => partNumber) ?? []);
}

for (const provider of ['huawei-vod', 'alibaba-vod', 'tencent-vod', 's3', 's3-sts']) {
  test(`when all requests in flight to ${provider} expire at once, each part is signed again once, one call at a time, in the same upload`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.faults({
      match: { action: 'UploadPart' },
      times: connections,
      effect: { expire: true, delayMs: 500 },
    });
    await page.goto(`/?provider=${provider}`);
    const isSign = (request: Request) => request.url().endsWith('/api/uploads/sign');
    const started = page.waitForResponse((response) => response.url().endsWith('/api/uploads/start'));
    const signed: number[][] = [];
    let [underWay, most] = [0, 0];
    page.on('requestfinished', (request) => {
      if (isSign(request)) underWay -= 1;
    });
    page.on('request', (request) => {
      if (!isSign(request)) return;
      underWay += 1;
      most = Math.max(most, underWay);
      const { items } = request.postDataJSON() as { items: { parts: { partNumber: number }[] }[] };
      signed.push(items.flatMap(({ parts }) => parts.map(({ partNumber }) => partNumber)));
    });
    await widget.pick(videos.large());
    // `start` signs the first parts, where the provider can.
    signed.unshift(partNumbersIn((await (await started).json()) as StartAnswer));
    await widget.expectStatus('ready');
    await expectWhole(sandbox);
    const begun = (await sandbox.requests()).filter(({ action }) =>
      /^(Initiate|Create)Multipart/.test(action),
    );
    expect(begun).toHaveLength(1);
    const refused = (await sandbox.requests()).flatMap(({ action, status, partNumber }) =>
      action === 'UploadPart' && status === 403 && partNumber ? partNumber : [],
    );
    expect(refused).toHaveLength(connections);
    const renewals = signed.flatMap((parts, index) =>
      parts.filter(
        (part) => refused.includes(part) && signed.slice(0, index).some((earlier) => earlier.includes(part)),
      ),
    );
    expect(renewals.sort()).toEqual([...refused].sort());
    // A part that asks during a call waits for its end; the next call then signs all waiting parts together.
    expect(most).toBe(1);
  });
}

test.describe('the endpoint', () => {
  test('when the endpoint answers 401 during an upload, the application is notified once and the upload continues after the sign-in', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.holdPartsAfter(3);
    await widget.open('&signIn=ask');
    await page.evaluate(() => {
      const shown = window as unknown as { asked: number };
      shown.asked = 0;
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes)
            if (node.textContent?.startsWith('Your session has expired')) shown.asked += 1;
      }).observe(document.body, { childList: true, subtree: true });
    });
    await widget.pick(videos.large(), videos.largeTwin());
    await widget.expectPartsKnown(3);
    await page.route('**/api/uploads/**', (route) => route.fulfill({ status: 401, body: '' }));
    await sandbox.clearFaults();
    await expect(widget.row('large.mp4')).toContainText('Sign in again to continue');
    await expect(widget.row('large-twin.mp4')).toContainText('Sign in again to continue');
    await page.unrouteAll();
    await page.getByRole('alert').filter({ hasText: 'Your session has expired' }).getByRole('button').click();
    await widget.expectStatus('ready', widget.row('large.mp4'));
    await widget.expectStatus('ready', widget.row('large-twin.mp4'));
    expect(await page.evaluate(() => (window as unknown as { asked: number }).asked)).toBe(1);
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
      [md5Of(videos.large()), md5Of(videos.largeTwin())].sort(),
    );
    const parts = (await sandbox.objects()).reduce((sum, object) => sum + object.parts.length, 0);
    expect(await sandbox.acknowledgedParts()).toHaveLength(parts);
  });

  test('the engine obeys Retry-After of the endpoint and repeats after 503 and after an HTML page of a gateway', async ({
    page,
    widget,
    sandbox,
  }) => {
    await widget.open();
    const answers = [
      { status: 429, headers: { 'Retry-After': '3' }, body: '' },
      { status: 503, body: '' },
      { status: 502, contentType: 'text/html', body: '<html>Bad gateway</html>' },
    ];
    const askedAt: number[] = [];
    await page.route('**/api/uploads/start', (route) => {
      askedAt.push(Date.now());
      const answer = answers.shift();
      return answer ? route.fulfill(answer) : route.continue();
    });
    await widget.pick(videos.small());
    await expect(widget.row()).toHaveAttribute('data-waiting', 'cloud');
    await widget.expectStatus('ready');
    const [first = 0, second = 0] = askedAt;
    expect(askedAt).toHaveLength(4);
    expect(second - first).toBeGreaterThanOrEqual(2900);
    expect(await sandbox.media()).toHaveLength(1);
  });

  test('when the cloud throttles the endpoint, the video is stored once', async ({ widget, sandbox }) => {
    await sandbox.faults(
      { match: { action: 'CreateAssetByFileUpload' }, effect: { status: 429, retryAfterSeconds: 1 } },
      { match: { action: 'ConfirmAssetUpload' }, effect: { status: 503 } },
      { match: { action: 'ShowAssetMeta' }, effect: { html: true, status: 502 } },
    );
    await widget.open();
    await widget.pick(videos.large());
    await widget.expectStatus('ready');
    await expectWhole(sandbox);
    expect(await sandbox.media()).toMatchObject([{ status: 'PUBLISHED' }]);
  });
});

test.describe('the cloud', () => {
  test('a video that never becomes ready shows a neutral row, which survives a reload and can be removed', async ({
    page,
    widget,
    sandbox,
  }) => {
    await sandbox.faults({ match: { action: 'ConfirmAssetUpload' }, effect: { mediaStatus: 'TRANSCODING' } });
    await widget.open('&undo=false');
    await widget.pick(videos.small());
    await widget.expectStatus('processing');
    await expect(widget.row()).toContainText('you can leave this page');
    await expect
      .poll(async () => (await sandbox.media()).map(({ status }) => status))
      .toEqual(['TRANSCODING']);
    await page.reload();
    await widget.expectStatus('processing');
    await widget.button('Remove from list').click();
    await expect(widget.rows).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
    await expect(widget.rows).toHaveCount(0);
    expect(await sandbox.objects()).toHaveLength(1);
  });

  test('a video that becomes ready while the network is down is shown as ready after the network returns', async ({
    context,
    page,
    widget,
    sandbox,
  }) => {
    const isQuestion = (request: Request) => request.url().endsWith('/api/uploads/details');
    const inVain = page.waitForEvent('requestfailed', isQuestion);
    await page.route('**/api/uploads/details', (route) => route.abort('internetdisconnected'));
    await widget.open();
    await widget.pick(videos.small());
    await widget.expectStatus('processing');
    await inVain;
    await context.setOffline(true);
    await expect.poll(async () => (await sandbox.media()).map(({ status }) => status)).toEqual(['PUBLISHED']);
    await widget.expectStatus('processing');
    await page.unrouteAll();
    await context.setOffline(false);
    await widget.expectStatus('ready');
  });

  test('the row of a video that the cloud cannot process shows the reason, and a retry replaces the file', async ({
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
    await widget.button('Retry').click();
    await widget.expectStatus('ready');
    expect((await sandbox.media()).map(({ status }) => status)).toContain('PUBLISHED');
  });
});
