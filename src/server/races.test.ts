import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignResponse, StartResponse } from '../protocol/index.js';
import { memoryStore, type EndpointStore } from './memory.js';
import type { Signed } from './provider.js';
import { openEndpoint, parts, upload } from './test-support/fake-endpoint.js';
import { announceSkip, hasRedis, startRedis, type RunningRedis } from './test-support/redis.js';

announceSkip('calls that two instances are given at once, in Redis');

let redis: RunningRedis | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
beforeEach(() => redis?.client.flushall());
afterAll(() => redis?.close());

function storeOf(name: 'memory' | 'Redis'): EndpointStore {
  if (name === 'memory') return memoryStore({ now: Date.now });
  if (!redis) throw new Error('no Redis');
  return redis.store;
}

const stores = hasRedis ? (['memory', 'Redis'] as const) : (['memory'] as const);

describe.each(stores)('calls that two instances are given at once, with a store in %s', (name) => {
  function open() {
    const store = storeOf(name);
    const onConfirmed = vi.fn();
    return [openEndpoint({ store, onConfirmed }), openEndpoint({ store, onConfirmed }), onConfirmed] as const;
  }

  function latch() {
    let release: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (release = resolve));
    return { opened, release };
  }

  it('begin the same start once, and get the same ticket', async () => {
    const [one, two] = open();
    for (let i = 0; i < 20; i++) {
      const start = { provider: 'fake', uploads: [{ ...upload, clientId: `c${i}` }] };
      const answers = await Promise.all([one, two].map(({ call }) => call('start', start)));
      const tickets = answers.map(({ json }) => {
        const [result] = (json as unknown as StartResponse).results;
        return result?.outcome === 'started' ? result.session.ticket : result?.outcome;
      });
      expect(tickets[0]).toMatch(/^ey/);
      expect(tickets[1]).toBe(tickets[0]);
    }
    expect(one.provider.start.mock.calls.length + two.provider.start.mock.calls.length).toBe(20);
  });

  it.each(['canceled', 'failed'])('have one winner of uploaded and %s', async (status) => {
    const [one, two, onConfirmed] = open();
    for (let i = 0; i < 10; i++) {
      const ticket = await one.start({ clientId: `c${i}` });
      const ends = await Promise.all([
        one.call('finish', { items: [{ ticket, status: 'uploaded', parts }] }),
        two.call('finish', { items: [{ ticket, status }] }),
      ]);
      expect(['confirmed media-state-conflict', 'media-state-conflict discarded']).toContain(
        ends.flatMap(({ codes }) => codes).join(' '),
      );
    }
    const completed = one.provider.complete.mock.calls.length;
    expect(two.provider.abort).toHaveBeenCalledTimes(10 - completed);
    expect(onConfirmed).toHaveBeenCalledTimes(completed);
  });

  it('confirm an upload for both, and tell the host once', async () => {
    const [one, two, onConfirmed] = open();
    const ticket = await one.start();
    const finish = { items: [{ ticket, status: 'uploaded', parts }] };
    const answers = await Promise.all([one, two, one, two].map(({ call }) => call('finish', finish)));
    expect(answers.flatMap(({ codes }) => codes)).toEqual(Array(4).fill('confirmed'));
    expect(onConfirmed).toHaveBeenCalledTimes(1);
  });

  it('begin a transfer anew before a cancel, which then discards the new one, too', async () => {
    const [one, two] = open();
    const ticket = await one.start();
    const { opened, release } = latch();
    const restart = vi.fn(async () => {
      await opened;
      return { mediaId: 'new', transfer: { kind: 'single' as const }, state: { url: 'new' } };
    });
    one.provider.sign.mockResolvedValueOnce({ outcome: 'expired', restart } satisfies Signed<unknown>);
    const signed = one.call('sign', { items: [{ ticket, parts }] });
    await vi.waitFor(() => expect(restart).toHaveBeenCalled());
    const canceled = two.call('finish', { items: [{ ticket, status: 'canceled' }] });
    release();
    const [result] = ((await signed).json as unknown as SignResponse).results;
    expect([result?.outcome, ...(await canceled).codes]).toEqual(['restarted', 'discarded']);
    expect(two.provider.abort.mock.calls.map(([session]) => session.mediaId)).toEqual(['new']);
  });

  it.each(['uploaded', 'canceled'])(
    'begin no transfer anew while another call ends it: %s',
    async (status) => {
      const [one, two] = open();
      const ticket = await one.start();
      const { opened, release } = latch();
      const end = vi.fn(() => opened);
      two.provider.abort.mockImplementationOnce(end);
      two.provider.confirm.mockImplementationOnce(end);
      const restart = vi.fn();
      one.provider.sign.mockResolvedValueOnce({ outcome: 'expired', restart });
      const finished = two.call('finish', {
        items: [{ ticket, status, ...(status === 'uploaded' && { parts }) }],
      });
      await vi.waitFor(() => expect(end).toHaveBeenCalled());
      const signed = one.call('sign', { items: [{ ticket, parts }] });
      await vi.waitFor(() => expect(one.provider.sign).toHaveBeenCalled());
      release();
      expect((await finished).codes).toEqual([status === 'uploaded' ? 'confirmed' : 'discarded']);
      expect((await signed).codes).toEqual(['media-state-conflict']);
      expect(restart).not.toHaveBeenCalled();
    },
  );

  it('hand out no renewed keys of an upload that ends meanwhile', async () => {
    const [one, two] = open();
    const ticket = await one.start();
    one.provider.sign.mockImplementationOnce(async () => {
      await two.call('finish', { items: [{ ticket, status: 'canceled' }] });
      return { outcome: 'signed', requests: [], state: { url: 'renewed' } };
    });
    expect((await one.call('sign', { items: [{ ticket, parts }] })).codes).toEqual(['media-state-conflict']);
  });

  it('take back a start whose answer was lost, or give its session to the repeat, and never both', async () => {
    const [one, two] = open();
    for (let i = 0; i < 10; i++) {
      const item = { ...upload, clientId: `c${i}` };
      const start = { provider: 'fake', uploads: [item] };
      const { opened, release } = latch();
      const discarded = vi.fn(() => Promise.resolve());
      one.provider.confirm.mockImplementation(discarded);
      await one.call('start', start, { host: { delivered: opened.then(() => false) } });
      release();
      const again = await two.start(item);
      const session = (await two.call('sign', { items: [{ ticket: again, parts }] })).codes;
      expect(session).toEqual(['signed']);
    }
  });
});

describe.skipIf(!hasRedis)('an instance that dies while it has a claim in Redis', () => {
  it('holds up the same start for as long as its claim lives, at most', async () => {
    const [one, two] = [openEndpoint({ store: storeOf('Redis') }), openEndpoint({ store: storeOf('Redis') })];
    const claims = async () => (await redis?.client.keys('vodrop:claim:*')) ?? [];
    // Those of earlier tests are about to end.
    const earlier = new Set(await claims());
    one.provider.start.mockReturnValueOnce(new Promise(() => {}));
    void one.call('start', { provider: 'fake', uploads: [upload] });
    await vi.waitFor(() => expect(one.provider.start).toHaveBeenCalled());
    const [key = ''] = (await claims()).filter((claim) => !earlier.has(claim));
    const lifetimeMs = (await redis?.client.pttl(key)) ?? Infinity;
    expect(lifetimeMs).toBeGreaterThan(0);
    expect(lifetimeMs).toBeLessThanOrEqual(30_000);
    // As it ends there by itself.
    await redis?.client.pexpire(key, 200);
    expect(await two.start()).toMatch(/^ey/);
    expect(two.provider.start).toHaveBeenCalledTimes(1);
  });
});
