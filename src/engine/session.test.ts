import { expect, it } from 'vitest';
import { ActiveSession } from './session.js';
import { settle } from './test-support/fake-clock.js';

const open = () => new ActiveSession({ ticket: 'one', transfer: { kind: 'single' } }, 10);
const never = new AbortController().signal;

it('makes calls that change the ticket one after another, each with the ticket of the answer before', async () => {
  const session = open();
  const seen: string[] = [];
  const call = (news: string) =>
    session.call(async (ticket) => {
      seen.push(ticket);
      await settle();
      return { outcome: 'ok', ticket: `${ticket} ${news}` };
    }, never);
  await Promise.all([call('a'), call('b'), call('c')]);
  expect(seen).toEqual(['one', 'one a', 'one a b']);
  expect(session.ticket).toBe('one a b c');
});

it('keeps the ticket when a call is refused, and makes the next one all the same', async () => {
  const session = open();
  const refused = session.call(() => Promise.reject(new Error('refused')), never);
  const next = session.call((ticket) => Promise.resolve({ outcome: ticket }), never);
  await expect(refused).rejects.toThrow('refused');
  expect(await next).toEqual({ outcome: 'one' });
});

it('stops waiting for a call that hangs when it is aborted, and does not make its own', async () => {
  const session = open();
  void session.call(() => new Promise<{ outcome: string }>(() => {}), never);
  const controller = new AbortController();
  let isMade = false;
  const waiting = session.call(() => {
    isMade = true;
    return Promise.resolve({ outcome: 'ok' });
  }, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(isMade).toBe(false);
});
