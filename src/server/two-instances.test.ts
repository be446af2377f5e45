import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, describeFile, openInstances, sendFile, sessionOf } from './test-support/instances.js';
import { clouds, partBytes } from './test-support/sandbox-clouds.js';

const small = randomBytes(1000);
const large = randomBytes(6 * partBytes + 7);

let opened: Awaited<ReturnType<typeof openInstances>> | undefined;
afterEach(() => opened?.sandbox.close());

describe.each(clouds)('two instances of the endpoint in front of %s', (cloud) => {
  async function open(inParts: boolean) {
    const world = await openInstances(cloud, { inParts });
    opened = world;
    return { ...world, one: world.instance(), two: world.instance() };
  }

  it.each([false, true])(
    'have one winner of a finish and a cancel at once, in parts: %s',
    async (inParts) => {
      const bytes = inParts ? large : small;
      const { one, two, confirmed } = await open(inParts);
      const session = sessionOf(await one('start', describeFile(bytes)));
      const parts = await sendFile(one, session, bytes);
      const { ticket } = session;
      const ends = await Promise.all([
        one('finish', { ticket, status: 'uploaded', parts }),
        two('finish', { ticket, status: 'canceled' }),
      ]);
      const codes = ends.map(codeOf);
      expect(codes.filter((code) => code === 'confirmed' || code === 'discarded')).toHaveLength(1);
      expect(confirmed).toHaveLength(codes[0] === 'confirmed' ? 1 : 0);
    },
  );

  it('begin the same start once, and confirm its upload once', async () => {
    const { one, two, confirmed, look } = await open(false);
    const started = await Promise.all([one, two].map((call) => call('start', describeFile(small))));
    const [session, same] = started.map(sessionOf);
    if (!session || !same) throw new Error('not started');
    expect(same.ticket).toBe(session.ticket);
    if (cloud !== 's3') expect(await look('media')).toHaveLength(1);
    const parts = await sendFile(one, session, small);
    const finish = { ticket: session.ticket, status: 'uploaded', parts };
    const ends = await Promise.all([one, two].map((call) => call('finish', finish)));
    expect(ends.map(codeOf)).toEqual(['confirmed', 'confirmed']);
    expect(confirmed).toHaveLength(1);
  });
});
