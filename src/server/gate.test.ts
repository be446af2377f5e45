import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EndpointError } from './errors.js';
import { VendorGate } from './gate.js';

const { signal } = new AbortController();
let nowMs = 0;
const sleep = vi.fn((delayMs: number) => {
  nowMs += delayMs;
  return Promise.resolve();
});
beforeEach(() => {
  nowMs = 1_000_000;
  sleep.mockClear();
});

function openGate(maxCalls = 64) {
  const gate = new VendorGate({
    maxCalls,
    maxWaitMs: 5000,
    tools: { now: () => nowMs, random: () => 1, sleep },
  });
  const call = vi.fn<() => Promise<string>>(() => Promise.resolve('answer'));
  const run = () => gate.run(call, signal);
  const codeOf = () =>
    run().then(
      () => 'answered',
      (error: unknown) => (error instanceof EndpointError ? error.code : String(error)),
    );
  return { gate, call, run, codeOf };
}

const down = () => Promise.reject(new EndpointError('vendor-unavailable'));
const throttled = (retryAfterMs?: number) => () =>
  Promise.reject(new EndpointError('vendor-throttled', { retryAfterMs }));

describe('the gate to a service', () => {
  it('lets so many calls be under way at once, for all requests of the process', async () => {
    const { gate } = openGate(2);
    let underWay = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const calls = Array.from({ length: 5 }, () =>
      gate.run(async () => {
        most = Math.max(most, (underWay += 1));
        await new Promise<void>((resolve) => ends.push(resolve));
        underWay -= 1;
      }, signal),
    );
    for (let ended = 0; ended < 5; ended++) {
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(ended));
      ends[ended]?.();
    }
    await Promise.all(calls);
    expect(most).toBe(2);
  });

  it('stops waiting for a place when the caller is gone, and gives the place to the next', async () => {
    const { gate } = openGate(1);
    let end = () => {};
    const first = gate.run(() => new Promise<void>((resolve) => (end = resolve)), signal);
    const gone = new AbortController();
    const unneeded = vi.fn(() => Promise.resolve());
    const second = gate.run(unneeded, gone.signal);
    const third = gate.run(() => Promise.resolve('answer'), signal);
    gone.abort(new Error('the caller is gone'));
    await expect(second).rejects.toThrow('the caller is gone');
    end();
    await first;
    await expect(third).resolves.toBe('answer');
    expect(unneeded).not.toHaveBeenCalled();
  });

  it('stops asking a service that is down, and probes it with one call after a while', async () => {
    const { call, codeOf, run } = openGate();
    call.mockImplementation(down);
    for (let i = 0; i < 50; i++) expect(await codeOf()).toBe('vendor-unavailable');
    expect(call).toHaveBeenCalledTimes(10);
    await expect(run()).rejects.toMatchObject({ retryAfterMs: 10_000 });
    nowMs += 10_000;
    expect(await Promise.all(Array.from({ length: 20 }, codeOf))).toEqual(
      Array(20).fill('vendor-unavailable'),
    );
    expect(call).toHaveBeenCalledTimes(11);
    // The failed probe has doubled the time.
    nowMs += 10_000;
    await codeOf();
    expect(call).toHaveBeenCalledTimes(11);
    nowMs += 10_000;
    call.mockImplementation(() => Promise.resolve('answer'));
    expect(await codeOf()).toBe('answered');
    expect(await Promise.all(Array.from({ length: 20 }, codeOf))).toEqual(Array(20).fill('answered'));
  });

  it('takes a refusal for an answer, and does not count failures with answers between them', async () => {
    const { call, codeOf } = openGate();
    for (let i = 0; i < 40; i++) {
      call.mockImplementationOnce(
        i % 9 === 8 ? () => Promise.reject(new EndpointError('vendor-refused')) : down,
      );
      await codeOf();
    }
    expect(call).toHaveBeenCalledTimes(40);
  });

  it('obeys Retry-After with every call of the process, not only with the one that was throttled', async () => {
    const { call, codeOf, run } = openGate();
    call.mockImplementationOnce(throttled(60_000));
    expect(await codeOf()).toBe('vendor-throttled');
    for (let i = 0; i < 20; i++) await expect(run()).rejects.toMatchObject({ code: 'vendor-throttled' });
    nowMs += 30_000;
    await expect(run()).rejects.toMatchObject({ retryAfterMs: 30_000 });
    expect(call).toHaveBeenCalledTimes(1);
    nowMs += 30_000;
    expect(await codeOf()).toBe('answered');
  });

  it('waits for a pause that is short', async () => {
    const { call, codeOf } = openGate();
    call.mockImplementationOnce(throttled(1000));
    await codeOf();
    expect(await codeOf()).toBe('answered');
    expect(sleep).toHaveBeenCalledExactlyOnceWith(1000, signal);
  });

  it('sends fewer calls at once after it was throttled, and more again with each success', async () => {
    const { gate, codeOf } = openGate(8);
    const ends: ((error?: EndpointError) => void)[] = [];
    const hang = () =>
      gate
        .run(
          () =>
            new Promise<void>((resolve, reject) => {
              ends.push((error) => (error ? reject(error) : resolve()));
            }),
          signal,
        )
        .catch(() => undefined);
    const eight = Array.from({ length: 8 }, hang);
    await vi.waitFor(() => expect(ends).toHaveLength(8));
    const error = new EndpointError('vendor-throttled', { retryAfterMs: 10 });
    for (const end of ends) end(error);
    await Promise.all(eight);
    nowMs += 10;
    const more = Array.from({ length: 8 }, hang);
    await vi.waitFor(() => expect(ends).toHaveLength(12));
    ends[8]?.();
    // Its own place, and one more.
    await vi.waitFor(() => expect(ends).toHaveLength(14));
    for (let i = 9; i < 16; i++) {
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(i));
      ends[i]?.();
    }
    await Promise.all(more);
    expect(await codeOf()).toBe('answered');
  });
});
