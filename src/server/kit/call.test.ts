import { expect, it } from 'vitest';
import { fakeContext } from '../test-support/fake-provider.js';
import { callSettings, createCaller } from './call.js';

const page = () => new Response('<!doctype html><p>Sign in', { headers: { 'content-type': 'text/html' } });
const answer = () => new Response('{}', { headers: { 'content-type': 'application/json' } });

function setUp(replies: (() => Response)[]) {
  const caller = createCaller(
    callSettings({
      fetch: () => Promise.resolve((replies.shift() ?? page)()),
      retry: { sleep: () => Promise.resolve() },
    }),
  );
  const call = (mayRepeat?: () => boolean) =>
    caller(
      {
        what: 'complete',
        request: () => ({ method: 'POST', url: 'https://cloud.example/' }),
        read: ({ text }) => text,
        mayRepeat,
      },
      fakeContext(),
    );
  return { call, replies };
}

it('refuses the HTML page of a proxy as the success of a vendor call', async () => {
  const { call } = setUp([page]);
  await expect(call(() => false)).rejects.toMatchObject({ code: 'vendor-unavailable' });
});

it('repeats a vendor call that was answered by the HTML page of a proxy', async () => {
  const { call, replies } = setUp([page, answer]);
  expect(await call()).toBe('{}');
  expect(replies).toEqual([]);
});

it('takes an empty answer that is typed as HTML as the success of a vendor call', async () => {
  const empty = () => new Response(null, { status: 204, headers: { 'content-type': 'text/html' } });
  const { call } = setUp([empty]);
  expect(await call(() => false)).toBe('');
});
