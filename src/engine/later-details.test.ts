import { describe, expect, it } from 'vitest';
import { createProblem } from '../protocol/index.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';

const limit = { maxLength: 128, unit: 'bytes' } as const;

/** An uploader whose cloud takes a title with the start and later, and tags only later. */
async function withUpdates(options: Parameters<typeof harness>[0] = {}): Promise<Harness> {
  const world = harness(options);
  world.cloud.capabilities = {
    ...world.cloud.capabilities,
    options: ['title', 'categoryId'],
    updates: { title: limit, tags: { ...limit, maxCount: 16 } },
  };
  await world.uploader.loadCapabilities();
  return world;
}

const file = () => testFile(30);

/** Holds the bytes until the function that it returns is called. */
function holdBytes({ cloud }: Harness): () => void {
  let release = () => {};
  const held = new Promise<'ok'>((resolve) => (release = () => resolve('ok')));
  cloud.onPut = () => held;
  return () => release();
}

describe('details that are given while a file uploads', () => {
  it('sends a title that is given before the start with the start', async () => {
    const { uploader, cloud, only, until } = await withUpdates({ autoStart: false });
    await uploader.add([file()]);
    uploader.setDetails(only().id, { title: 'Sunrise', tags: ['ridge'] });
    expect(only()).toMatchObject({
      options: { title: 'Sunrise' },
      details: { tags: ['ridge'], status: 'kept' },
    });
    uploader.start();
    await until('ready');
    await settle();
    expect(cloud.starts).toMatchObject([{ options: { title: 'Sunrise' } }]);
    expect(cloud.only().details).toEqual({ tags: ['ridge'] });
    expect(only().details).toMatchObject({ status: 'saved' });
  });

  it('keeps a title that is given after the start until the upload is confirmed', async () => {
    const world = await withUpdates();
    const { uploader, cloud, only, until } = world;
    const release = holdBytes(world);
    cloud.onCall = (operation) => {
      if (operation === 'finish')
        expect(cloud.calls.filter((call) => call.operation === 'update')).toEqual([]);
      return undefined;
    };
    await uploader.add([file()]);
    await until('uploading');
    uploader.setDetails(only().id, { title: 'First' });
    uploader.setDetails(only().id, { title: 'Second' });
    expect(only().details).toEqual({ title: 'Second', status: 'kept', error: undefined });
    release();
    await until('ready');
    await settle();
    expect(cloud.only().details).toEqual({ title: 'Second' });
    expect(only().details).toMatchObject({ title: 'Second', status: 'saved' });
  });

  it('sends a title that is given to ready media at once', async () => {
    const { uploader, cloud, only, until } = await withUpdates();
    await uploader.add([file()]);
    await until('ready');
    uploader.setDetails(only().id, { title: 'Late' });
    expect(only().details).toMatchObject({ status: 'saving' });
    await settle();
    expect(cloud.only().details).toEqual({ title: 'Late' });
  });

  it('sends what is given while the former title is being saved after it', async () => {
    const { uploader, cloud, only, until } = await withUpdates();
    await uploader.add([file()]);
    await until('ready');
    uploader.setDetails(only().id, { title: 'One' });
    uploader.setDetails(only().id, { title: 'Two', tags: [] });
    await settle();
    expect(cloud.only().details).toEqual({ title: 'Two', tags: [] });
    expect(only().details).toMatchObject({ status: 'saved' });
  });

  it('leaves out what the provider takes neither with the start nor later', async () => {
    const world = await withUpdates();
    const { uploader, only, until } = world;
    holdBytes(world);
    await uploader.add([file()]);
    await until('uploading');
    uploader.setDetails(only().id, { description: 'No field for it' });
    expect(only().details).toBeUndefined();
  });

  it('says that a title was refused, keeps the video ready, and sends it once more when asked', async () => {
    const world = await withUpdates();
    const { uploader, cloud, only, until } = world;
    const release = holdBytes(world);
    cloud.onCall = (operation) => (operation === 'update' ? refusal() : undefined);
    await uploader.add([file()]);
    await until('uploading');
    uploader.setDetails(only().id, { title: 'Sunrise' });
    release();
    await until('ready');
    await settle();
    expect(only()).toMatchObject({
      status: 'ready',
      details: { title: 'Sunrise', status: 'failed', error: { code: 'vendor-refused' } },
    });
    cloud.onCall = () => undefined;
    uploader.setDetails(only().id, {});
    await settle();
    expect(cloud.only().details).toEqual({ title: 'Sunrise' });
    expect(only().details).toMatchObject({ status: 'saved' });
  });

  it('sends a title after a reload that was given before it', async () => {
    const world = await withUpdates({ keepFilesMaxSizeBytes: 1000 });
    const { cloud, until } = world;
    cloud.onPut = () => new Promise(() => {});
    await world.uploader.add([file()]);
    await until('uploading');
    world.uploader.setDetails(world.only().id, { title: 'Kept' });
    await settle();
    const later = world.reload();
    cloud.onPut = () => 'ok';
    await later.until('ready');
    await settle();
    expect(cloud.only().details).toEqual({ title: 'Kept' });
  });
});

function refusal(): Response {
  return Response.json({ results: [{ outcome: 'refused', problem: createProblem('vendor-refused') }] });
}
