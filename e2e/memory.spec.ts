import { md5Of, videos } from './support/media.js';
import { expect, test } from './support/test.js';

/** Storage failures of browsers: each function runs in the page before any other script. */
const refusals: Record<string, () => void> = {
  'IndexedDB is missing': () => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  },
  'IndexedDB cannot be opened, as in some private windows': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
  },
  'the disk is full': () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Encountered full disk while opening backing store.', 'QuotaExceededError');
    };
  },
};

for (const [what, refuse] of Object.entries(refusals)) {
  test(`when ${what}, videos are stored anyway and the widget states that it cannot resume them after a reload`, async ({
    page,
    widget,
    sandbox,
  }) => {
    await page.addInitScript(refuse);
    await sandbox.hold('UploadPart');
    await widget.open();
    await widget.pick(videos.large(), videos.small());
    await expect(
      page.getByText('Uploads in this window cannot be resumed. Keep it open until they finish.'),
    ).toBeVisible();
    await sandbox.clearFaults();
    await widget.expectStatus('ready', widget.row('large.mp4'));
    await widget.expectStatus('ready', widget.row('small.mp4'));
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex).sort()).toEqual(
      [md5Of(videos.large()), md5Of(videos.small())].sort(),
    );
    await expect(page.getByText('Uploads in this window cannot be resumed.')).toHaveCount(0);
  });
}

test('when the browser cannot store a Blob, as in private windows of Safari, only the copies of small files are lost', async ({
  page,
  widget,
  sandbox,
}) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: object, ...rest) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the browser throws a value that is no Error
      if ('bytes' in value) throw null;
      return put.call(this, value, ...rest);
    };
  });
  await sandbox.faults({ match: { action: 'PutObject' }, times: null, effect: { stallAfterBytes: 100_000 } });
  await widget.open();
  await widget.pick(videos.small());
  await expect
    .poll(async () => (await sandbox.requests()).find(({ action }) => action === 'PutObject')?.bytes ?? 0)
    .toBe(100_000);
  await expect(page.getByText('Uploads in this window cannot be resumed.')).toHaveCount(0);
  await page.reload();
  await expect(widget.unfinished).toContainText('Continue “small.mp4”');
  await sandbox.clearFaults();
  await widget.pick(videos.small());
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
  expect(await sandbox.media()).toHaveLength(1);
});
