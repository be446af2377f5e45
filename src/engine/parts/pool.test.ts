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
