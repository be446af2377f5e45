// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { pendingEndsOf } from './pending-ends.js';
import { forgetEnds, undoCode, withQueue } from './undo-code.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const sending = () =>
  createFakeUploader({
    uploads: [anUpload({ id: 'a', status: 'uploading', canPause: true, canCancel: true })],
  });
const ending = { kind: 'cancel', ids: ['a'] } as const;
const verbs = ({ calls }: ReturnType<typeof sending>) => calls.map(({ method }) => method);

/** The code is asked for, and comes when the answer is called, if at all. */
function withoutCode(): () => Promise<void> {
  const waiting = new Set<Parameters<typeof undoCode.when>[0]>();
  vi.spyOn(undoCode, 'peek').mockReturnValue(undefined);
  vi.spyOn(undoCode, 'when').mockImplementation((callback) => {
    waiting.add(callback);
    return () => waiting.delete(callback);
  });
  return async () => {
    const code = await import('../components/undo-chunk.js');
    vi.spyOn(undoCode, 'peek').mockReturnValue(code);
    for (const callback of waiting) callback(code);
  };
}

it('begins to end once the code is there, and ends nothing before', async () => {
  const arrive = withoutCode();
  const fake = sending();
  withQueue(fake, ending, (queue) => {
    queue.begin(ending.kind, ending.ids, 6000);
  });
  vi.advanceTimersByTime(4999);
  expect(verbs(fake)).toEqual([]);
  await arrive();
  expect(verbs(fake)).toEqual(['pause']);
  expect(pendingEndsOf(fake).getSnapshot().has('a')).toBe(true);
  vi.advanceTimersByTime(5999);
  expect(verbs(fake)).toEqual(['pause']);
  vi.advanceTimersByTime(1);
  expect(verbs(fake)).toEqual(['pause', 'cancel']);
});

it('ends without a way back after five seconds where the code cannot be loaded, and only once', async () => {
  const arrive = withoutCode();
  const fake = sending();
  const begin = vi.fn();
  withQueue(fake, ending, begin);
  vi.advanceTimersByTime(5000);
  expect(verbs(fake)).toEqual(['cancel']);
  await arrive();
  vi.advanceTimersByTime(60_000);
  expect(begin).not.toHaveBeenCalled();
  expect(verbs(fake)).toEqual(['cancel']);
});

it('ends nothing after the widget is gone, but what another one was asked to end', () => {
  withoutCode();
  const [gone, other] = [sending(), sending()];
  withQueue(gone, ending, vi.fn());
  withQueue(other, ending, vi.fn());
  forgetEnds(gone);
  vi.advanceTimersByTime(60_000);
  expect(verbs(gone)).toEqual([]);
  expect(verbs(other)).toEqual(['cancel']);
});
