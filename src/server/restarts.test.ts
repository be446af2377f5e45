import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  codeOf,
  describeFile,
  openInstances,
  sendFile,
  sessionOf,
  type CallItem,
} from './test-support/instances.js';
import { partBytes } from './test-support/sandbox-clouds.js';

const small = randomBytes(1000);
const large = randomBytes(3 * partBytes + 7);
const hourMs = 3_600_000;

let opened: Awaited<ReturnType<typeof openInstances>> | undefined;
afterEach(() => opened?.sandbox.close());

/** Uploads whose keys to the store cannot be renewed, and the time after which they are over. */
const expiring = [
  ['tencent-vod', false, 3 * hourMs],
  ['tencent-vod', true, 3 * hourMs],
  ['huawei-metastudio', false, 26 * hourMs],
  ['huawei-metastudio', true, 26 * hourMs],
  ['huawei-vod', false, 3 * hourMs],
] as const;

describe.each(expiring)('a transfer to %s that has expired, in parts: %s', (cloud, inParts, laterMs) => {
  const bytes = inParts ? large : small;

  async function openExpired() {
    const world = await openInstances(cloud, { inParts });
    opened = world;
    const call = world.instance();
    const session = sessionOf(await call('start', describeFile(bytes)));
    const parts = await sendFile(call, session, bytes);
    world.clock.offsetMs = laterMs;
    return { ...world, call, session, parts };
  }

  it('begins anew once, whatever signs at the same time, later at another instance, or a day later', async () => {
    const { instance, clock, session, parts, call, look } = await openExpired();
    const another = instance();
    const sign = (one: CallItem) => one('sign', { ticket: session.ticket, parts: parts.slice(0, 1) });
    const answers = [...(await Promise.all([sign(call), sign(call)])), await sign(another)];
    expect(answers.map(codeOf)).toEqual(['restarted', 'restarted', 'restarted']);
    const media = await look('media');
    clock.offsetMs += 25 * hourMs;
    answers.push(await sign(another), await sign(instance()));
    const tickets = answers.map((answer) => sessionOf(answer).ticket);
    expect(new Set(tickets).size).toBe(1);
    expect(await look('media')).toHaveLength(media.length);
  });

  it('is confirmed once: its earlier ticket confirms no second medium, before or after', async () => {
    const { call, session, parts, confirmed, look } = await openExpired();
    const restarted = sessionOf(await call('sign', { ticket: session.ticket, parts: parts.slice(0, 1) }));
    const early = await call('finish', { ticket: session.ticket, status: 'uploaded', parts });
    expect(codeOf(early)).toBe('parts-differ');
    const sent = await sendFile(call, restarted, bytes);
    const finish = { ticket: restarted.ticket, status: 'uploaded', parts: sent };
    expect(codeOf(await call('finish', finish))).toBe('confirmed');
    const media = await look('media');
    const late = await call('finish', { ticket: session.ticket, status: 'uploaded', parts, isRepeat: true });
    expect(codeOf(late)).toBe('parts-differ');
    expect(codeOf(await call('finish', { ticket: session.ticket, status: 'canceled' }))).toBe(
      'media-state-conflict',
    );
    expect(await look('media')).toEqual(media);
    expect(confirmed).toHaveLength(1);
  });

  it('is discarded by its earlier ticket, with what was begun anew', async () => {
    const { call, session, parts, look } = await openExpired();
    const restarted = sessionOf(await call('sign', { ticket: session.ticket, parts: parts.slice(0, 1) }));
    expect(codeOf(await call('finish', { ticket: session.ticket, status: 'canceled' }))).toBe('discarded');
    const one = await call('sign', { ticket: restarted.ticket, parts: parts.slice(0, 1) });
    expect(codeOf(one)).toMatch(/media-state-conflict|invalid-request/);
    // The keys of the first transfer to Tencent have expired: VOD's own bucket forgets its parts.
    expect(await look('uploads')).toHaveLength(cloud === 'tencent-vod' && inParts ? 1 : 0);
  });
});
