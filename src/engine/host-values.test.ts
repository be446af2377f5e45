import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProblem, importRequestSchema, startRequestSchema } from '../protocol/index.js';
import type { UploaderOptions } from './options.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, testFile } from './test-support/harness.js';

const reported = vi.fn();
beforeEach(() => {
  reported.mockClear();
  vi.stubGlobal('reportError', reported);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const maxBodyBytes = 100_000;

/** An endpoint that refuses a malformed call as the real one does: with all that travels in it. */
function strict(h: ReturnType<typeof harness>): typeof fetch {
  const refuse = (code: 'invalid-request' | 'payload-too-large', status: number) =>
    Promise.resolve(Response.json(createProblem(code), { status }));
  return (input, init) => {
    const operation = (input as string).split('/').at(-1);
    const text = init?.body as string;
    if (text.length > maxBodyBytes) return refuse('payload-too-large', 413);
    const schema = { start: startRequestSchema, import: importRequestSchema }[operation ?? ''];
    if (schema && !v.safeParse(schema, JSON.parse(text)).success) return refuse('invalid-request', 400);
    return h.cloud.fetch(input, init);
  };
}

it.each([
  ['as it is', 25, 25],
  ['as the whole file, where it is larger', Infinity, 95],
  ['as whole bytes', 24.5, 25],
  ['not at all, where it is none', 0, undefined],
])('tells the endpoint the wished part size %s', async (_how, partSizeBytes, told) => {
  const { uploader, cloud, until } = strictHarness({ partSizeBytes });
  await uploader.add([testFile(95)]);
  await until('ready');
  expect(cloud.starts.map((start) => (start as { partSizeBytes?: number }).partSizeBytes)).toEqual([told]);
});

it('uploads where an endpoint of another make refuses the wished part size', async () => {
  const h: ReturnType<typeof harness> = harness({
    partSizeBytes: 25,
    ports: {
      fetch: (input, init) =>
        (init?.body as string).includes('partSizeBytes')
          ? Promise.resolve(Response.json(createProblem('invalid-request'), { status: 400 }))
          : h.cloud.fetch(input, init),
    },
  });
  await h.uploader.loadCapabilities();
  await h.uploader.add([testFile(95)]);
  await h.until('ready');
  expect(h.cloud.starts).toHaveLength(1);
});

function strictHarness(options: Partial<UploaderOptions> = {}) {
  const h: ReturnType<typeof harness> = harness({
    ...options,
    ports: { fetch: (...call) => strict(h)(...call), ...options.ports },
  });
  return h;
}

const circular: Record<string, unknown> = {};
circular['self'] = circular;
let deep: Record<string, unknown> = {};
for (let level = 0; level < 5000; level += 1) deep = { deep };

const noObjects: Record<string, unknown> = {
  'a text': 'lesson 7',
  'a list': [1, 2],
  'a function': () => {},
  'a number': 7,
  'a flag': true,
  'a circular object': circular,
  'an object with a BigInt': { id: 7n },
  'an object whose toJSON throws': {
    toJSON: () => {
      throw new Error('not now');
    },
  },
  'an object that becomes a text': { toJSON: () => 'text' },
};

const files = () => ['a.mp4', 'b.mp4', 'c.mp4'].map((name, seed) => testFile(95, { name, seed }));
const statuses = (h: ReturnType<typeof harness>) =>
  Object.fromEntries(
    h.uploader.getSnapshot().uploads.map((one) => [one.fileName, one.error?.code ?? one.status]),
  );

describe('metadata that is', () => {
  it.each(Object.entries(noObjects))('%s costs only its file, and is told to the host', async (_, value) => {
    const h = strictHarness({ metadata: ({ name }) => (name === 'b.mp4' ? value : { name }) as never });
    const { rejections } = await h.uploader.add(files());
    await h.clock.advance(60_000);
    expect(rejections).toMatchObject([{ file: { name: 'b.mp4' }, code: 'custom' }]);
    expect(statuses(h)).toEqual({ 'a.mp4': 'ready', 'c.mp4': 'ready' });
    expect(reported).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, null])('%s is none', async (value) => {
    const h = strictHarness({ metadata: () => value as never });
    await h.uploader.add(files());
    await h.clock.advance(60_000);
    expect(statuses(h)).toEqual({ 'a.mp4': 'ready', 'b.mp4': 'ready', 'c.mp4': 'ready' });
    expect(reported).not.toHaveBeenCalled();
  });

  it('larger than any call fails only its upload, and is told to the host', async () => {
    const h = strictHarness({
      metadata: ({ name }) => ({ text: 'x'.repeat(name === 'b.mp4' ? maxBodyBytes : 1) }),
    });
    await h.uploader.add(files());
    await h.clock.advance(60_000);
    expect(statuses(h)).toEqual({ 'a.mp4': 'ready', 'b.mp4': 'payload-too-large', 'c.mp4': 'ready' });
    expect(reported).toHaveBeenCalledTimes(1);
  });

  it.each(Object.entries(noObjects))('%s costs only its link', async (_, value) => {
    const h = strictHarness();
    const { added, rejections } = await h.uploader.addLinks([
      { url: 'https://a.example/a.mp4' },
      { url: 'https://a.example/b.mp4', metadata: value as never },
    ]);
    expect([added.length, rejections]).toMatchObject([1, [{ code: 'custom' }]]);
    expect(reported).toHaveBeenCalledTimes(1);
  });
});

const { 'a text': aText, 'a list': aList, 'a function': aFunction, ...noJson } = noObjects;
const badOptions: Record<string, unknown> = {
  'a list': aList,
  'a circular object': noJson['a circular object'],
  'an object with a BigInt': noJson['an object with a BigInt'],
  'an object whose toJSON throws': { title: noJson['an object whose toJSON throws'] },
  'a huge object': { title: 'x'.repeat(maxBodyBytes) },
};

describe('options that are', () => {
  it.each(Object.entries(badOptions))('%s fail only their upload', async (_, value) => {
    const h = strictHarness({ autoStart: false });
    const { added } = await h.uploader.add(files());
    h.uploader.setOptions(added[1] ?? '', value as never);
    h.uploader.start();
    await h.clock.advance(60_000);
    const { 'b.mp4': of, ...others } = statuses(h);
    expect(others).toEqual({ 'a.mp4': 'ready', 'c.mp4': 'ready' });
    expect(of === 'ready' || of === 'invalid-request' || of === 'payload-too-large').toBe(true);
    if (of !== 'ready') expect(reported).toHaveBeenCalledTimes(1);
  });

  it('no values to post are not told to other tabs, which see everything else', async () => {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const open: typeof port.open = (name, onMessage) => {
      const channel = port.open(name, onMessage);
      return { ...channel, post: (message) => channel.post(structuredClone(message)) };
    };
    const h = strictHarness({ ports: { tabs: { ...port, open } } });
    h.cloud.onPut = () => new Promise(() => {});
    await h.uploader.add(files(), { options: { title: aFunction as never } });
    await h.clock.advance(1000);
    const other = harness({ ports: { tabs: browser.openTab() } }, h);
    await h.clock.advance(1000);
    expect(other.uploader.getSnapshot().uploads).toHaveLength(3);
    expect(aText).toBeTypeOf('string');
  });
});

describe('attachments', () => {
  const good = new File(['x'], 'cover.jpg', { type: 'image/jpeg' });
  it.each<[string, object]>([
    ['a language that is a function', { kind: 'subtitle', file: good, language: () => 'de' }],
    ['a title that is an object', { kind: 'subtitle', file: good, title: {} }],
    ['a kind that is not known', { kind: 'poster', file: good }],
    ['a name that is too long', { kind: 'cover', file: new File(['x'], 'x'.repeat(2000)) }],
    ['no bytes', { kind: 'cover', file: new File([], 'cover.jpg') }],
  ])('with %s fail alone, and cost no video', async (_, input) => {
    const h = strictHarness({ autoStart: false });
    const { added } = await h.uploader.add(files());
    h.uploader.attach(added[1] ?? '', input as never);
    h.uploader.start();
    await h.clock.advance(60_000);
    expect(statuses(h)).toEqual({ 'a.mp4': 'ready', 'b.mp4': 'ready', 'c.mp4': 'ready' });
    const [attachment] = h.uploader.getSnapshot().uploads[1]?.attachments ?? [];
    expect(attachment).toMatchObject({ status: 'failed', error: { code: 'file-refused' } });
  });
});

it('a file whose name no call takes fails alone', async () => {
  const h = strictHarness();
  await h.uploader.add([...files(), testFile(50, { name: `${'x'.repeat(2000)}.mp4` })]);
  await h.clock.advance(60_000);
  expect(Object.values(statuses(h))).toEqual(['ready', 'ready', 'ready', 'invalid-request']);
});

it('metadata that is deeper than a call may be fails alone', async () => {
  const h = strictHarness({ metadata: ({ name }) => (name === 'b.mp4' ? deep : {}) });
  await h.uploader.add(files());
  await h.clock.advance(60_000);
  const { 'b.mp4': of, ...others } = statuses(h);
  expect(others).toEqual({ 'a.mp4': 'ready', 'c.mp4': 'ready' });
  expect(of).not.toBe('internal');
});

describe('a way to sign in that', () => {
  const signedOut = (h: ReturnType<typeof harness>) => {
    let isSignedIn = false;
    h.cloud.onCall = () =>
      isSignedIn ? undefined : Response.json(createProblem('unauthorized'), { status: 401 });
    return () => (isSignedIn = true);
  };

  it.each([
    ['throws', () => expect.fail('of the host')],
    ['rejects', () => Promise.reject(new Error('of the host'))],
  ])('%s fails its uploads with unauthorized, and is told to the host once', async (_, onUnauthorized) => {
    const h = harness({ onUnauthorized });
    signedOut(h);
    await h.uploader.add(files());
    await h.clock.advance(10_000);
    expect(new Set(Object.values(statuses(h)))).toEqual(new Set(['unauthorized']));
    expect(reported).toHaveBeenCalledTimes(1);
  });

  it.each<[string, unknown]>([
    ['a flag', true],
    ['a number', 7],
    ['a text', 'signed in'],
    ['null', null],
  ])('answers %s has only shown a form: uploads wait until the host says more', async (_, answer) => {
    const onUnauthorized = vi.fn(() => answer as undefined);
    const h = harness({ onUnauthorized });
    const signIn = signedOut(h);
    await h.uploader.add(files());
    await h.clock.advance(10_000);
    expect(h.uploader.getSnapshot().uploads.map(({ waiting }) => waiting?.for)).toContain('sign-in');
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
    signIn();
    h.uploader.notifySignedIn();
    await h.clock.advance(60_000);
    expect(new Set(Object.values(statuses(h)))).toEqual(new Set(['ready']));
  });

  it('never answers leaves cancel, and pause and resume, which let all others go on as well', async () => {
    const h = harness({ onUnauthorized: () => new Promise<void>(() => {}) });
    const signIn = signedOut(h);
    const { added } = await h.uploader.add(files());
    const [a = '', b = ''] = added;
    await h.clock.advance(1000);
    h.uploader.cancel(a);
    h.uploader.pause(b);
    await h.clock.advance(1000);
    expect(statuses(h)).toMatchObject({ 'a.mp4': 'canceled', 'b.mp4': 'paused' });
    signIn();
    h.uploader.resume(b);
    await h.clock.advance(60_000);
    expect(statuses(h)).toMatchObject({ 'a.mp4': 'canceled', 'b.mp4': 'ready', 'c.mp4': 'ready' });
  });
});

describe('a listener that', () => {
  it.each(['started', 'confirmed', 'ready'] as const)(
    'cancels, removes and adds at the event %s finds an engine that goes on',
    async (at) => {
      const h = harness();
      let isFirst = true;
      const act = () => {
        const [first] = h.uploader.getSnapshot().uploads;
        if (!isFirst || !first) return;
        isFirst = false;
        h.uploader.cancel(first.id);
        h.uploader.remove(first.id);
        void h.uploader.add([testFile(70, { name: 'd.mp4', seed: 9 })]);
        h.uploader.cancel('unknown');
      };
      h.uploader.onEvent(({ type }) => {
        if (type === at) act();
      });
      await h.uploader.add(files());
      await h.clock.advance(60_000);
      expect(statuses(h)).toMatchObject({ 'b.mp4': 'ready', 'c.mp4': 'ready', 'd.mp4': 'ready' });
    },
  );

  it('cancels, removes and adds while the snapshot changes finds an engine that goes on', async () => {
    const h = harness();
    let count = 0;
    h.uploader.subscribe(() => {
      const [first] = h.uploader.getSnapshot().uploads;
      count += 1;
      if (count !== 3 || !first) return;
      h.uploader.remove(first.id);
      void h.uploader.add([testFile(70, { name: 'd.mp4', seed: 9 })]);
    });
    await h.uploader.add(files());
    await h.clock.advance(60_000);
    expect(statuses(h)).toMatchObject({ 'c.mp4': 'ready', 'd.mp4': 'ready' });
  });
});
