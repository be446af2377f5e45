import { expectNothingLost, test as killTest } from './support/kill.js';
import { videos } from './support/media.js';
import { expect, test } from './support/test.js';

// Long enough to be seen on a machine under load. Holding the calls that ask for the state would do, too, but the
// endpoint makes the same call where the reply to a confirmation was lost, as on a connection that is just being closed.
const demoSettings = { SANDBOX_PROCESSING_MS: '8000' };
test.use({ demoSettings });
killTest.use({ demoSettings });

const ends = ['CompleteMultipartUpload', 'ConfirmAssetUpload'];

test('an upload continues automatically after a reload during processing', async ({
  page,
  widget,
  sandbox,
}) => {
  const ended = async () => (await sandbox.requests()).filter(({ action }) => ends.includes(action)).length;
  await widget.open();
  await widget.pick(videos.large());
  await widget.expectStatus('processing');
  const before = await ended();
  await page.reload();
  await widget.expectStatus('ready');
  expect(await ended()).toBe(before);
  expect(await sandbox.objects()).toHaveLength(1);
});

killTest(
  'after a kill during processing, the widget waits for the result without the file',
  async ({ mortal, sandbox }) => {
    const before = await mortal.start();
    await before.pick(videos.large());
    await before.expectStatus('processing');
    await mortal.kill();

    const widget = await mortal.start();
    await widget.expectStatus('ready');
    await expectNothingLost(sandbox, videos.large());
  },
);
