import { expect, it, vi } from 'vitest';
import { ConnectionPool } from './parts/pool.js';
import { Queue } from './queue.js';
import { MemoryJournalStore } from './resume/memory.js';
import { UploadRunner } from './runner.js';
import { SerialWork } from './serial-work.js';
import { SnapshotBuilder } from './snapshot.js';
import { harness } from './test-support/harness.js';

const files = (count: number) =>
  Array.from({ length: count }, (_, index) => new File([`${index}`], `${index}.mp4`));

/** What a button for all costs with so many uploads, in operations. */
async function costOf(
  button: 'pauseAll' | 'resumeAll' | 'cancelAll' | 'retryAll' | 'removeAll',
  count: number,
) {
  const store = new MemoryJournalStore();
  const { uploader, cloud, clock } = harness({ ports: { store } });
  let calls = 0;
  uploader.subscribe(() => (calls += 1));
  cloud.onPut = () => new Promise<never>(() => {});
  await uploader.add(files(count));
  await clock.advance(10);
  if (button === 'resumeAll') uploader.pauseAll();
  if (button === 'retryAll' || button === 'removeAll') uploader.cancelAll();
  await clock.advance(1000);
  calls = 0;
  const spies = {
    admitted: vi.spyOn(Queue.prototype, 'admit'),
    expected: vi.spyOn(ConnectionPool.prototype, 'expect'),
    works: vi.spyOn(SerialWork.prototype, 'begin'),
    touched: vi.spyOn(SnapshotBuilder.prototype, 'touch'),
    built: vi.spyOn(SnapshotBuilder.prototype, 'one'),
    written: vi.spyOn(store, 'delete'),
  };
  uploader[button]();
  const cost = Object.fromEntries(Object.entries(spies).map(([name, { mock }]) => [name, mock.calls.length]));
  await Promise.resolve();
  vi.restoreAllMocks();
  return { ...cost, calls } as Record<keyof typeof spies | 'calls', number>;
}

it.each(['pauseAll', 'resumeAll', 'cancelAll', 'retryAll', 'removeAll'] as const)(
  '%s asks the queue no more often than uploads begin, and calls the listeners once',
  async (button) => {
    for (const count of [200, 800]) {
      const { admitted, expected, touched, built, calls } = await costOf(button, count);
      // Of small files, 96 begin at once.
      expect(expected).toBeLessThanOrEqual(96);
      expect(admitted).toBeLessThanOrEqual(1 + 96);
      expect(touched).toBeLessThanOrEqual(2 * count);
      expect(built).toBeLessThanOrEqual(count);
      expect(calls).toBeLessThanOrEqual(1);
    }
  },
);

it('cancelAll begins no work and writes nothing for uploads that have not begun', async () => {
  const [few, many] = [await costOf('cancelAll', 200), await costOf('cancelAll', 800)];
  expect(many.works).toBe(few.works);
  expect(many.written).toBe(few.written);
});

it('of a large drop no file begins before its first bytes are read, and none that turns out to be no video', async () => {
  const { uploader, cloud, clock } = harness({ restrictions: { accept: ['video'] } });
  let [read, ask] = [() => {}, () => {}];
  const isRead = new Promise<void>((resolve) => (read = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const text = new File(['a text in place of a video'], 'text.mp4');
  text.stream = () => {
    ask();
    return new ReadableStream({
      pull: async (controller) => {
        await isRead;
        controller.enqueue(new TextEncoder().encode('a text'));
        controller.close();
      },
    });
  };
  const videos = Array.from({ length: 300 }, (_, index) => new File(['\0\0\0\x18ftypisom'], `${index}.mp4`));
  const adding = uploader.add([...videos, text]);
  await asked;
  const shown = () => uploader.getSnapshot().uploads.find(({ fileName }) => fileName === 'text.mp4');
  expect(shown()?.status).toBe('queued');
  uploader.pauseAll();
  uploader.resumeAll();
  expect(shown()?.status).toBe('queued');
  read();
  const { added, rejections } = await adding;
  expect(added).toHaveLength(300);
  expect(rejections).toMatchObject([{ file: { name: 'text.mp4' }, code: 'file-invalid-type' }]);
  expect(shown()).toBeUndefined();
  expect(uploader.getSnapshot().rejections).toHaveLength(1);
  const isReady = () => uploader.getSnapshot().uploads.every(({ status }) => status === 'ready');
  while (!isReady()) await clock.advance(100);
  expect(cloud.starts.some(({ sizeBytes }) => sizeBytes === text.size)).toBe(false);
});

it('builds only what has changed of an upload, when all that wait move up in the queue', async () => {
  const { uploader, cloud, clock } = harness();
  cloud.onPut = () => new Promise<never>(() => {});
  await uploader.add(files(300));
  await clock.advance(1000);
  const waiting = () => uploader.getSnapshot().uploads.filter(({ status }) => status === 'queued');
  const before = waiting();
  expect(before.length).toBeGreaterThan(150);
  const built = vi.spyOn(UploadRunner.prototype, 'canSetOptions', 'get');
  uploader.cancel(before[0]?.id ?? '');
  const after = waiting();
  expect(built.mock.calls.length).toBeLessThan(10);
  vi.restoreAllMocks();
  expect(after).toHaveLength(before.length - 1);
  expect(after).toEqual(
    before.slice(1).map((upload) => ({ ...upload, queuePosition: (upload.queuePosition ?? 0) - 1 })),
  );
});

it('of a long list, moves those that wait up once a second', async () => {
  const { uploader, cloud, clock } = harness();
  cloud.onPut = () => new Promise<never>(() => {});
  await uploader.add(files(2100));
  await clock.advance(1000);
  const waiting = () => uploader.getSnapshot().uploads.filter(({ status }) => status === 'queued');
  const before = waiting();
  uploader.cancel(before[0]?.id ?? '');
  const [, ...same] = before;
  const after = waiting();
  expect(after).toHaveLength(same.length);
  expect(after.every((upload, index) => upload === same[index])).toBe(true);
  await clock.advance(1000);
  uploader.cancel(before[1]?.id ?? '');
  const moved = waiting().map(({ queuePosition }) => queuePosition);
  expect(moved).toEqual(same.slice(1).map(({ queuePosition }) => (queuePosition ?? 0) - 2));
});

it('moves those that wait in a long list up when the second is over, also while nothing is sent', async () => {
  const { uploader, cloud, clock } = harness();
  cloud.onCall = () => new Promise<never>(() => {});
  await uploader.add(files(2500));
  let shown = uploader.getSnapshot();
  uploader.subscribe(() => (shown = uploader.getSnapshot()));
  await clock.advance(30_000);
  const waiting = () => shown.uploads.filter(({ status }) => status === 'queued');
  const before = waiting();
  const [first, ...others] = before.slice(0, 500);
  uploader.cancel(first?.id ?? '');
  await clock.advance(200);
  for (const { id } of others) uploader.cancel(id);
  await clock.advance(60_000);
  const after = waiting();
  expect(after).toHaveLength(before.length - 500);
  expect(after.at(-1)?.queuePosition).toBe((before.at(-1)?.queuePosition ?? 0) - 500);
});
