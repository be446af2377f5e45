import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPartWorkers, type WorkerPort } from './client.js';
import type { WorkerFailure, WorkerRequest, WorkerResponse } from './messages.js';

/** A worker that answers with these in turn; the last again and again. */
function workersThat(...answers: ((id: number) => WorkerResponse)[]) {
  const asked: WorkerRequest[] = [];
  const spawn = (): WorkerPort => {
    const port: WorkerPort = {
      onresponse: () => {},
      oncrash: () => {},
      post: (request) => {
        asked.push(request);
        const answer = answers[Math.min(asked.length, answers.length) - 1];
        if (answer && request.kind !== 'cancel')
          queueMicrotask(() => {
            port.onresponse(answer(request.id));
          });
      },
      close: () => {},
    };
    return port;
  };
  return { workers: createPartWorkers(1, spawn), asked };
}

const fails =
  (failure: WorkerFailure) =>
  (id: number): WorkerResponse => ({ kind: 'failed', id, failure });
const hashed = (id: number): WorkerResponse => ({ kind: 'hashed', id, md5Base64: 'md5' });
const replied = (id: number): WorkerResponse => ({ kind: 'replied', id, reply: { status: 200 } });
const body = new Blob(['x']);
const request = { url: 'https://store.example/part', headers: {} };

describe('a file that cannot be read', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(['NotReadableError', 'NotFoundError'])(
    'is looked at once more, a second later: %s',
    async (name) => {
      const { workers, asked } = workersThat(
        fails({ reason: 'unreadable', name }),
        hashed,
        fails({ reason: 'unreadable', name }),
        replied,
      );
      const hash = workers.hash(body, { signal: new AbortController().signal });
      await vi.advanceTimersByTimeAsync(999);
      // A page that is being left is gone by now, and has said nothing that is not so.
      expect(asked).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await expect(hash).resolves.toBe('md5');
      const put = workers.put(request, body, { signal: new AbortController().signal, onProgress: () => {} });
      await vi.advanceTimersByTimeAsync(1000);
      await expect(put).resolves.toEqual({ status: 200 });
    },
  );

  it('has changed, or is gone, when that fails as well', async () => {
    const { workers, asked } = workersThat(fails({ reason: 'unreadable', name: 'NotReadableError' }));
    const hash = workers.hash(body, { signal: new AbortController().signal });
    const failed = expect(hash).rejects.toMatchObject({ code: 'file-changed' });
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
    expect(asked).toHaveLength(2);
  });

  it('is not waited for when nobody wants it any more', async () => {
    const { workers, asked } = workersThat(fails({ reason: 'unreadable', name: 'NotReadableError' }));
    const controller = new AbortController();
    const hash = workers.hash(body, { signal: controller.signal });
    const stopped = expect(hash).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await stopped;
    expect(asked.filter(({ kind }) => kind === 'hash')).toHaveLength(1);
  });
});

it('blames no file for a silent line', async () => {
  const { workers, asked } = workersThat(fails({ reason: 'no-reply', isStall: false }));
  await expect(
    workers.put(request, body, { signal: new AbortController().signal, onProgress: () => {} }),
  ).rejects.toMatchObject({ name: 'NoReplyError' });
  expect(asked).toHaveLength(1);
});
