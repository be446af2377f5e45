import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { rememberLine } from './measured-speeds.js';

const kept = new Map<string, string>();
beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const lineKey = 'vodrop-line-bytes-per-second';
const remembered = () => (JSON.parse(kept.get(lineKey) ?? '{}') as { value?: number }).value;

/** A line that was slow an hour ago, where a visit has begun. */
function slowLine(fields: Parameters<typeof anUpload>[0] = {}) {
  kept.set(lineKey, JSON.stringify({ value: 100_000, at: Date.now() - 3600_000 }));
  const upload = anUpload({ status: 'preparing', sizeBytes: 900_000, sentBytes: 0, ...fields });
  const uploader = createFakeUploader({ uploads: [upload] });
  const stop = rememberLine(uploader);
  return { uploader, id: upload.id, stop };
}

it('takes a line for faster once a copy was sent that fast, though in too short a time to measure it', () => {
  const { uploader, id } = slowLine();
  uploader.update(id, { status: 'uploading' });
  vi.advanceTimersByTime(200);
  uploader.update(id, { status: 'confirming', sentBytes: 900_000 });
  expect(remembered()).toBe(3_000_000);
});

it.each(['canceled', 'failed', 'paused'] as const)('learns nothing from an upload that was %s', (status) => {
  const { uploader, id } = slowLine();
  uploader.update(id, { status: 'uploading' });
  uploader.update(id, { status });
  expect(remembered()).toBe(100_000);
});

it('counts only what was sent since, and nothing of an upload of an earlier visit', () => {
  const { uploader, id } = slowLine({ storedBytes: 880_000, sentBytes: 880_000 });
  uploader.update(id, { status: 'uploading' });
  vi.advanceTimersByTime(900);
  uploader.update(id, { status: 'ready', sentBytes: 900_000, storedBytes: 900_000 });
  expect(remembered()).toBe(100_000);
  const earlier = slowLine({ isResumed: true });
  earlier.uploader.update(earlier.id, { status: 'uploading' });
  earlier.uploader.update(earlier.id, { status: 'ready', sentBytes: 900_000 });
  expect(remembered()).toBe(100_000);
});

it('keeps what the engine measures, and takes no line that was never measured for slow or fast', () => {
  const { uploader, id } = slowLine();
  uploader.update(id, { status: 'uploading' });
  uploader.set({ bytesPerSecond: 50_000 });
  expect(remembered()).toBe(50_000);
  kept.clear();
  uploader.set({ bytesPerSecond: undefined });
  uploader.update(id, { status: 'ready' });
  expect(remembered()).toBeUndefined();
});
