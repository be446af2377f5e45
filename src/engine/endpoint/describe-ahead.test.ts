import { describe, expect, it, vi } from 'vitest';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { createDescribeAhead } from './describe-ahead.js';

const url = '/api/uploads/describe';

function setUp(answers: (Response | Error | Promise<Response>)[]) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => {
    const answer = await answers.shift();
    if (!answer) throw new Error('one call too many');
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const clock = new FakeClock();
  const options = {
    endpoint: '/api/uploads',
    provider: 's3',
    fetch: fetch as unknown as typeof globalThis.fetch,
    headers: () => ({ 'x-token': 'abc' }),
    batchDelayMs: () => 0,
  };
  const call = new AbortController();
  const ahead = createDescribeAhead(options, clock);
  const ask = (path = url) => ahead.fetch(path, { method: 'POST', signal: call.signal });
  return { ahead, ask, fetch, clock, call };
}

describe('the first `describe`, asked before the client is there', () => {
  it('has the provider, the headers of the host and ours, and is asked once', async () => {
    const { ahead, ask, fetch } = setUp([new Response('early')]);
    ahead.ask();
    ahead.ask();
    expect(await (await ask()).text()).toBe('early');
    expect(fetch).toHaveBeenCalledTimes(1);
    const [asked, init] = fetch.mock.calls[0] ?? [];
    expect(asked).toBe(url);
    expect(init).toMatchObject({
      method: 'POST',
      body: '{"providers":["s3"]}',
      credentials: 'same-origin',
      headers: { 'x-token': 'abc', 'content-type': 'application/json', accept: 'application/json' },
    });
  });

  it('serves one call; the next one asks', async () => {
    const { ahead, ask } = setUp([new Response('early'), new Response('later')]);
    ahead.ask();
    await ask();
    expect(await (await ask()).text()).toBe('later');
  });

  it('serves one of two calls that wait for it', async () => {
    let answer = (_: Response) => {};
    const early = new Promise<Response>((resolve) => (answer = resolve));
    const { ahead, ask } = setUp([early, new Response('later')]);
    ahead.ask();
    await settle();
    const asked = [ask(), ask()];
    await settle();
    answer(new Response('early'));
    const texts = await Promise.all(asked.map(async (one) => (await one).text()));
    expect(texts.sort()).toEqual(['early', 'later']);
  });

  it('serves no other operation', async () => {
    const { ahead, ask } = setUp([new Response('early'), new Response('start')]);
    ahead.ask();
    await settle();
    expect(await (await ask('/api/uploads/start')).text()).toBe('start');
    expect(await (await ask()).text()).toBe('early');
  });

  it.each([
    ['failed', new TypeError('Failed to fetch')],
    ['was refused', new Response('', { status: 401 })],
  ])('is asked again by the client where it %s', async (_, answer) => {
    const { ahead, ask } = setUp([answer, new Response('again')]);
    ahead.ask();
    await settle();
    expect(await (await ask()).text()).toBe('again');
  });

  it('is asked again where its answer has waited for ten seconds: somebody else may be signed in', async () => {
    const { ahead, ask, clock } = setUp([new Response('early'), new Response('again')]);
    ahead.ask();
    await clock.advance(10_000);
    expect(await (await ask()).text()).toBe('again');
  });

  it('ends with the call of the client', async () => {
    const { ahead, ask, fetch, call } = setUp([
      new Promise(() => {}),
      new DOMException('aborted', 'AbortError'),
    ]);
    ahead.ask();
    const asked = ask();
    await settle();
    call.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(fetch.mock.calls[0]?.[1].signal?.aborted).toBe(true);
  });
});
