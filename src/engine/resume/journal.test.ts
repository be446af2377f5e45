import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Journal } from './journal.js';
import { MemoryJournalStore } from './memory.js';
import type { JournalEntry } from './store.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const entry = { id: 'a' } as JournalEntry;
const place = { endpoint: '/api', provider: 'p', scope: '' };
const ofSize = (size: number) => Object.defineProperty(new Blob([]), 'size', { value: size });

it.each<[keyof MemoryJournalStore, (journal: Journal) => Promise<unknown>]>([
  ['load', (journal) => journal.load()],
  ['parts', (journal) => journal.parts('a')],
  ['put', (journal) => journal.put(entry)],
  ['putFile', (journal) => journal.putFile('a', new Blob(['x']))],
  ['file', (journal) => journal.file('a')],
  ['delete', (journal) => journal.delete('a')],
])('goes on after ten seconds without an answer of the store to %s', async (method, call) => {
  const store = new MemoryJournalStore();
  vi.spyOn(store, method).mockImplementation(() => new Promise<never>(() => {}));
  const journal = new Journal(store, place, {
    onChange: () => {},
    onLack: () => {},
  });
  const settled = vi.fn();
  void call(journal).then(settled);
  await vi.advanceTimersByTimeAsync(9999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('keeps the bytes of files up to 200 MB together', async () => {
  const store = new MemoryJournalStore();
  const put = vi.spyOn(store, 'putFile').mockResolvedValue();
  const journal = new Journal(store, place, { onChange: () => {}, onLack: () => {} });
  for (const id of ['a', 'b']) await journal.putFile(id, ofSize(100e6));
  await journal.putFile('c', ofSize(1));
  expect(put.mock.calls.map(([id]) => id)).toEqual(['a', 'b']);
  await journal.delete('a');
  await journal.putFile('c', ofSize(1));
  expect(put.mock.calls.map(([id]) => id)).toEqual(['a', 'b', 'c']);
});

it('counts the bytes of a file once that is kept again, and not those that the store refuses', async () => {
  const store = new MemoryJournalStore();
  const put = vi.spyOn(store, 'putFile').mockResolvedValue();
  const journal = new Journal(store, place, { onChange: () => {}, onLack: () => {} });
  await journal.putFile('a', ofSize(90e6));
  await journal.putFile('a', ofSize(90e6));
  put.mockRejectedValueOnce(new Error('no room'));
  await journal.putFile('b', ofSize(100e6));
  await journal.putFile('c', ofSize(110e6));
  expect(put).toHaveBeenCalledTimes(4);
  expect(['a', 'b', 'c'].filter((id) => journal.keepsFile(id))).toEqual(['a', 'c']);
  await journal.putFile('d', ofSize(1));
  expect(put).toHaveBeenCalledTimes(4);
});
