import { expect, it } from 'vitest';
import { retryAfterMs } from '../http.js';
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

it('refuses an answer without an end, and reads no more of it than it may', async () => {
  let sentBytes = 0;
  let isCanceled = false;
  const endless = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          sentBytes += 1_048_576;
          controller.enqueue(new Uint8Array(1_048_576).fill(32));
        },
        cancel() {
          isCanceled = true;
        },
      }),
    );
  const { call } = setUp([endless]);
  await expect(call()).rejects.toMatchObject({ code: 'vendor-invalid-reply' });
  expect(isCanceled).toBe(true);
  expect(sentBytes).toBeLessThan(40 * 1_048_576);
});

it.each(['99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
  'waits for no service longer than an hour, whatever it asks for: Retry-After %s',
  (value) => {
    expect(retryAfterMs(new Headers({ 'Retry-After': value }), Date.now())).toBe(3_600_000);
  },
);

it('gives up a vendor call after its time, and when the caller is gone, whose fetch does not listen to the signal', async () => {
  const deaf = createCaller(
    callSettings({ fetch: () => new Promise(() => {}), timeoutMs: 20, retry: { tries: 1 } }),
  );
  const call = {
    what: 'list',
    request: () => ({ method: 'GET', url: 'https://cloud.example/' }),
    read: ({ text }: { text: string }) => text,
  };
  await expect(deaf(call, fakeContext())).rejects.toMatchObject({ code: 'vendor-unavailable' });
  const gone = new AbortController();
  const left = expect(deaf(call, fakeContext(gone.signal))).rejects.toThrow('left');
  gone.abort(new Error('left'));
  await left;
});
