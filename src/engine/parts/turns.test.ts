import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

describe('Turns', () => {
  const { signal } = new AbortController();

  it('runs so many at once, in the order in which they ask', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turns.run(() => {
        begun.push(number);
        return new Promise<void>((resolve) => (ends[number] = resolve));
      }, signal),
    );
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await all[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await Promise.all([all[0], all[2]]);
    ends[3]?.();
    await all[3];
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('gives the turn of one that was aborted, or that failed, to the next', async () => {
    const turns = new Turns(1);
    const failing = turns.run(() => Promise.reject(new Error('no')), signal);
    const stopped = new AbortController();
    const aborted = turns.run(() => Promise.resolve('never'), stopped.signal);
    const last = turns.run(() => Promise.resolve('last'), signal);
    stopped.abort();
    await expect(failing).rejects.toThrow('no');
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(await last).toBe('last');
  });
});
