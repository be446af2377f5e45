import { test as base } from './demo.js';
import { md5Of } from './media.js';
import { MortalBrowser } from './mortal-browser.js';
import type { Sandbox } from './sandbox.js';
import { expect, watchForSecrets } from './test.js';
import { Widget } from './widget.js';

/** Connections to the store: the maximum number of parts in flight when the browser is killed. */
const connections = 6;

export const test = base.extend<{
  mortal: { start: (query?: string) => Promise<Widget>; kill: () => Promise<void> };
}>({
  /** `start` opens the page in a browser that keeps its profile across restarts. */
  mortal: async ({ baseURL, sandbox: _first }, use, testInfo) => {
    const secrets = watchForSecrets();
    const browser = new MortalBrowser(testInfo.outputPath('profile'), baseURL, secrets.watch);
    await use({
      start: async (query) => {
        const widget = new Widget(await browser.start());
        await widget.open(query);
        return widget;
      },
      kill: () => browser.kill(),
    });
    await browser.close();
    secrets.expectNone();
  },
});

/** One complete object equal to the file, no part acknowledged twice, and at most the parts in flight sent again. */
export async function expectNothingLost(sandbox: Sandbox, file: string): Promise<void> {
  const objects = await sandbox.objects();
  expect(objects.map(({ md5Hex }) => md5Hex)).toEqual([md5Of(file)]);
  const acknowledged = await sandbox.acknowledgedParts();
  expect(acknowledged.length).toBe(new Set(acknowledged).size);
  const sent = (await sandbox.requests()).filter(({ action }) => action === 'UploadPart');
  expect(sent.length - (objects[0]?.parts.length ?? 0)).toBeLessThanOrEqual(connections);
  // A `start` whose answer did not reach the page was aborted.
  expect((await sandbox.media()).filter(({ status }) => status !== 'CANCELLED')).toHaveLength(1);
  expect(await sandbox.openUploads()).toEqual([]);
}
