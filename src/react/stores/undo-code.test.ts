// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { pendingEndsOf, type EndKind } from './pending-ends.js';
import { undoQueueOf } from './undo.js';
import { forgetEnds, isWaitingToEnd, undoCode, withUndoCode } from './undo-code.js';

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
const statuses = (fake: ReturnType<typeof sending>) => fake.getSnapshot().uploads.map(({ status }) => status);
const beginWith = (fake: ReturnType<typeof sending>, kind: EndKind, ids: readonly string[]) => {
  withUndoCode(fake, { kind, ids }, (code, left, paused) => {
    code.undoQueueOf(fake).begin(kind, left, 6000, paused);
  });
};

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

it('pauses at once, and begins to end once the code is there', async () => {
  const arrive = withoutCode();
  const fake = sending();
  beginWith(fake, 'cancel', ['a']);
  expect(verbs(fake)).toEqual(['pause']);
  expect(isWaitingToEnd(fake, 'a')).toBe(true);
  vi.advanceTimersByTime(4999);
  expect(pendingEndsOf(fake).getSnapshot().has('a')).toBe(false);
  await arrive();
  expect(isWaitingToEnd(fake, 'a')).toBe(false);
  expect(pendingEndsOf(fake).getSnapshot().has('a')).toBe(true);
  vi.advanceTimersByTime(5999);
  expect(verbs(fake)).toEqual(['pause']);
  vi.advanceTimersByTime(1);
  expect(verbs(fake)).toEqual(['pause', 'cancel']);
});

it('resumes by Undo what it had paused before the code was there, and nothing else', async () => {
  const arrive = withoutCode();
  const fake = createFakeUploader({
    uploads: [
      anUpload({ id: 'moving', status: 'uploading' }),
      anUpload({ id: 'paused', status: 'paused' }),
      anUpload({ id: 'waiting', status: 'queued', isNotStarted: true, canPause: true, canCancel: true }),
    ],
  });
  const ids = ['moving', 'paused', 'waiting'];
  beginWith(fake, 'cancel', ids);
  await arrive();
  undoQueueOf(fake).undo(ids);
  vi.advanceTimersByTime(60_000);
  expect(fake.calls.map(({ method, id }) => [method, id])).toEqual([
    ['pause', 'moving'],
    ['resume', 'moving'],
  ]);
});

it('does not end what is resumed before the code is there, or while it cannot be loaded', async () => {
  const arrive = withoutCode();
  const [late, missing] = [sending(), sending()];
  beginWith(missing, 'cancel', ['a']);
  missing.resume('a');
  vi.advanceTimersByTime(5000);
  beginWith(late, 'cancel', ['a']);
  late.resume('a');
  await arrive();
  vi.advanceTimersByTime(60_000);
  expect(verbs(missing)).toEqual(['pause', 'resume']);
  expect(verbs(late)).toEqual(['pause', 'resume']);
});

it('pauses nothing that is only removed from the list', () => {
  withoutCode();
  const fake = sending();
  beginWith(fake, 'remove', ['a']);
  expect(verbs(fake)).toEqual([]);
});

it('ends without a way back after five seconds where the code cannot be loaded, and only once', async () => {
  const arrive = withoutCode();
  const fake = sending();
  const begin = vi.fn();
  withUndoCode(fake, ending, begin);
  vi.advanceTimersByTime(5000);
  expect(verbs(fake)).toEqual(['pause', 'cancel']);
  await arrive();
  vi.advanceTimersByTime(60_000);
  expect(begin).not.toHaveBeenCalled();
  expect(verbs(fake)).toEqual(['pause', 'cancel']);
});

it('leaves paused what a widget that is gone was asked to end, and ends what another one was asked to', () => {
  withoutCode();
  const [gone, other] = [sending(), sending()];
  withUndoCode(gone, ending, vi.fn());
  withUndoCode(other, ending, vi.fn());
  forgetEnds(gone);
  vi.advanceTimersByTime(60_000);
  expect(statuses(gone)).toEqual(['paused']);
  expect(statuses(other)).toEqual(['canceled']);
});
