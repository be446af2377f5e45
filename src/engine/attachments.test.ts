import { describe, expect, it } from 'vitest';
import type { FakeCloudOptions } from './test-support/fake-cloud.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';

describe('attachments of a video', () => {
  const cover = () => new File(['picture'], 'cover.jpg', { type: 'image/jpeg' });
  const subtitle = () => new File(['1\n00:00:01,000 --> 00:00:02,000\nHello'], 'en.srt');

  it('declares cover, subtitles and options with the start, and stores them before the video is confirmed', async () => {
    const { uploader, cloud, until } = harness({ autoStart: false });
    await uploader.loadCapabilities();
    const { added } = await uploader.add([testFile(30)], { options: { title: 'One' } });
    const [id = ''] = added;
    await settle();
    expect(cloud.calls).toEqual([]);
    uploader.attach(id, { kind: 'cover', file: cover() });
    uploader.attach(id, { kind: 'subtitle', file: subtitle(), language: 'en' });
    uploader.setOptions(id, { title: 'Two' });
    cloud.onCall = (operation) => {
      if (operation === 'finish') expect(cloud.attachments.size).toBe(2);
      return undefined;
    };
    uploader.start();
    const ready = await until('ready');
    expect(cloud.starts).toMatchObject([
      { options: { title: 'Two' }, attachments: [{ kind: 'cover' }, { kind: 'subtitle', language: 'en' }] },
    ]);
    expect(ready.attachments.map(({ status }) => status)).toEqual(['stored', 'stored']);
  });

  it('marks uploads that are not started, however they are started, and counts only queued ones as ahead', async () => {
    const { uploader, cloud } = harness({ autoStart: false, concurrency: { files: 1 } });
    const large = 21 * 1024 * 1024;
    cloud.onPut = () => new Promise(() => {});
    const { added } = await uploader.add([1, 2, 3, 4].map((seed) => testFile(large, { seed })));
    const shown = () =>
      uploader
        .getSnapshot()
        .uploads.map(({ isNotStarted, queuePosition }) => (isNotStarted ? 'not started' : queuePosition));
    expect(shown()).toEqual(['not started', 'not started', 'not started', 'not started']);
    let heard = 0;
    uploader.subscribe(() => (heard += 1));
    uploader.start(added[1]);
    await settle();
    expect(heard).toBeGreaterThan(0);
    uploader.start(added[3]);
    expect(shown()).toEqual(['not started', undefined, 'not started', 0]);
    uploader.start();
    expect(shown()).toEqual([0, undefined, 1, 2]);
  });

  it('sends a cover that is attached later where the provider takes it, and refuses it elsewhere', async () => {
    const { uploader, cloud, until, only } = harness();
    await uploader.loadCapabilities();
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(uploader.attach(only().id, { kind: 'cover', file: cover() })).toBeTypeOf('string');
    expect(
      uploader.attach(only().id, { kind: 'subtitle', file: subtitle(), language: 'en' }),
    ).toBeUndefined();
    await settle();
    expect(only().attachments).toMatchObject([{ kind: 'cover', status: 'stored' }]);
    expect(cloud.attachments.size).toBe(1);
  });

  /** An upload whose parts wait at the store until `open` is called; covers and subtitles may come later. */
  async function halfway(options: FakeCloudOptions = {}) {
    const world = harness({ cloud: { renewsTickets: true, ...options }, concurrency: { connections: 1 } });
    const { uploader, cloud, until, only } = world;
    cloud.capabilities = {
      ...cloud.capabilities,
      subtitles: { formats: ['srt'], maxCount: 16, when: 'any' },
    };
    let open = () => {};
    const gate = new Promise<'ok'>((resolve) => (open = () => resolve('ok')));
    cloud.onPut = () => gate;
    await uploader.loadCapabilities();
    await uploader.add([testFile(30)]);
    await until('uploading');
    const attachSubtitle = (language: string) =>
      uploader.attach(only().id, { kind: 'subtitle', file: subtitle(), language }) ?? '';
    return { ...world, open, attachSubtitle, calls: (name: string) => callsOf(cloud, name) };
  }
  const callsOf = (cloud: Harness['cloud'], name: string) =>
    cloud.calls.filter(({ operation }) => operation === name);

  it('keeps both of two subtitles that are attached at once, with one call', async () => {
    const { cloud, until, open, attachSubtitle, calls } = await halfway();
    const ids = [attachSubtitle('en'), attachSubtitle('zh')];
    await settle();
    expect(calls('attach')).toHaveLength(1);
    open();
    const { attachments } = await until('ready');
    expect(attachments.map(({ status }) => status)).toEqual(['stored', 'stored']);
    expect([...cloud.attachments.keys()]).toEqual(ids);
    expect(cloud.only().finishedWith).toEqual(expect.arrayContaining(ids));
  });

  it('keeps what each of two attach calls did when the second is made during the first', async () => {
    const { cloud, until, open, attachSubtitle, calls } = await halfway();
    let answer = () => {};
    cloud.onCall = (operation) =>
      operation === 'attach' && calls('attach').length === 1
        ? new Promise((resolve) => (answer = () => resolve(undefined)))
        : undefined;
    const first = attachSubtitle('en');
    await settle();
    const second = attachSubtitle('zh');
    await settle();
    expect(calls('attach')).toHaveLength(1);
    answer();
    open();
    await until('ready');
    expect(calls('attach')).toHaveLength(2);
    expect(cloud.only().finishedWith).toEqual(expect.arrayContaining([first, second]));
  });

  it('keeps both an attachment and the credentials that a sign call renews meanwhile', async () => {
    const { cloud, until, open, attachSubtitle } = await halfway();
    let answer = () => {};
    cloud.onCall = (operation) =>
      operation === 'attach' ? new Promise((resolve) => (answer = () => resolve(undefined))) : undefined;
    const id = attachSubtitle('en');
    await settle();
    const signsBefore = callsOf(cloud, 'sign').length;
    // The signatures at hand are refused: the parts need new ones while the attach call is under way.
    let refusals = 0;
    cloud.onPut = () => (refusals++ < 1 ? { status: 403, errorCode: 'AccessDenied' } : 'ok');
    open();
    await settle();
    answer();
    await until('ready');
    const signs = callsOf(cloud, 'sign').length;
    expect(signs).toBeGreaterThan(signsBefore);
    expect(cloud.only().finishedWith).toContain(id);
    expect(cloud.only().finishedWith?.filter((news) => news === 'signed')).toHaveLength(signs);
  });

  it('confirms a video only when an attachment that is under way has arrived', async () => {
    const { cloud, until, clock, open, attachSubtitle, calls } = await halfway();
    let arrive = () => {};
    cloud.onAttachment = () => new Promise((resolve) => (arrive = () => resolve('ok')));
    attachSubtitle('en');
    await settle();
    open();
    await clock.advance(5000);
    expect(calls('finish')).toHaveLength(0);
    arrive();
    await until('ready');
  });

  it('fails one attachment that the endpoint refuses, and keeps the one attached with it', async () => {
    const { cloud, until, open, attachSubtitle } = await halfway();
    cloud.refusesAttachment = ({ language }) => language === 'xx';
    attachSubtitle('en');
    attachSubtitle('xx');
    open();
    const { attachments } = await until('ready');
    expect(attachments).toMatchObject([
      { language: 'en', status: 'stored' },
      { language: 'xx', status: 'failed', error: { code: 'file-refused' } },
    ]);
  });

  it('signs parts again although an attach call is never answered', async () => {
    const { cloud, until, only, open, attachSubtitle } = await halfway();
    cloud.onCall = (operation) => (operation === 'attach' ? 'no-reply' : undefined);
    attachSubtitle('en');
    await settle();
    let refusals = 0;
    cloud.onPut = () => (refusals++ < 1 ? { status: 403, errorCode: 'AccessDenied' } : 'ok');
    open();
    await until('ready');
    expect(only().attachments).toMatchObject([{ status: 'failed' }]);
  });

  it('writes the ticket of an attach call into the journal', async () => {
    const { store, attachSubtitle } = await halfway();
    const id = attachSubtitle('en');
    await settle();
    expect((await store.load('/api/uploads', 'fake'))[0]?.ticket).toContain(id);
  });

  it('brings a video to ready although its cover is refused', async () => {
    const { uploader, cloud, until } = harness({ autoStart: false });
    cloud.onAttachment = () => 'refused';
    const { added } = await uploader.add([testFile(30)]);
    uploader.attach(added[0] ?? '', { kind: 'cover', file: cover() });
    uploader.start();
    const { attachments } = await until('ready');
    expect(attachments).toMatchObject([{ status: 'failed', error: { code: 'store-refused' } }]);
  });

  it('offers the media of a canceled upload to the upload that replaces it', async () => {
    const { uploader, cloud, until, only } = harness();
    cloud.onPut = () => {
      uploader.cancel(only().id);
      return 'ok';
    };
    await uploader.add([testFile(30)]);
    await until('canceled');
    await settle();
    cloud.onPut = () => 'ok';
    uploader.retry(only().id);
    await until('ready');
    expect(cloud.starts[1]).toMatchObject({ replaces: 'ticket-1' });
  });
});
