import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader, type FakeUploader } from '../../testing/index.js';
import { EngineRegistry, graceMs, type EngineHost } from './engine-registry.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const host = (name = 'first'): EngineHost => ({
  headers: () => ({ name }),
  metadata: () => ({}),
  onUnauthorized: undefined,
  validate: () => undefined,
});
const made: FakeUploader[] = [];
const make = (status?: Parameters<typeof anUpload>[0]) => () => {
  const fake = createFakeUploader({ uploads: status ? [anUpload({ id: 'a', ...status })] : [] });
  made.push(fake);
  return fake;
};

it('keeps an engine that is at work, and hands it to the next widget of the same key', () => {
  const registry = new EngineRegistry();
  const first = registry.acquire('key', host(), make({ status: 'uploading' }));
  first.release();
  vi.advanceTimersByTime(graceMs * 100);
  expect(registry.getOrphans()).toHaveLength(1);
  const second = registry.acquire('key', host(), make());
  expect(second.engine).toBe(first.engine);
  expect((second.engine as FakeUploader).isDestroyed).toBe(false);
  expect(registry.getOrphans()).toEqual([]);
});

it('survives the double mount of StrictMode, and gives up an idle engine after a while', () => {
  const registry = new EngineRegistry();
  const first = registry.acquire('key', host(), make());
  first.release();
  const second = registry.acquire('key', host(), make());
  expect(second.engine).toBe(first.engine);
  second.release();
  vi.advanceTimersByTime(graceMs - 1);
  expect((first.engine as FakeUploader).isDestroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect((first.engine as FakeUploader).isDestroyed).toBe(true);
});

it('gives up an engine once its last upload has ended, and asks for details until then', () => {
  const registry = new EngineRegistry();
  const { engine, release } = registry.acquire('key', host(), make({ status: 'processing' }));
  const fake = engine as FakeUploader;
  release();
  vi.advanceTimersByTime(1000);
  expect(fake.calls).toContainEqual({ method: 'refreshDetails' });
  fake.update('a', { status: 'ready' });
  vi.advanceTimersByTime(graceMs);
  expect(fake.isDestroyed).toBe(true);
});

it('keeps what a dock shows', () => {
  const registry = new EngineRegistry();
  const { engine, release } = registry.acquire('key', host(), make({ status: 'ready' }));
  release();
  const stop = registry.watch(engine);
  vi.advanceTimersByTime(graceMs * 10);
  expect((engine as FakeUploader).isDestroyed).toBe(false);
  stop();
  vi.advanceTimersByTime(graceMs);
  expect((engine as FakeUploader).isDestroyed).toBe(true);
});

it('gives two widgets on one page, and two kinds of limits, an engine each', () => {
  const registry = new EngineRegistry();
  const first = registry.acquire('key', host(), make());
  expect(registry.acquire('key', host(), make()).engine).not.toBe(first.engine);
  first.release();
  expect(registry.acquire('other', host(), make()).engine).not.toBe(first.engine);
});

it('lets the engine ask the newest widget', () => {
  const registry = new EngineRegistry();
  let asked: { readonly current: EngineHost } | undefined;
  const first = registry.acquire('key', host('first'), (current) => {
    asked = current;
    return createFakeUploader({ uploads: [anUpload({ status: 'uploading' })] });
  });
  first.release();
  registry.acquire('key', host('second'), make());
  expect(asked?.current.headers()).toEqual({ name: 'second' });
});
