import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Capabilities } from '../protocol/index.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';

const abilities = {
  signsAtStart: true,
  signsBeforeHash: true,
  parts: { minSizeBytes: 10, maxSizeBytes: 10, maxCount: 10_000 },
} satisfies Partial<Capabilities>;

/** At a provider that signs before the hash. */
function atProvider(options: Parameters<typeof harness>[0] = {}): Harness {
  const h = harness(options);
  h.cloud.capabilities = { ...h.cloud.capabilities, ...abilities };
  return h;
}

const signedOut = () =>
  Response.json(
    { type: 'about:blank', title: 'signed out', status: 401, code: 'unauthorized' },
    { status: 401 },
  );

/** The disk gives nothing until the test says so. */
function holdHashes({ cloud: { workers } }: Harness): () => void {
  const { hash } = workers;
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  workers.hash = (body, options) => isReleased.then(() => hash(body, options));
  return release;
}

/** What every sent part has as its header, of the parts without one undefined. */
async function headersAndDigests({ cloud }: Harness, file: File) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const digestOf = (partNumber: number) =>
    createHash('md5')
      .update(bytes.subarray((partNumber - 1) * 10, partNumber * 10))
      .digest('base64');
  return cloud.puts.map(({ partNumber, md5Base64 }) => ({
    partNumber,
    isRight: md5Base64 === digestOf(partNumber),
  }));
}

it('starts an upload and has its first parts signed before they are hashed, and sends each with its MD5', async () => {
  const h = atProvider();
  await h.uploader.loadCapabilities();
  const release = holdHashes(h);
  const file = testFile(95);
  await h.uploader.add([file]);
  await h.clock.advance(100);
  expect(h.cloud.starts.map(({ parts }) => parts)).toEqual([
    [1, 2, 3, 4, 5, 6].map((partNumber) => ({ partNumber, sizeBytes: 10 })),
  ]);
  expect(h.cloud.puts).toEqual([]);
  release();
  await h.until('ready');
  const sent = await headersAndDigests(h, file);
  expect(sent.filter(({ isRight }) => isRight).map(({ partNumber }) => partNumber)).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
  expect(h.cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
});

it('waits for the hashes until it is told that none is needed', async () => {
  let describe = () => {};
  const isDescribed = new Promise<void>((resolve) => (describe = resolve));
  const world = atProvider({
    ports: {
      fetch: async (input, init) => {
        if ((input as string).endsWith('/describe')) await isDescribed;
        return world.cloud.fetch(input, init);
      },
    },
  });
  world.uploader.prepare();
  const release = holdHashes(world);
  const file = testFile(9 * 1024 * 1024);
  world.cloud.capabilities = {
    ...world.cloud.capabilities,
    parts: { minSizeBytes: 1024 * 1024, maxSizeBytes: 1024 * 1024, maxCount: 100 },
  };
  await world.uploader.add([file]);
  await world.clock.advance(100);
  expect(world.cloud.starts).toEqual([]);
  describe();
  await settle();
  expect(world.cloud.starts.map(({ parts }) => parts?.length)).toEqual([6]);
  release();
});

it('has a part signed with its MD5 where the store refuses one that is not signed', async () => {
  const h = atProvider();
  await h.uploader.loadCapabilities();
  h.cloud.onPut = () => (h.cloud.puts.at(-1)?.md5Base64 === undefined ? 'ok' : { status: 403 });
  await h.uploader.add([testFile(95)]);
  await h.until('ready');
  expect(h.cloud.calls.filter(({ operation }) => operation === 'sign').length).toBeGreaterThan(0);
  expect(h.only().error).toBeUndefined();
});

it('has the first parts signed again with their MD5s where the endpoint no longer signs before the hash', async () => {
  const h = atProvider();
  await h.uploader.loadCapabilities();
  h.cloud.capabilities = { ...h.cloud.capabilities, signsBeforeHash: undefined };
  await h.uploader.add([testFile(95)]);
  await h.until('ready');
  expect(h.cloud.starts[0]?.parts).toHaveLength(6);
  const signed = h.cloud.signed.filter(({ md5Base64 }) => md5Base64 !== undefined);
  expect(new Set(signed.map(({ partNumber }) => partNumber))).toEqual(
    new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  );
});

it('repeats a start without an answer exactly, though the parts have been hashed meanwhile', async () => {
  const h = atProvider({ cloud: { remembersStarts: true } });
  await h.uploader.loadCapabilities();
  h.cloud.onCall = (operation) => (operation === 'start' ? 'lost-reply' : undefined);
  await h.uploader.add([testFile(95)]);
  await h.clock.advance(1000);
  h.cloud.onCall = () => undefined;
  await h.until('ready');
  const [first, ...repeats] = h.cloud.starts;
  expect(repeats.length).toBeGreaterThan(0);
  for (const repeat of repeats) expect(repeat).toEqual(first);
});

/** A page after one that has stored four of ten parts. It has not asked yet what the provider can do. */
async function pageAfterFourParts() {
  const first = atProvider({ concurrency: { connections: 1 } });
  await first.uploader.loadCapabilities();
  first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
  await first.uploader.add([testFile(95)]);
  await first.clock.advance(1000);
  first.cloud.onPut = () => 'ok';
  first.cloud.puts.length = 0;
  first.cloud.calls.length = 0;
  first.cloud.signed.length = 0;
  const h = first.reload({ concurrency: { connections: 6 } });
  await settle();
  return h;
}

it('asks for the first missing parts of an unfinished upload before they are hashed', async () => {
  const h = await pageAfterFourParts();
  const { hash } = h.cloud.workers;
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  h.cloud.workers.hash = (body, options) =>
    // The fingerprint is known by then; only whole parts are held.
    body.size === 10 ? isReleased.then(() => hash(body, options)) : hash(body, options);
  const file = testFile(95);
  void h.uploader.add([file]);
  await h.clock.advance(200);
  expect(h.cloud.calls.map(({ operation }) => operation).sort()).toEqual(['list', 'sign']);
  release();
  await h.until('ready');
  const sent = await headersAndDigests(h, file);
  expect(sent.filter(({ isRight }) => isRight).map(({ partNumber }) => partNumber)).toEqual([
    5, 6, 7, 8, 9, 10,
  ]);
});

it('asks about an unfinished upload at once, and once, while its file is identified', async () => {
  const h = await pageAfterFourParts();
  const release = holdHashes(h);
  const [card] = h.uploader.getSnapshot().unfinished;
  const file = testFile(95);
  const outcome = h.uploader.continueUnfinished(card?.id ?? '', file);
  await settle();
  const asked = () => h.cloud.calls.map(({ operation }) => operation).filter((name) => name !== 'describe');
  expect(asked().sort()).toEqual(['list', 'sign']);
  release();
  expect(await outcome).toBe('continued');
  await h.until('ready');
  expect(asked().filter((name) => name === 'list')).toHaveLength(1);
  expect(h.cloud.signed.map(({ partNumber }) => partNumber).sort((a, b) => a - b)).toEqual([
    5, 6, 7, 8, 9, 10,
  ]);
});

it.each([
  ['was refused meanwhile', (h: Harness) => void (h.cloud.onCall = () => signedOut()), 1000],
  ['was answered long ago', () => {}, 60_000],
])('asks anew what %s', async (_, before, waitsMs) => {
  const h = await pageAfterFourParts();
  const release = holdHashes(h);
  before(h);
  const [card] = h.uploader.getSnapshot().unfinished;
  const outcome = h.uploader.continueUnfinished(card?.id ?? '', testFile(95));
  await h.clock.advance(waitsMs);
  const asked = () => h.cloud.calls.filter(({ operation }) => operation === 'list').length;
  const early = asked();
  h.cloud.onCall = () => undefined;
  release();
  expect(await outcome).toBe('continued');
  await h.until('ready');
  expect(asked()).toBe(early + 1);
});

it('asks again where the answers to the early questions are lost', async () => {
  const h = await pageAfterFourParts();
  const [card] = h.uploader.getSnapshot().unfinished;
  h.cloud.onCall = (operation) => (operation === 'list' || operation === 'sign' ? 'lost-reply' : undefined);
  const outcome = h.uploader.continueUnfinished(card?.id ?? '', testFile(95));
  await settle();
  h.cloud.onCall = () => undefined;
  expect(await outcome).toBe('continued');
  await h.until('ready');
  expect(h.cloud.only().object).toEqual(Buffer.from(await testFile(95).arrayBuffer()));
});

it('has the missing parts signed with their MD5s where the endpoint no longer signs before the hash', async () => {
  const h = await pageAfterFourParts();
  h.cloud.capabilities = { ...h.cloud.capabilities, signsBeforeHash: undefined };
  await h.uploader.add([testFile(95)]);
  await h.until('ready');
  const signed = h.cloud.signed.filter(({ md5Base64 }) => md5Base64 !== undefined);
  expect(new Set(signed.map(({ partNumber }) => partNumber))).toEqual(new Set([5, 6, 7, 8, 9, 10]));
  const sent = await headersAndDigests(h, testFile(95));
  expect(sent.every(({ isRight }) => !isRight)).toBe(true);
});
