import { writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { addLinks, clouds, expectImporting, fillLinks, journalOf, open, test } from './support/links.js';
import { coverPicture, md5Of, videos } from './support/media.js';

const words = '1\n00:00:00,500 --> 00:00:01,500\nHello, caption one.\n';

for (const { provider, action, hasPercent, hasAttachments } of clouds) {
  test(`pulls a video from a link into ${provider}, shows how far it is, and is ready`, async ({
    page,
    widget,
    sandbox,
    films,
  }) => {
    const film = films.addSlow(`slow-${provider}.mp4`, videos.small());
    await open(page, provider);
    await addLinks(page, [film.url], /^Add 1 video$/);
    const row = widget.row(`slow-${provider}.mp4`);
    await expectImporting(widget, `slow-${provider}.mp4`);
    if (hasPercent) await expect(row).toContainText('50%');
    else await expect(row).toContainText('The cloud is fetching it');
    film.release();
    await widget.expectStatus('ready', row);
    const stored = await sandbox.objects();
    expect(stored.map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
    await expect(row).toHaveAttribute('data-media-id', /.+/);
  });

  test(`gives a video what belongs to it while ${provider} fetches it: ${hasAttachments ? 'title, cover and subtitles' : 'its title'}`, async ({
    page,
    widget,
    sandbox,
    films,
  }, testInfo) => {
    const name = `details-${provider}.mp4`;
    const film = films.addSlow(name, videos.small());
    await open(page, provider);
    await addLinks(page, [film.url], /^Add 1 video$/);
    await expectImporting(widget, name);
    await widget.button('Edit details', widget.row(name)).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title', { exact: true }).fill('Harbor at night');
    const choosePicture = dialog.getByRole('button', { name: 'Choose a picture' });
    const subtitle = testInfo.outputPath('words.en.srt');
    writeFileSync(subtitle, words);
    if (hasAttachments) {
      const picture = page.waitForEvent('filechooser');
      await choosePicture.click();
      await (await picture).setFiles(coverPicture());
      const file = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'Add a file' }).click();
      await (await file).setFiles(subtitle);
      await expect(dialog).toContainText('words.en.srt');
    } else await expect(choosePicture).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    film.release();
    await widget.expectStatus('ready', widget.row(name));
    await expect(widget.row(name)).toContainText('Harbor at night');
    const stored = (await sandbox.objects()).map(({ md5Hex }) => md5Hex);
    const wanted = hasAttachments ? [md5Of(coverPicture()), md5Of(subtitle)] : [];
    expect(stored.toSorted()).toEqual([md5Of(videos.small()), ...wanted].toSorted());
  });

  test(`goes on with an import into ${provider} after a reload`, async ({ page, widget, films }) => {
    const film = films.addSlow(`reload-${provider}.mp4`, videos.small());
    await open(page, provider);
    await addLinks(page, [film.url], /^Add 1 video$/);
    await expectImporting(widget, `reload-${provider}.mp4`);
    await page.reload();
    await expectImporting(widget, `reload-${provider}.mp4`);
    film.release();
    await widget.expectStatus('ready', widget.row(`reload-${provider}.mp4`));
  });

  test(`goes on with an import into ${provider} whose page is closed before the answer`, async ({
    page,
    widget,
    sandbox,
    films,
  }) => {
    const name = `closed-${provider}.mp4`;
    const film = films.addSlow(name, videos.small());
    await sandbox.hold(action);
    await open(page, provider);
    await addLinks(page, [film.url], /^Add 1 video$/);
    await sandbox.expectHeld(action);
    // Closes the page as far as the endpoint and the journal are concerned; its storage stays.
    await page.goto('about:blank');
    await sandbox.clearFaults();
    await open(page, provider);
    await expectImporting(widget, name);
    expect(JSON.stringify(await journalOf(page))).not.toContain(film.url);
    film.release();
    await widget.expectStatus('ready', widget.row(name));
    const calls = (await sandbox.requests()).filter((seen) => seen.action === action);
    expect(calls).toHaveLength(1);
    expect(await sandbox.objects()).toHaveLength(1);
    await page.reload();
    await expect(widget.rows).toHaveCount(0);
  });

  test(`leaves nothing of an import that ${provider} was never asked for`, async ({
    page,
    widget,
    films,
  }) => {
    await open(page, provider);
    await page.route('**/import', () => {});
    const asked = page.waitForRequest('**/import');
    await addLinks(page, [films.add(`never-${provider}.mp4`, videos.small())], /^Add 1 video$/);
    await asked;
    expect(await journalOf(page)).toMatchObject([{ phase: 'discarding', ticket: '' }]);
    await page.goto('about:blank');
    await page.unroute('**/import');
    await open(page, provider);
    await expect.poll(() => journalOf(page)).toEqual([]);
    await expect(widget.rows).toHaveCount(0);
  });

  test(`makes a row of each link pasted at once, and says of each why ${provider} has not got it`, async ({
    page,
    widget,
    sandbox,
    films,
  }) => {
    const links = [
      films.add(`good-${provider}.mp4`, videos.small()),
      `${films.origin}/missing-${provider}.mp4`,
      films.addRefusing(`closed-${provider}.mp4`, 403),
      films.addEndless(`endless-${provider}.mp4`),
      // An address that the endpoint does not allow: nothing is asked for it.
      `http://127.0.0.1:9/private-${provider}.mp4`,
    ];
    await open(page, provider);
    await addLinks(page, [...links, `${films.origin}/page.html`], /^Add 5 videos$/);
    await expect(widget.rows).toHaveCount(5);
    await widget.expectStatus('ready', widget.row(`good-${provider}.mp4`));
    const expected = {
      missing: 'import-failed',
      closed: 'import-failed',
      endless: 'import-failed',
      private: 'link-refused',
    };
    for (const [name, code] of Object.entries(expected)) {
      const row = widget.row(`${name}-${provider}.mp4`);
      await widget.expectStatus('failed', row);
      await expect(row).toHaveAttribute('data-error-code', code);
    }
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.small())]);
  });
}

test('puts another link in place of one that was not fetched', async ({ page, widget, films }) => {
  await open(page, 'tencent-vod');
  await addLinks(page, [`${films.origin}/moved.mp4`], /^Add 1 video$/);
  await widget.expectStatus('failed', widget.row('moved.mp4'));
  await widget.button('Change the link', widget.row('moved.mp4')).click();
  await fillLinks(page, [films.add('found.mp4', videos.small())], /^Add 1 video$/);
  await widget.expectStatus('ready', widget.row('found.mp4'));
  await expect(widget.rows).toHaveCount(1);
});

test('decides about links in the dialog as the list does: what can be added is added, and nothing is rejected afterwards', async ({
  page,
  widget,
  films,
}) => {
  const good = films.add('good.mp4', videos.small());
  const withPassword = good.replace('http://', 'http://user:password@');
  const long = `${films.origin}/${'影'.repeat(300)}.mp4`;
  await open(page, 'tencent-vod');
  await page.locator('[data-source="link"]').click();
  await fillLinks(
    page,
    [good, withPassword, long, `${films.origin}/cover.heic`],
    /^Add 1 video$/,
    async (dialog) => {
      await expect(dialog.getByRole('status')).toHaveText('1 of 4 can be added');
      await expect(dialog.getByRole('listitem').nth(1)).toHaveText(/user name or password/);
      await expect(dialog.getByRole('listitem').nth(2)).toHaveText(/too long/);
      await expect(dialog.getByRole('listitem').nth(3)).toHaveText(/not a video file/);
    },
  );
  await widget.expectStatus('ready', widget.row('good.mp4'));
  await expect(widget.rows).toHaveCount(1);
  await expect(page.locator('[data-vodrop="rejections"]')).toHaveCount(0);
});
