import { md5Of, videos } from './support/media.js';
import type { Sandbox } from './support/sandbox.js';
import { expect, test } from './support/test.js';

/** The differences between clouds as their consoles show them; the page has no access to them. */
interface Cloud {
  id: string;
  /** The call that stores the bytes of a large file. */
  part: string;
  /** The status that the service gives to a canceled upload; undefined where the service gets no message. */
  canceled?: string;
}

const clouds: Cloud[] = [
  { id: 'huawei-vod', part: 'UploadPart', canceled: 'CANCELLED' },
  { id: 'huawei-metastudio', part: 'PutObject', canceled: 'CANCELLED' },
  { id: 'alibaba-vod', part: 'UploadPart' },
  { id: 'tencent-vod', part: 'UploadPart' },
  { id: 's3', part: 'UploadPart' },
];

async function digests(sandbox: Sandbox, provider: string): Promise<string[]> {
  return (await sandbox.objects())
    .filter((object) => object.provider === provider)
    .map(({ md5Hex }) => md5Hex);
}

for (const { id, part, canceled } of clouds) {
  test.describe(id, () => {
    test(`${id} stores, confirms and processes a small and a large video`, async ({
      page,
      widget,
      sandbox,
    }) => {
      await page.goto(`/?provider=${id}`);
      await widget.drop(videos.small(), videos.large());
      for (const name of ['small.mp4', 'large.mp4']) {
        const row = widget.row(name);
        await widget.expectStatus('ready', row);
        await expect(row).toHaveAttribute('data-media-id', /.+/);
      }
      expect((await digests(sandbox, id)).sort()).toEqual(
        [md5Of(videos.small()), md5Of(videos.large())].sort(),
      );
      const sent = (await sandbox.requests()).filter(
        ({ plane, method }) => plane === 'data' && method === 'PUT',
      );
      expect(sent.filter(({ status }) => status !== 200)).toEqual([]);
    });

    test(`${id} keeps no parts of a canceled upload, and the service gets the status where it accepts one`, async ({
      page,
      widget,
      sandbox,
    }) => {
      await sandbox.faults({
        match: { action: part, plane: 'data', method: 'PUT' },
        times: null,
        effect: { hold: true },
      });
      await page.goto(`/?provider=${id}&undo=false`);
      await widget.pick(videos.large());
      await widget.expectStatus('uploading');
      await widget.button('Cancel').click();
      await widget.expectStatus('canceled');
      await expect(widget.row()).toContainText('nothing is stored in the cloud');
      expect(await sandbox.openUploads()).toEqual([]);
      expect(await digests(sandbox, id)).toEqual([]);
      if (canceled !== undefined)
        expect(JSON.stringify((await sandbox.media()).filter(({ provider }) => provider === id))).toContain(
          `"${canceled}"`,
        );
    });

    test(`${id} receives no stored part again after a reload during the upload`, async ({
      page,
      widget,
      sandbox,
    }) => {
      test.skip(
        id === 'huawei-metastudio',
        'files up to 5 GB go in one PUT there: there are no parts to keep',
      );
      await sandbox.holdPartsAfter(4);
      await page.goto(`/?provider=${id}`);
      await widget.pick(videos.large());
      await widget.expectPartsKnown(4);
      await page.reload();
      await sandbox.clearFaultsWhenLetGo();
      const before = await sandbox.acknowledgedParts();
      expect(before).toHaveLength(4);
      await expect(widget.unfinished).toHaveCount(1);
      await widget.pick(videos.large());
      await widget.expectStatus('ready');
      const after = await sandbox.acknowledgedParts();
      expect(after.slice(before.length).filter((number) => before.includes(number))).toEqual([]);
      expect(await digests(sandbox, id)).toEqual([md5Of(videos.large())]);
    });

    test(`${id} gets new signatures after the old ones expire, without a message to the person`, async ({
      page,
      widget,
      sandbox,
    }) => {
      await sandbox.faults({ match: { action: part, plane: 'data' }, times: 2, effect: { expire: true } });
      await page.goto(`/?provider=${id}`);
      await widget.pick(videos.large());
      await widget.expectStatus('ready');
      expect(await digests(sandbox, id)).toEqual([md5Of(videos.large())]);
    });
  });
}

test('retry of a canceled upload keeps the media id by an update where the cloud supports it', async ({
  widget,
  sandbox,
}) => {
  await sandbox.hold('UploadPart');
  await widget.open('&undo=false');
  await widget.pick(videos.large());
  await widget.expectStatus('uploading');
  const mediaId = await widget.row().getAttribute('data-media-id');
  await widget.button('Cancel').click();
  await widget.expectStatus('canceled');
  await expect(widget.row()).toContainText('nothing is stored in the cloud');

  await sandbox.clearFaults();
  await widget.button('Retry').click();
  await widget.expectStatus('ready');
  await expect(widget.row()).toHaveAttribute('data-media-id', mediaId ?? 'none');
  expect((await sandbox.requests()).map(({ action }) => action)).toContain('UpdateAsset');
  expect(await sandbox.media()).toMatchObject([{ mediaId, status: 'PUBLISHED' }]);
  expect(await digests(sandbox, 'huawei-vod')).toEqual([md5Of(videos.large())]);
});

test('an upload that the store removed is replaced by an update as well', async ({ widget, sandbox }) => {
  await sandbox.faults({
    match: { action: 'UploadPart', partNumber: 2 },
    times: 1,
    effect: { status: 404, code: 'NoSuchUpload' },
  });
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('ready');
  expect(await sandbox.media()).toHaveLength(1);
  expect(await digests(sandbox, 'huawei-vod')).toEqual([md5Of(videos.large())]);
});
