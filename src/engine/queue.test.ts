import { expect, it, vi } from 'vitest';
import { Queue } from './queue.js';

const large = (id: string) => ({ id, sizeBytes: 1e9 });
const small = (id: string) => ({ id, sizeBytes: 1e5 });

it('starts as many large files as there are slots, in the order in which they were added', () => {
  const queue = new Queue(2);
  for (const id of ['a', 'b', 'c']) queue.wait(large(id));
  expect(queue.admit()).toEqual(['a', 'b']);
  queue.begin(large('a'));
  queue.begin(large('b'));
  expect(queue.admit()).toEqual([]);
  queue.leave('a');
  expect(queue.admit()).toEqual(['c']);
});

it('does not let small files wait behind large ones, nor large ones behind small ones', () => {
  const queue = new Queue(1);
  queue.begin(large('big'));
  queue.wait(large('next'));
  for (let index = 0; index < 40; index++) queue.wait(small(`s${index}`));
  expect(queue.admit()).toHaveLength(32);
  queue.leave('big');
  expect(queue.admit()).toContain('next');
});

it('queues ten thousand files without looking at all of them each time', () => {
  const queue = new Queue(3);
  for (let index = 0; index < 10_000; index++) queue.wait(small(`${index}`));
  expect(queue.admit()).toHaveLength(96);
});

it('admits small files only when half of the slots are free while many wait, and at once when all fit', () => {
  const queue = new Queue(1);
  for (let index = 0; index < 100; index++) queue.wait(small(`s${index}`));
  for (const id of queue.admit()) queue.begin(small(id));
  for (let index = 0; index < 15; index++) queue.leave(`s${index}`);
  expect(queue.admit()).toEqual([]);
  queue.leave('s15');
  expect(queue.admit()).toHaveLength(16);
  for (let index = 33; index < 100; index++) queue.leave(`s${index}`);
  expect(queue.admit()).toEqual(['s32']);
});

it('does not look at the waiting files while no slot is free for them', () => {
  const queue = new Queue(3);
  for (let index = 0; index < 96; index++) queue.begin(small(`active${index}`));
  for (let index = 0; index < 1000; index++) queue.wait(small(`${index}`));
  let visited = 0;
  const iterate = Set.prototype[Symbol.iterator];
  vi.spyOn(Set.prototype, Symbol.iterator).mockImplementation(function* (this: Set<unknown>) {
    for (const value of { [Symbol.iterator]: () => iterate.call(this) }) {
      visited++;
      yield value;
    }
    return undefined;
  });
  expect(queue.admit()).toEqual([]);
  expect(visited).toBe(0);
});

it('counts how many of those that wait came before, over both lines and in their order', () => {
  const queue = new Queue(1);
  queue.wait(large('a'));
  queue.wait(small('b'));
  queue.wait(large('c'));
  queue.wait(small('d'));
  expect([...queue.positions]).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['d', 3],
  ]);
  queue.begin(large('a'));
  // Paused and resumed: it is last now.
  queue.leave('b');
  queue.wait(small('b'));
  expect([...queue.positions]).toEqual([
    ['c', 0],
    ['d', 1],
    ['b', 2],
  ]);
});
