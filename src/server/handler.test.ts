import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import {
  attachResponseSchema,
  describeResponseSchema,
  detailsResponseSchema,
  finishResponseSchema,
  listResponseSchema,
  problemSchema,
  problemStatus,
  signResponseSchema,
  startResponseSchema,
  updateResponseSchema,
  type Problem,
  type ProblemCode,
} from '../protocol/index.js';
import { EndpointError } from './errors.js';
import { createTokenEndpoint } from './handler.js';
import type { TokenEndpointOptions } from './options.js';
import { callCount, fakeProvider } from './test-support/fake-provider.js';

const secret = 'a secret of more than thirty-two characters';
const upload = { clientId: 'c1', fileName: 'a.mp4', sizeBytes: 5, contentType: 'video/mp4' };
const startedAt = Date.UTC(2026, 0, 15);

function setUp(options: Partial<TokenEndpointOptions> = {}) {
  const provider = fakeProvider();
  const clock = { now: startedAt };
  const onError = vi.fn();
  // The caller is who a header says: a stand-in for the host's own session.
  const authorize = (request: Request) => {
    const id = request.headers.get('x-user');
    return id ? { id } : null;
  };
  const endpoint = createTokenEndpoint({
    providers: [provider],
    authorize,
    secret,
    now: () => clock.now,
    onError,
    ...options,
  });
  const post = (
    operation: string,
    body: unknown,
    { user = 'ada', headers = {} }: { user?: string; headers?: Record<string, string> } = {},
  ) =>
    endpoint(
      new Request(`https://host.test/api/uploads/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(user && { 'x-user': user }), ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const start = async (uploads = [upload], user = 'ada') => {
    const reply = v.parse(
      startResponseSchema,
      await (await post('start', { provider: 'fake', uploads }, { user })).json(),
    );
    return reply.results.map((result) => (result.outcome === 'started' ? result.session.ticket : ''));
  };
  const startOne = async (user?: string) => (await start([upload], user))[0] ?? '';
  return { provider, clock, onError, endpoint, post, start, startOne };
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = v.parse(problemSchema, await response.json());
  expect(response.status).toBe(problem.status);
  return problem;
}

const parts = [{ partNumber: 1, sizeBytes: 5 }];

describe('operations of the token endpoint', () => {
  it('returns a ticket from start that authorizes every later operation', async () => {
    const { post, startOne, provider } = setUp();
    const ticket = await startOne();
    const signed = v.parse(
      signResponseSchema,
      await (await post('sign', { items: [{ ticket, parts }] })).json(),
    );
    expect(signed.results[0]).toMatchObject({ outcome: 'signed', requests: [{ partNumber: 1 }] });
    const listed = v.parse(listResponseSchema, await (await post('list', { items: [{ ticket }] })).json());
    expect(listed.results[0]).toEqual({
      outcome: 'listed',
      parts: [{ partNumber: 1, sizeBytes: 5, eTag: 'e' }],
    });
    const details = v.parse(
      detailsResponseSchema,
      await (await post('details', { items: [{ ticket }] })).json(),
    );
    expect(details.results[0]).toEqual({
      outcome: 'found',
      media: { mediaId: 'media-c1', provider: 'fake', status: 'ready' },
    });
    const finished = v.parse(
      finishResponseSchema,
      await (await post('finish', { items: [{ ticket, status: 'uploaded', parts }] })).json(),
    );
    expect(finished.results[0]).toEqual({ outcome: 'confirmed', object: { eTag: 'e', sizeBytes: 5 } });
    expect(provider.sign.mock.calls[0]?.[0]).toMatchObject({
      mediaId: 'media-c1',
      fileName: 'a.mp4',
      sizeBytes: 5,
      transfer: { kind: 'single' },
      state: { url: 'u' },
    });
  });

  it('returns checksum-required when the provider needs the checksum first', async () => {
    const { post, provider } = setUp();
    provider.start.mockResolvedValueOnce('checksum-required');
    expect(await (await post('start', { provider: 'fake', uploads: [upload] })).json()).toMatchObject({
      results: [{ outcome: 'checksum-required' }],
    });
  });

  it('returns a new ticket for the same upload when the transfer restarts', async () => {
    const { post, startOne, provider } = setUp();
    const ticket = await startOne();
    const transfer = {
      kind: 'multipart',
      minPartSizeBytes: 1,
      maxPartSizeBytes: 9,
      maxPartCount: 9,
    } as const;
    provider.sign.mockResolvedValueOnce({
      outcome: 'expired',
      restart: () => Promise.resolve({ mediaId: 'media-c1', transfer, state: { uploadId: 'U' } }),
    });
    const { results } = v.parse(
      signResponseSchema,
      await (await post('sign', { items: [{ ticket, parts }] })).json(),
    );
    const [result] = results;
    if (result?.outcome !== 'restarted') throw new Error('not restarted');
    expect(result.session.transfer).toEqual({ ...transfer, partSizeBytes: 9 });
    await post('list', { items: [{ ticket: result.session.ticket }] });
    expect(provider.list.mock.calls[0]?.[0]).toMatchObject({
      id: provider.sign.mock.calls[0]?.[0].id,
      fileName: 'a.mp4',
      state: { uploadId: 'U' },
    });
  });

  it('returns a new ticket when the provider renews its state', async () => {
    const { post, startOne, provider } = setUp();
    provider.sign.mockResolvedValueOnce({ outcome: 'signed', requests: [], state: { token: 'new' } });
    const { results } = v.parse(
      signResponseSchema,
      await (await post('sign', { items: [{ ticket: await startOne(), parts }] })).json(),
    );
    await post('list', { items: [{ ticket: results[0]?.outcome === 'signed' ? results[0].ticket : '' }] });
    expect(provider.list.mock.calls[0]?.[0].state).toEqual({ token: 'new' });
  });

  it('returns parts-differ without confirming the upload', async () => {
    const { post, startOne, provider } = setUp();
    provider.complete.mockResolvedValueOnce({ outcome: 'parts-differ', partNumbers: [1] });
    const response = await post('finish', {
      items: [{ ticket: await startOne(), status: 'uploaded', parts }],
    });
    expect(await response.json()).toEqual({ results: [{ outcome: 'parts-differ', partNumbers: [1] }] });
    expect(provider.confirm).not.toHaveBeenCalled();
  });

  it.each(['canceled', 'failed'] as const)('aborts the upload before it confirms %s', async (status) => {
    const { post, startOne, provider } = setUp();
    const response = await post('finish', { items: [{ ticket: await startOne(), status }] });
    expect(await response.json()).toEqual({ results: [{ outcome: 'discarded' }] });
    expect(provider.abort.mock.invocationCallOrder[0]).toBeLessThan(
      provider.confirm.mock.invocationCallOrder[0] ?? 0,
    );
    expect(provider.confirm.mock.calls[0]?.[1]).toBe(status);
    expect(provider.complete).not.toHaveBeenCalled();
  });

  it('tells the provider whether a finish is a repeat', async () => {
    const { post, startOne, provider } = setUp();
    const ticket = await startOne();
    await post('finish', { items: [{ ticket, status: 'uploaded', parts, isRepeat: true }] });
    expect(provider.complete.mock.calls[0]?.[2]).toEqual({ isRepeat: true });
  });
});

describe('parts signed by the start operation', () => {
  const sizeBytes = 2_500_000;
  const partSizeBytes = 1_048_576;
  const part = { partNumber: 1, sizeBytes: partSizeBytes, md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==' };
  const startWith = async (asked: object[], options: Parameters<typeof setUp>[0] = {}) => {
    const set = setUp(options);
    set.provider.start.mockResolvedValue({
      mediaId: 'm',
      transfer: {
        kind: 'multipart',
        minPartSizeBytes: 1,
        maxPartSizeBytes: 1e9,
        maxPartCount: 100,
      },
      state: {},
    });
    const uploads = [{ ...upload, sizeBytes, parts: asked }];
    const answer = async () => {
      const reply = await set.post('start', { provider: 'fake', uploads });
      const { results } = v.parse(startResponseSchema, await reply.json());
      return results[0]?.outcome === 'started' ? results[0].session : undefined;
    };
    return { ...set, answer, session: await answer() };
  };

  it('signs the named parts of the plan once each, and ignores parts outside of it', async () => {
    const { provider, session, answer } = await startWith([
      { ...part, sizeBytes: partSizeBytes - 1 },
      part,
      part,
      { ...part, partNumber: 3 },
      { ...part, partNumber: 4 },
    ]);
    expect(session?.signed?.map(({ partNumber }) => partNumber)).toEqual([1]);
    expect(provider.sign.mock.calls[0]?.[1]).toEqual([part]);
    expect(provider.start.mock.calls[0]?.[0]).not.toHaveProperty('parts');
    // The repeat of a start whose answer was lost.
    expect(await answer()).toEqual(session);
    expect(provider.sign).toHaveBeenCalledTimes(1);
  });

  it('plans parts of the size that the page wishes, within the limits of the store, and signs those', async () => {
    const { post, provider } = setUp();
    const transfer = {
      kind: 'multipart',
      minPartSizeBytes: 1e6,
      maxPartSizeBytes: 4e6,
      maxPartCount: 9,
    } as const;
    const planOf = async (wishedBytes: number, clientId: string) => {
      provider.start.mockResolvedValue({ mediaId: 'm', transfer, state: {} });
      const asked = { ...upload, clientId, sizeBytes: 8e6, partSizeBytes: wishedBytes };
      const uploads = [{ ...asked, parts: [{ ...part, sizeBytes: 2 * 1_048_576 }] }];
      const reply: unknown = await (await post('start', { provider: 'fake', uploads })).json();
      const [result] = v.parse(startResponseSchema, reply).results;
      if (result?.outcome !== 'started') throw new Error('not started');
      const { transfer: planned, signed = [], ticket } = result.session;
      return { size: planned.kind === 'multipart' && planned.partSizeBytes, signed: signed.length, ticket };
    };
    const wished = await planOf(2e6, 'wished');
    expect(wished).toMatchObject({ size: 2 * 1_048_576, signed: 1 });
    expect(provider.start.mock.calls[0]?.[0]).not.toHaveProperty('partSizeBytes');
    expect(await planOf(1, 'small')).toMatchObject({ size: 1_048_576, signed: 0 });
    expect(await planOf(1e9, 'large')).toMatchObject({ size: 4e6, signed: 0 });
    // The repeat of a start whose answer was lost, after the page has changed its wish.
    expect((await planOf(3e6, 'wished')).size).toBe(2 * 1_048_576);
    const restart = () => Promise.resolve({ mediaId: 'm', transfer, state: { uploadId: 'U' } });
    provider.sign.mockResolvedValueOnce({ outcome: 'expired', restart });
    const item = { ticket: wished.ticket, parts: [{ partNumber: 1, sizeBytes: 2 * 1_048_576 }] };
    const { results } = v.parse(signResponseSchema, await (await post('sign', { items: [item] })).json());
    expect(results[0]).toMatchObject({ session: { transfer: { partSizeBytes: 2 * 1_048_576 } } });
  });

  it('seals what signing with the start has changed into the ticket', async () => {
    const { provider, post } = setUp();
    const transfer = {
      kind: 'multipart',
      minPartSizeBytes: 1,
      maxPartSizeBytes: 1e9,
      maxPartCount: 9,
    } as const;
    provider.start.mockResolvedValue({ mediaId: 'm', transfer, state: { keys: 'old' } });
    provider.sign.mockResolvedValueOnce({ outcome: 'signed', requests: [], state: { keys: 'new' } });
    const uploads = [{ ...upload, sizeBytes, parts: [part] }];
    const reply: unknown = await (await post('start', { provider: 'fake', uploads })).json();
    const [result] = v.parse(startResponseSchema, reply).results;
    const ticket = result?.outcome === 'started' ? result.session.ticket : '';
    await post('list', { items: [{ ticket }] });
    expect(provider.list.mock.calls[0]?.[0].state).toEqual({ keys: 'new' });
  });

  it('starts an upload whose parts cannot be signed yet', async () => {
    const { provider, post, onError } = setUp();
    const transfer = {
      kind: 'multipart',
      minPartSizeBytes: 1,
      maxPartSizeBytes: 1e9,
      maxPartCount: 9,
    } as const;
    provider.start.mockResolvedValue({ mediaId: 'm', transfer, state: {} });
    provider.sign.mockRejectedValueOnce(new Error('unexpected'));
    const uploads = [{ ...upload, sizeBytes, parts: [part] }];
    const reply: unknown = await (await post('start', { provider: 'fake', uploads })).json();
    expect(reply).toMatchObject({ results: [{ outcome: 'started' }] });
    expect(reply).not.toHaveProperty('results[0].session.signed');
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('signs no part with the start for a caller who may not use the upload', async () => {
    const authorize = () => ({ id: 'ada', mayUse: () => ({ forbidden: 'no' }) });
    const { provider, session } = await startWith([part], { authorize });
    expect(session).toBeDefined();
    expect(session?.signed).toBeUndefined();
    expect(provider.sign).not.toHaveBeenCalled();
  });

  it('refuses more parts with the starts of one call than it signs in one call', async () => {
    const { post } = setUp();
    const parts = Array.from({ length: 16 }, (_, index) => ({ ...part, partNumber: index + 1 }));
    const uploads = Array.from({ length: 12 }, (_, index) => ({ ...upload, clientId: `c${index}`, parts }));
    await problemOf(await post('start', { provider: 'fake', uploads }));
    expect((await post('start', { provider: 'fake', uploads: uploads.slice(1) })).status).toBe(200);
  });
});

describe('batches of the token endpoint', () => {
  it('answers in the order of the items and handles the other items when one is refused', async () => {
    const { post, start, provider } = setUp();
    const tickets = await start([upload, { ...upload, clientId: 'c2' }, { ...upload, clientId: 'c3' }]);
    provider.list.mockImplementation(async (session) => {
      if (session.mediaId === 'media-c2') throw new EndpointError('upload-not-found');
      return [];
    });
    const { results } = v.parse(
      listResponseSchema,
      await (await post('list', { items: [...tickets, 'forged'].map((ticket) => ({ ticket })) })).json(),
    );
    expect(
      results.map((result) => (result.outcome === 'refused' ? result.problem.code : result.outcome)),
    ).toEqual(['listed', 'upload-not-found', 'listed', 'ticket-invalid']);
  });

  it('requests all details of a provider in one call', async () => {
    const other = fakeProvider('other');
    const first = fakeProvider('fake');
    const { post, start } = setUp({ providers: [first, other] });
    const [a = '', b = ''] = await start([upload, { ...upload, clientId: 'c2' }]);
    const started = v.parse(
      startResponseSchema,
      await (await post('start', { provider: 'other', uploads: [{ ...upload, clientId: 'c3' }] })).json(),
    );
    const c = started.results[0]?.outcome === 'started' ? started.results[0].session.ticket : '';
    first.details.mockImplementationOnce(async () => [
      new EndpointError('media-not-found'),
      { mediaId: 'media-c2', provider: 'fake', status: 'failed' },
    ]);
    const { results } = v.parse(
      detailsResponseSchema,
      await (await post('details', { items: [a, c, b].map((ticket) => ({ ticket })) })).json(),
    );
    expect(results).toMatchObject([
      { problem: { code: 'media-not-found' } },
      { media: { provider: 'other', mediaId: 'media-c3' } },
      { media: { mediaId: 'media-c2', status: 'failed' } },
    ]);
    expect(first.details).toHaveBeenCalledTimes(1);
  });

  it('refuses every item of a provider whose details call fails', async () => {
    const { post, start, provider } = setUp();
    const tickets = await start([upload, { ...upload, clientId: 'c2' }]);
    provider.details.mockRejectedValueOnce(new EndpointError('vendor-throttled', { retryAfterMs: 1500 }));
    const { results } = v.parse(
      detailsResponseSchema,
      await (await post('details', { items: ['t', ...tickets].map((ticket) => ({ ticket })) })).json(),
    );
    expect(results).toMatchObject([
      { problem: { code: 'ticket-invalid' } },
      { problem: { code: 'vendor-throttled', retryAfterMs: 1500 } },
      { problem: { code: 'vendor-throttled' } },
    ]);
  });

  it('limits the concurrent vendor calls of one batch', async () => {
    const { post, provider } = setUp({ concurrency: 2 });
    let underWay = 0;
    let most = 0;
    provider.start.mockImplementation((one, { limit }) =>
      limit(async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return { mediaId: one.clientId, transfer: { kind: 'single' }, state: {} };
      }),
    );
    await post('start', {
      provider: 'fake',
      uploads: Array.from({ length: 20 }, (_, i) => ({ ...upload, clientId: `c${i}` })),
    });
    expect(most).toBe(2);
  });
});

describe('tickets of the token endpoint', () => {
  const everyOperation = (ticket: string): [string, unknown][] => [
    ['sign', { items: [{ ticket, parts }] }],
    ['list', { items: [{ ticket }] }],
    ['finish', { items: [{ ticket, status: 'uploaded', parts }] }],
    ['finish', { items: [{ ticket, status: 'canceled' }] }],
    ['details', { items: [{ ticket }] }],
  ];

  async function expectRefusedEverywhere(
    { post, provider }: ReturnType<typeof setUp>,
    ticket: string,
    code: ProblemCode,
    user = 'ada',
  ) {
    const before = callCount(provider);
    for (const [operation, body] of everyOperation(ticket)) {
      const problem = await problemOf(await post(operation, body, { user }));
      expect(problem).toMatchObject({ code, status: problemStatus[code] });
    }
    expect(callCount(provider)).toBe(before);
  }

  it('refuses a forged ticket with 401 and makes no vendor call', async () => {
    await expectRefusedEverywhere(
      setUp(),
      'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.BBBB.CCCC',
      'ticket-invalid',
    );
  });

  it('refuses an altered ticket with 401 and makes no vendor call', async () => {
    const world = setUp();
    const ticket = await world.startOne();
    const segments = ticket.split('.');
    const body = segments[3] ?? '';
    segments[3] = (body.startsWith('A') ? 'B' : 'A') + body.slice(1);
    await expectRefusedEverywhere(world, segments.join('.'), 'ticket-invalid');
  });

  it('refuses an expired ticket with 401 and makes no vendor call', async () => {
    const world = setUp({ ticketLifetimeMs: 60_000 });
    const ticket = await world.startOne();
    world.clock.now += 60_001;
    await expectRefusedEverywhere(world, ticket, 'ticket-expired');
  });

  it("refuses another caller's ticket with 403 and makes no vendor call", async () => {
    const world = setUp();
    await expectRefusedEverywhere(world, await world.startOne('ada'), 'ticket-foreign', 'bob');
  });

  it('expires a ticket after seven days by default', async () => {
    const { post, startOne, clock } = setUp();
    const ticket = await startOne();
    clock.now += 7 * 24 * 3_600_000 - 1000;
    expect((await post('list', { items: [{ ticket }] })).status).toBe(200);
    clock.now += 2000;
    expect((await post('list', { items: [{ ticket }] })).status).toBe(401);
  });

  it('answers 200 with problems per item when only some tickets are refused', async () => {
    const { post, startOne } = setUp();
    const response = await post('list', { items: [{ ticket: 'forged' }, { ticket: await startOne() }] });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      results: [{ outcome: 'refused', problem: { code: 'ticket-invalid' } }, { outcome: 'listed' }],
    });
  });

  it('refuses the whole call when all tickets are refused', async () => {
    const { post } = setUp();
    expect((await post('list', { items: [{ ticket: 'forged' }, { ticket: 'too' }] })).status).toBe(401);
  });

  it('accepts tickets of an older secret only while that secret is configured', async () => {
    const older = 'the older secret, also of more than 32 characters';
    const provider = fakeProvider();
    const before = setUp({ secret: older, providers: [provider] });
    const ticket = await before.startOne();
    const during = setUp({ secret: [secret, older], providers: [provider] });
    expect((await during.post('list', { items: [{ ticket }] })).status).toBe(200);
    const after = setUp({ secret, providers: [provider] });
    expect((await problemOf(await after.post('list', { items: [{ ticket }] }))).code).toBe('ticket-invalid');
    expect((await after.post('list', { items: [{ ticket: await during.startOne() }] })).status).toBe(200);
  });

  it('accepts bytes as a secret', async () => {
    const { post, startOne } = setUp({ secret: crypto.getRandomValues(new Uint8Array(32)) });
    expect((await post('list', { items: [{ ticket: await startOne() }] })).status).toBe(200);
  });

  it('exposes nothing of a ticket’s content', async () => {
    const ticket = await setUp().startOne();
    const readable = ticket
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join(' ');
    expect(readable).not.toMatch(/ada|media-c1|a\.mp4|fake/);
  });
});

describe('authorization of the token endpoint', () => {
  it('answers unauthorized when authorize returns no caller', async () => {
    const { post, provider } = setUp();
    expect(
      await problemOf(await post('start', { provider: 'fake', uploads: [upload] }, { user: '' })),
    ).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(callCount(provider)).toBe(0);
  });

  it('answers forbidden with the reason that authorize gives', async () => {
    const { post, provider } = setUp({ authorize: async () => ({ forbidden: 'The plan is used up.' }) });
    expect(await problemOf(await post('start', { provider: 'fake', uploads: [upload] }))).toMatchObject({
      code: 'forbidden',
      status: 403,
      detail: 'The plan is used up.',
    });
    expect(callCount(provider)).toBe(0);
  });

  it.each([
    [{ rateLimited: 'Ten starts a minute.', retryAfterMs: 5500 }, 'rate-limited', 5500, '6'],
    [{ quotaExceeded: 'The plan is used up.', retryAfterMs: 60_000 }, 'quota-exceeded', 60_000, '60'],
    [{ quotaExceeded: 'The plan is used up.' }, 'quota-exceeded', undefined, null],
  ])(
    'answers 429 with the wait that authorize gives: %o',
    async (refusal, code, retryAfterMs, retryAfter) => {
      const { post, provider } = setUp({ authorize: () => refusal });
      const response = await post('start', { provider: 'fake', uploads: [upload] });
      expect(response.headers.get('retry-after')).toBe(retryAfter);
      const problem = await problemOf(response);
      expect(problem).toMatchObject({ code, status: 429 });
      expect(problem.retryAfterMs).toBe(retryAfterMs);
      expect(callCount(provider)).toBe(0);
    },
  );

  it('refuses single files of a start call when mayStart refuses them, in the order of the call', async () => {
    const asked: string[] = [];
    const { post, provider } = setUp({
      authorize: () => ({
        id: 'ada',
        mayStart: async ({ clientId }) => {
          await Promise.resolve();
          if (asked.push(clientId) === 1) return undefined;
          if (clientId === 'c2') return { rateLimited: 'One a minute.', retryAfterMs: 60_000 };
          if (clientId === 'c3') return { quotaExceeded: 'One a day.' };
          throw new Error('database');
        },
      }),
    });
    const uploads = ['c1', 'c2', 'c3', 'c4'].map((clientId) => ({ ...upload, clientId }));
    const response = await post('start', { provider: 'fake', uploads });
    const { results } = v.parse(startResponseSchema, await response.json());
    expect(asked).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(results).toMatchObject([
      { outcome: 'started' },
      {
        outcome: 'refused',
        problem: { code: 'rate-limited', retryAfterMs: 60_000, detail: 'One a minute.' },
      },
      { outcome: 'refused', problem: { code: 'quota-exceeded', detail: 'One a day.' } },
      { outcome: 'refused', problem: { code: 'internal' } },
    ]);
    expect(callCount(provider)).toBe(1);
  });

  it('answers with the problem that authorize throws', async () => {
    const { post } = setUp({
      authorize: () => {
        throw new EndpointError('forbidden', { detail: 'No.' });
      },
    });
    expect((await problemOf(await post('list', { items: [{ ticket: 't' }] }))).code).toBe('forbidden');
  });

  it('passes the operation to authorize, and for start also the provider and the files', async () => {
    const authorize = vi.fn(() => ({ id: 'ada' }));
    const { post } = setUp({ authorize });
    await post('start', { provider: 'fake', uploads: [{ ...upload, metadata: { album: 7 } }] });
    await post('list', { items: [{ ticket: 't' }] });
    expect(authorize.mock.calls.map((call: unknown[]) => call[1])).toEqual([
      { operation: 'start', provider: 'fake', uploads: [{ ...upload, metadata: { album: 7 } }] },
      { operation: 'list', items: [undefined] },
    ]);
  });
});

describe('problems of a whole call to the token endpoint', () => {
  const startBody = { provider: 'fake', uploads: [upload] };

  it.each<[ProblemCode, string, unknown, Record<string, string>?]>([
    ['invalid-request', 'start', '{'],
    ['invalid-request', 'start', { provider: 'fake', uploads: [] }],
    ['invalid-request', 'start', { provider: 'fake', uploads: [{ ...upload, sizeBytes: 0 }] }],
    ['invalid-request', 'start', { provider: 'fake', uploads: Array.from({ length: 101 }, () => upload) }],
    ['invalid-request', 'start', startBody, { 'Content-Type': 'text/plain' }],
    ['not-found', 'stop', startBody],
    ['provider-unknown', 'start', { ...startBody, provider: 'nobody' }],
  ])('answers %s to an invalid call of %s', async (code, operation, body, headers) => {
    const { post, provider } = setUp();
    expect((await problemOf(await post(operation, body, headers && { headers }))).code).toBe(code);
    expect(callCount(provider)).toBe(0);
  });

  it('answers invalid-request where the address cannot be read', async () => {
    const { endpoint } = setUp();
    // As Bun and Deno give it for a Host header that is no host.
    const request = Object.defineProperty(new Request('https://host.test/start'), 'url', { value: '/start' });
    expect((await problemOf(await endpoint(request))).code).toBe('invalid-request');
  });

  it('answers method-not-allowed with an Allow header', async () => {
    const { endpoint } = setUp();
    const response = await endpoint(new Request('https://host.test/api/uploads/start'));
    expect(response.headers.get('allow')).toBe('POST');
    expect((await problemOf(response)).code).toBe('method-not-allowed');
  });

  it('answers payload-too-large when the Content-Length exceeds the limit', async () => {
    const { post } = setUp({ maxBodyBytes: 10 });
    expect(
      (await problemOf(await post('start', startBody, { headers: { 'Content-Length': '9999' } }))).code,
    ).toBe('payload-too-large');
  });

  it('answers payload-too-large when a body without Content-Length exceeds the limit', async () => {
    const { endpoint } = setUp({ maxBodyBytes: 1000 });
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array((sent += 100) && 100).fill(32)),
    });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
    expect((await problemOf(await endpoint(new Request('https://host.test/u/start', init)))).code).toBe(
      'payload-too-large',
    );
    expect(sent).toBeLessThan(3000);
  });

  it('answers provider-unknown to a ticket whose provider is not registered', async () => {
    const ticket = await setUp().startOne();
    const { post } = setUp({ providers: [fakeProvider('other')] });
    expect(await (await post('list', { items: [{ ticket }] })).json()).toMatchObject({
      results: [{ problem: { code: 'provider-unknown' } }],
    });
  });

  it('names the invalid field of a request but not its value', async () => {
    const { post } = setUp();
    const problem = await problemOf(await post('list', { items: [{ ticket: 't'.repeat(20_000) }] }));
    expect(problem.detail).toContain('items.0.ticket');
    expect(problem.detail).not.toContain('tttt');
  });
});

describe('provider errors at the token endpoint', () => {
  const codes = (Object.keys(problemStatus) as ProblemCode[]).filter((code) =>
    /^(vendor|media|upload|file|not-supported)/.test(code),
  );

  it.each(codes)('returns a %s error with its detail and the vendor’s code', async (code) => {
    const { post, provider } = setUp();
    provider.start.mockRejectedValueOnce(
      new EndpointError(code, { detail: 'create: HTTP 403', vendor: { code: 'V.1', requestId: 'r1' } }),
    );
    const uploads = [upload, { ...upload, clientId: 'c2' }];
    const { results } = v.parse(
      startResponseSchema,
      await (await post('start', { provider: 'fake', uploads })).json(),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'started']);
    expect(results[0]).toMatchObject({
      outcome: 'refused',
      problem: {
        code,
        status: problemStatus[code],
        detail: 'create: HTTP 403',
        vendor: { code: 'V.1', requestId: 'r1' },
      },
    });
  });

  it('passes an unexpected error to the log hook and not to the browser', async () => {
    const { post, provider, onError } = setUp();
    const error = new Error('undefined is not a function');
    provider.start.mockRejectedValueOnce(error);
    const text = await (await post('start', { provider: 'fake', uploads: [upload] })).text();
    expect(text).not.toContain('undefined');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 });
    expect(onError).toHaveBeenCalledWith(error, { operation: 'start', provider: 'fake' });
  });

  it('answers internal when authorize throws an unexpected error', async () => {
    const { post, onError } = setUp({ authorize: () => Promise.reject(new Error('database')) });
    expect((await problemOf(await post('list', { items: [{ ticket: 't' }] }))).code).toBe('internal');
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'database' }), {
      operation: 'list',
    });
  });

  it('answers the call when the log hook throws', async () => {
    const { post, provider } = setUp({
      onError: () => {
        throw new Error('disk full');
      },
    });
    provider.start.mockRejectedValueOnce(new Error('x'));
    const response = await post('start', { provider: 'fake', uploads: [upload] });
    expect((await problemOf(response)).code).toBe('internal');
  });

  it('logs vendor-credentials errors and does not log refused files', async () => {
    const { post, provider, onError } = setUp();
    provider.start
      .mockRejectedValueOnce(new EndpointError('file-refused'))
      .mockRejectedValueOnce(new EndpointError('vendor-credentials'));
    await post('start', { provider: 'fake', uploads: [upload] });
    expect(onError).not.toHaveBeenCalled();
    await post('start', { provider: 'fake', uploads: [upload] });
    expect(onError).toHaveBeenCalledTimes(1);
  });
});

describe('the token endpoint as a Web handler', () => {
  it('forbids caching of its answers', async () => {
    const { post } = setUp();
    expect((await post('start', { provider: 'fake', uploads: [upload] })).headers.get('cache-control')).toBe(
      'no-store',
    );
  });

  it('handles calls under any mount path, with or without a trailing slash', async () => {
    const { endpoint } = setUp();
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
      body: JSON.stringify({ provider: 'fake', uploads: [upload] }),
    };
    expect((await endpoint(new Request('https://host.test/start/?x=1', init))).status).toBe(200);
  });

  it('allows only the configured origins in CORS', async () => {
    const { endpoint } = setUp({ allowedOrigins: ['https://app.test'] });
    const preflight = (origin: string) =>
      endpoint(
        new Request('https://host.test/api/start', {
          method: 'OPTIONS',
          headers: {
            Origin: origin,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'content-type',
          },
        }),
      );
    const allowed = await preflight('https://app.test');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
    const refused = await preflight('https://evil.test');
    expect(refused.status).toBe(405);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets an allowed origin read answers and refusals with credentials', async () => {
    const { post } = setUp({ allowedOrigins: ['https://app.test'] });
    for (const provider of ['fake', 'nobody']) {
      const response = await post(
        'start',
        { provider, uploads: [upload] },
        { headers: { Origin: 'https://app.test' } },
      );
      expect(response.headers.get('access-control-allow-origin')).toBe('https://app.test');
      expect(response.headers.get('access-control-allow-credentials')).toBe('true');
      expect(response.headers.get('vary')).toBe('Origin');
    }
  });

  it('refuses to register two providers with the same id', () => {
    expect(() => setUp({ providers: [fakeProvider(), fakeProvider()] })).toThrow(TypeError);
  });

  it('aborts vendor calls when the browser disconnects and does not log that', async () => {
    const { endpoint, startOne, provider, onError } = setUp();
    const gone = new AbortController();
    const ticket = await startOne();
    provider.list.mockImplementationOnce(
      (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        ),
    );
    const body = JSON.stringify({ items: [{ ticket }] });
    const answer = endpoint(
      new Request('https://host.test/list', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
        body,
        signal: gone.signal,
      }),
    );
    await vi.waitFor(() => expect(provider.list).toHaveBeenCalled());
    gone.abort();
    await answer;
    expect(onError).not.toHaveBeenCalled();
  });

  it('discards a started upload when the browser disconnects before the answer', async () => {
    const { endpoint, provider } = setUp({ concurrency: 1 });
    const gone = new AbortController();
    const order: string[] = [];
    const begin = provider.start.getMockImplementation();
    provider.start.mockImplementation(async (item, context) => {
      gone.abort();
      await Promise.resolve();
      context.signal.throwIfAborted();
      if (!begin) throw new Error('no start');
      return begin(item, context);
    });
    provider.abort.mockImplementation(({ mediaId }) => Promise.resolve(void order.push(`abort ${mediaId}`)));
    provider.confirm.mockImplementation(({ mediaId }, status) =>
      Promise.resolve(void order.push(`${status} ${mediaId}`)),
    );
    const body = JSON.stringify({ provider: 'fake', uploads: [upload] });
    await endpoint(
      new Request('https://host.test/start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
        body,
        signal: gone.signal,
      }),
    );
    expect(order).toEqual(['abort media-c1', 'canceled media-c1']);
    await endpoint(
      new Request('https://host.test/start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
        body,
      }),
    ).then((response) => response.json());
    expect(order).toHaveLength(2);
  });

  it('discards it before it begins the same start anew, where the cloud did not answer the first time', async () => {
    const { endpoint, provider } = setUp();
    const order: string[] = [];
    const begin = provider.start.getMockImplementation();
    const gone = new AbortController();
    provider.start.mockImplementation((item, context) => {
      gone.abort();
      order.push('start');
      if (!begin) throw new Error('no start');
      return begin(item, context);
    });
    provider.confirm.mockImplementation((_, status) => {
      order.push(status);
      return order.length < 4
        ? Promise.reject(new EndpointError('vendor-unavailable'))
        : Promise.resolve(undefined);
    });
    const start = (signal?: AbortSignal) =>
      endpoint(
        new Request('https://host.test/start', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
          body: JSON.stringify({ provider: 'fake', uploads: [upload] }),
          ...(signal && { signal }),
        }),
      );
    await start(gone.signal);
    expect(order).toEqual(['start', 'canceled']);
    expect((await start()).status).toBe(503);
    expect(order).toEqual(['start', 'canceled', 'canceled']);
    expect(await (await start()).json()).toMatchObject({ results: [{ outcome: 'started' }] });
    expect(order).toEqual(['start', 'canceled', 'canceled', 'canceled', 'start']);
  });

  it('starts nothing for a browser that has already disconnected', async () => {
    const { endpoint, provider } = setUp();
    const gone = new AbortController();
    provider.start.mockImplementationOnce(() => {
      throw new Error('asked');
    });
    const body = JSON.stringify({ provider: 'fake', uploads: [upload] });
    const request = new Request('https://host.test/start', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
      body,
      signal: gone.signal,
    });
    const answer = endpoint(request);
    gone.abort();
    await answer;
    expect(provider.start).not.toHaveBeenCalled();
  });

  it('completes a finish call when the page closes during it', async () => {
    const { endpoint, startOne, provider } = setUp();
    const ticket = await startOne();
    const gone = new AbortController();
    provider.abort.mockImplementationOnce(async (_, { signal }) => {
      gone.abort();
      await Promise.resolve();
      signal.throwIfAborted();
    });
    const body = JSON.stringify({ items: [{ ticket, status: 'canceled' }] });
    await endpoint(
      new Request('https://host.test/finish', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
        body,
        signal: gone.signal,
      }),
    );
    expect(provider.confirm).toHaveBeenCalledTimes(1);
  });
});

describe('the describe operation', () => {
  it('returns the capabilities of each provider and the options that this caller may set', async () => {
    const describeAs = async (options?: readonly string[] | 'any') => {
      const { post } = setUp({ authorize: () => ({ id: 'ada', ...(options && { options }) }) });
      const { results } = v.parse(
        describeResponseSchema,
        await (await post('describe', { providers: ['fake', 'nobody'] })).json(),
      );
      return results;
    };
    const [known, unknown] = await describeAs('any');
    expect(known).toMatchObject({
      outcome: 'described',
      capabilities: { provider: 'fake', canReplace: true, options: ['title'] },
    });
    expect(unknown).toMatchObject({ outcome: 'refused', problem: { code: 'provider-unknown' } });
    expect((await describeAs(['title']))[0]).toMatchObject({ capabilities: { options: ['title'] } });
    for (const options of [undefined, ['other']])
      expect((await describeAs(options))[0]).not.toHaveProperty('capabilities.options');
  });
});

describe('upload options at the token endpoint', () => {
  const startWith = async (options: unknown, allowed?: readonly string[] | 'any') => {
    const { post, provider } = setUp({
      authorize: () => ({ id: 'ada', ...(allowed && { options: allowed }) }),
    });
    const { results } = v.parse(
      startResponseSchema,
      await (await post('start', { provider: 'fake', uploads: [{ ...upload, options }] })).json(),
    );
    return { result: results[0], provider };
  };

  it.each([['any'], [['title']]] as const)(
    'passes upload options to the provider when authorize allows %o',
    async (allowed) => {
      const { result, provider } = await startWith({ title: 'Mine' }, allowed);
      expect(result).toMatchObject({ outcome: 'started' });
      expect(provider.start.mock.calls[0]?.[0]).toMatchObject({ options: { title: 'Mine' } });
    },
  );

  it.each([[undefined], [[]], [['other']]] as const)(
    'refuses upload options when authorize allows %o',
    async (allowed) => {
      const { result, provider } = await startWith({ title: 'Mine' }, allowed);
      expect(result).toMatchObject({ outcome: 'refused', problem: { code: 'forbidden' } });
      expect(callCount(provider)).toBe(0);
    },
  );

  it('validates upload options by the provider’s schema and names the invalid field but not its value', async () => {
    const { result, provider } = await startWith({ title: 'much too long a title' }, 'any');
    expect(result).toMatchObject({
      outcome: 'refused',
      problem: { code: 'invalid-request', detail: expect.stringContaining('title') as string },
    });
    expect(JSON.stringify(result)).not.toContain('much too long');
    expect(callCount(provider)).toBe(0);
  });
});

describe('the attach operation', () => {
  const cover = {
    attachmentId: 'a1',
    kind: 'cover',
    fileName: 'c.jpg',
    sizeBytes: 5,
    contentType: 'image/jpeg',
  };

  it('signs a cover that is added after the start', async () => {
    const { post, startOne, provider } = setUp();
    const ticket = await startOne();
    const { results } = v.parse(
      attachResponseSchema,
      await (await post('attach', { items: [{ ticket, attachments: [cover] }] })).json(),
    );
    expect(results).toMatchObject([
      { outcome: 'attached', requests: [{ attachmentId: 'a1', method: 'PUT' }] },
    ]);
    expect(provider.attach.mock.calls[0]?.[0]).toMatchObject({ mediaId: 'media-c1' });
  });

  it('returns a new ticket when the provider renews its state for an attachment', async () => {
    const { post, startOne, provider } = setUp();
    provider.attach.mockResolvedValueOnce({ requests: [], state: { remembered: true } });
    const attached = v.parse(
      attachResponseSchema,
      await (await post('attach', { items: [{ ticket: await startOne(), attachments: [cover] }] })).json(),
    );
    const [result] = attached.results;
    const ticket = result?.outcome === 'attached' ? result.ticket : undefined;
    await post('list', { items: [{ ticket }] });
    expect(provider.list.mock.calls[0]?.[0]).toMatchObject({ state: { remembered: true } });
  });

  it.each([
    ['two covers', [cover, { ...cover, attachmentId: 'a2' }], 'not-supported'],
    ['a subtitle where none is taken', [{ ...cover, kind: 'subtitle', language: 'en' }], 'not-supported'],
    ['a cover that is too large', [{ ...cover, sizeBytes: 1001 }], 'file-refused'],
  ])('refuses %s both in start and in attach', async (_, attachments, code) => {
    const { post, startOne, provider } = setUp();
    const ticket = await startOne();
    const calls = callCount(provider);
    const later = v.parse(
      attachResponseSchema,
      await (await post('attach', { items: [{ ticket, attachments }] })).json(),
    );
    expect(later.results).toMatchObject([{ outcome: 'refused', problem: { code } }]);
    const started = v.parse(
      startResponseSchema,
      await (await post('start', { provider: 'fake', uploads: [{ ...upload, attachments }] })).json(),
    );
    expect(started.results).toMatchObject([{ outcome: 'refused', problem: { code } }]);
    expect(callCount(provider)).toBe(calls);
  });
});

describe('the update operation', () => {
  const mayTitle = { authorize: () => ({ id: 'ada', options: ['title'] }) };
  const update = async ({ post, startOne }: ReturnType<typeof setUp>, change: unknown, ticket?: string) => {
    const items = [{ ticket: ticket ?? (await startOne()), update: change }];
    return v.parse(updateResponseSchema, await (await post('update', { items })).json()).results[0];
  };

  it('passes a new title to the provider', async () => {
    const world = setUp(mayTitle);
    expect(await update(world, { title: 'New' })).toEqual({ outcome: 'updated' });
    const [session, change] = world.provider.update.mock.calls[0] ?? [];
    expect(session).toMatchObject({ mediaId: 'media-c1' });
    expect(change).toEqual({ title: 'New' });
  });

  it('refuses a field that the provider does not change', async () => {
    const world = setUp({ authorize: () => ({ id: 'ada', options: 'any' }) });
    expect(await update(world, { title: 'New', tags: ['a'] })).toMatchObject({
      outcome: 'refused',
      problem: { code: 'not-supported' },
    });
    expect(world.provider.update).not.toHaveBeenCalled();
  });

  it('refuses a field that the caller may not set, and does not offer it', async () => {
    const world = setUp();
    expect(await update(world, { title: 'New' })).toMatchObject({ problem: { code: 'forbidden' } });
    const describe = async ({ post }: ReturnType<typeof setUp>) =>
      v.parse(describeResponseSchema, await (await post('describe', { providers: ['fake'] })).json())
        .results[0];
    expect(await describe(world)).not.toHaveProperty('capabilities.updates');
    expect(await describe(setUp(mayTitle))).toHaveProperty('capabilities.updates.title');
  });

  it('refuses to change the media of an upload that was discarded', async () => {
    const world = setUp(mayTitle);
    const ticket = await world.startOne();
    await world.post('finish', { items: [{ ticket, status: 'canceled' }] });
    expect(await update(world, { title: 'New' }, ticket)).toMatchObject({ outcome: 'refused' });
    expect(world.provider.update).not.toHaveBeenCalled();
  });
});

describe('an upload that replaces another', () => {
  const replace = async ({ post }: ReturnType<typeof setUp>, replaces: string, user = 'ada') => {
    const response = await post(
      'start',
      { provider: 'fake', uploads: [{ ...upload, clientId: 'c2', replaces }] },
      { user },
    );
    return v.parse(startResponseSchema, await response.json()).results[0];
  };

  it('passes the session of the replaced ticket to the provider', async () => {
    const world = setUp();
    expect(await replace(world, await world.startOne())).toMatchObject({ outcome: 'started' });
    expect(world.provider.start.mock.calls[1]?.[0]).toMatchObject({
      clientId: 'c2',
      replaces: { mediaId: 'media-c1', state: { url: 'u' } },
    });
  });

  it('starts a new upload when the provider cannot replace media', async () => {
    const world = setUp();
    const ticket = await world.startOne();
    Object.assign(world.provider.capabilities, { canReplace: false });
    expect(await replace(world, ticket)).toMatchObject({ outcome: 'started' });
    expect(world.provider.start.mock.calls[1]?.[0]).toMatchObject({ replaces: undefined });
  });

  it.each([
    ['a foreign ticket', 'ticket-foreign'],
    ['an expired ticket', 'ticket-expired'],
    ['an invented ticket', 'ticket-invalid'],
  ])('refuses to replace an upload by %s', async (which, code) => {
    const world = setUp();
    const ticket = which === 'an invented ticket' ? 'invented' : await world.startOne();
    if (which === 'an expired ticket') world.clock.now += 8 * 24 * 3_600_000;
    const response = await world.post(
      'start',
      { provider: 'fake', uploads: [{ ...upload, replaces: ticket }] },
      { user: which === 'a foreign ticket' ? 'eve' : 'ada' },
    );
    expect((await problemOf(response)).code).toBe(code);
    expect(world.provider.start).toHaveBeenCalledTimes(which === 'an invented ticket' ? 0 : 1);
  });
});

describe('starts that cannot be used', () => {
  it('takes back what was started when its state does not fit into a ticket', async () => {
    const { post, provider } = setUp();
    provider.start.mockResolvedValueOnce({
      mediaId: 'm1',
      transfer: { kind: 'single' },
      state: { text: 'x'.repeat(20_000) },
    });
    const reply = await post('start', { provider: 'fake', uploads: [upload, { ...upload, clientId: 'c2' }] });
    const { results } = v.parse(startResponseSchema, await reply.json());
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'started']);
    expect(provider.abort.mock.calls.map(([session]) => session.mediaId)).toEqual(['m1']);
    expect(provider.confirm.mock.calls.map(([session, end]) => [session.mediaId, end])).toEqual([
      ['m1', 'canceled'],
    ]);
  });

  const startRequest = () =>
    new Request('https://host.test/start', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'x-user': 'ada' },
      body: JSON.stringify({ provider: 'fake', uploads: [upload] }),
    });

  it('takes back a start whose answer did not leave, so that a repeat begins anew', async () => {
    const { endpoint, provider, startOne, post } = setUp();
    let tell: (isDelivered: boolean) => void = () => undefined;
    const delivered = new Promise<boolean>((resolve) => (tell = resolve));
    const lost = v.parse(startResponseSchema, await (await endpoint(startRequest(), { delivered })).json());
    tell(false);
    await vi.waitFor(() => expect(provider.confirm).toHaveBeenCalledTimes(1));
    expect(provider.confirm.mock.calls[0]?.[1]).toBe('canceled');
    const ticket = await startOne();
    expect(provider.start).toHaveBeenCalledTimes(2);
    const [first] = lost.results;
    if (first?.outcome !== 'started') throw new Error('not started');
    expect(first.session.ticket).not.toBe(ticket);
    const signed = await post('sign', { items: [{ ticket: first.session.ticket, parts }] });
    expect(await signed.json()).toMatchObject({ results: [{ problem: { code: 'media-state-conflict' } }] });
  });

  it('keeps a start whose answer did not leave, but whose repeat was answered', async () => {
    const { endpoint, provider, startOne, post } = setUp();
    let tell: (isDelivered: boolean) => void = () => undefined;
    const delivered = new Promise<boolean>((resolve) => (tell = resolve));
    await endpoint(startRequest(), { delivered });
    const ticket = await startOne();
    tell(false);
    await delivered;
    const signed = await post('sign', { items: [{ ticket, parts }] });
    expect(await signed.json()).toMatchObject({ results: [{ outcome: 'signed' }] });
    expect(provider.start).toHaveBeenCalledTimes(1);
    expect(provider.confirm).not.toHaveBeenCalled();
  });
});
