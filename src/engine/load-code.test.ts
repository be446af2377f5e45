import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadError } from './errors.js';
import { loadCode } from './load-code.js';
import { FakeClock, settle } from './test-support/fake-clock.js';
import { FakeCloud } from './test-support/fake-cloud.js';
import { FakeNetwork } from './test-support/fake-network.js';
import { harness, testFile } from './test-support/harness.js';
import type { PartWorkers } from './worker/client.js';

const failures = new Map<string, number>();

/** Each chunk can be made to fail; a load that succeeded once is not repeated, so every test has functions of its own. */
const controlled = vi.hoisted(() => (chunk: object) => {
  const loaders = new Map<string, () => Promise<unknown>>();
  return new Proxy(chunk as Record<string, unknown>, {
    get: (target, name: string) => {
      const load = target[name] as () => Promise<unknown>;
      if (typeof load !== 'function') return load;
      const key = `${name} ${generation}`;
      if (!loaders.has(key))
        loaders.set(key, () => {
          const left = failures.get(name) ?? 0;
          if (left === 0) return load();
          failures.set(name, left - 1);
          return Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
        });
      return loaders.get(key);
    },
  });
});
vi.mock('./chunks/first-file.js', async (original) => controlled(await original()));
let generation = 0;

beforeEach(() => {
  generation += 1;
  failures.clear();
});

describe('loading own code', () => {
  const surroundings = () => ({ clock: new FakeClock(), network: new FakeNetwork() });

  it('is retried after one and after two more seconds', async () => {
    const ports = surroundings();
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError('404'));
    const outcome = loadCode(load, ports).catch((error: unknown) => error);
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    await ports.clock.advance(1000);
    expect(load).toHaveBeenCalledTimes(2);
    await ports.clock.advance(2000);
    await expect(outcome).resolves.toMatchObject({
      code: 'code-unavailable',
      attempts: 3,
      isResumable: true,
    });
  });

  it('is not tried while offline, because browsers may remember the failure', async () => {
    const ports = surroundings();
    ports.network.set(false);
    const load = vi.fn(() => Promise.resolve('code'));
    const waits: unknown[] = [];
    const outcome = loadCode(load, ports, undefined, (waiting) => waits.push(waiting));
    await ports.clock.advance(60_000);
    expect(load).not.toHaveBeenCalled();
    ports.network.set(true);
    await expect(outcome).resolves.toBe('code');
    expect(waits).toEqual([{ for: 'network' }, undefined]);
  });

  it('is not repeated for code that is there already, also while offline', async () => {
    const ports = surroundings();
    const load = vi.fn(() => Promise.resolve('code'));
    await loadCode(load, ports);
    ports.network.set(false);
    await expect(loadCode(load, ports)).resolves.toBe('code');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('ends with the signal, online and offline', async () => {
    for (const isOnline of [true, false]) {
      const ports = surroundings();
      ports.network.set(isOnline);
      const controller = new AbortController();
      const outcome = loadCode(() => Promise.reject(new Error('404')), ports, controller.signal);
      await settle();
      controller.abort();
      await expect(outcome).rejects.toMatchObject({ name: 'AbortError' });
    }
  });
});

describe('without the code of a first file', () => {
  it('an upload goes on when the second attempt loads it', async () => {
    failures.set('loadFirstFile', 1);
    const { uploader, clock, until } = harness();
    void uploader.add([testFile(95)]);
    await clock.advance(1000);
    await until('ready');
  });

  it('an upload waits while offline and goes on by itself', async () => {
    const { uploader, clock, network, until } = harness();
    network.set(false);
    void uploader.add([testFile(95)]);
    await clock.advance(60_000);
    expect(uploader.getSnapshot().uploads.map(({ status }) => status)).not.toContain('failed');
    network.set(true);
    await clock.advance(1000);
    await until('ready');
  });
});

describe('code that cannot be loaded', () => {
  it('ends an upload when it is that of the worker; what was sent is kept for the next visit', async () => {
    const clock = new FakeClock();
    const cloud = new FakeCloud({ elapsed: () => clock.elapsed() });
    let isGone = false;
    const put: PartWorkers['put'] = (...call) =>
      isGone ? Promise.reject(new UploadError('code-unavailable')) : cloud.workers.put(...call);
    const workers = { ...cloud.workers, put };
    const first = harness({ concurrency: { connections: 1 }, ports: { workers } }, { cloud, clock });
    cloud.onPut = ({ partNumber }) => {
      isGone = partNumber === 4;
      return 'ok';
    };
    await first.uploader.add([testFile(95)]);
    expect((await first.until('failed')).error).toMatchObject({ code: 'code-unavailable' });
    expect(first.only().sentBytes).toBe(40);
    const second = first.reload({ ports: {} });
    await settle();
    await second.uploader.add([testFile(95)]);
    await second.until('ready');
    expect(cloud.puts).toHaveLength(10);
  });

  it('rejects every file by name', async () => {
    failures.set('loadFirstFile', Infinity);
    const { uploader, clock } = harness();
    const adding = uploader.add([testFile(95), { file: testFile(50, { name: 'b.mp4' }) }]);
    await clock.advance(3000);
    const { added, rejections } = await adding;
    expect(added).toEqual([]);
    expect(rejections.map(({ file, code }) => [file.name, code])).toEqual([
      ['clip.mp4', 'code-unavailable'],
      ['b.mp4', 'code-unavailable'],
    ]);
    expect(uploader.getSnapshot()).toMatchObject({ rejections, checkedFileCount: 2 });
  });
});
