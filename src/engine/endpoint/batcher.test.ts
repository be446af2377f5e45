import { expect, it, vi } from 'vitest';
import { settle } from '../test-support/fake-clock.js';
import { Batcher } from './batcher.js';

it('sends questions of one turn in one call, and gives each its own answer', async () => {
  const send = vi.fn((items: number[]) => Promise.resolve(items.map((item) => item * 2)));
  const batcher = new Batcher<number, number>({ maxWeight: 10, send });
  expect(await Promise.all([batcher.ask(1), batcher.ask(2), batcher.ask(3)])).toEqual([2, 4, 6]);
  expect(send).toHaveBeenCalledTimes(1);
});

it('cuts batches by weight, and sends an item heavier than a batch alone', async () => {
  const send = vi.fn((items: number[]) => Promise.resolve(items));
  const batcher = new Batcher<number, number>({ maxWeight: 5, weigh: (item) => item, send });
  await Promise.all([2, 2, 2, 9, 1].map((item) => batcher.ask(item)));
  expect(send.mock.calls.map(([items]) => items)).toEqual([[2, 2], [2], [9], [1]]);
});

it('collects questions while enough calls are under way', async () => {
  const answers: (() => void)[] = [];
  const send = vi.fn(
    (items: number[]) => new Promise<number[]>((resolve) => answers.push(() => resolve(items))),
  );
  const batcher = new Batcher<number, number>({ maxWeight: 10, maxUnderWay: 1, send });
  void batcher.ask(1);
  await settle();
  void batcher.ask(2);
  await settle();
  void batcher.ask(3);
  answers[0]?.();
  await settle();
  expect(send.mock.calls.map(([items]) => items)).toEqual([[1], [2, 3]]);
});

it('fails every question of a call that fails, and no other', async () => {
  let isDown = true;
  const batcher = new Batcher<number, number>({
    maxWeight: 10,
    send: (items) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(items)),
  });
  await expect(batcher.ask(1)).rejects.toThrow('down');
  isDown = false;
  await expect(batcher.ask(2)).resolves.toBe(2);
});

it('delays questions to fill a batch, and sends them with the first that cannot wait', async () => {
  vi.useFakeTimers();
  try {
    const send = vi.fn((items: number[]) => Promise.resolve(items));
    const batcher = new Batcher<number, number>({
      maxWeight: 10,
      batchDelayMs: (item) => (item < 10 ? 100 : 0),
      send,
    });
    void batcher.ask(1);
    await vi.advanceTimersByTimeAsync(60);
    void batcher.ask(2);
    await vi.advanceTimersByTimeAsync(39);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    void batcher.ask(3);
    await vi.advanceTimersByTimeAsync(50);
    void batcher.ask(10);
    await vi.advanceTimersByTimeAsync(0);
    expect(send.mock.calls.map(([items]) => items)).toEqual([
      [1, 2],
      [3, 10],
    ]);
    void batcher.ask(4);
    await vi.advanceTimersByTimeAsync(99);
    expect(send).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});

it('fails one question alone where it has failed the call for all', async () => {
  const send = vi.fn((items: number[]) =>
    items.includes(3) ? Promise.reject(new Error('malformed')) : Promise.resolve(items),
  );
  const batcher = new Batcher<number, number>({ maxWeight: 10, send, isOfOneItem: () => true });
  const ends = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => batcher.ask(item)));
  expect(ends.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});
