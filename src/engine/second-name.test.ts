import { setMaxListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
// Loaded on first use otherwise, which takes real time that the fake clock knows nothing of.
import './parts/second-name.js';
import { abortReason } from './retry/abort.js';
import { FakeClock } from './test-support/fake-clock.js';
import { FakeCloud } from './test-support/fake-cloud.js';
import { harness, testFile } from './test-support/harness.js';
import { NoReplyError } from './transport/transport.js';
import type { PartWorkers } from './worker/client.js';

type Put = PartWorkers['put'];

let code = Promise.resolve();
vi.mock('./chunks/second-name.js', () => ({
  loadSecondName: () => code.then(() => import('./parts/second-name.js')),
}));

// One signal ends all parts of an upload.
setMaxListeners(20);

const partSizeBytes = 2000;
/** Bytes that one connection carries in a second where nothing else bounds it: four seconds for a part. */
const each = 500;
const tickMs = 200;
let names = 0;

/** Which names of the store are asked how often at once. */
interface Seen {
  most: number;
  mostOf: Record<string, number>;
  asked: Record<string, number>;
}

/**
 * A store with two names behind a line: `rate` is what each of so many connections carries. `instead` answers in the
 * place of a name.
 */
function storeWithTwoNames(
  rate: (connections: number, elapsedMs: number) => number,
  instead: (url: string, options: Parameters<Put>[2]) => ReturnType<Put> | undefined = () => undefined,
) {
  const clock = new FakeClock();
  const second = `https://second-${++names}.test`;
  const cloud = new FakeCloud({ partSizeBytes, secondStore: second, elapsed: () => clock.elapsed() });
  const seen: Seen = { most: 0, mostOf: {}, asked: {} };
  const open: Record<string, number> = {};
  const openNow = () => Object.values(open).reduce((sum, one) => sum + one, 0);
  const put: Put = async (request, body, options) => {
    const name = request.url.startsWith(second) ? 'second' : 'first';
    open[name] = (open[name] ?? 0) + 1;
    seen.asked[name] = (seen.asked[name] ?? 0) + 1;
    seen.mostOf[name] = Math.max(seen.mostOf[name] ?? 0, open[name]);
    seen.most = Math.max(seen.most, openNow());
    try {
      const other = name === 'second' ? instead(request.url, options) : undefined;
      if (other) return await other;
      for (let sent = 0; sent < body.size;) {
        await clock.sleep(tickMs, options.signal);
        sent = Math.min(body.size, Math.round(sent + (rate(openNow(), clock.elapsed()) * tickMs) / 1000));
        options.onProgress(sent);
      }
      if (options.signal.aborted) throw abortReason(options.signal);
      return await cloud.workers.put(request, body, { ...options, onProgress: () => {} });
    } finally {
      open[name] -= 1;
    }
  };
  return { clock, cloud, seen, workers: { ...cloud.workers, put } };
}

const bounded = () => each;
const shared = (connections: number) => (3 * each) / connections;

/** The first tests of this file: what has been loaded is not loaded again. */
function codeComesLater() {
  let arrive = () => {};
  code = new Promise((resolve) => (arrive = resolve));
  return arrive;
}

it('sends to the first name, over all connections in the end, while the code that decides does not come', async () => {
  const codeArrives = codeComesLater();
  // Half a minute for each part: those that were begun are soon the bound of the whole upload.
  const { seen, workers, ...world } = storeWithTwoNames(() => 80);
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(12 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(2500);
  expect(seen).toMatchObject({ most: 3, mostOf: { first: 3 } });
  await world.clock.advance(2500);
  expect(seen).toMatchObject({ most: 6, mostOf: { first: 6 } });
  code = Promise.reject(new Error('not there'));
  code.catch(() => {});
  codeArrives();
  await until('ready');
  expect(seen).toMatchObject({ most: 6, mostOf: { first: 6 } });
  expect(world.clock.elapsed()).toBeLessThan(60_000);
});

it('measures a file of few parts although the code that decides comes after a while', async () => {
  const codeArrives = codeComesLater();
  const { seen, workers, ...world } = storeWithTwoNames(() => 80);
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(12 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(2000);
  codeArrives();
  await until('ready');
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
  // Six alone take 50 seconds.
  expect(world.clock.elapsed()).toBeLessThan(40_000);
});

it('sends to both names of a store, six parts to each, where each connection has a bound of its own', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded);
  const { uploader, until, only } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(120 * partSizeBytes)]);
  await until('ready');
  expect(only().receipt).toBeDefined();
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
  // Six alone take 80 seconds.
  expect(world.clock.elapsed()).toBeLessThan(60_000);
});

it('never opens more than six connections on a line that they fill', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(shared);
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(120 * partSizeBytes)]);
  await until('ready');
  expect(seen).toMatchObject({ most: 6, mostOf: { first: 6 } });
});

it('gives twelve connections up where they carry no more than six did', async () => {
  const { seen, workers, ...world } = storeWithTwoNames((connections) =>
    Math.min(each, (6 * each) / connections),
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(240 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(30_000);
  const { second } = seen.asked;
  await until('ready');
  expect(seen.asked.second).toBe(second);
});

it('goes back to six when the line has lost its bound', async () => {
  const { seen, workers, ...world } = storeWithTwoNames((connections, elapsedMs) =>
    elapsedMs < 40_000 ? each : (60 * each) / connections,
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(600 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(60_000);
  const { second } = seen.asked;
  await until('ready');
  expect(seen.mostOf.second).toBe(6);
  expect(seen.asked.second).toBe(second);
});

it.each([
  ['is blocked', () => Promise.reject(new NoReplyError())],
  ['refuses', () => Promise.resolve({ status: 403, errorCode: 'SecondLevelDomainForbidden' })],
])(
  'sends the part at once to the first name where the second %s, and does not ask again',
  async (_, answer) => {
    const { seen, workers, ...world } = storeWithTwoNames(bounded, answer);
    const { uploader, until } = harness({ ports: { workers } }, world);
    await uploader.add([testFile(60 * partSizeBytes)]);
    await until('ready');
    await uploader.add([testFile(60 * partSizeBytes, { seed: 2 })]);
    for (let passed = 0; passed < 120 && world.cloud.uploads.size < 2; passed++)
      await world.clock.advance(1000);
    await world.clock.advance(120_000);
    expect(uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['ready', 'ready']);
    expect(seen).toMatchObject({ most: 7, asked: { second: 1 }, mostOf: { first: 6 } });
  },
);

it('waits four seconds for a second name that is silent', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(
    bounded,
    (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(abortReason(signal)), { once: true }),
      ),
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(60 * partSizeBytes)]);
  await until('ready');
  expect(seen.asked.second).toBe(1);
  expect(world.clock.elapsed()).toBeLessThan(60_000);
});

it('stays at two connections in the background, and leaves the bound of the host alone', async () => {
  for (const options of [{}, { concurrency: { connections: 4 } }]) {
    const { seen, workers, ...world } = storeWithTwoNames(bounded);
    const { uploader, until } = harness({ ...options, ports: { workers } }, world);
    if (!options.concurrency) uploader.setPriority('background');
    await uploader.add([testFile(60 * partSizeBytes)]);
    await until('ready');
    expect(seen.most).toBe(options.concurrency ? 4 : 2);
    expect(seen.asked.second).toBeUndefined();
  }
});

it('gives the second name up when the upload goes to the background', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded);
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(200 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(20_000);
  expect(seen.most).toBe(12);
  uploader.setPriority('background');
  await world.clock.advance(10_000);
  seen.most = 0;
  await world.clock.advance(20_000);
  expect(seen.most).toBe(2);
});

it('measures again after five minutes, because the line may be full by then', async () => {
  const { seen, workers, ...world } = storeWithTwoNames((connections, elapsedMs) =>
    elapsedMs < 60_000 ? each : shared(connections),
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(800 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(250_000);
  seen.most = 0;
  await world.clock.advance(45_000);
  expect(seen.most).toBe(12);
  await world.clock.advance(60_000);
  Object.assign(seen, { most: 0, mostOf: {} });
  await world.clock.advance(60_000);
  expect(seen).toMatchObject({ most: 6, mostOf: { first: 6 } });
});

it('keeps twelve connections for longer than five minutes where they are of use, with parts of a minute', async () => {
  let least = Infinity;
  let isWatched = false;
  const { seen, workers, ...world } = storeWithTwoNames((connections) => {
    if (isWatched) least = Math.min(least, connections);
    return 40;
  });
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(150 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(250_000);
  isWatched = true;
  await world.clock.advance(150_000);
  isWatched = false;
  expect(least).toBeGreaterThanOrEqual(6);
  Object.assign(seen, { most: 0, mostOf: {} });
  await world.clock.advance(30_000);
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
});

it('starts no measurement in which six parts of a short upload would be awaited', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(() => 80);
  const { uploader } = harness({ ports: { workers } }, world);
  // To a store with one part for each connection, which the measurement does not take part in.
  await uploader.add([testFile(6 * partSizeBytes, { seed: 2 })]);
  await world.clock.advance(1000);
  await uploader.add([testFile(12 * partSizeBytes)]);
  await world.clock.advance(20_000);
  expect(seen.most).toBe(6);
  seen.most = 0;
  await world.clock.advance(15_000);
  expect(seen.most).toBe(6);
});

it('measures a large file after a short one that was not worth it', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded);
  const { uploader } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(6 * partSizeBytes, { seed: 2 })]);
  await world.clock.advance(1000);
  await uploader.add([testFile(12 * partSizeBytes)]);
  await world.clock.advance(30_000);
  expect(seen.most).toBe(6);
  await uploader.add([testFile(200 * partSizeBytes, { seed: 3 })]);
  await world.clock.advance(15_000);
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
});

it('keeps twelve connections although the line stood still just before they are compared with six', async () => {
  const { seen, workers, ...world } = storeWithTwoNames((_, elapsedMs) =>
    elapsedMs > 296_000 && elapsedMs < 300_600 ? each / 10 : each,
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(1600 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(330_000);
  Object.assign(seen, { most: 0, mostOf: {} });
  await world.clock.advance(30_000);
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
});

it('measures once more where six connections carry little more than three', async () => {
  const { seen, workers, ...world } = storeWithTwoNames((_, elapsedMs) =>
    elapsedMs > 2900 && elapsedMs < 4300 ? 0.6 * each : each,
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(120 * partSizeBytes)]);
  await until('ready');
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
});

it('sends to the first name alone what the second, after it has worked, does not take', async () => {
  let works = true;
  const { seen, workers, ...world } = storeWithTwoNames(bounded, () =>
    works ? undefined : Promise.reject(new NoReplyError()),
  );
  const { uploader, until } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(400 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(30_000);
  expect(seen.most).toBe(12);
  works = false;
  await world.clock.advance(10_000);
  const { second } = seen.asked;
  await world.clock.advance(60_000);
  expect(seen.asked.second).toBe(second);
  await until('ready');
});

it('does not believe a second name that answers 200 without an ETag', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded, () => Promise.resolve({ status: 200 }));
  const { uploader, until, only } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(60 * partSizeBytes)]);
  await until('ready');
  expect(only().receipt).toBeDefined();
  expect(seen.asked.second).toBe(1);
});

it('goes on with twelve connections after a pause, and has six for a file in one part', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded);
  const { uploader, until, only } = harness({ ports: { workers } }, world);
  await uploader.add([testFile(200 * partSizeBytes)]);
  await until('uploading');
  await world.clock.advance(20_000);
  uploader.pause(only().id);
  await world.clock.advance(20_000);
  Object.assign(seen, { most: 0, mostOf: {} });
  uploader.resume(only().id);
  await world.clock.advance(3000);
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
  await until('ready');
  await uploader.add([testFile(6 * partSizeBytes, { seed: 2 })]);
  Object.assign(seen, { most: 0, mostOf: {} });
  await world.clock.advance(30_000);
  expect(seen).toEqual({ ...seen, most: 6, mostOf: { first: 6 } });
});

it('shares both names among several files', async () => {
  const { seen, workers, ...world } = storeWithTwoNames(bounded);
  const { uploader } = harness({ ports: { workers } }, world);
  await uploader.add([1, 2, 3].map((seed) => testFile(60 * partSizeBytes, { seed })));
  await world.clock.advance(200_000);
  expect(uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
  expect(seen).toMatchObject({ most: 12, mostOf: { first: 6, second: 6 } });
});

it('names no address of a store that refuses at both of its names', async () => {
  const { workers, ...world } = storeWithTwoNames(bounded);
  const put: Put = async (request, body, options) => {
    if (world.clock.elapsed() < 12_000) return workers.put(request, body, options);
    return Promise.resolve({ status: 400, errorCode: 'Refused' });
  };
  const { uploader, until, only } = harness({ ports: { workers: { ...workers, put } } }, world);
  await uploader.add([testFile(100 * partSizeBytes)]);
  await until('failed');
  const { error } = only();
  expect(error?.code).toBe('store-refused');
  expect(JSON.stringify([error, error?.message, error?.stack])).not.toMatch(/https?:/);
});
