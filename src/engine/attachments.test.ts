import { describe, expect, it } from 'vitest';
import { loadAttachments } from './chunks/attachments.js';
import { UploadError } from './errors.js';
import { isLoaded } from './load-code.js';
import type { FakeCloudOptions } from './test-support/fake-cloud.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';

describe('attachments of a video', () => {
  const cover = () => new File(['picture'], 'cover.jpg', { type: 'image/jpeg' });
  const subtitle = () => new File(['1\n00:00:01,000 --> 00:00:02,000\nHello'], 'en.srt');

  it('loads the code that sends them when one is given, and not with a video', async () => {
    const { uploader } = harness({ autoStart: false });
    await uploader.loadCapabilities();
    const { added } = await uploader.add([testFile(30)]);
    await settle();
    expect(isLoaded(loadAttachments)).toBe(false);
    uploader.attach(added[0] ?? '', { kind: 'cover', file: cover() });
    await settle();
    expect(isLoaded(loadAttachments)).toBe(true);
  });

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
    // In the order in which they were started.
    expect(shown()).toEqual([1, undefined, 2, 0]);
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

  it('sends a failed attachment once more when it is asked to, also of a video that is ready', async () => {
    const { uploader, cloud, until, only } = harness({ autoStart: false });
    cloud.onAttachment = () => 'refused';
    const { added } = await uploader.add([testFile(30)]);
    const id = added[0] ?? '';
    const attachmentId = uploader.attach(id, { kind: 'cover', file: cover() }) ?? '';
    uploader.start();
    await until('ready');
    expect(only().attachments).toMatchObject([{ status: 'failed' }]);
    cloud.onAttachment = () => 'ok';
    uploader.retryAttachment(id, attachmentId);
    await settle();
    expect(only()).toMatchObject({ status: 'ready', attachments: [{ status: 'stored', error: undefined }] });
    expect([...cloud.attachments.keys()]).toEqual([attachmentId]);
    uploader.retryAttachment(id, attachmentId);
    uploader.retryAttachment(id, 'unknown');
    uploader.retryAttachment('unknown', attachmentId);
    await settle();
    expect(only().attachments).toMatchObject([{ status: 'stored' }]);
  });

  it.each([
    ['empty', new File([], 'en.srt'), {}],
    ['of a language tag that is too long', new File(['x'], 'en.srt'), { language: 'x'.repeat(36) }],
    ['of a title that is too long', new File(['x'], 'en.srt'), { title: 'x'.repeat(129) }],
    ['of a name that is too long', new File(['x'], `${'x'.repeat(1025)}.srt`), {}],
  ])('fails an attachment alone that is %s, before any call', async (_, file, about) => {
    const { uploader, cloud, until } = harness({ autoStart: false });
    const { added } = await uploader.add([testFile(30)]);
    uploader.attach(added[0] ?? '', { kind: 'subtitle', file, ...about });
    uploader.attach(added[0] ?? '', { kind: 'cover', file: cover() });
    uploader.start();
    const { attachments } = await until('ready');
    expect(attachments).toMatchObject([
      { kind: 'subtitle', status: 'failed', error: { code: 'file-refused' } },
      { kind: 'cover', status: 'stored' },
    ]);
    expect(cloud.starts).toHaveLength(1);
    expect(cloud.starts[0]).toMatchObject({ attachments: [{ kind: 'cover' }] });
  });

  it('fails an attachment alone that cannot be read, and one over the limit of a call', async () => {
    const h = harness({ autoStart: false });
    const unreadable = cover();
    const { workers } = h.cloud;
    const page = harness(
      {
        autoStart: false,
        ports: {
          workers: {
            ...workers,
            hash: (body, options) =>
              body === unreadable
                ? Promise.reject(new UploadError('file-unreadable'))
                : workers.hash(body, options),
          },
        },
      },
      h,
    );
    const { added } = await page.uploader.add([testFile(30)]);
    page.uploader.attach(added[0] ?? '', { kind: 'cover', file: unreadable });
    for (let count = 0; count < 18; count += 1)
      page.uploader.attach(added[0] ?? '', { kind: 'subtitle', file: subtitle(), language: `x-${count}` });
    page.uploader.start();
    const { attachments } = await page.until('ready');
    expect(attachments.map(({ error }) => error?.code)).toEqual([
      'file-unreadable',
      ...Array.from({ length: 17 }, () => undefined),
      'file-refused',
    ]);
  });

  it('stops sending a cover before it sends the one that takes its place', async () => {
    const { uploader, cloud, only, until, open, clock } = await halfway();
    const signals: AbortSignal[] = [];
    const { put } = cloud.workers;
    cloud.workers.put = (request, body, options) => {
      if (request.url.includes('attachment')) {
        expect(signals.every(({ aborted }) => aborted)).toBe(true);
        signals.push(options.signal);
      }
      return put(request, body, options);
    };
    let count = 0;
    cloud.onAttachment = () => (++count === 1 ? new Promise(() => {}) : 'ok');
    uploader.attach(only().id, { kind: 'cover', file: cover() });
    await settle();
    const second = uploader.attach(only().id, { kind: 'cover', file: new File(['other'], 'b.jpg') });
    await clock.advance(1000);
    open();
    const { attachments } = await until('ready');
    expect(attachments).toMatchObject([{ attachmentId: second, status: 'stored' }]);
    expect(signals).toHaveLength(2);
  });

  it('keeps an attachment that the start has announced until it is stored, also when the person removes it', async () => {
    const { uploader, cloud, until, only } = harness({ autoStart: false });
    const { added } = await uploader.add([testFile(30)]);
    const id = added[0] ?? '';
    const attachmentId = uploader.attach(id, { kind: 'subtitle', file: subtitle() }) ?? '';
    let answer = () => {};
    cloud.onCall = (operation) =>
      operation === 'start' ? new Promise((resolve) => (answer = () => resolve(undefined))) : undefined;
    uploader.start();
    await settle();
    uploader.detach(id, attachmentId);
    answer();
    await until('ready');
    expect([...cloud.attachments.keys()]).toEqual([attachmentId]);
    uploader.detach(id, attachmentId);
    expect(only().attachments).toEqual([]);
  });

  it('are sent after a reload in the middle of the video', async () => {
    const first = harness({ autoStart: false, concurrency: { connections: 1 } });
    const { added } = await first.uploader.add([testFile(95)]);
    const id = added[0] ?? '';
    first.uploader.attach(id, { kind: 'cover', file: cover() });
    first.uploader.attach(id, { kind: 'subtitle', file: subtitle(), language: 'en', title: 'English' });
    first.cloud.onPut = ({ partNumber }) => (partNumber >= 5 ? new Promise(() => {}) : 'ok');
    first.uploader.start();
    await first.clock.advance(1000);
    const next = first.reload();
    next.cloud.onPut = () => 'ok';
    await next.clock.advance(1000);
    await next.uploader.add([testFile(95)]);
    const { attachments } = await next.until('ready');
    expect(attachments).toMatchObject([
      { kind: 'cover', status: 'stored' },
      { kind: 'subtitle', language: 'en', title: 'English', status: 'stored' },
    ]);
    expect([...next.cloud.attachments.values()].map((bytes) => new TextDecoder().decode(bytes))).toEqual([
      'picture',
      await subtitle().text(),
    ]);
  });
});
