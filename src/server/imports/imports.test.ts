import { describe, expect, it, vi } from 'vitest';
import type { ImportResponse } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { memoryStore, type EndpointStore } from '../memory.js';
import type { TokenEndpointOptions } from '../options.js';
import type { ImportLink, Imports, ImportStarted, ImportStatus } from '../provider.js';
import { openEndpoint } from '../test-support/fake-endpoint.js';
import { fakeProvider } from '../test-support/fake-provider.js';

const url = 'https://media.example.com/in/clip.mp4?Signature=s3cr3t';
const item = { clientId: 'c1', url, fileName: 'Talk.mp4' };

function setUp(options: Partial<TokenEndpointOptions> = {}) {
  const imports = {
    extensions: ['mp4', 'mov'],
    extensionIn: 'path',
    start: vi.fn<Imports['start']>((links) =>
      Promise.resolve(links.map(({ id }): ImportStarted<unknown> => ({ state: { jobId: id } }))),
    ),
    status: vi.fn<Imports['status']>((sessions) =>
      Promise.resolve(
        sessions.map((): ImportStatus => ({ outcome: 'imported', mediaId: 'm1', sizeBytes: 7 })),
      ),
    ),
    end: vi.fn<Imports['end']>(() => Promise.resolve('ended')),
    attach: vi.fn<NonNullable<Imports['attach']>>(({ state }, attachments) =>
      Promise.resolve({
        requests: attachments.map(({ attachmentId }) => ({
          attachmentId,
          method: 'PUT',
          url: 'https://store.test/a',
          headers: {},
          expiresInMs: 1000,
        })),
        state,
      }),
    ),
  } as const;
  const fake = fakeProvider();
  const ability = {
    progress: 'states' as const,
    cancel: 'waiting' as const,
    attachments: ['cover' as const],
  };
  const provider = { ...fake, imports, capabilities: { ...fake.capabilities, import: ability } };
  const onConfirmed = vi.fn<NonNullable<TokenEndpointOptions['onConfirmed']>>();
  const opened = openEndpoint({ providers: [provider], imports: true, onConfirmed, ...options });
  const importAll = (items: readonly object[], user?: string) =>
    opened.call('import', { provider: 'fake', imports: items }, user === undefined ? {} : { user });
  const importOne = async (fields: object = {}): Promise<string> => {
    const { json } = await importAll([{ ...item, ...fields }]);
    const [result] = (json as unknown as ImportResponse).results;
    if (result?.outcome !== 'importing') throw new Error(JSON.stringify(json));
    return result.session.ticket;
  };
  const finish = (ticket: string, status: string, user = 'ada') =>
    opened.call('finish', { items: [{ ticket, status }] }, { user });
  const details = (...tickets: string[]) =>
    opened.call('details', { items: tickets.map((ticket) => ({ ticket })) });
  return { ...opened, provider, imports, onConfirmed, importAll, importOne, finish, details };
}

describe('the operation import', () => {
  it('gives all links of a call to the cloud at once, and answers a ticket for each', async () => {
    const { importAll, imports } = setUp();
    const items = ['a', 'b', 'c'].map((clientId) => ({ ...item, clientId }));
    const { codes } = await importAll(items);
    expect(codes).toEqual(['importing', 'importing', 'importing']);
    expect(imports.start).toHaveBeenCalledTimes(1);
    expect(imports.start.mock.calls[0]?.[0]).toHaveLength(3);
  });

  it('refuses each link by itself, also where the cloud refuses it', async () => {
    const { importAll, imports } = setUp();
    imports.start.mockImplementation((links) =>
      Promise.resolve(
        links.map(({ fileName }) =>
          fileName === 'no' ? new EndpointError('link-refused') : { state: {}, mediaId: fileName },
        ),
      ),
    );
    const { codes } = await importAll([
      item,
      { ...item, clientId: 'c2', url: 'https://10.0.0.1/clip.mp4' },
      { ...item, clientId: 'c3', fileName: 'no' },
      { ...item, clientId: 'c4', url: 'https://media.example.com/page.html' },
      { ...item, clientId: 'c5', url: `https://media.example.com/${'a'.repeat(3000)}.mp4` },
      { ...item, clientId: 'c6' },
    ]);
    expect(codes).toEqual(['importing', ...Array<string>(4).fill('link-refused'), 'importing']);
  });

  it.each([{ imports: false }, { imports: undefined }])(
    'is off where the endpoint has imports $imports',
    async (options) => {
      const { importAll, call, imports } = setUp(options);
      expect((await importAll([item])).codes).toEqual(['not-supported']);
      const { json } = await call('describe', { providers: ['fake'] });
      expect(JSON.stringify(json)).not.toContain('"import"');
      expect(imports.start).not.toHaveBeenCalled();
    },
  );

  it('is not supported where the cloud pulls nothing, and not declared', async () => {
    const { call } = openEndpoint({ imports: true });
    expect((await call('import', { provider: 'fake', imports: [item] })).codes).toEqual(['not-supported']);
    expect(JSON.stringify((await call('describe', { providers: ['fake'] })).json)).not.toContain('"import"');
  });

  it('declares with the capability which schemes links may have', async () => {
    const declared = async (options: Partial<TokenEndpointOptions>) =>
      JSON.stringify((await setUp(options).call('describe', { providers: ['fake'] })).json);
    expect(await declared({})).toContain('"schemes":["https"]');
    expect(await declared({ imports: { allowsHttp: true } })).toContain('"schemes":["https","http"]');
  });

  it('answers the repeat of a call with the same import', async () => {
    const { importOne, details, imports } = setUp();
    const [first, second] = [await importOne(), await importOne()];
    expect(second).toBe(first);
    expect(imports.start).toHaveBeenCalledTimes(1);
    expect((await details(first)).codes).toEqual(['imported']);
  });

  it('begins anew after a cancel, under the same id', async () => {
    const { importOne, finish, imports } = setUp();
    const first = await importOne();
    expect((await finish(first, 'canceled')).codes).toEqual(['discarded']);
    expect(await importOne()).not.toBe(first);
    expect(imports.start).toHaveBeenCalledTimes(2);
  });

  it('tells the provider when it tried before, if the answer was lost, and not after a refusal', async () => {
    const { importAll, imports, clock } = setUp();
    const before = clock.now;
    const fail = (code: 'vendor-unavailable' | 'vendor-throttled') =>
      imports.start.mockImplementationOnce((links) =>
        Promise.resolve(links.map(() => new EndpointError(code))),
      );
    const linkOf = (index: number): ImportLink | undefined => imports.start.mock.calls[index]?.[0][0];
    fail('vendor-unavailable');
    await importAll([item]);
    clock.now += 5000;
    await importAll([item]);
    expect(linkOf(0)?.triedAt).toBeUndefined();
    expect(linkOf(1)).toMatchObject({ triedAt: before, id: linkOf(0)?.id });
    fail('vendor-throttled');
    await importAll([{ ...item, clientId: 'c2' }]);
    await importAll([{ ...item, clientId: 'c2' }]);
    expect(linkOf(3)?.triedAt).toBeUndefined();
  });

  it('asks the host about each link, in order, by its own rule and by those for files', async () => {
    const allow = vi.fn((link: URL) => link.hostname === 'media.example.com');
    const mayStart = vi.fn(({ fileName }: { fileName: string }) =>
      fileName === 'full' ? { quotaExceeded: 'full' } : undefined,
    );
    const { importAll } = setUp({
      imports: { allow },
      authorize: () => ({ id: 'ada', mayStart }),
    });
    const { codes } = await importAll([
      item,
      { ...item, clientId: 'c2', url: 'https://other.example/clip.mp4' },
      { ...item, clientId: 'c3', fileName: 'full' },
    ]);
    expect(codes).toEqual(['importing', 'link-refused', 'quota-exceeded']);
    expect(allow.mock.calls.map(([link]) => link.hostname)).toEqual([
      'media.example.com',
      'other.example',
      'media.example.com',
    ]);
    expect(mayStart.mock.calls.map(([upload]) => upload)).toMatchObject([
      { fileName: 'Talk.mp4', sizeBytes: 0 },
      { fileName: 'full' },
    ]);
  });

  it('passes a refusal of `allow` on, and takes what it throws for a fault of the host', async () => {
    const refusing = setUp({ imports: { allow: () => ({ forbidden: 'not this host' }) } });
    expect((await refusing.importAll([item])).codes).toEqual(['forbidden']);
    const throwing = setUp({ imports: { allow: () => Promise.reject(new Error('database')) } });
    expect((await throwing.importAll([item])).codes).toEqual(['internal']);
  });

  it('names provider and links to `authorize`', async () => {
    const authorize = vi.fn(() => ({ id: 'ada' }));
    const { importAll } = setUp({ authorize });
    await importAll([{ ...item, metadata: { album: 7 } }]);
    expect(authorize).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({
        operation: 'import',
        provider: 'fake',
        imports: [{ ...item, metadata: { album: 7 } }],
      }),
    );
  });

  it('lets a page set only the options that its caller may set', async () => {
    const { importAll, imports } = setUp({ authorize: () => ({ id: 'ada', options: ['title'] }) });
    const { codes } = await importAll([
      { ...item, options: { title: 'Talk' } },
      { ...item, clientId: 'c2', options: { workflow: 'x' } },
      { ...item, clientId: 'c3', options: { title: 'longer than ten' } },
    ]);
    expect(codes).toEqual(['importing', 'forbidden', 'invalid-request']);
    expect(imports.start.mock.calls[0]?.[0]).toMatchObject([{ options: { title: 'Talk' } }]);
  });

  it('counts imports against the limits of uploads, and gives back what came to nothing', async () => {
    const { importAll, imports } = setUp({ limits: { openUploads: 2, extensions: ['mp4'] } });
    const ask = (clientId: string, more: object = {}) => importAll([{ ...item, clientId, ...more }]);
    imports.start.mockImplementationOnce((links) =>
      Promise.resolve(links.map(() => new EndpointError('link-refused'))),
    );
    expect((await ask('a')).codes).toEqual(['link-refused']);
    expect((await ask('b')).codes).toEqual(['importing']);
    expect((await ask('c')).codes).toEqual(['importing']);
    expect((await ask('d')).codes).toEqual(['rate-limited']);
    expect((await ask('e', { url: 'https://media.example.com/a.mov' })).codes).toEqual(['file-refused']);
  });

  it('answers every other link where one waits for the same import of another call', async () => {
    const { importAll } = setUp();
    const twice = [item, { ...item }, { ...item, clientId: 'c2' }];
    expect((await importAll(twice)).codes).toEqual(['importing', 'importing', 'importing']);
  });
});

describe('an import that is under way', () => {
  it('answers how far the cloud is, with one question for all of them', async () => {
    const { importOne, details, imports } = setUp();
    const tickets = [
      await importOne(),
      await importOne({ clientId: 'c2' }),
      await importOne({ clientId: 'c3' }),
    ];
    imports.status.mockResolvedValue([
      { outcome: 'waiting' },
      { outcome: 'running', percent: 40 },
      { outcome: 'failed', code: 'SourceGone' },
    ]);
    const { json } = await details(...tickets);
    expect(json['results']).toMatchObject([
      { outcome: 'importing', state: 'waiting', canCancel: true },
      { outcome: 'importing', state: 'running', percent: 40, canCancel: false },
      { outcome: 'refused', problem: { code: 'import-failed', vendor: { code: 'SourceGone' } } },
    ]);
    expect(imports.status).toHaveBeenCalledTimes(1);
  });

  it('tells the host of its end once, with the media and the size, before the page hears of it', async () => {
    const { importOne, finish, onConfirmed, details, provider } = setUp();
    const ticket = await importOne({ metadata: { album: 7 } });
    const { json } = await finish(ticket, 'imported');
    expect(json['results']).toMatchObject([
      { outcome: 'confirmed', mediaId: 'm1', object: { sizeBytes: 7 }, ticket: expect.any(String) as string },
    ]);
    await finish(ticket, 'imported');
    expect(onConfirmed).toHaveBeenCalledTimes(1);
    expect(onConfirmed.mock.calls[0]?.[0]).toMatchObject({
      mediaId: 'm1',
      fileName: 'Talk.mp4',
      sizeBytes: 7,
      linkHost: 'media.example.com',
      metadata: { album: 7 },
      object: { sizeBytes: 7 },
    });
    // From now on it is as one that was uploaded.
    const [confirmed] = json['results'] as { ticket: string }[];
    expect((await details(confirmed?.ticket ?? '')).codes).toEqual(['found']);
    expect(provider.details.mock.calls[0]?.[0]).toMatchObject([{ mediaId: 'm1' }]);
  });

  it('is not confirmed before the cloud has all of it, whatever the page says', async () => {
    const { importOne, finish, imports, onConfirmed } = setUp();
    const ticket = await importOne();
    imports.status.mockResolvedValueOnce([{ outcome: 'running' }]);
    expect((await finish(ticket, 'imported')).codes).toEqual(['media-state-conflict']);
    imports.status.mockResolvedValueOnce([{ outcome: 'failed' }]);
    expect((await finish(ticket, 'imported')).codes).toEqual(['import-failed']);
    expect(onConfirmed).not.toHaveBeenCalled();
    expect((await finish(ticket, 'imported')).codes).toEqual(['confirmed']);
  });

  it('is told to the host again where it has failed', async () => {
    const onConfirmed = vi.fn().mockRejectedValueOnce(new Error('database'));
    const { importOne, finish } = setUp({ onConfirmed });
    const ticket = await importOne();
    expect((await finish(ticket, 'imported')).codes).toEqual(['internal']);
    expect((await finish(ticket, 'imported')).codes).toEqual(['confirmed']);
    expect(onConfirmed).toHaveBeenCalledTimes(2);
  });

  it('is canceled where the cloud stops it, and honestly not where it does not', async () => {
    const { importOne, finish, imports } = setUp();
    const ticket = await importOne();
    imports.end.mockResolvedValueOnce('running');
    expect((await finish(ticket, 'canceled')).codes).toEqual(['media-state-conflict']);
    expect((await finish(ticket, 'canceled')).codes).toEqual(['discarded']);
    expect((await finish(ticket, 'imported')).codes).toEqual(['media-state-conflict']);
  });

  it('is deleted again where it is larger than its caller may upload', async () => {
    const { importOne, finish, imports, onConfirmed } = setUp({ limits: { maxFileSizeBytes: 6 } });
    const ticket = await importOne();
    expect((await finish(ticket, 'imported')).codes).toEqual(['file-refused']);
    expect(imports.end).toHaveBeenCalledTimes(1);
    expect(onConfirmed).not.toHaveBeenCalled();
  });

  it('counts its bytes against the day once they are known', async () => {
    const { importOne, importAll, finish, call } = setUp({ limits: { bytesPerDay: 10 } });
    await finish(await importOne(), 'imported');
    const upload = { clientId: 'u', fileName: 'a.mp4', sizeBytes: 5, contentType: 'video/mp4' };
    expect((await call('start', { provider: 'fake', uploads: [upload] })).codes).toEqual(['quota-exceeded']);
    expect((await importAll([{ ...item, clientId: 'c2' }])).codes).toEqual(['importing']);
  });

  it('belongs to its caller', async () => {
    const { importOne, finish, imports } = setUp();
    const ticket = await importOne();
    expect((await finish(ticket, 'canceled', 'eve')).codes).toEqual(['ticket-foreign']);
    expect(imports.end).not.toHaveBeenCalled();
  });

  const cover = {
    attachmentId: 'a',
    kind: 'cover',
    fileName: 'a.jpg',
    sizeBytes: 1,
    contentType: 'image/jpeg',
  };

  it('takes a cover once the cloud has the video, and no subtitle where the cloud takes none', async () => {
    const { importOne, finish, call, imports } = setUp();
    const ticket = await importOne();
    const attach = async (on: string, attachment: object) =>
      (await call('attach', { items: [{ ticket: on, attachments: [attachment] }] })).codes;
    expect(await attach(ticket, cover)).toEqual(['media-state-conflict']);
    const { json } = await finish(ticket, 'imported');
    const [ended] = (json as { results: [{ ticket: string }] }).results;
    expect(await attach(ended.ticket, { ...cover, kind: 'subtitle' })).toEqual(['not-supported']);
    expect(imports.attach).not.toHaveBeenCalled();
    expect(await attach(ended.ticket, cover)).toEqual(['attached']);
    expect(imports.attach.mock.calls[0]?.[0]).toMatchObject({ mediaId: 'm1' });
  });

  it('takes none of the operations of uploads, nor an upload those of imports', async () => {
    const { importOne, call, start, finish } = setUp();
    const ticket = await importOne();
    const parts = [{ partNumber: 1, sizeBytes: 1 }];
    for (const [operation, more] of Object.entries({
      sign: { parts },
      list: {},
      attach: { attachments: [cover] },
      finish: { status: 'uploaded', parts },
    }))
      expect((await call(operation, { items: [{ ticket, ...more }] })).codes[0]).toMatch(
        /invalid-request|not-supported|media-state-conflict/,
      );
    expect((await finish(await start(), 'imported')).codes).toEqual(['invalid-request']);
  });

  it('names the link in no ticket, answer, event or error, only its host', async () => {
    const { importOne, importAll, finish, details, events, onError, imports } = setUp();
    const ticket = await importOne();
    imports.start.mockRejectedValueOnce(new Error(`cannot pull ${url}`));
    const refused = await importAll([{ ...item, clientId: 'c2' }]);
    const answers = [refused, await details(ticket), await finish(ticket, 'imported')].map(
      ({ json }) => json,
    );
    const told = JSON.stringify([answers, events, ticket]);
    expect(told).not.toMatch(/s3cr3t|\/in\/|Signature/);
    expect(events.find((event) => event.type === 'item')).toMatchObject({
      operation: 'import',
      outcome: 'importing',
      fileName: 'Talk.mp4',
      linkHost: 'media.example.com',
    });
    expect(onError).toHaveBeenCalled();
  });
});

describe('a question about an import whose answer was not heard', () => {
  const question = { clientId: 'c1', fileName: 'Talk.mp4' };

  it('is answered with what the call has begun, and begins, checks and counts nothing', async () => {
    const allow = vi.fn(() => true);
    const mayStart = vi.fn(() => undefined);
    const { importOne, importAll, imports } = setUp({
      imports: { allow },
      authorize: () => ({ id: 'ada', mayStart }),
      limits: { openUploads: 1, startsPerMinute: 1 },
    });
    const ticket = await importOne();
    const { json } = await importAll([question, { ...question }]);
    expect(json['results']).toMatchObject(Array(2).fill({ outcome: 'importing', session: { ticket } }));
    expect(imports.start).toHaveBeenCalledTimes(1);
    expect(allow).toHaveBeenCalledTimes(1);
    expect(mayStart).toHaveBeenCalledTimes(1);
  });

  it('shares a call with links that are given', async () => {
    const { importAll, imports } = setUp();
    const { codes } = await importAll([
      question,
      { ...item, clientId: 'c2' },
      { ...question, clientId: 'c3' },
    ]);
    expect(codes).toEqual(['upload-not-found', 'importing', 'upload-not-found']);
    expect(imports.start.mock.calls[0]?.[0]).toHaveLength(1);
  });

  it('waits for the answer of the cloud', async () => {
    const { importOne, importAll, imports } = setUp();
    let answer = (_: ImportStarted<unknown>[]): void => {};
    imports.start.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const first = importOne();
    await vi.waitFor(() => expect(imports.start).toHaveBeenCalled());
    const asked = importAll([question]);
    answer([{ state: { jobId: 'j' } }]);
    expect((await asked).json['results']).toMatchObject([{ session: { ticket: await first } }]);
  });

  it('is answered as long as tickets live, without a link in the store', async () => {
    const entries = new Map<string, { value: string; lifetimeMs: number }>();
    const store: EndpointStore = {
      get: (key) => Promise.resolve(entries.get(key)?.value),
      put: (key, value, lifetimeMs) => Promise.resolve(void entries.set(key, { value, lifetimeMs })),
    };
    const { importOne, importAll, clock } = setUp({ store });
    await importOne();
    const days = 6 * 24 * 3_600_000;
    clock.now += days;
    for (const [key, { lifetimeMs }] of entries) if (lifetimeMs < days) entries.delete(key);
    expect((await importAll([question])).codes).toEqual(['importing']);
    expect(JSON.stringify([...entries])).not.toMatch(/s3cr3t|media\.example\.com\/in/);
  });

  it.each([
    ['was never requested', async () => {}],
    [
      'was refused',
      async ({ importAll }: ReturnType<typeof setUp>) => {
        await importAll([{ ...item, url: 'https://10.0.0.1/clip.mp4' }]);
      },
    ],
    [
      'the cloud has refused',
      async ({ importAll, imports }: ReturnType<typeof setUp>) => {
        imports.start.mockResolvedValueOnce([new EndpointError('vendor-refused')]);
        await importAll([item]);
      },
    ],
    [
      'was canceled',
      async ({ importOne, finish }: ReturnType<typeof setUp>) => {
        await finish(await importOne(), 'canceled');
      },
    ],
    [
      'another caller has begun',
      async ({ importAll }: ReturnType<typeof setUp>) => {
        await importAll([item], 'eve');
      },
    ],
  ] as const)('finds nothing where %s', async (_, before) => {
    const opened = setUp();
    await before(opened);
    expect((await opened.importAll([question])).codes).toEqual(['upload-not-found']);
  });

  it('keeps a call that comes late from beginning what was said not to have begun', async () => {
    const { importAll, imports } = setUp();
    expect((await importAll([question])).codes).toEqual(['upload-not-found']);
    expect((await importAll([item])).codes).toEqual(['upload-not-found']);
    expect(imports.start).not.toHaveBeenCalled();
  });

  it('keeps it from beginning for as long as a call lasts, and not for as long as tickets live', async () => {
    const { importAll, clock } = setUp();
    await importAll([question]);
    clock.now += 4 * 60_000;
    expect((await importAll([item])).codes).toEqual(['upload-not-found']);
    clock.now += 60_000;
    expect((await importAll([item])).codes).toEqual(['importing']);
  });

  it('writes no more than some to the store, and pushes nothing out of it', async () => {
    const clock = { now: Date.now() };
    const written: string[] = [];
    const store = memoryStore({ maxEntries: 1000, now: () => clock.now });
    const put = store.put.bind(store);
    const putIfAbsent = store.putIfAbsent?.bind(store);
    store.put = (key, ...entry) => put(key, ...entry);
    store.putIfAbsent = (key, value, lifetimeMs) => {
      written.push(key);
      return putIfAbsent?.(key, value, lifetimeMs) ?? Promise.resolve(false);
    };
    const { importOne, importAll, imports } = setUp({ store });
    const ticket = await importOne();
    const codes: string[] = [];
    for (let call = 0; call < 20; call += 1) {
      const many = Array.from({ length: 100 }, (_, index) => ({ ...question, clientId: `${call}-${index}` }));
      codes.push(...(await importAll(many)).codes);
    }
    expect(codes.filter((code) => code === 'upload-not-found')).toHaveLength(300);
    // Each is a whole call of 100.
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(17);
    expect(written.filter((key) => key.startsWith('vodrop:import:'))).toHaveLength(301);
    expect(await importOne()).toBe(ticket);
    expect(imports.start).toHaveBeenCalledTimes(1);
    // Those of another caller are counted apart.
    expect((await importAll([question], 'eve')).codes).toEqual(['upload-not-found']);
  });

  it('is limited as starts are, counted apart from them, and only where nothing is found', async () => {
    const { importOne, importAll } = setUp({ limits: { startsPerMinute: 2, openUploads: 1 } });
    await importOne();
    const ask = async (clientId: string) => (await importAll([{ ...question, clientId }])).codes;
    const asked = ['c1', 'c1', 'c1', 'a', 'a', 'a', 'b', 'c', 'b', 'c1'];
    const codes: string[] = [];
    for (const clientId of asked) codes.push(...(await ask(clientId)));
    expect(codes).toEqual([
      ...Array<string>(3).fill('importing'),
      ...Array<string>(4).fill('upload-not-found'),
      'rate-limited',
      'upload-not-found',
      'importing',
    ]);
  });

  it.each(['vendor-unavailable', 'vendor-invalid-reply'] as const)(
    'is not answered as if nothing had begun where the cloud may have: %s',
    async (code) => {
      const { importAll, importOne, imports } = setUp();
      imports.start.mockResolvedValueOnce([new EndpointError(code)]);
      expect((await importAll([item])).codes).toEqual([code]);
      expect((await importAll([question])).codes).toEqual(['import-lost']);
      expect((await importAll([question])).codes).toEqual(['import-lost']);
      // The page that has the link finds it.
      const ticket = await importOne();
      expect((await importAll([question])).json['results']).toMatchObject([{ session: { ticket } }]);
    },
  );

  it('is refused to another person by whom the link was not added', async () => {
    const { importAll, importOne } = setUp();
    await importOne();
    const { json } = await importAll([item]);
    const [{ caller }] = (json as { results: [{ caller: string }] }).results;
    expect((await importAll([{ ...question, addedBy: caller }], 'eve')).codes).toEqual(['ticket-foreign']);
  });

  it('is repeated where the store does not answer, so that nothing is forgotten', async () => {
    const store: EndpointStore = {
      get: () => Promise.reject(new Error('down')),
      put: () => Promise.reject(new Error('down')),
    };
    expect((await setUp({ store }).importAll([question])).codes).toEqual(['vendor-unavailable']);
    // The import itself begins all the same.
    expect((await setUp({ store }).importAll([item])).codes).toEqual(['importing']);
  });

  it('names no link to `authorize`', async () => {
    const authorize = vi.fn(() => ({ id: 'ada' }));
    await setUp({ authorize }).importAll([question]);
    expect(authorize).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ imports: [] }));
  });
});
