import { expect, it } from 'vitest';
import { allOrAbort, createLimit } from './limit.js';

it('starts no waiting call after one has failed and aborted the others', async () => {
  const limit = createLimit(1);
  const begun: number[] = [];
  const work = (item: number, signal: AbortSignal) =>
    limit(async () => {
      signal.throwIfAborted();
      begun.push(item);
      await Promise.resolve();
      throw new Error(`call ${item}`);
    });
  await expect(allOrAbort([1, 2, 3], new AbortController().signal, work)).rejects.toThrow('call 1');
  expect(begun).toEqual([1]);
});

it('starts the waiting calls after a failure that aborts nothing', async () => {
  const limit = createLimit(1);
  const failed = limit(() => Promise.reject(new Error('first')));
  const next = limit(() => Promise.resolve('second'));
  await expect(failed).rejects.toThrow('first');
  await expect(next).resolves.toBe('second');
});
