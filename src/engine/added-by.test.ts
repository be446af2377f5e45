import { describe, expect, it, vi } from 'vitest';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import type { UploaderOptions } from './options.js';
import { harness, settle } from './test-support/harness.js';

const mega = 1024 * 1024;
/** Small files pass the others in the queue. */
const content = new Uint8Array(21 * mega);
const large = (name: string) => new File([content], name, { lastModified: 1, type: 'video/mp4' });

/** One page on which ann is signed in, with a cookie. One file at a time. */
function page(options: Partial<UploaderOptions> = {}) {
  const cloudOptions = { partSizeBytes: 8 * mega, remembersStarts: true };
  const tools = harness({ concurrency: { files: 1 }, cloud: cloudOptions, ...options });
  const { uploader, cloud, clock } = tools;
  cloud.caller = 'ann';
  const uploads = () => uploader.getSnapshot().uploads;
  /** What the cloud has, and who signed in for it. */
  const owners = new Map<string, string | undefined>();
  cloud.onCall = (operation) => {
    if (operation !== 'start') return Promise.resolve(undefined);
    void settle().then(() => {
      for (const { ticket } of cloud.uploads.values())
        if (!owners.has(ticket)) owners.set(ticket, cloud.caller);
    });
    return Promise.resolve(undefined);
  };
  const add = (...names: string[]) => uploader.add(names.map(large));
  const stall = () => {
    cloud.onPut = () => new Promise<never>(() => {});
  };
  return { ...tools, uploads, owners, add, stall, pass: (ms: number) => clock.advance(ms) };
}

it('belong to the caller that starts them where no caller was known when they were added', async () => {
  const { uploader, uploads, cloud, add, stall, pass, owners } = page();
  cloud.caller = undefined;
  stall();
  await add('a.mp4', 'bb.mp4');
  await pass(5000);
  cloud.caller = 'ben';
  uploader.cancel(uploads()[0]?.id ?? '');
  cloud.onPut = () => 'ok';
  await pass(20_000);
  expect(uploads()[1]).toMatchObject({ status: 'ready' });
  expect([...owners.values()].at(-1)).toBe('ben');
});

const foreign = { status: 'failed', error: { code: 'ticket-foreign', isResumable: false } };

describe('files that wait in the queue when ann signs out and ben signs in', () => {
  async function change() {
    const tools = page();
    tools.stall();
    await tools.add('a.mp4', 'bb.mp4', 'ccc.mp4');
    await tools.pass(1000);
    tools.cloud.caller = 'ben';
    tools.uploader.cancel(tools.uploads()[0]?.id ?? '');
    tools.cloud.onPut = () => 'ok';
    await tools.pass(5000);
    return tools;
  }

  it('are refused, keep their file, and begin nothing', async () => {
    const { uploads, cloud, store } = await change();
    expect(uploads().slice(1)).toMatchObject([foreign, foreign]);
    expect(uploads()[1]?.file?.name).toBe('bb.mp4');
    expect([...cloud.uploads.values()].map(({ fileName }) => fileName)).toEqual(['a.mp4']);
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('start as hers when she is back: after retryAll', async () => {
    const { uploader, uploads, cloud, pass, owners } = await change();
    uploader.retryAll();
    await pass(5000);
    expect(uploads().slice(1)).toMatchObject([foreign, foreign]);
    cloud.caller = 'ann';
    uploader.retryAll();
    await pass(20_000);
    expect(uploads().slice(1)).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
    expect(new Set(owners.values())).toEqual(new Set(['ann']));
  });

  it('start over as those of ben only where he retries that row, as it says', async () => {
    const { uploader, uploads, pass, owners } = await change();
    uploader.retry(uploads()[1]?.id ?? '');
    await pass(20_000);
    expect(uploads().slice(1)).toMatchObject([{ status: 'ready' }, foreign]);
    expect([...owners.values()]).toEqual(['ann', 'ben']);
  });

  it('do not hold up the files that ben adds', async () => {
    const { uploads, add, pass, owners } = await change();
    await add('dddd.mp4', 'eeeee.mp4');
    await pass(20_000);
    expect(uploads().slice(3)).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
    expect([...owners.values()]).toEqual(['ann', 'ben', 'ben']);
  });
});

describe('who has added a file', () => {
  it('is learned within seconds where its start has to wait, or was paused before it was asked for', async () => {
    const { uploader, uploads, cloud, add, stall, pass } = page();
    stall();
    await add('a.mp4');
    await pass(5000);
    await add('bb.mp4');
    await pass(5000);
    const [first, second] = uploads();
    uploader.pause(second?.id ?? '');
    cloud.caller = 'ben';
    cloud.onPut = () => 'ok';
    uploader.cancel(first?.id ?? '');
    uploader.resume(second?.id ?? '');
    await pass(5000);
    expect(uploads()[1]).toMatchObject(foreign);
    cloud.caller = 'ann';
    uploader.retryAll();
    await pass(20_000);
    expect(uploads()[1]).toMatchObject({ status: 'ready' });
  });

  it('is learned for files that wait for `start`', async () => {
    const { uploader, uploads, cloud, add, pass } = page({ autoStart: false });
    await add('a.mp4', 'bb.mp4');
    await pass(5000);
    cloud.caller = 'ben';
    uploader.start();
    await pass(5000);
    expect(uploads()).toMatchObject([foreign, foreign]);
    expect(cloud.uploads.size).toBe(0);
  });

  it('is never taken from what was known before: ben adds, and it is his', async () => {
    const { uploader, uploads, cloud, add, pass, owners } = page();
    await uploader.loadCapabilities();
    await add('a.mp4');
    await pass(20_000);
    cloud.caller = 'ben';
    await add('bb.mp4', 'ccc.mp4');
    await pass(20_000);
    expect(uploads().map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
    expect([...owners.values()]).toEqual(['ann', 'ben', 'ben']);
  });

  it('is asked for once, however many calls of `add` follow each other', async () => {
    const { cloud, add, stall, pass } = page();
    stall();
    await add('a.mp4');
    await pass(5000);
    const before = cloud.describes;
    for (let index = 0; index < 50; index += 1) await add(`${index}.mp4`);
    await pass(5000);
    expect(cloud.describes - before).toBe(1);
  });

  it('costs no call where a start of the same drop was answered', async () => {
    const { cloud, add, stall, pass } = page();
    stall();
    await add('a.mp4', 'bb.mp4', 'ccc.mp4');
    await pass(10_000);
    // The one that every page makes.
    expect(cloud.describes).toBe(1);
  });

  it('does not matter to an endpoint that names no callers', async () => {
    const { uploads, cloud, add, pass } = page();
    cloud.caller = undefined;
    await add('a.mp4', 'bb.mp4');
    await pass(30_000);
    expect(uploads().map(({ status }) => status)).toEqual(['ready', 'ready']);
    expect(cloud.starts.some((start) => 'addedBy' in start && start.addedBy !== undefined)).toBe(false);
  });

  it('is kept by an upload that begins anew', async () => {
    const { uploader, uploads, cloud, add, pass } = page();
    cloud.onPut = ({ partNumber }) =>
      partNumber === 2 ? { status: 400, errorCode: 'InvalidArgument' } : 'ok';
    await add('a.mp4');
    await pass(5000);
    cloud.caller = 'ben';
    uploader.cancel(uploads()[0]?.id ?? '');
    await pass(5000);
    uploader.retry(uploads()[0]?.id ?? '');
    await pass(5000);
    expect(uploads()[0]).toMatchObject(foreign);
  });
});

it('keeps what a start has asked for whose answer was lost, when the repeat is refused to another person', async () => {
  const { uploader, uploads, cloud, store, add, stall, pass } = page();
  stall();
  await add('a.mp4', 'bb.mp4');
  await pass(3000);
  const answers = vi.fn<() => 'lost-reply' | undefined>(() => 'lost-reply');
  cloud.onCall = (operation) => Promise.resolve(operation === 'start' ? answers() : undefined);
  uploader.cancel(uploads()[0]?.id ?? '');
  await pass(200);
  expect(answers).toHaveBeenCalled();
  cloud.caller = 'ben';
  answers.mockReturnValue(undefined);
  await pass(30_000);
  expect(uploads()[1]).toMatchObject(foreign);
  expect(await store.load('/api/uploads', 'fake')).toMatchObject([
    { phase: 'discarding', start: { fileName: 'bb.mp4', addedBy: 'ann' } },
  ]);
  const { size } = cloud.uploads;
  cloud.caller = 'ann';
  cloud.onPut = () => 'ok';
  uploader.retryAll();
  await pass(30_000);
  expect(uploads()[1]).toMatchObject({ status: 'ready' });
  expect([...cloud.uploads.values()].filter(({ fileName }) => fileName === 'bb.mp4')).toHaveLength(1);
  expect(size).toBe(2);
});
