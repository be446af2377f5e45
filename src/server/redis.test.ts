import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UploadSession } from '../protocol/index.js';
import { Ends } from './ends.js';
import { Starts } from './starts.js';
import { announceSkip, hasRedis, startRedis, type RunningRedis } from './test-support/redis.js';

announceSkip('the store of the endpoint in Redis');

const session = (ticket: string): UploadSession => ({ ticket, transfer: { kind: 'single' } });
const started = (ticket: string) => ({ outcome: 'started' as const, session: session(ticket) });

describe.skipIf(!hasRedis)('the store of the endpoint in Redis', () => {
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => redis.client.flushall());
  afterAll(() => redis.close());

  const count = () => Promise.resolve();
  const instances = () =>
    [1, 2].map(() => new Starts({ store: redis.store, now: Date.now })) as [Starts, Starts];

  it('answers the repeat of a start at another instance with the same session', async () => {
    const [one, two] = instances();
    await one.once('k', () => Promise.resolve(started('t1')));
    const begin = vi.fn(() => Promise.resolve(started('t2')));
    expect(await two.once('k', begin)).toMatchObject({ session: { ticket: 't1' } });
    expect(begin).not.toHaveBeenCalled();
    expect(await redis.client.pttl('k')).toBeGreaterThan(3_000_000);
  });

  it('lets a repeat at another instance wait for a start that is under way', async () => {
    const [one, two] = instances();
    let finish: (result: ReturnType<typeof started>) => void = () => undefined;
    const begin = vi.fn(() => new Promise<ReturnType<typeof started>>((resolve) => (finish = resolve)));
    const first = one.once('k', begin);
    await vi.waitFor(() => expect(begin).toHaveBeenCalled());
    const second = two.once('k', () => Promise.resolve(started('t2')));
    finish(started('t1'));
    expect(await Promise.all([first, second])).toMatchObject(Array(2).fill({ session: { ticket: 't1' } }));
  });

  it('finds at another instance what was announced and begun, also while it begins', async () => {
    const [one, two] = instances();
    let finish: (result: ReturnType<typeof started>) => void = () => undefined;
    const begin = vi.fn(async () => {
      expect(await one.announce('name', 'k')).toBe(true);
      return new Promise<ReturnType<typeof started>>((resolve) => (finish = resolve));
    });
    const first = one.once('k', begin, { lifetimeMs: 7_200_000 });
    await vi.waitFor(async () => expect(await redis.client.get('name')).toBe('k'));
    const asked = two.earlier('name', count);
    finish(started('t1'));
    await first;
    expect(await asked).toMatchObject({ ticket: 't1' });
    expect(await two.earlier('name', count)).toMatchObject({ ticket: 't1' });
    expect(await redis.client.pttl('k')).toBeGreaterThan(7_000_000);
  });

  it('keeps what one instance has said not to have begun from beginning at another', async () => {
    const [one, two] = instances();
    expect(await one.earlier('name', count)).toBeUndefined();
    expect(await two.announce('name', 'k')).toBe(false);
  });

  it('forgets a start that was taken back', async () => {
    const [one, two] = instances();
    await one.once('k', () => Promise.resolve(started('t1')));
    await one.takeBack('k', 't1', {
      run: { isShared: false, isTakenBack: false },
      discard: () => Promise.resolve(),
    });
    expect(await two.once('k', () => Promise.resolve(started('t2')))).toMatchObject({
      session: { ticket: 't2' },
    });
  });

  it('tells every instance how an upload has ended, for as long as its tickets live', async () => {
    const [one, two] = [1, 2].map(() => new Ends({ store: redis.store, lifetimeMs: 60_000 })) as [Ends, Ends];
    await one.inTurn('s', 'confirmed', () => Promise.resolve({ hasEnded: true, result: undefined }));
    await expect(two.refuseAfter('s', 'confirmed')).rejects.toMatchObject({ code: 'media-state-conflict' });
    const keys = await redis.client.keys('vodrop:end:*');
    expect(keys).toHaveLength(1);
    expect(await redis.client.pttl(keys[0] ?? '')).toBeGreaterThan(50_000);
  });

  it('costs the memory of starts, and no start, when Redis stops', async () => {
    const stopping = await startRedis();
    const starts = new Starts({ store: stopping.store, now: Date.now });
    await stopping.close();
    for (const ticket of ['t1', 't2'])
      expect(await starts.once('k', () => Promise.resolve(started(ticket)))).toMatchObject({
        session: { ticket },
      });
  });
});
