import { describe, expect, it, vi } from 'vitest';
import type { UploadSession } from '../protocol/index.js';
import { memoryStore } from './memory.js';
import { Starts, startKey } from './starts.js';

const request = { partNumber: 1, method: 'PUT' as const, url: 'https://s', headers: {}, expiresInMs: 1000 };
const session = (ticket: string): UploadSession => ({
  ticket,
  transfer: { kind: 'single' },
  signed: [request],
});
const started = (ticket: string) => ({ outcome: 'started' as const, session: session(ticket) });
const item = { clientId: 'c', fileName: 'a.mp4', sizeBytes: 5, contentType: '' };

describe('repeated starts', () => {
  it('get the same session at another instance that shares the store, with what is left of its URLs', async () => {
    let nowMs = 0;
    const now = () => nowMs;
    const store = memoryStore({ now });
    const [one, two] = [new Starts({ store, now }), new Starts({ store, now })];
    await one.once('k', () => Promise.resolve(started('t1')));
    nowMs = 400;
    const begin = vi.fn(() => Promise.resolve(started('t2')));
    const again = await two.once('k', begin);
    expect(again).toMatchObject({ session: { ticket: 't1', signed: [{ expiresInMs: 600 }] } });
    nowMs = 2000;
    expect(await two.once('k', begin)).toMatchObject({ session: { ticket: 't1' } });
    expect(((await two.once('k', begin)) as ReturnType<typeof started>).session.signed).toBeUndefined();
    nowMs = 3_600_001;
    expect(await two.once('k', begin)).toMatchObject({ session: { ticket: 't2' } });
    expect(begin).toHaveBeenCalledTimes(1);
  });

  it('wait for one that is under way at another instance', async () => {
    const store = memoryStore();
    const [one, two] = [1, 2].map(() => new Starts({ store, now: Date.now }));
    let finish: (result: ReturnType<typeof started>) => void = () => undefined;
    const begin = vi.fn(() => new Promise<ReturnType<typeof started>>((resolve) => (finish = resolve)));
    const first = one?.once('k', begin);
    await vi.waitFor(() => expect(begin).toHaveBeenCalled());
    const second = two?.once('k', () => Promise.resolve(started('t2')));
    finish(started('t1'));
    expect(await Promise.all([first, second])).toMatchObject(Array(2).fill({ session: { ticket: 't1' } }));
  });

  it('begin anew after a failure, a checksum that is required, and a start that was taken back', async () => {
    const starts = new Starts({ store: memoryStore(), now: Date.now });
    await expect(starts.once('k', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await starts.once('k', () => Promise.resolve({ outcome: 'checksum-required' }));
    await starts.once('k', () => Promise.resolve({ ...started('t1'), isUnheard: true }));
    expect(await starts.once('k', () => Promise.resolve(started('t2')))).toMatchObject({
      session: { ticket: 't2' },
    });
  });

  it('end what could not be taken back before they begin anew, at another instance too', async () => {
    const store = memoryStore();
    const [one, two] = [new Starts({ store, now: Date.now }), new Starts({ store, now: Date.now })];
    const down = () => Promise.reject(new Error('down'));
    let run = { isShared: false, isTakenBack: false };
    await one.once('k', (own) => {
      run = own;
      return Promise.resolve(started('t1'));
    });
    await expect(one.takeBack('k', 't1', { run, discard: down })).rejects.toThrow('down');
    const begin = vi.fn(() => Promise.resolve(started('t2')));
    await expect(two.once('k', begin, { discard: down })).rejects.toThrow('down');
    expect(begin).not.toHaveBeenCalled();
    const discard = vi.fn(() => Promise.resolve());
    expect(await two.once('k', begin, { discard })).toMatchObject({ session: { ticket: 't2' } });
    expect(discard.mock.calls).toEqual([['t1']]);
    expect(await one.once('k', begin, { discard })).toMatchObject({ session: { ticket: 't2' } });
    expect([discard, begin].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('wait for the taking back that is under way, and get a session of their own', async () => {
    const starts = new Starts({ store: memoryStore(), now: Date.now });
    let finish = () => {};
    const discard = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const gone = starts.once('k', () => Promise.resolve({ ...started('t1'), isUnheard: true }), { discard });
    await vi.waitFor(() => expect(discard).toHaveBeenCalled());
    const begin = vi.fn(() => Promise.resolve(started('t2')));
    const repeat = starts.once('k', begin);
    finish();
    await gone;
    expect(await repeat).toMatchObject({ session: { ticket: 't2' } });
  });

  it('keep the session that a repeat was given while the first caller is gone', async () => {
    const starts = new Starts({ store: memoryStore(), now: Date.now });
    let finish: (begun: ReturnType<typeof started> & { isUnheard: boolean }) => void = () => undefined;
    let run = { isShared: false, isTakenBack: false };
    const discard = vi.fn(() => Promise.resolve());
    const gone = starts.once(
      'k',
      (own) => {
        run = own;
        return new Promise((resolve) => (finish = resolve));
      },
      { discard },
    );
    await vi.waitFor(() => expect(run).toBeDefined());
    const repeat = starts.once('k', () => Promise.resolve(started('t2')));
    await vi.waitFor(() => expect(run.isShared).toBe(true));
    finish({ ...started('t1'), isUnheard: true });
    expect(await Promise.all([gone, repeat])).toMatchObject(Array(2).fill({ session: { ticket: 't1' } }));
    await starts.takeBack('k', 't1', { run, discard });
    expect(discard).not.toHaveBeenCalled();
  });

  it('work without their memory while the store is down', async () => {
    const down = () => Promise.reject(new Error('no Redis'));
    const starts = new Starts({ store: { get: down, put: down }, now: Date.now });
    for (const ticket of ['t1', 't2'])
      expect(await starts.once('k', () => Promise.resolve(started(ticket)))).toMatchObject({
        session: { ticket },
      });
  });

  it('are those of one caller, provider and file, whatever the metadata', () => {
    const key = startKey('ann', 's3', item);
    expect(startKey('ann', 's3', { ...item, metadata: { at: 1 } })).toBe(key);
    expect(key).not.toContain('ann');
    for (const other of [
      startKey('ben', 's3', item),
      startKey('ann', 'other', item),
      startKey('ann', 's3', { ...item, sizeBytes: 6 }),
      startKey('ann', 's3', { ...item, clientId: 'd' }),
      startKey('ann', 's3', { ...item, replaces: 'ticket' }),
    ])
      expect(other).not.toBe(key);
  });
});

it('forgets entries of the memory store after their lifetime, and the oldest beyond its size', async () => {
  let nowMs = 0;
  const store = memoryStore({ maxEntries: 2, now: () => nowMs });
  await store.put('a', '1', 10);
  await store.put('b', '2', 100);
  expect(await store.get('a')).toBe('1');
  nowMs = 10;
  expect([await store.get('a'), await store.get('b')]).toEqual([undefined, '2']);
  await store.put('c', '3', 100);
  await store.put('b', '4', 100);
  await store.put('d', '5', 100);
  expect([await store.get('b'), await store.get('c'), await store.get('d')]).toEqual(['4', undefined, '5']);
});
