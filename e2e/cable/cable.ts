import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { md5Of, videos } from '../support/media.js';
import { expect, test as base } from '../support/test.js';

const space = process.env['VODROP_CABLE'] ?? '';
const far = process.env['VODROP_CABLE_FAR'] ?? '';

/** Both ends of the cable; `pull` keeps every connection open, but no data passes. */
const test = base.extend<{ cable: { pull: () => void; plug: () => void } }>({
  cable: [
    async ({ demo }, use) => {
      const ports = [demo.url, demo.sandboxUrl].map((url) => new URL(url).port);
      const ends = await Promise.all(
        ports.map(
          (port) =>
            new Promise<net.Server>((resolve) => {
              const server = net
                .createServer((client) => {
                  const page = net.connect(Number(port), '127.0.0.1');
                  client.on('error', () => page.destroy()).on('close', () => page.destroy());
                  page.on('error', () => client.destroy()).on('close', () => client.destroy());
                  client.pipe(page).pipe(client);
                })
                .listen(Number(port), far, () => {
                  resolve(server);
                });
            }),
        ),
      );
      const near = spawn(
        'ip',
        [
          'netns',
          'exec',
          space,
          process.execPath,
          path.join(import.meta.dirname, '..', '..', 'scripts', 'cable-end.mjs'),
          far,
          ...ports,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await new Promise((resolve) => near.stdout.once('data', resolve));
      const set = (state: 'up' | 'down') => {
        spawnSync('ip', ['link', 'set', 'vd-far', state]);
      };
      await use({
        pull: () => {
          set('down');
        },
        plug: () => {
          set('up');
        },
      });
      set('up');
      await ended(near);
      for (const end of ends) end.close();
    },
    { auto: true },
  ],
});

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await gone;
}

for (const seconds of [5, 90]) {
  test(`after the cable is unplugged for ${seconds} s, the upload continues automatically and sends at most the parts in flight again`, async ({
    cable,
    widget,
    sandbox,
  }) => {
    test.setTimeout(seconds * 1000 + 240_000);
    await sandbox.faults({ match: { action: 'UploadPart' }, times: null, effect: { delayMs: 400 } });
    await widget.open();
    await widget.pick(videos.large());
    await expect.poll(async () => (await sandbox.acknowledgedParts()).length).toBeGreaterThan(2);
    cable.pull();
    // The test is about the length of the outage, so it waits.
    await new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
    });
    await expect(widget.row()).toHaveAttribute('data-status', 'uploading');
    cable.plug();
    await expect(widget.row()).toHaveAttribute('data-status', 'ready', { timeout: 180_000 });

    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(videos.large())]);
    expect(await sandbox.openUploads()).toEqual([]);
    const requests = (await sandbox.requests()).filter(
      ({ action, status }) => action === 'UploadPart' && status === 200,
    );
    const times = new Map<number, number>();
    for (const { partNumber = 0 } of requests) times.set(partNumber, (times.get(partNumber) ?? 0) + 1);
    // The store may have stored the parts that were in flight at the pull, while the answers did not reach the page.
    expect([...times.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(6);
  });
}
