import { describe, expect, it } from 'vitest';
import { createProblem, type Problem } from '../protocol/index.js';
import { harness, settle, testFile } from './test-support/harness.js';

const refusedStart = (problem: Problem) => Response.json({ results: [{ outcome: 'refused', problem }] });

describe('limits that the application sets at the endpoint', () => {
  it.each([
    ['the largest file', { maxFileSizeBytes: 50 }],
    ['the bytes of a day', { limits: { bytesPerDay: 50, bytesLeft: 50 } }],
  ])('rejects a file beyond %s before anything is sent', async (_, limits) => {
    const { uploader, cloud, until } = harness({ restrictions: { accept: [], maxSizeBytes: 200 } });
    cloud.capabilities = { ...cloud.capabilities, ...limits };
    await uploader.loadCapabilities();
    const { added, rejections } = await uploader.add([testFile(51), testFile(50)]);
    expect(added).toHaveLength(1);
    expect(rejections).toEqual([expect.objectContaining({ code: 'file-too-large', limit: 50 })]);
    await until('ready');
    expect(cloud.uploads.size).toBe(1);
  });

  it.each([
    [
      'one file of a call',
      () => refusedStart(createProblem('rate-limited', { detail: 'One a minute.', retryAfterMs: 60_000 })),
    ],
    [
      'the whole call',
      () => Response.json(createProblem('rate-limited', { retryAfterMs: 60_000 }), { status: 429 }),
    ],
    [
      'a gateway without problem details',
      () => new Response('slow down', { status: 429, headers: { 'retry-after': '60' } }),
    ],
  ])('waits as long as a rate limit says, and says so, for %s', async (_, limited) => {
    const { uploader, cloud, clock, until, only } = harness();
    let isFirst = true;
    cloud.onCall = () => {
      const reply = isFirst ? limited() : undefined;
      isFirst = false;
      return reply;
    };
    await uploader.add([testFile(30)]);
    await settle();
    expect(only()).toMatchObject({
      status: 'preparing',
      waiting: { for: 'rate-limit', retryAt: clock.now() + 60_000 },
    });
    await clock.advance(59_000);
    expect(cloud.calls).toHaveLength(1);
    await clock.advance(1000);
    await until('ready');
  });

  it('fails an upload whose quota is used up, and does not repeat the start by itself', async () => {
    const { uploader, cloud, clock, until } = harness();
    cloud.onCall = () => refusedStart(createProblem('quota-exceeded', { detail: 'Three a day.' }));
    await uploader.add([testFile(30)]);
    const { error, canRetry } = await until('failed');
    expect({ code: error?.code, canRetry }).toEqual({ code: 'quota-exceeded', canRetry: true });
    await clock.advance(600_000);
    expect(cloud.calls).toHaveLength(1);
  });
});
