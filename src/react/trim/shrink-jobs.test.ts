// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Uploader } from '../../engine/index.js';
import { createFakeUploader } from '../../testing/index.js';
import { discardCopy, makeFile, type MadeCopy } from './made-copies.js';
import { listPending } from './pending-films.js';
import { ShrinkJobs, type Film } from './shrink-jobs.js';

vi.mock('./made-copies.js', () => ({
  discardCopy: vi.fn(() => Promise.resolve()),
  makeFile: vi.fn(),
  sweepCopies: vi.fn(),
}));

const summary = { durationSeconds: 60, width: 3840, height: 2160 } as Film['summary'];
const choices = [{ lines: 1080, bitsPerSecond: 4.5e6, sizeBytes: 34e6 }];

const original = new File(['film'], 'film.mp4', { type: 'video/mp4' });
const copy = {
  file: new File(['small'], 'film.mp4', { type: 'video/mp4' }),
  handle: undefined as unknown as FileSystemFileHandle,
  folder: { note: () => Promise.resolve(), release: () => undefined } as unknown as MadeCopy['folder'],
  durationSeconds: 60,
} satisfies MadeCopy;

const filmFor = (engine: Uploader): Film => ({
  ...{ file: original, handle: undefined, path: undefined },
  ...{ engine, summary, choices },
});

beforeEach(() => {
  vi.mocked(discardCopy).mockClear();
});

it('sends the original once, however often the person presses', async () => {
  const engine = createFakeUploader();
  const jobs = new ShrinkJobs({ place: 'here' });
  await jobs.ask([filmFor(engine)], 0);
  const id = (jobs.getState().asked[0] as Film & { id: string }).id;
  await Promise.all([jobs.sendOriginal(id), jobs.sendOriginal(id)]);
  expect(engine.calls.filter(({ method }) => method === 'add')).toHaveLength(1);
  expect(jobs.getState().jobs).toEqual([]);
});

function later<T>() {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value: T) => settle?.(value) };
}

/** A film of which the copy is whole once `finish` is called; the engine takes each file once `take` is. */
async function aFilm() {
  const fake = createFakeUploader();
  const taking = later<undefined>();
  const asked = later<undefined>();
  const engine: Uploader = {
    ...fake,
    add: async (files, options) => {
      const items = [...files];
      asked.resolve(undefined);
      await taking.promise;
      return fake.add(items, options);
    },
  };
  const making = later<MadeCopy>();
  vi.mocked(makeFile).mockReturnValueOnce(making.promise);
  const jobs = new ShrinkJobs({ place: 'here' });
  await jobs.shrink([filmFor(engine)], 0);
  await vi.waitFor(() => {
    expect(jobs.getState().jobs[0]?.status).toBe('shrinking');
  });
  const id = jobs.getState().jobs[0]?.id ?? '';
  return {
    ...{ fake, jobs, id },
    finish: () => making.resolve(copy),
    isTaken: asked.promise,
    take: () => taking.resolve(undefined),
  };
}

const words = {
  Cancel: { say: (jobs: ShrinkJobs, id: string) => jobs.discard(id), left: [] as File[] },
  'Send original': { say: (jobs: ShrinkJobs, id: string) => jobs.sendOriginal(id), left: [original] },
};

for (const [word, { say, left }] of Object.entries(words)) {
  it(`does not add a copy that became whole as "${word}" was pressed`, async () => {
    const { fake, jobs, id, finish, take } = await aFilm();
    finish();
    take();
    await say(jobs, id);
    await vi.waitFor(() => {
      expect(discardCopy).toHaveBeenCalledTimes(1);
    });
    expect(fake.calls.flatMap(({ files = [] }) => files)).toEqual(left);
    expect(jobs.getState()).toEqual({ asked: [], jobs: [], notes: [] });
  });

  it(`takes a copy back when "${word}" is pressed while the engine takes it`, async () => {
    const { fake, jobs, id, finish, isTaken, take } = await aFilm();
    finish();
    await isTaken;
    const said = [say(jobs, id), say(jobs, id)];
    take();
    await Promise.all(said);
    await vi.waitFor(() => {
      expect(fake.getSnapshot().uploads.map(({ fileName, sizeBytes }) => [fileName, sizeBytes])).toEqual(
        left.map(({ name, size }) => [name, size]),
      );
    });
    const of = (wanted: string) => fake.calls.filter(({ method }) => method === wanted);
    expect(of('cancel')).toHaveLength(1);
    expect(of('add').flatMap(({ files }) => files)).toEqual([copy.file, ...left]);
    expect(jobs.getState()).toEqual({ asked: [], jobs: [], notes: [] });
  });
}

it('sends nothing when "Cancel" is pressed after "Send original", while the engine takes the original', async () => {
  const { fake, jobs, id, isTaken, take } = await aFilm();
  const sent = jobs.sendOriginal(id);
  await isTaken;
  await jobs.discard(id);
  expect(jobs.getState().jobs).toEqual([]);
  take();
  await sent;
  await vi.waitFor(() => {
    expect(fake.getSnapshot().uploads).toEqual([]);
  });
});

it('leaves a copy with the engine when the widget goes away while it is taken', async () => {
  const { fake, jobs, finish, isTaken, take } = await aFilm();
  finish();
  await isTaken;
  jobs.close();
  take();
  await vi.waitFor(() => {
    expect(fake.calls.map(({ method }) => method)).toEqual(['add']);
  });
});

it('keeps a film for the next visit that is read when its widget has gone away', async () => {
  const fake = createFakeUploader();
  const jobs = new ShrinkJobs({ place: 'here' });
  jobs.close();
  vi.mocked(makeFile).mockClear();
  await jobs.shrink([filmFor(fake)], 0);
  await jobs.ask([filmFor(fake)], 0);
  expect(jobs.getState()).toEqual({ asked: [], jobs: [], notes: [] });
  expect(makeFile).not.toHaveBeenCalled();
  expect((await listPending('here')).map(({ fileName }) => fileName)).toEqual(['film.mp4', 'film.mp4']);
});

it.each(['the copy', 'the original'])(
  'keeps a film for the next visit where its engine takes %s no more',
  async (what) => {
    const fake = createFakeUploader();
    const engine: Uploader = { ...fake, add: () => Promise.resolve({ added: [], rejections: [] }) };
    const jobs = new ShrinkJobs({ place: what });
    await jobs.shrink([filmFor(engine)], 0);
    await vi.waitFor(() => {
      expect(jobs.getState().jobs).toEqual([]);
    });
    expect((await listPending(what)).map(({ fileName }) => fileName)).toEqual(['film.mp4']);
  },
);
