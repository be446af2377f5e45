import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeptPosters } from './kept-posters.js';

/** As much of the Cache API as is used: entries in the order in which they were put. */
function fakeCaches() {
  const entries = new Map<string, Response>();
  const urlOf = (what: string | Request) => (typeof what === 'string' ? what : what.url);
  const cache = {
    put: async (url: string, response: Response) => {
      entries.delete(url);
      entries.set(url, response);
    },
    match: async (url: string) => entries.get(url)?.clone(),
    delete: async (what: string | Request) => entries.delete(urlOf(what)),
    keys: async () => [...entries.keys()].map((url) => new Request(url)),
  };
  return { entries, open: async () => cache };
}

let storage: ReturnType<typeof fakeCaches>;
beforeEach(() => {
  storage = fakeCaches();
  vi.stubGlobal('caches', storage);
  vi.stubGlobal('location', { origin: 'https://app.example.com' });
});
afterEach(() => vi.unstubAllGlobals());

const picture = (text: string) => new Blob([text], { type: 'image/jpeg' });
const textOf = async (found: Blob | undefined) => found?.text();
const always = () => true;

it('keeps a picture for its upload and its place only', async () => {
  const own = new KeptPosters('/api s3 ada');
  await own.keep('1', picture('one'), always);
  expect(await textOf(await own.find('1'))).toBe('one');
  expect(await own.find('2')).toBeUndefined();
  expect(await new KeptPosters('/api s3 ben').find('1')).toBeUndefined();
  await own.delete('1');
  expect(await own.find('1')).toBeUndefined();
});

it('deletes the pictures of its place that are of no use when it keeps another, and none of other places', async () => {
  const own = new KeptPosters('/api s3 ada');
  const other = new KeptPosters('/api s3 ben');
  await other.keep('1', picture('his'), always);
  await own.keep('1', picture('one'), always);
  await own.keep('2', picture('two'), always);
  await own.keep('3', picture('three'), (id) => id === '2');
  expect(await own.find('1')).toBeUndefined();
  expect(await textOf(await own.find('2'))).toBe('two');
  expect(await textOf(await own.find('3'))).toBe('three');
  expect(await textOf(await other.find('1'))).toBe('his');
});

it('keeps at most fifty pictures, the latest ones', async () => {
  const own = new KeptPosters('/api s3');
  for (let id = 1; id <= 53; id += 1) await own.keep(String(id), picture(String(id)), always);
  expect(storage.entries.size).toBe(50);
  expect(await own.find('3')).toBeUndefined();
  expect(await textOf(await own.find('4'))).toBe('4');
});

it.each([
  ['is missing', undefined],
  ['refuses', { open: () => Promise.reject(new DOMException('', 'SecurityError')) }],
  [
    'has no space left',
    {
      open: async () => ({
        put: () => Promise.reject(new DOMException('', 'QuotaExceededError')),
        keys: async () => [],
        match: async () => undefined,
      }),
    },
  ],
])('keeps nothing and finds nothing where the Cache API %s', async (_what, api) => {
  vi.stubGlobal('caches', api);
  const own = new KeptPosters('/api s3');
  await own.keep('1', picture('one'), always);
  await own.tidy(() => false);
  expect(await own.find('1')).toBeUndefined();
});

it('keeps nothing in a frame without an origin', async () => {
  vi.stubGlobal('location', { origin: 'null' });
  const own = new KeptPosters('/api s3');
  await own.keep('1', picture('one'), always);
  expect(storage.entries.size).toBe(0);
});
