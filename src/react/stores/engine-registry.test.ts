import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader, type FakeUploader } from '../../testing/index.js';
import { EngineRegistry, graceMs } from './engine-registry.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const host =
  (name = 'first') =>
  () =>
    name;
const made: FakeUploader[] = [];
const make = (status?: Parameters<typeof anUpload>[0]) => () => {
  const fake = createFakeUploader({ uploads: status ? [anUpload({ id: 'a', ...status })] : [] });
  made.push(fake);
  return fake;
};

it('hands an engine with uploads under way to the next widget of the same key', () => {
  const registry = new EngineRegistry<string>();
  const first = registry.acquire('key', host(), make({ status: 'uploading' }));
  first.release();
  vi.advanceTimersByTime(graceMs * 100);
  expect(registry.getOrphans()).toHaveLength(1);
  const second = registry.acquire('key', host(), make());
  expect(second.engine).toBe(first.engine);
  expect((second.engine as FakeUploader).isDestroyed).toBe(false);
  expect(registry.getOrphans()).toEqual([]);
});

it('keeps an engine over the double mount of StrictMode, and destroys an idle one after the grace period', () => {
  const registry = new EngineRegistry<string>();
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

it('polls details for an orphaned engine until its last upload has ended, then destroys the engine', async () => {
  const registry = new EngineRegistry<string>();
  const { engine, release } = registry.acquire('key', host(), make({ status: 'processing' }));
  const fake = engine as FakeUploader;
  release();
  await vi.advanceTimersByTimeAsync(1000);
  expect(fake.calls).toContainEqual({ method: 'refreshDetails' });
  fake.update('a', { status: 'ready' });
  vi.advanceTimersByTime(graceMs);
  expect(fake.isDestroyed).toBe(true);
});

it('keeps an orphaned engine while a dock shows it', () => {
  const registry = new EngineRegistry<string>();
  const { engine, release } = registry.acquire('key', host(), make({ status: 'ready' }));
  release();
  const stop = registry.watch(engine);
  vi.advanceTimersByTime(graceMs * 10);
  expect((engine as FakeUploader).isDestroyed).toBe(false);
  stop();
  vi.advanceTimersByTime(graceMs);
  expect((engine as FakeUploader).isDestroyed).toBe(true);
});

it('gives two widgets that are mounted at once, or of different keys, an engine each', () => {
  const registry = new EngineRegistry<string>();
  const first = registry.acquire('key', host(), make());
  expect(registry.acquire('key', host(), make()).engine).not.toBe(first.engine);
  first.release();
  expect(registry.acquire('other', host(), make()).engine).not.toBe(first.engine);
});

it('reads the settings of the newest widget of an engine', () => {
  const registry = new EngineRegistry<string>();
  let asked: (() => string) | undefined;
  const first = registry.acquire('key', host('first'), (current) => {
    asked = current;
    return createFakeUploader({ uploads: [anUpload({ status: 'uploading' })] });
  });
  first.release();
  registry.acquire('key', host('second'), make());
  expect(asked?.()).toBe('second');
});
