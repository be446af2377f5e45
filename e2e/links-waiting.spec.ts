import { expect } from '@playwright/test';
import { addLinks, clouds, expectImporting, open, test } from './support/links.js';
import { videos } from './support/media.js';

// Longer than any test: nothing begins by itself.
test.use({ pullWaitMs: 3_600_000 });

for (const { provider, canCancel } of clouds)
  test(
    canCancel
      ? `cancels an import that waits at ${provider}`
      : `offers no cancel of an import that ${provider} does not stop, but takes its row away`,
    async ({ page, widget, sandbox, films }) => {
      const name = `waits-${provider}.mp4`;
      await open(page, provider);
      await addLinks(page, [films.add(name, videos.small())], /^Add 1 video$/);
      const row = widget.row(name);
      await expectImporting(widget, name);
      if (canCancel) {
        await widget.button('Cancel', row).click();
        await widget.expectStatus('canceled', row);
        await expect(row).toContainText('nothing is stored in the cloud');
      } else {
        await expect(widget.button('Cancel', row)).toHaveCount(0);
        await widget.button('Remove from list', row).click();
        await expect(row).toHaveCount(0);
      }
      expect(await sandbox.objects()).toEqual([]);
    },
  );
