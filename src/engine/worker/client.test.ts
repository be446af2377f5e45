import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPartWorkers } from './client.js';
import type { WorkerPort, WorkerFailure, WorkerRequest, WorkerResponse } from './messages.js';

/** Workers that answer nothing by themselves. */
function silentWorkers(size = 2) {
  const made: (WorkerPort & { asked: WorkerRequest[]; isClosed: boolean; onPage: boolean })[] = [];
  const workers = createPartWorkers(size, ({ onPage }) => {
    const port = {
      asked: [] as WorkerRequest[],
      isClosed: false,
      onPage,
      onresponse: () => {},
      oncrash: () => {},
      onunavailable: () => {},
      post: (asked: WorkerRequest) => {
        port.asked.push(asked);
      },
      close: () => {
        port.isClosed = true;
      },
    };
    made.push(port);
    return port;
  });
  return { made, workers };
}

const never = new AbortController().signal;

/** A worker that answers with these in turn; the last again and again. */
function workersThat(...answers: ((id: number) => WorkerResponse)[]) {
  const asked: WorkerRequest[] = [];
  const spawn = (): WorkerPort => {
    const port: WorkerPort = {
      onresponse: () => {},
      oncrash: () => {},
      onunavailable: () => {},
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
const hashed = (id: number): WorkerResponse => ({ kind: 'hashed', id, md5s: ['md5'] });
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
    'reads a file that cannot be read once more, a second later: %s',
    async (name) => {
      const { workers, asked } = workersThat(
        fails({ reason: 'unreadable', name }),
        hashed,
        fails({ reason: 'unreadable', name }),
        replied,
      );
      const hash = workers.hash(body, { signal: new AbortController().signal });
      await vi.advanceTimersByTimeAsync(999);
      // A page that is being closed is gone by now and has reported no false error.
      expect(asked).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await expect(hash).resolves.toBe('md5');
      const put = workers.put(request, body, { signal: new AbortController().signal, onProgress: () => {} });
      await vi.advanceTimersByTimeAsync(1000);
      await expect(put).resolves.toEqual({ status: 200 });
    },
  );

  it('calls a file that fails to read again after a second unreadable, whatever the browser says of it', async () => {
    const { workers, asked } = workersThat(fails({ reason: 'unreadable', name: 'NotReadableError' }));
    const hash = workers.hash(body, { signal: new AbortController().signal });
    const failed = expect(hash).rejects.toMatchObject({
      code: 'file-unreadable',
      detail: 'NotReadableError',
    });
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
    expect(asked).toHaveLength(2);
  });

  it('does not wait for a file that cannot be read after the abort', async () => {
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

it('does not blame the file for a network without an answer', async () => {
  const { workers, asked } = workersThat(fails({ reason: 'no-reply', isStall: false }));
  await expect(
    workers.put(request, body, { signal: new AbortController().signal, onProgress: () => {} }),
  ).rejects.toMatchObject({ name: 'NoReplyError' });
  expect(asked).toHaveLength(1);
});

describe('a worker that is lost', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends an aborted job although its worker never answers', async () => {
    const { made, workers } = silentWorkers();
    const controller = new AbortController();
    const hash = workers.hash(body, { signal: controller.signal });
    controller.abort();
    await expect(hash).rejects.toMatchObject({ name: 'AbortError' });
    expect(made[0]?.asked.map(({ kind }) => kind)).toEqual(['hash', 'cancel']);
  });

  it('removes only the crashed worker from the pool when it reports its crash twice', async () => {
    const { made, workers } = silentWorkers();
    const jobs = [1, 2, 3].map(() => workers.hash(body, { signal: never }));
    const ends = Promise.allSettled(jobs);
    expect(made).toHaveLength(2);
    made[0]?.oncrash();
    made[0]?.oncrash();
    await vi.advanceTimersByTimeAsync(0);
    workers.close();
    expect(made.every(({ isClosed }) => isClosed)).toBe(true);
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('repeats the hashing of a lost worker in another one', async () => {
    const { made, workers } = silentWorkers(1);
    const hash = workers.hash(body, { signal: never });
    made[0]?.oncrash();
    await vi.advanceTimersByTimeAsync(0);
    made[1]?.onresponse(hashed(made[1].asked[0]?.id ?? 0));
    await expect(hash).resolves.toBe('md5');
  });

  it('counts a lost worker as no reply for the part that it was sending', async () => {
    const { made, workers } = silentWorkers(1);
    const put = workers.put(request, body, { signal: never, onProgress: () => {} });
    made[0]?.oncrash();
    await expect(put).rejects.toMatchObject({ name: 'NoReplyError' });
  });

  it.each([
    ['that has answered before', true, 25_000],
    ['whose code never loads', false, 65_000],
  ])('replaces a worker that does not answer for a while, as one %s', async (_, isHeard, afterMs) => {
    const { made, workers } = silentWorkers(1);
    const hash = workers.hash(body, { signal: never });
    if (isHeard) made[0]?.onresponse({ kind: 'progress', id: 1, bytes: 1 });
    await vi.advanceTimersByTimeAsync(afterMs - 5000);
    expect(made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(made[0]?.isClosed).toBe(true);
    made[1]?.onresponse(hashed(made[1].asked[0]?.id ?? 0));
    await expect(hash).resolves.toBe('md5');
  });

  it('does not replace a worker that answers pings, however long its job takes', async () => {
    const { made, workers } = silentWorkers(1);
    const hash = workers.hash(body, { signal: never });
    for (let minute = 0; minute < 10; minute++) {
      made[0]?.onresponse({ kind: 'pong', id: 0 });
      await vi.advanceTimersByTimeAsync(15_000);
    }
    made[0]?.onresponse(hashed(1));
    await expect(hash).resolves.toBe('md5');
    expect(made).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hashes and sends in the page when workers are lost again and again without a result', async () => {
    const { made, workers } = silentWorkers(1);
    const hash = workers.hash(body, { signal: never });
    for (let index = 0; index < 3; index++) {
      made[index]?.oncrash();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(made.map(({ onPage }) => onPage)).toEqual([false, false, false, true]);
    made[3]?.onresponse(hashed(made[3].asked[0]?.id ?? 0));
    await expect(hash).resolves.toBe('md5');
  });
});

describe('workers that are started ahead', () => {
  it('are as many as asked for, one by default, and never more than the pool has', () => {
    const { made, workers } = silentWorkers();
    workers.preload?.();
    expect(made).toHaveLength(1);
    workers.preload?.(2);
    workers.preload?.(9);
    expect(made.map(({ asked }) => asked)).toEqual([[{ kind: 'ping', id: 0 }], [{ kind: 'ping', id: 0 }]]);
    workers.close();
    workers.preload?.(2);
    expect(made).toHaveLength(2);
  });

  it('hash some bytes before a file comes, while they have nothing else to do', () => {
    const { made, workers } = silentWorkers();
    workers.warmUp?.();
    workers.warmUp?.();
    expect(made.map(({ asked }) => asked.map(({ kind, id }) => [kind, id]))).toEqual([
      [
        ['ping', 0],
        ['hash', 0],
      ],
    ]);
    workers.hash(body, { signal: never }).catch(() => {});
    workers.warmUp?.();
    expect(made[0]?.asked).toHaveLength(3);
    workers.close();
  });
});

describe('parts that are hashed together', () => {
  const bodies = [body, body];
  const together = (id: number): WorkerResponse => ({ kind: 'hashed', id, md5s: ['one', 'two'] });

  it('go to one worker, and their hashes come in order', async () => {
    const { workers, asked } = workersThat(together);
    expect(await workers.hashTogether?.(bodies, { signal: never })).toEqual(['one', 'two']);
    expect(asked).toEqual([{ kind: 'hash', id: 1, bodies }]);
  });

  it('are hashed again where their worker is lost', async () => {
    const { workers, asked } = workersThat(fails({ reason: 'lost' }), together);
    expect(await workers.hashTogether?.(bodies, { signal: never })).toEqual(['one', 'two']);
    expect(asked).toHaveLength(2);
  });

  it('reject an answer of another kind', async () => {
    const { workers } = workersThat(replied);
    await expect(workers.hashTogether?.(bodies, { signal: never })).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
