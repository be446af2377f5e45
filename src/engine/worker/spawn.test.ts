import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lazyWorkers } from '../lazy.js';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { FakeNetwork } from '../test-support/fake-network.js';
import { createPartWorkers } from './client.js';
import { messagesVersion, type WorkerPort, type WorkerRequest, type WorkerResponse } from './messages.js';
import { closeWorkerAhead, startWorkerAhead } from './create-worker.js';
import { spawnPartWorker } from './spawn.js';

/** Stands in for the browser's Worker; the test decides whether its file can be loaded. */
class FakeWorker {
  static made: FakeWorker[] = [];
  readonly asked: WorkerRequest[] = [];
  onmessage: ((event: { data: [number, WorkerResponse] }) => void) | null = null;
  onerror: (() => void) | null = null;
  isTerminated = false;

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(request: WorkerRequest): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answerAll(version = messagesVersion): void {
    for (const { kind, id } of this.asked.splice(0)) {
      if (kind === 'hash') this.onmessage?.({ data: [version, { kind: 'hashed', id, md5s: ['worker'] }] });
      if (kind === 'ping') this.onmessage?.({ data: [version, { kind: 'pong', id }] });
    }
  }
}

const work = {
  createWork: (post: (response: WorkerResponse) => void) => (request: WorkerRequest) => {
    if (request.kind === 'hash') post({ kind: 'hashed', id: request.id, md5s: ['page'] });
  },
};

function surroundings(load: () => Promise<typeof work> = () => Promise.resolve(work)) {
  return { clock: new FakeClock(), network: new FakeNetwork(), load: vi.fn(load) };
}

const body = new Blob(['x']);
const hash = (id: number): WorkerRequest => ({ kind: 'hash', id, bodies: [body] });

function listen(port: WorkerPort) {
  const heard: WorkerResponse[] = [];
  const onunavailable = vi.fn();
  Object.assign(port, { onresponse: (response: WorkerResponse) => heard.push(response), onunavailable });
  return { heard, onunavailable };
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => vi.unstubAllGlobals());

it('does the work of a worker of another release on the page', async () => {
  const port = spawnPartWorker({ onPage: false }, surroundings());
  const { heard } = listen(port);
  port.post(hash(1));
  FakeWorker.made[0]?.answerAll(messagesVersion + 1);
  await settle();
  expect(heard).toEqual([{ kind: 'hashed', id: 1, md5s: ['page'] }]);
  expect(FakeWorker.made[0]?.isTerminated).toBe(true);
});

describe('a worker whose file cannot be loaded', () => {
  it('has its work done on the page while online', async () => {
    const port = spawnPartWorker({ onPage: false }, surroundings());
    const { heard } = listen(port);
    port.post(hash(1));
    FakeWorker.made[0]?.onerror?.();
    await settle();
    expect(heard).toEqual([{ kind: 'hashed', id: 1, md5s: ['page'] }]);
    expect(FakeWorker.made[0]?.isTerminated).toBe(true);
  });

  it('is started again once the network is back, and answers pings meanwhile', async () => {
    const around = surroundings();
    around.network.set(false);
    const port = spawnPartWorker({ onPage: false }, around);
    const { heard } = listen(port);
    port.post(hash(1));
    FakeWorker.made[0]?.onerror?.();
    port.post({ kind: 'ping', id: 0 });
    port.post(hash(2));
    expect(heard).toEqual([{ kind: 'pong', id: 0 }]);
    expect(around.load).not.toHaveBeenCalled();
    around.network.set(true);
    await settle();
    expect(FakeWorker.made).toHaveLength(2);
    FakeWorker.made[1]?.answerAll();
    expect(heard.slice(1).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('is not started again after it was closed', async () => {
    const around = surroundings();
    around.network.set(false);
    const port = spawnPartWorker({ onPage: false }, around);
    FakeWorker.made[0]?.onerror?.();
    port.close();
    around.network.set(true);
    await settle();
    expect(FakeWorker.made).toHaveLength(1);
  });

  it('is reported as unavailable when the code for the page is missing as well', async () => {
    const around = surroundings(() => Promise.reject(new TypeError('404')));
    const port = spawnPartWorker({ onPage: false }, around);
    const { onunavailable } = listen(port);
    FakeWorker.made[0]?.onerror?.();
    await around.clock.advance(3000);
    expect(around.load).toHaveBeenCalledTimes(3);
    expect(onunavailable).toHaveBeenCalledTimes(1);
  });
});

describe('a worker that is started ahead of the code that uses it', () => {
  afterEach(closeWorkerAhead);

  it('is taken by the first that needs one, and not by the second', () => {
    startWorkerAhead();
    startWorkerAhead();
    const [first, second] = [1, 2].map(() => spawnPartWorker({ onPage: false }, surroundings()));
    first?.post(hash(1));
    second?.post(hash(2));
    expect(FakeWorker.made.map(({ asked }) => asked.map(({ id }) => id))).toEqual([[1], [2]]);
  });

  it('is started anew where its file could not be loaded ahead', () => {
    startWorkerAhead();
    FakeWorker.made[0]?.onerror?.();
    const port = spawnPartWorker({ onPage: false }, surroundings());
    const { heard } = listen(port);
    port.post(hash(1));
    FakeWorker.made[1]?.answerAll();
    expect(FakeWorker.made[0]?.isTerminated).toBe(true);
    expect(heard).toEqual([{ kind: 'hashed', id: 1, md5s: ['worker'] }]);
  });

  it('has its work done on the page when its file turns out to be missing after it was taken', async () => {
    startWorkerAhead();
    const port = spawnPartWorker({ onPage: false }, surroundings());
    const { heard } = listen(port);
    port.post(hash(1));
    FakeWorker.made[0]?.onerror?.();
    await settle();
    expect(heard).toEqual([{ kind: 'hashed', id: 1, md5s: ['page'] }]);
  });

  it('ends with the uploader that has never needed it', async () => {
    const workers = lazyWorkers(() => new Promise(() => {}));
    workers.preload?.();
    workers.close();
    workers.preload?.();
    await settle();
    expect(FakeWorker.made.map(({ isTerminated }) => isTerminated)).toEqual([true]);
  });
});

describe('a pool that cannot start a further worker', () => {
  const never = new AbortController().signal;
  const pool = (around: ReturnType<typeof surroundings>) =>
    createPartWorkers(2, (options) => spawnPartWorker(options, around));

  it('fails with code-unavailable when there is none at all', async () => {
    const around = surroundings(() => Promise.reject(new TypeError('404')));
    const outcome = pool(around)
      .hash(body, { signal: never })
      .catch((error: unknown) => error);
    FakeWorker.made[0]?.onerror?.();
    await around.clock.advance(3000);
    await expect(outcome).resolves.toMatchObject({ code: 'code-unavailable' });
  });

  it('lets the one that was preloaded do all of the work', async () => {
    const around = surroundings(() => Promise.reject(new TypeError('404')));
    const workers = pool(around);
    workers.preload?.();
    const [first] = FakeWorker.made;
    first?.answerAll();
    const hashes = [workers.hash(body, { signal: never }), workers.hash(body, { signal: never })];
    expect(FakeWorker.made).toHaveLength(2);
    FakeWorker.made[1]?.onerror?.();
    await around.clock.advance(3000);
    first?.answerAll();
    await expect(Promise.all(hashes)).resolves.toEqual(['worker', 'worker']);
    expect(FakeWorker.made).toHaveLength(2);
  });

  it('does not start a worker in advance after it was closed', () => {
    const workers = pool(surroundings());
    workers.close();
    workers.preload?.();
    expect(FakeWorker.made).toEqual([]);
  });
});
