// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Uploader } from '../../engine/index.js';
import { anUpload, createFakeUploader, type FakeUploader } from '../../testing/index.js';
import { useDetailsPolling } from './use-details-polling.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const processing = () => createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'processing' })] });
const questions = (fake: FakeUploader) =>
  fake.calls.filter(({ method }) => method === 'refreshDetails').length;
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

function Polling({ uploader }: { uploader: Uploader }): ReactNode {
  useDetailsPolling(uploader);
  return null;
}

/** Counts the queries that a client was asked. */
function watched(client = new QueryClient()) {
  let count = 0;
  const stop = client.getQueryCache().subscribe(({ type }) => {
    if (type === 'added') count += 1;
  });
  return { client, stop, count: () => count };
}

it('asks at once and then ever more slowly, until nothing is processing', async () => {
  const fake = processing();
  render(<Polling uploader={fake} />);
  await pass(0);
  expect(questions(fake)).toBe(1);
  await pass(1000);
  expect(questions(fake)).toBe(2);
  await pass(1000);
  expect(questions(fake)).toBe(2);
  act(() => {
    fake.update('a', { status: 'ready' });
  });
  await pass(2000);
  const asked = questions(fake);
  await pass(60_000);
  expect(questions(fake)).toBe(asked);
});

it("asks by queries of the host's client, once for each question, and leaves nothing in its cache", async () => {
  const fake = processing();
  const host = watched();
  render(
    <QueryClientProvider client={host.client}>
      <Polling uploader={fake} />
    </QueryClientProvider>,
  );
  await pass(1000);
  expect(questions(fake)).toBe(2);
  expect(host.count()).toBe(2);
  await pass(1);
  expect(host.client.getQueryCache().getAll()).toEqual([]);
});

it('asks through a client that appears later, and without it once it is gone', async () => {
  const fake = processing();
  const host = watched();
  const { rerender } = render(<Polling key="same" uploader={fake} />);
  await pass(0);
  expect([questions(fake), host.count()]).toEqual([1, 0]);
  rerender(
    <QueryClientProvider client={host.client}>
      <Polling uploader={fake} />
    </QueryClientProvider>,
  );
  await pass(0);
  expect([questions(fake), host.count()]).toEqual([2, 1]);
  rerender(<Polling uploader={fake} />);
  await pass(0);
  expect([questions(fake), host.count()]).toEqual([3, 1]);
});

it('goes on when the host cancels or clears its queries, or refuses all of them', async () => {
  const fake = processing();
  const host = watched();
  render(
    <QueryClientProvider client={host.client}>
      <Polling uploader={fake} />
    </QueryClientProvider>,
  );
  await act(async () => {
    await host.client.cancelQueries();
    host.client.clear();
  });
  await pass(1000);
  expect(questions(fake)).toBe(2);
  host.client.setDefaultOptions({ queries: { enabled: false, retry: 5, networkMode: 'online' } });
  await pass(10_000);
  expect(questions(fake)).toBeGreaterThan(3);
});

it('several widgets on one engine ask once, until the last of them is gone', async () => {
  const fake = processing();
  const both = (
    <>
      <Polling key="first" uploader={fake} />
      <Polling key="second" uploader={fake} />
    </>
  );
  const { rerender, unmount } = render(both, { wrapper: StrictMode });
  await pass(0);
  const first = questions(fake);
  expect(first).toBeLessThanOrEqual(2);
  await pass(1000);
  expect(questions(fake)).toBe(first + 1);
  rerender(<Polling key="second" uploader={fake} />);
  await pass(1500);
  expect(questions(fake)).toBe(first + 2);
  unmount();
  await pass(60_000);
  expect(questions(fake)).toBe(first + 2);
});

it('asks nothing of an engine that polls by itself', async () => {
  const fake = Object.assign(processing(), { polling: 'auto' as const });
  render(<Polling uploader={fake} />);
  await pass(60_000);
  expect(questions(fake)).toBe(0);
});
