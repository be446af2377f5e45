import { describe, expect, it, vi } from 'vitest';
import {
  createProblem,
  type ImportItem,
  type ImportQuestion,
  type ProblemCode,
} from '../../protocol/index.js';
import { Attachments } from '../attachments.js';
import { UploadError } from '../errors.js';
import type { UploaderOptions } from '../options.js';
import { MemoryJournalStore } from '../resume/memory.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './index.js';
import '../first-file.js';
import { FakeClock } from '../test-support/fake-clock.js';
import { FakeBrowser } from '../test-support/fake-tabs.js';
import { harness, settle } from '../test-support/harness.js';
import type { UploadEvent } from '../types.js';

const url = 'https://media.example.com/in/My%20talk.mp4?Signature=s3cr3t#t=1';

type State = 'waiting' | 'running' | 'done' | 'failed' | 'canceled';

interface FakeImport {
  readonly item: ImportItem;
  readonly ticket: string;
  state: State;
  percent?: number;
  sizeBytes?: number;
  isConfirmed: boolean;
}

/** The endpoint of a cloud that pulls videos from links. */
class PullCloud {
  readonly imports: FakeImport[] = [];
  readonly calls: string[] = [];
  canStop = true;
  /** Asked before each call, and once more before its answer. */
  onCall: (operation: string, when: 'before' | 'after') => 'no-reply' | ProblemCode | undefined = () =>
    undefined;

  readonly fetch: typeof fetch = (input, init) => {
    const operation = (input as string).split('/').at(-1) ?? '';
    const body = JSON.parse(init?.body as string) as Record<string, never[]>;
    if (operation !== 'describe') this.calls.push(operation);
    const scripted = this.onCall(operation, 'before');
    if (scripted === 'no-reply') return Promise.reject(new TypeError('Failed to fetch'));
    const items = body['imports'] ?? body['items'] ?? body['providers'] ?? [];
    const results = items.map((item) => (scripted ? refused(scripted) : this.#answer(operation, item)));
    if (this.onCall(operation, 'after') === 'no-reply')
      return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(Response.json({ results }));
  };

  only(): FakeImport {
    const [one, ...others] = this.imports;
    if (!one || others.length > 0) throw new Error(`${this.imports.length} imports`);
    return one;
  }

  #answer(operation: string, item: never): unknown {
    if (operation === 'describe') return { outcome: 'described', capabilities };
    if (operation === 'import') return this.#import(item);
    const { ticket, status } = item as { ticket: string; status?: string };
    const found = this.imports.find((one) => one.ticket === ticket);
    if (!found) return refused('ticket-invalid');
    if (operation === 'details') return this.#details(found);
    if (operation === 'attach') return found.isConfirmed ? attached(item) : refused('media-state-conflict');
    if (status === 'imported') {
      found.isConfirmed = true;
      return { outcome: 'confirmed', object: { sizeBytes: 7 }, mediaId: 'media-1', ticket };
    }
    if (found.isConfirmed || (found.state === 'running' && status === 'canceled'))
      return refused('media-state-conflict');
    found.state = 'canceled';
    return { outcome: 'discarded' };
  }

  #import({ url: link, ...question }: ImportQuestion): unknown {
    const known = this.imports.find((one) => one.item.clientId === question.clientId);
    if (link === undefined && (!known || known.state === 'canceled')) return refused('upload-not-found');
    const item = { ...question, url: link ?? '' };
    const ticket = known?.ticket ?? `ticket-${this.imports.length + 1}`;
    if (!known) this.imports.push({ item, ticket, state: 'waiting', isConfirmed: false });
    return { outcome: 'importing', session: { ticket }, canCancel: this.canStop };
  }

  #details({ state, percent, sizeBytes, isConfirmed }: FakeImport): unknown {
    if (isConfirmed)
      return {
        outcome: 'found',
        media: { mediaId: 'media-1', provider: 'fake', status: 'ready', sizeBytes: 7 },
      };
    if (state === 'waiting' || state === 'running')
      return {
        outcome: 'importing',
        state,
        percent,
        sizeBytes,
        canCancel: this.canStop && state === 'waiting',
      };
    return state === 'done' ? { outcome: 'imported' } : refused('import-failed');
  }
}

const capabilities = {
  provider: 'fake',
  checksum: 'none',
  singlePutMaxBytes: 0,
  signing: 'ahead',
  canReplace: false,
  cover: { contentTypes: ['image/jpeg'], when: 'any' },
  subtitles: { formats: ['srt'], maxCount: 1, when: 'any' },
  import: { progress: 'percent', cancel: 'waiting', schemes: ['https'], attachments: ['cover'] },
};

function attached({ attachments }: { attachments: readonly { attachmentId: string }[] }) {
  return {
    outcome: 'attached',
    requests: attachments.map(({ attachmentId }) => ({
      attachmentId,
      method: 'PUT',
      url: `https://store.test/attachment?id=${attachmentId}`,
      headers: {},
      expiresInMs: 60_000,
    })),
  };
}

function refused(code: ProblemCode) {
  return { outcome: 'refused', problem: createProblem(code) };
}

function open(options: Partial<UploaderOptions> = {}) {
  const pulls = new PullCloud();
  const world = { store: new MemoryJournalStore(), clock: new FakeClock() };
  const opened = harness({ ...options, ports: { fetch: pulls.fetch, ...options.ports } }, world);
  return { ...opened, pulls };
}

describe('a link that is added', () => {
  it('is a row that the cloud fills, from the queue to ready', async () => {
    const { uploader, pulls, only, until, clock } = open();
    const events: UploadEvent[] = [];
    uploader.onEvent((event) => events.push(event));
    const { added, rejections } = await uploader.addLinks([url]);
    expect(rejections).toEqual([]);
    await clock.advance(0);
    expect(only()).toMatchObject({
      id: added[0],
      fileName: 'My talk.mp4',
      source: { type: 'link', host: 'media.example.com' },
      sizeBytes: 0,
      file: undefined,
      status: 'importing',
      importing: { state: 'waiting', percent: undefined },
      canCancel: true,
      canPause: false,
    });
    pulls.only().state = 'running';
    pulls.only().percent = 40;
    pulls.only().sizeBytes = 7;
    await clock.advance(20_000);
    expect(only()).toMatchObject({
      importing: { state: 'running', percent: 40 },
      sizeBytes: 7,
      canCancel: false,
      canRemove: true,
    });
    pulls.only().state = 'done';
    await until('ready');
    expect(only()).toMatchObject({
      mediaId: 'media-1',
      sizeBytes: 7,
      receipt: undefined,
      importing: undefined,
    });
    expect(events.map(({ type }) => type)).toEqual(['started', 'confirmed', 'ready']);
    expect(pulls.only().item).toMatchObject({ url: url.replace(/#.*/, ''), fileName: 'My talk.mp4' });
  });

  it('shares a call with the others that were added with it, in their order, also where notes take their time', async () => {
    const { uploader, pulls, store, clock } = open();
    const put = store.put.bind(store);
    let turns = 40;
    vi.spyOn(store, 'put').mockImplementation(async (entry) => {
      // The first takes the longest.
      turns -= 10;
      for (let left = turns; left > 0; left -= 1) await Promise.resolve();
      return put(entry);
    });
    const names = ['a', 'b', 'c'].map((name) => `https://media.example.com/${name}.mp4`);
    await uploader.addLinks(names);
    await clock.advance(0);
    await settle();
    expect(pulls.calls.filter((call) => call === 'import')).toHaveLength(1);
    expect(pulls.imports.map(({ item }) => item.url)).toEqual(names);
  });

  it('is nowhere to be found but in the call: not in snapshots, events or the journal', async () => {
    const { uploader, store, clock } = open();
    const told: unknown[] = [];
    uploader.onEvent((event) => told.push(event));
    await uploader.addLinks([{ url, title: 'Talk', metadata: { album: 7 } }]);
    await clock.advance(1000);
    const kept = await store.load('/api/uploads', 'fake');
    expect(kept).toMatchObject([
      { fileName: 'Talk', source: { host: 'media.example.com' }, metadata: { album: 7 } },
    ]);
    const said = JSON.stringify([uploader.getSnapshot(), told, kept]);
    expect(said).not.toMatch(/s3cr3t|\/in\/|Signature/);
  });

  it.each([
    'clip.mp4',
    'ftp://media.example.com/clip.mp4',
    'https://user:password@media.example.com/clip.mp4',
    `https://media.example.com/${'a'.repeat(2048)}.mp4`,
  ])('is rejected when it is no link that could be imported: %s', async (link) => {
    const { uploader } = open();
    const { added, rejections } = await uploader.addLinks([link]);
    expect(added).toEqual([]);
    expect(rejections).toMatchObject([{ code: 'link-invalid', link }]);
    expect(uploader.getSnapshot()).toMatchObject({ uploads: [], rejections: [{ code: 'link-invalid' }] });
  });

  it('is held against the rules of the host: type, number, duplicates, metadata', async () => {
    const metadata = vi.fn(({ name }: File) => {
      if (name === 'bad.mp4') throw new Error('no album');
      return { name };
    });
    const { uploader, pulls, clock } = open({
      restrictions: { accept: ['video'], maxFiles: 2 },
      duplicates: 'refuse',
      metadata,
    });
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const reportError = vi.fn();
    vi.stubGlobal('reportError', reportError);
    const { added, rejections } = await uploader.addLinks([
      'https://a.example/clip.mp4',
      'https://a.example/page.html',
      'https://a.example/clip.mp4#again',
      'https://a.example/bad.mp4',
      'https://a.example/download?id=7',
      'https://a.example/third.mp4',
    ]);
    vi.unstubAllGlobals();
    error.mockRestore();
    expect(added).toHaveLength(2);
    expect(rejections.map(({ code, file }) => [code, file.name])).toEqual([
      ['file-invalid-type', 'page.html'],
      ['duplicate-file', 'clip.mp4'],
      ['custom', 'bad.mp4'],
      ['too-many-files', 'third.mp4'],
    ]);
    await clock.advance(0);
    expect(pulls.imports.map(({ item }) => item.metadata)).toEqual([
      { name: 'clip.mp4' },
      { name: 'download' },
    ]);
  });

  it('is one of many that share a call, and asks together with them', async () => {
    const { uploader, pulls, clock } = open();
    await uploader.addLinks(Array.from({ length: 30 }, (_, index) => `https://a.example/${index}.mp4`));
    await clock.advance(60_000);
    expect(pulls.imports).toHaveLength(30);
    expect(pulls.calls.filter((call) => call === 'import').length).toBe(1);
    // One a second at first, one in fifteen seconds later; for all of them.
    expect(pulls.calls.filter((call) => call === 'details').length).toBeLessThan(20);
  });

  it('is imported once although the answer was lost', async () => {
    const { uploader, pulls, only, clock } = open();
    let losses = 2;
    pulls.onCall = (operation, when) =>
      operation === 'import' && when === 'after' && losses-- > 0 ? 'no-reply' : undefined;
    await uploader.addLinks([url]);
    await clock.advance(60_000);
    expect(only().status).toBe('importing');
    expect(pulls.imports).toHaveLength(1);
    expect(pulls.calls.filter((call) => call === 'import')).toHaveLength(3);
  });

  it('is imported once where the repeat of a call without an answer was refused to another person', async () => {
    const { uploader, pulls, only, until } = open();
    let call = 0;
    pulls.onCall = (operation, when) => {
      if (operation !== 'import') return undefined;
      if (when === 'before') return (call += 1) === 2 ? 'ticket-foreign' : undefined;
      return call === 1 ? 'no-reply' : undefined;
    };
    await uploader.addLinks([url]);
    expect((await until('failed')).error?.code).toBe('ticket-foreign');
    expect(only()).toMatchObject({ canRetry: true });
    uploader.retryAll();
    await until('importing');
    expect(pulls.imports).toHaveLength(1);
  });

  it('fails with what the endpoint says, and is another import when it is tried again', async () => {
    const { uploader, pulls, only, until } = open();
    pulls.onCall = (operation, when) =>
      operation === 'import' && when === 'before' ? 'link-refused' : undefined;
    await uploader.addLinks([url]);
    expect((await until('failed')).error?.code).toBe('link-refused');
    expect(only()).toMatchObject({ canRetry: true, cleanup: 'none' });
    pulls.onCall = () => undefined;
    uploader.retry(only().id);
    await until('importing');
    pulls.only().state = 'failed';
    expect((await until('failed')).error?.code).toBe('import-failed');
    uploader.retry(only().id);
    await until('importing');
    const [first, second] = pulls.imports;
    expect(second?.item.clientId).not.toBe(first?.item.clientId);
  });
});

describe('a trial of links', () => {
  const film = 'https://media.example.com/a.mp4';
  const spellings = [
    [
      film,
      film,
      `${film}#t=1`,
      'HTTPS://MEDIA.example.com:443/a.mp4',
      'https://media.example.com/x/../a.mp4',
    ],
    [
      'https://user:password@media.example.com/a.mp4',
      'https://user@media.example.com/a.mp4',
      'https://@media.example.com/b.mp4',
    ],
    ['https://media.example.com:8443/a.mp4', 'https://media.example.com:99999/a.mp4', 'https://[::1]/a.mp4'],
    [
      'https://media.example.com/my film.mp4',
      ' https://media.example.com/c.mp4 ',
      'https:media.example.com/d.mp4',
    ],
    [
      `https://media.example.com/${'影'.repeat(300)}.mp4`,
      `${film}#${'a'.repeat(3000)}`,
      `${film}?${'a'.repeat(2048)}`,
    ],
    ['ftp://media.example.com/a.mp4', 'http://media.example.com/a.mp4', 'javascript:alert(1)', 'a.mp4', ''],
    ['https://media.example.com/a.pdf', 'https://media.example.com/watch', 'https://media.example.com/a.mp3'],
    ['1', '2', '3', '4', '5'].map((name) => `https://media.example.com/${name}.mp4`),
  ];
  const rules: Partial<UploaderOptions>[] = [
    {},
    { duplicates: 'refuse' },
    { duplicates: 'ask', restrictions: { maxFiles: 3 } },
    { restrictions: { maxFiles: 2, accept: ['video', 'audio'] } },
  ];

  it.each(rules)('answers what adding rejects, and adds, shows and asks for nothing: %o', async (options) => {
    for (const links of spellings) {
      const metadata = vi.fn(() => ({}));
      const { uploader, pulls } = open({ ...options, metadata, autoStart: false });
      await uploader.addLinks([film]);
      const before = uploader.getSnapshot();
      metadata.mockClear();
      const { added, rejections } = await uploader.addLinks(links, { isTrial: true });
      expect(added).toEqual([]);
      expect(uploader.getSnapshot()).toBe(before);
      expect(metadata).not.toHaveBeenCalled();
      const real = await uploader.addLinks(links);
      const said = (all: typeof rejections) => all.map(({ link, code, limit }) => [link, code, limit]);
      expect(said(rejections)).toEqual(said(real.rejections));
      // What the trial has let through is not rejected afterwards.
      expect(real.added).toHaveLength(links.length - rejections.length);
      expect(pulls.calls).not.toContain('import');
    }
  });
});

it('asks what the host knows of a link only when it is added, and rejects it then', async () => {
  vi.spyOn(console, 'error').mockImplementationOnce(() => {});
  vi.stubGlobal('reportError', vi.fn());
  const metadata = () => {
    throw new Error('no album');
  };
  const { uploader } = open({ metadata });
  expect(await uploader.addLinks([url], { isTrial: true })).toEqual({ added: [], rejections: [] });
  const { rejections } = await uploader.addLinks([url]);
  vi.unstubAllGlobals();
  expect(rejections).toMatchObject([{ code: 'custom', message: 'no album' }]);
  expect(uploader.getSnapshot()).toMatchObject({ uploads: [], rejections: [{ code: 'custom' }] });
});

describe('an import that is under way', () => {
  it('is canceled while it waits', async () => {
    const { uploader, pulls, only, until } = open();
    await uploader.addLinks([url]);
    await until('importing');
    uploader.cancel(only().id);
    await until('canceled');
    await settle();
    expect(pulls.only().state).toBe('canceled');
    expect(only()).toMatchObject({ cleanup: 'done', canRetry: true });
  });

  it('goes on, and says so, where it is canceled too late', async () => {
    const { uploader, pulls, only, until, clock } = open();
    await uploader.addLinks([url]);
    await until('importing');
    pulls.only().state = 'running';
    uploader.cancel(only().id);
    await clock.advance(5000);
    expect(only()).toMatchObject({ status: 'importing', isTooLateToCancel: true });
    pulls.only().state = 'done';
    expect(await until('ready')).toMatchObject({ isTooLateToCancel: true });
  });

  it.each(['cancel', 'cancelAll'] as const)(
    'is left alone by %s where the cloud does not stop it',
    async (how) => {
      const { uploader, pulls, only, until, clock } = open();
      pulls.canStop = false;
      await uploader.addLinks([url]);
      await until('importing');
      await clock.advance(3000);
      uploader[how](only().id);
      await clock.advance(3000);
      expect(only()).toMatchObject({ status: 'importing', isTooLateToCancel: false });
    },
  );

  it('leaves the list where the cloud does not stop it, and goes on there', async () => {
    const { uploader, pulls, only, until, store, clock } = open();
    pulls.canStop = false;
    await uploader.addLinks([url]);
    await until('importing');
    await clock.advance(3000);
    expect(only()).toMatchObject({ canCancel: false, canRemove: true });
    uploader.remove(only().id);
    await clock.advance(3000);
    expect(uploader.getSnapshot().uploads).toEqual([]);
    expect(pulls.only().state).toBe('waiting');
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('survives a reload, also one that waits and one that has arrived meanwhile', async () => {
    const first = open();
    await first.uploader.addLinks([url]);
    await first.until('importing');
    await first.clock.advance(1000);
    const second = first.reload();
    expect(await second.until('importing')).toMatchObject({
      isResumed: true,
      fileName: 'My talk.mp4',
      source: { host: 'media.example.com' },
    });
    first.pulls.only().state = 'done';
    const third = second.reload();
    const events: UploadEvent[] = [];
    third.uploader.onEvent((event) => events.push(event));
    await third.until('ready');
    expect(first.pulls.imports).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(['confirmed', 'ready']);
  });

  it('waits for the network, and for nothing else while it is paused in the queue', async () => {
    const { uploader, network, only, clock, until } = open({ autoStart: false });
    await uploader.addLinks([url]);
    expect(only()).toMatchObject({ status: 'queued', isNotStarted: true });
    uploader.start();
    await until('importing');
    network.set(false);
    await clock.advance(60_000);
    expect(only()).toMatchObject({ status: 'importing' });
    network.set(true);
    await clock.advance(20_000);
    expect(only()).toMatchObject({ status: 'importing', waiting: undefined });
  });

  it('is shown in another tab, which goes on with it when its own is closed', async () => {
    const browser = new FakeBrowser();
    const pulls = new PullCloud();
    const world = { store: new MemoryJournalStore(), clock: new FakeClock() };
    const tab = () => harness({ ports: { fetch: pulls.fetch, tabs: browser.openTab() } }, world);
    const one = tab();
    await one.uploader.addLinks([url]);
    await one.until('importing');
    const other = tab();
    expect(await other.until('importing')).toMatchObject({
      owner: 'other',
      source: { host: 'media.example.com' },
      importing: { state: 'waiting' },
    });
    one.uploader.destroy();
    pulls.only().state = 'done';
    expect(await other.until('ready')).toMatchObject({ owner: 'this' });
    expect(pulls.imports).toHaveLength(1);
  });
});

describe('an import whose page ended before its answer', () => {
  /** A page whose call reaches the endpoint, and which ends before the answer is there. */
  async function ended(more: { canStop?: boolean; reaches?: boolean } = {}) {
    const opened = open();
    const { pulls, uploader, clock } = opened;
    pulls.canStop = more.canStop ?? true;
    pulls.onCall = (operation, when) =>
      operation === 'import' && when === (more.reaches === false ? 'before' : 'after')
        ? 'no-reply'
        : undefined;
    await uploader.addLinks([{ url, metadata: { album: 7 } }]);
    await clock.advance(0);
    await settle();
    return opened;
  }

  it('is noted before the call, without its link', async () => {
    const { store } = await ended();
    const kept = await store.load('/api/uploads', 'fake');
    expect(kept).toMatchObject([
      {
        phase: 'discarding',
        ticket: '',
        asked: { isCanceled: false },
        source: { host: 'media.example.com' },
      },
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/s3cr3t|\/in\/|Signature/);
  });

  it.each([true, false])('comes back as a row on the next visit, canStop %s', async (canStop) => {
    const first = await ended({ canStop });
    first.pulls.onCall = () => undefined;
    const second = first.reload();
    expect(await second.until('importing')).toMatchObject({
      fileName: 'My talk.mp4',
      metadata: { album: 7 },
      isTooLateToCancel: false,
    });
    first.pulls.only().state = 'done';
    await second.until('ready');
    expect(first.pulls.imports).toHaveLength(1);
    await settle();
    expect(second.reload().uploader.getSnapshot().uploads).toEqual([]);
  });

  it('survives another reload', async () => {
    const first = await ended();
    first.pulls.onCall = () => undefined;
    const second = first.reload();
    await second.until('importing');
    await second.clock.advance(1000);
    const third = second.reload();
    await third.until('importing');
    expect(first.pulls.calls.filter((call) => call === 'import')).toHaveLength(2);
    third.uploader.cancel(third.only().id);
    await third.until('canceled');
    await settle();
    expect(first.pulls.only().state).toBe('canceled');
  });

  it('leaves nothing where the call began nothing', async () => {
    const first = await ended({ reaches: false });
    first.pulls.onCall = () => undefined;
    const second = first.reload();
    await second.clock.advance(1000);
    await settle();
    expect(second.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    expect(await first.store.load('/api/uploads', 'fake')).toEqual([]);
    expect(first.pulls.imports).toEqual([]);
  });

  it('is asked about until the endpoint answers', async () => {
    const first = await ended();
    const second = first.reload();
    await second.clock.advance(5000);
    expect(second.uploader.getSnapshot().uploads).toEqual([]);
    first.pulls.onCall = () => undefined;
    await second.clock.advance(60_000);
    expect(second.only()).toMatchObject({ status: 'importing' });
  });

  it('is stopped on the next visit where it was canceled meanwhile', async () => {
    const first = await ended();
    first.uploader.cancel(first.only().id);
    await settle();
    first.pulls.onCall = () => undefined;
    const second = first.reload();
    await second.clock.advance(1000);
    await settle();
    expect(second.uploader.getSnapshot().uploads).toEqual([]);
    expect(first.pulls.only().state).toBe('canceled');
    expect(await first.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('comes back, and says so, where it was canceled meanwhile and the cloud does not stop it', async () => {
    const first = await ended();
    first.uploader.cancel(first.only().id);
    await settle();
    first.pulls.onCall = () => undefined;
    first.pulls.only().state = 'running';
    const second = first.reload();
    expect(await second.until('importing')).toMatchObject({ isTooLateToCancel: true });
  });

  it('says so where it came back, was canceled after another reload, and the cloud does not stop it', async () => {
    const first = await ended();
    first.pulls.onCall = () => undefined;
    const put = first.store.put.bind(first.store);
    let hasTicket = false;
    // The page ends with the first entry that has the ticket.
    const lastWrite = vi.spyOn(first.store, 'put').mockImplementation(async (entry) => {
      if (hasTicket) return;
      hasTicket = entry.ticket !== '';
      await put(entry);
    });
    const second = first.reload();
    await second.until('importing');
    const third = second.reload();
    lastWrite.mockRestore();
    await third.until('importing');
    first.pulls.only().state = 'running';
    first.pulls.onCall = (operation) => (operation === 'finish' ? 'no-reply' : undefined);
    third.uploader.cancel(third.only().id);
    await settle();
    first.pulls.onCall = () => undefined;
    const fourth = third.reload();
    expect(await fourth.until('importing')).toMatchObject({ isTooLateToCancel: true });
  });

  it.each([false, true])(
    'comes back as a failed row where the cloud may have begun it and nothing names it, canceled %s',
    async (isCanceled) => {
      const first = await ended();
      if (isCanceled) first.uploader.cancel(first.only().id);
      await settle();
      first.pulls.onCall = (operation) => (operation === 'import' ? 'import-lost' : undefined);
      const second = first.reload();
      const events: UploadEvent[] = [];
      second.uploader.onEvent((event) => events.push(event));
      const { error, ...row } = await second.until('failed');
      expect(error?.code).toBe('import-lost');
      expect(row).toMatchObject({
        fileName: 'My talk.mp4',
        source: { host: 'media.example.com' },
        cleanup: 'none',
        canRetry: false,
        canRemove: true,
      });
      expect(events.map(({ type }) => type)).toEqual(['failed']);
      await settle();
      // There is no ticket, so no call is made with one.
      expect(first.pulls.calls.slice(-1)).toEqual(['import']);
      expect(await first.store.load('/api/uploads', 'fake')).toEqual([]);
      second.uploader.remove(second.only().id);
      await settle();
      expect(second.uploader.getSnapshot().uploads).toEqual([]);
      expect(first.pulls.calls.slice(-1)).toEqual(['import']);
    },
  );

  it('is told on the visit after the next where that one ended before it could say so', async () => {
    const first = await ended();
    first.pulls.onCall = (operation) => (operation === 'import' ? 'import-lost' : undefined);
    const remove = vi.spyOn(first.store, 'delete').mockReturnValue(new Promise(() => {}));
    const second = first.reload();
    await second.until('failed');
    remove.mockRestore();
    const asked = first.pulls.calls.length;
    const third = second.reload();
    expect((await third.until('failed')).error?.code).toBe('import-lost');
    await settle();
    expect(first.pulls.calls).toHaveLength(asked);
    expect(await first.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('leaves nothing in the journal where the endpoint refuses it', async () => {
    const { uploader, pulls, store, until } = open();
    pulls.onCall = (operation) => (operation === 'import' ? 'link-refused' : undefined);
    await uploader.addLinks([url]);
    await until('failed');
    await settle();
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('is not taken from a tab that still asks', async () => {
    const browser = new FakeBrowser();
    const pulls = new PullCloud();
    const world = { store: new MemoryJournalStore(), clock: new FakeClock() };
    const tab = () => harness({ ports: { fetch: pulls.fetch, tabs: browser.openTab() } }, world);
    const one = tab();
    pulls.onCall = (operation, when) => (operation === 'import' && when === 'after' ? 'no-reply' : undefined);
    await one.uploader.addLinks([url]);
    await settle();
    const other = tab();
    await settle();
    await world.clock.advance(0);
    const asked = pulls.calls.filter((call) => call === 'import').length;
    expect(asked).toBe(1);
    pulls.onCall = () => undefined;
    one.uploader.destroy();
    expect(await other.until('importing')).toMatchObject({ owner: 'this' });
    expect(pulls.imports).toHaveLength(1);
  });

  it('goes on in the next uploader of the same page, once', async () => {
    const first = open();
    let answer = (): void => {};
    const { fetch } = first.pulls;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const slow: typeof fetch = async (...call) => {
      const response = await fetch(...call);
      if ((call[0] as string).endsWith('/import')) await held;
      return response;
    };
    const world = { store: new MemoryJournalStore(), clock: new FakeClock() };
    const one = harness({ ports: { fetch: slow } }, world);
    await one.uploader.addLinks([url]);
    await settle();
    one.uploader.destroy();
    const other = harness({ ports: { fetch } }, world);
    await other.until('importing');
    answer();
    first.pulls.only().state = 'done';
    await other.until('ready');
    await settle();
    expect(first.pulls.imports).toHaveLength(1);
    other.uploader.remove(other.only().id);
    await settle();
    expect(await world.store.load('/api/uploads', 'fake')).toEqual([]);
  });
});

describe('the cover of an import', () => {
  const cover = () => new File(['picture'], 'cover.jpg', { type: 'image/jpeg' });

  async function importing(options: Partial<UploaderOptions> = {}) {
    const opened = open(options);
    await opened.uploader.loadCapabilities();
    await opened.uploader.addLinks([url]);
    await opened.until('importing');
    return opened;
  }

  it('waits until the cloud has the video, and is stored before the row says so', async () => {
    const { uploader, pulls, cloud, only, until, clock } = await importing();
    expect(uploader.attach(only().id, { kind: 'cover', file: cover() })).toBeTypeOf('string');
    await clock.advance(3000);
    expect(pulls.calls).not.toContain('attach');
    expect(only().attachments).toMatchObject([{ kind: 'cover', status: 'waiting' }]);
    pulls.only().state = 'done';
    cloud.onAttachment = () => {
      expect(only().status).toBe('importing');
      return Promise.resolve('ok');
    };
    expect((await until('ready')).attachments).toMatchObject([{ status: 'stored' }]);
    expect(cloud.attachments.size).toBe(1);
  });

  it('is given before the import begins, or when all of it is there', async () => {
    const { uploader, cloud, pulls, only, until } = open({ autoStart: false });
    await uploader.loadCapabilities();
    await uploader.addLinks([url]);
    uploader.attach(only().id, { kind: 'cover', file: cover() });
    uploader.start();
    await until('importing');
    pulls.only().state = 'done';
    await until('ready');
    expect(cloud.attachments.size).toBe(1);
    uploader.attach(only().id, { kind: 'cover', file: cover() });
    await settle();
    expect(cloud.attachments.size).toBe(2);
  });

  it('is refused where the cloud takes none for an import, as are subtitles here', async () => {
    const { uploader, only } = await importing();
    const file = new File(['1'], 'a.srt');
    expect(uploader.attach(only().id, { kind: 'subtitle', file, language: 'en' })).toBeUndefined();
    expect(only().attachments).toEqual([]);
  });

  it('survives a reload', async () => {
    const first = await importing();
    first.uploader.attach(first.only().id, { kind: 'cover', file: cover() });
    await first.clock.advance(1000);
    const second = first.reload();
    first.pulls.only().state = 'done';
    expect((await second.until('ready')).attachments).toMatchObject([{ kind: 'cover', status: 'stored' }]);
    expect(first.cloud.attachments.size).toBe(1);
  });

  it('does not keep the video from being ready where it is refused, and is sent once more', async () => {
    const { uploader, pulls, cloud, only, until } = await importing();
    const id = uploader.attach(only().id, { kind: 'cover', file: cover() }) ?? '';
    cloud.onAttachment = () => Promise.resolve('refused');
    pulls.only().state = 'done';
    expect((await until('ready')).attachments).toMatchObject([{ status: 'failed' }]);
    cloud.onAttachment = () => Promise.resolve('ok');
    uploader.retryAttachment(only().id, id);
    await settle();
    expect(only().attachments).toMatchObject([{ status: 'stored' }]);
  });

  it('does not keep the video from being ready where its code cannot be loaded', async () => {
    const { uploader, pulls, only, until } = await importing();
    uploader.attach(only().id, { kind: 'cover', file: cover() });
    vi.spyOn(Attachments.prototype, 'sendAll').mockRejectedValueOnce(new UploadError('code-unavailable'));
    pulls.only().state = 'done';
    await until('ready');
    expect(pulls.imports).toHaveLength(1);
  });
});
