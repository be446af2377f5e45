import { expect, it } from 'vitest';
import { settle } from '../test-support/fake-clock.js';
import { ConnectionPool } from './pool.js';

const never = new AbortController().signal;

it('gives a free connection to the upload that uses the fewest', async () => {
  const pool = new ConnectionPool(2);
  const [first] = await Promise.all([pool.acquire('large', never), pool.acquire('large', never)]);
  const order: string[] = [];
  void pool.acquire('large', never).then(() => order.push('large'));
  void pool.acquire('small', never).then(() => order.push('small'));
  first();
  await settle();
  expect(order).toEqual(['small']);
});

it('removes an aborted upload from the waiting ones without a connection', async () => {
  const pool = new ConnectionPool(1);
  const release = await pool.acquire('a', never);
  const controller = new AbortController();
  const waiting = pool.acquire('b', controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow();
  release();
  await expect(pool.acquire('c', never)).resolves.toBeTypeOf('function');
});

it('counts a connection once although it is released twice', async () => {
  const pool = new ConnectionPool(1);
  const release = await pool.acquire('a', never);
  release();
  release();
  await pool.acquire('b', never);
  let isGranted = false;
  void pool.acquire('c', never).then(() => (isGranted = true));
  await settle();
  expect(isGranted).toBe(false);
});

it('gives turns in the order of the list to as many uploads as there are places, and keeps them until they are sent', async () => {
  const pool = new ConnectionPool(4, 2);
  for (const id of ['first', 'second', 'third']) pool.register(id);
  const big = 50 * 1024 * 1024;
  const leaveThird = pool.join('third', big);
  const leaveSecond = pool.join('second', big);
  const granted: string[] = [];
  const releases: (() => void)[] = [];
  const ask = (owner: string) =>
    void pool.acquire(owner, never).then((release) => {
      granted.push(owner);
      releases.push(release);
    });
  pool.join('first', big);
  ask('first');
  for (let index = 0; index < 3; index++) for (const owner of ['second', 'third']) ask(owner);
  await settle();
  expect(granted).not.toContain('third');
  expect(['first', 'second', 'third'].map((owner) => pool.isMoving(owner))).toEqual([true, true, false]);
  for (const release of releases) release();
  leaveSecond();
  await settle();
  expect(granted).toContain('third');
  leaveThird();
});

it('does not let a file that is sent in a moment wait for its turn', async () => {
  const pool = new ConnectionPool(2, 1);
  pool.join('large', 50 * 1024 * 1024);
  pool.join('tiny', 1000);
  const granted: string[] = [];
  for (const owner of ['large', 'tiny']) void pool.acquire(owner, never).then(() => granted.push(owner));
  await settle();
  expect(granted).toEqual(['large', 'tiny']);
});

it('keeps the turn of an upload that is still being checked, until it asks or is given up', async () => {
  const pool = new ConnectionPool(2, 1);
  const big = 5 * 1024 * 1024;
  for (const id of ['first', 'second', 'third']) pool.register(id);
  pool.expect('first', big);
  pool.expect('second', big);
  const granted: string[] = [];
  const ask = (owner: string) => {
    const leave = pool.join(owner, big);
    const ended = pool.acquire(owner, never).then((release) => {
      granted.push(owner);
      return () => (release(), leave());
    });
    return ended;
  };
  void ask('third');
  const ready = ask('second');
  await settle();
  expect(granted).toEqual([]);
  pool.expectNoMore('first');
  await settle();
  expect(granted).toEqual(['second']);
  (await ready)();
  await settle();
  expect(granted).toEqual(['second', 'third']);
});

it('tells when the turn of an upload is no longer kept', async () => {
  const pool = new ConnectionPool(2, 1);
  const [again, first, second] = ['asks', 'asks', 'is given up'].map((id) => pool.expect(id, 5e6));
  expect([again?.aborted, first?.aborted, second?.aborted]).toEqual([true, false, false]);
  await pool.acquire('asks', never);
  expect([first?.aborted, second?.aborted]).toEqual([true, false]);
  pool.forget('is given up');
  expect(second?.aborted).toBe(true);
});

it('keeps no turn for a file that is sent in a moment', async () => {
  const pool = new ConnectionPool(2, 1);
  for (const id of ['tiny', 'large']) pool.register(id);
  pool.expect('tiny', 1000);
  pool.join('large', 50 * 1024 * 1024);
  await expect(pool.acquire('large', never)).resolves.toBeTypeOf('function');
});
