import { md5Of, videos } from './media.js';
import type { Sandbox } from './sandbox.js';
import { expect, type test } from './test.js';
import { Widget } from './widget.js';

/** Laws of ownership and scope, the same in every browser: two pages of one browser context. */
export function describeOwnership(name: string, define: typeof test): void {
  define(
    `${name}: an unfinished upload that one tab continues is no longer offered in the other, and cannot be discarded there`,
    async ({ page, context, widget, sandbox }) => {
      const second = await leaveUnfinished(widget, sandbox, async () => new Widget(await context.newPage()));
      await expect(widget.unfinished).toHaveCount(1);
      await expect(second.unfinished).toHaveCount(1);
      const discard = second.unfinished.getByRole('button', { name: 'Discard', exact: true });
      await widget.pick(videos.large());
      await expect(discard).toHaveCount(0);
      await expect(second.row()).toHaveAttribute('data-owner', 'other');
      await sandbox.clearFaults();
      await widget.expectStatus('ready');
      await second.expectStatus('ready');
      expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
      expect((await sandbox.media()).map(({ status }) => status)).not.toContain('CANCELLED');
      await page.close();
    },
  );

  define(
    `${name}: the same file given to the cards of two tabs is one upload`,
    async ({ context, widget, sandbox }) => {
      const second = await leaveUnfinished(widget, sandbox, async () => new Widget(await context.newPage()));
      await sandbox.clearFaultsWhenLetGo();
      await Promise.all([widget.pick(videos.large()), second.pick(videos.large())]);
      await widget.expectStatus('ready');
      await second.expectStatus('ready');
      await expect(widget.rows).toHaveCount(1);
      await expect(second.rows).toHaveCount(1);
      expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
      expect(await sandbox.media()).toHaveLength(1);
    },
  );

  define(
    `${name}: a paused upload stays paused in the tab that takes it over`,
    async ({ page, context, widget, sandbox }) => {
      await sandbox.holdPartsAfter(2);
      await widget.open();
      await widget.pick(videos.large());
      await widget.expectPartsKnown(2);
      await widget.button('Pause').click();
      const second = new Widget(await context.newPage());
      await second.open();
      await second.expectStatus('paused');
      await page.close();
      await expect(second.row()).not.toHaveAttribute('data-owner', 'other');
      await second.expectStatus('paused');
      await sandbox.clearFaults();
      await second.button('Resume').click();
      await second.expectStatus('ready');
      expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    },
  );

  define(
    `${name}: uploads of another scope are neither shown nor continued, and come back in their own`,
    async ({ context, widget, sandbox }) => {
      await sandbox.holdPartsAfter(2);
      await widget.open('&scope=ann');
      await widget.pick(videos.large());
      await widget.expectPartsKnown(2);
      const ben = new Widget(await context.newPage());
      await ben.open('&scope=ben');
      await expect(ben.page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
      await expect(ben.rows).toHaveCount(0);
      await expect(ben.unfinished).toHaveCount(0);
      await widget.page.reload();
      await expect(widget.unfinished).toHaveCount(1);
      await sandbox.clearFaultsWhenLetGo();
      await ben.pick(videos.large());
      await ben.expectStatus('ready');
      await expect(widget.unfinished).toHaveCount(1);
      await widget.pick(videos.large());
      await widget.expectStatus('ready');
      expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([
        md5Of(videos.large()),
        md5Of(videos.large()),
      ]);
    },
  );
}

/** Leaves an upload of two parts behind; then the page and a second one offer it. */
async function leaveUnfinished(
  widget: Widget,
  sandbox: Sandbox,
  openSecond: () => Promise<Widget>,
): Promise<Widget> {
  await sandbox.holdPartsAfter(2);
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectPartsKnown(2);
  await widget.page.reload();
  await expect(widget.unfinished).toHaveCount(1);
  const second = await openSecond();
  await second.open();
  await expect(second.unfinished).toHaveCount(1);
  return second;
}
