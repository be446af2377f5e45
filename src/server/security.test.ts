import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  FinishResponse,
  SignedRequest,
  SignResponse,
  StartResponse,
  UploadSession,
} from '../protocol/index.js';
import { startSandbox, type RunningSandbox } from '../sandbox/index.js';
import { createTokenEndpoint, memoryStore } from './index.js';
import { clouds, partBytes, sandboxProvider, type Cloud } from './test-support/sandbox-clouds.js';

/**
 * What a hostile page tries with what `authorize` allowed it: one upload, once. All through the endpoint, with real
 * bytes, at every provider.
 */
let sandbox: RunningSandbox;
let offsetMs = 0;
afterEach(() => sandbox.close());

async function open(cloud: Cloud, { inParts = false, forgets = false } = {}) {
  offsetMs = 0;
  sandbox = await startSandbox({
    now: () => Date.now() + offsetMs,
    processingMs: 0,
    settings: { transcoding: 'asked', cosMinPartSize: 'ignored' },
    s3: { settings: { minPartSizeBytes: 1 } },
  });
  const endpoint = createTokenEndpoint({
    providers: [
      sandboxProvider(cloud, sandbox, {
        now: () => Date.now() + offsetMs,
        singlePutMaxBytes: inParts ? 0 : undefined,
      }),
    ],
    authorize: (request) => ({ id: request.headers.get('x-test-caller') ?? 'ann' }),
    secret: 'a secret of more than thirty-two characters',
    // One that forgets is another instance of the endpoint, or the same after a restart.
    store: forgets ? { get: () => Promise.resolve(undefined), put: () => Promise.resolve() } : memoryStore(),
    now: () => Date.now() + offsetMs,
  });
  const call = async <T>(operation: string, body: unknown, caller = 'ann'): Promise<T> => {
    const response = await endpoint(
      new Request(`https://app.test/api/uploads/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-test-caller': caller },
        body: JSON.stringify(body),
      }),
    );
    const { results: [result] = [], ...problem } = (await response.json()) as { results?: T[] };
    // A call that was refused as a whole reads like its item.
    return result ?? ({ outcome: 'refused', problem } as T);
  };
  const start = async (bytes: Uint8Array, more: object = {}, caller = 'ann') => {
    const started = await call<StartResponse['results'][number]>(
      'start',
      { provider: cloud, uploads: [{ ...describeFile(bytes), ...more }] },
      caller,
    );
    if (started.outcome !== 'started') throw new Error(JSON.stringify(started));
    return started.session;
  };
  const sign = (ticket: string, parts: readonly object[]) =>
    call<SignResponse['results'][number]>('sign', { items: [{ ticket, parts }] });
  const finish = (ticket: string, body: object) =>
    call<FinishResponse['results'][number]>('finish', { items: [{ ticket, ...body }] });
  const send = async ({ ticket, transfer, signed = [] }: UploadSession, bytes: Uint8Array) => {
    const parts = planOf(transfer, bytes);
    const sent = parts.map(({ bytes: _, ...part }) => part);
    const answer = signed.length > 0 ? undefined : await sign(ticket, sent);
    if (answer && answer.outcome !== 'signed') throw new Error(JSON.stringify(answer));
    const requests = answer?.requests ?? signed;
    for (const [i, request] of requests.entries())
      expect(await put(request, parts[i]?.bytes ?? bytes)).toBeLessThan(300);
    return { sent, requests };
  };
  return { call, start, sign, finish, send };
}

const md5 = (bytes: Uint8Array, encoding: 'base64' | 'hex' = 'base64') =>
  createHash('md5').update(bytes).digest(encoding);

function describeFile(bytes: Uint8Array) {
  return {
    clientId: 'c',
    fileName: 'clip.mp4',
    contentType: 'video/mp4',
    sizeBytes: bytes.length,
    md5Base64: md5(bytes),
  };
}

function planOf(transfer: UploadSession['transfer'], bytes: Uint8Array) {
  const size = transfer.kind === 'multipart' ? (transfer.partSizeBytes ?? NaN) : bytes.length;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    return { partNumber: i + 1, sizeBytes: part.length, md5Base64: md5(part), bytes: part };
  });
}

async function put({ url, headers }: Pick<SignedRequest, 'url' | 'headers'>, bytes: Uint8Array) {
  return (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status;
}

async function look<T = Record<string, unknown>>(
  what: 'objects' | 'media' | 'uploads' | 'requests',
): Promise<T[]> {
  return (await fetch(`${sandbox.url}/__sandbox/${what}`)).json() as Promise<T[]>;
}

const storedMd5s = async () => (await look<{ md5Hex: string }>('objects')).map(({ md5Hex }) => md5Hex);
const codeOf = (result: { outcome: string; problem?: { code: string } }) =>
  result.problem?.code ?? result.outcome;

const small = randomBytes(1000);
const other = randomBytes(1000);
const large = randomBytes(6 * partBytes + 7);

describe.each(clouds)('a ticket of %s', (cloud) => {
  it('does not confirm a file that is larger than declared', async () => {
    const { start, finish } = await open(cloud);
    const session = await start(small, { sizeBytes: 1, md5Base64: md5(small) });
    const [request] = session.signed ?? [];
    if (!request) throw new Error('not signed');
    await put(request, small);
    const parts = [{ partNumber: 1, sizeBytes: 1, md5Base64: md5(small) }];
    expect(codeOf(await finish(session.ticket, { status: 'uploaded', parts }))).not.toBe('confirmed');
    const ready = (await look('media')).filter(({ status }) =>
      /READY|PUBLISHED|Normal|CREATED$/.test(String(status)),
    );
    expect(ready).toEqual([]);
  });

  it('signs no part that is not in the plan of the file', async () => {
    const { start, sign, finish } = await open(cloud, { inParts: true });
    const { ticket, transfer } = await start(large);
    const parts = planOf(transfer, large).map(({ bytes: _, ...part }) => part);
    const [first, ...rest] = parts;
    if (!first || rest.length === 0) throw new Error('no parts');
    const refused = async (asked: readonly object[]) =>
      expect(codeOf(await sign(ticket, asked))).toBe('invalid-request');
    await refused([{ ...first, partNumber: parts.length + 1 }]);
    await refused([{ ...first, partNumber: 10_000 }]);
    await refused([{ ...first, sizeBytes: first.sizeBytes + 1 }]);
    await refused([{ ...first, sizeBytes: 5 * 1024 ** 3 }]);
    await refused([{ ...first, sizeBytes: 0 }]);
    await refused([{ ...first, partNumber: parts.length + 1, sizeBytes: 0 }]);
    await refused([{ ...first, partNumber: 10_000, sizeBytes: 0 }]);
    await refused([first, first]);
    expect(codeOf(await sign(ticket, parts))).toBe('signed');
    for (const sent of [rest, [first], [...parts, { ...first, partNumber: parts.length + 1 }]])
      expect(codeOf(await finish(ticket, { status: 'uploaded', parts: sent }))).toBe('invalid-request');
  });

  it.each([false, true])('is no key to the file after the end, in parts: %s', async (inParts) => {
    const bytes = inParts ? large : small;
    const { start, sign, finish, send } = await open(cloud, { inParts });
    const session = await start(bytes);
    const { sent, requests } = await send(session, bytes);
    const finished = await finish(session.ticket, { status: 'uploaded', parts: sent });
    if (finished.outcome !== 'confirmed') throw new Error(JSON.stringify(finished));
    const tickets = [session.ticket, finished.ticket ?? session.ticket];
    // Minutes and days later: before the ticket's keys are renewed, and when they have to be.
    for (const laterMs of [0, 2.2 * 3_600_000, 26 * 3_600_000]) {
      offsetMs = laterMs;
      for (const ticket of tickets) {
        expect(codeOf(await sign(ticket, sent.slice(0, 1)))).toBe('media-state-conflict');
        expect(codeOf(await finish(ticket, { status: 'canceled' }))).toBe('media-state-conflict');
      }
    }
    offsetMs = 0;
    const attack = inParts
      ? large.subarray(0, requests[0] ? sent[0]?.sizeBytes : 0).map((byte) => byte ^ 1)
      : other;
    const [request] = requests;
    // VOD signs its own URLs, for an hour, without a condition.
    if (request && !(cloud === 'huawei-vod' && !inParts)) await put(request, attack);
    expect(await storedMd5s()).toContain(md5(bytes, 'hex'));
  });

  it.each([false, true])(
    'changes nothing at an endpoint that has forgotten the end, in parts: %s',
    async (inParts) => {
      const bytes = inParts ? large : small;
      const { start, sign, finish, send } = await open(cloud, { inParts, forgets: true });
      const session = await start(bytes);
      const { sent } = await send(session, bytes);
      const finished = await finish(session.ticket, { status: 'uploaded', parts: sent });
      if (finished.outcome !== 'confirmed') throw new Error(JSON.stringify(finished));
      const media = await look('media');
      for (const laterMs of [0, 2.2 * 3_600_000, 26 * 3_600_000]) {
        offsetMs = laterMs;
        for (const ticket of [session.ticket, finished.ticket ?? session.ticket]) {
          expect(codeOf(await finish(ticket, { status: 'canceled' }))).toBe('media-state-conflict');
          const signed = await sign(ticket, sent.slice(0, 1));
          if (signed.outcome === 'refused') continue;
          // What is signed all the same cannot replace anything.
          expect(signed.outcome).toBe('signed');
          if (signed.outcome === 'signed' && signed.requests[0])
            await put(
              signed.requests[0],
              bytes.subarray(0, sent[0]?.sizeBytes).map((byte) => byte ^ 1),
            );
          expect(await storedMd5s()).toContain(md5(bytes, 'hex'));
        }
      }
      offsetMs = 0;
      expect(await storedMd5s()).toContain(md5(bytes, 'hex'));
      expect(await look('media')).toEqual(media);
    },
  );

  it('is of no use after a cancel', async () => {
    const { start, sign, finish, send } = await open(cloud, { inParts: true });
    const session = await start(large);
    const { sent } = await send(session, large);
    expect(codeOf(await finish(session.ticket, { status: 'canceled' }))).toBe('discarded');
    expect(codeOf(await sign(session.ticket, sent.slice(0, 1)))).toBe('media-state-conflict');
    for (const isRepeat of [false, true])
      expect(codeOf(await finish(session.ticket, { status: 'uploaded', parts: sent, isRepeat }))).toBe(
        'media-state-conflict',
      );
    // Repeated, it is said again.
    expect(codeOf(await finish(session.ticket, { status: 'canceled' }))).toBe('discarded');
    expect(await look('uploads')).toEqual([]);
  });

  it('makes no media of what is sent to its URL after a cancel', async () => {
    const { start, finish, sign } = await open(cloud);
    const session = await start(small);
    const [request] = session.signed ?? [];
    if (!request) throw new Error('not signed');
    expect(codeOf(await finish(session.ticket, { status: 'canceled' }))).toBe('discarded');
    // The clouds go on taking the URL until it expires: what it stores belongs to no media.
    await put(request, small);
    const ready = (await look('media')).filter(({ status }) =>
      /READY|PUBLISHED|Normal|CREATED$|SUCCEED/.test(String(status)),
    );
    expect(ready).toEqual([]);
    const part = { partNumber: 1, sizeBytes: small.length, md5Base64: md5(small) };
    expect(codeOf(await sign(session.ticket, [part]))).toBe('media-state-conflict');
    expect(codeOf(await finish(session.ticket, { status: 'uploaded', parts: [part] }))).toBe(
      'media-state-conflict',
    );
  });

  it.each([false, true])('has one winner of finish and cancel at once, in parts: %s', async (inParts) => {
    const bytes = inParts ? large : small;
    const { start, finish, send } = await open(cloud, { inParts });
    for (const isCancelFirst of [false, true]) {
      const session = await start(bytes, { clientId: `c${String(isCancelFirst)}` });
      const { sent } = await send(session, bytes);
      const calls = [
        () => finish(session.ticket, { status: 'uploaded', parts: sent }),
        () => finish(session.ticket, { status: 'canceled' }),
      ];
      if (isCancelFirst) calls.reverse();
      const ends = (await Promise.all(calls.map((end) => end()))).map(codeOf);
      expect(ends.filter((end) => end === 'confirmed' || end === 'discarded')).toHaveLength(1);
    }
  });

  it('is made once for a start that is repeated, and for its caller only', async () => {
    const { start } = await open(cloud);
    const both = await Promise.all([start(small), start(small)]);
    const again = await start(small);
    expect([...both, again].map(({ ticket }) => ticket)).toEqual(Array(3).fill(again.ticket));
    const media = (await look('media')).length;
    const another = await start(small, {}, 'ben');
    expect(another.ticket).not.toBe(again.ticket);
    expect((await start(small, { clientId: 'd' })).ticket).not.toBe(again.ticket);
    expect((await start(other)).ticket).not.toBe(again.ticket);
    if (cloud !== 's3') expect((await look('media')).length).toBe(media + 3);
  });

  it('stores no page: types are of our table, and signed', async () => {
    const { start, send } = await open(cloud);
    const session = await start(small, { contentType: 'text/html' });
    const [request] = session.signed ?? [];
    if (!request) throw new Error('not signed');
    expect(request.headers['Content-Type']).toMatch(/^(video\/|application\/octet-stream$)/);
    expect(
      await put({ ...request, headers: { ...request.headers, 'Content-Type': 'text/html' } }, small),
    ).toBe(403);
    await send(session, small);
    const parts = await open(cloud, { inParts: true });
    const inParts = await parts.start(large, { contentType: 'text/html' });
    await parts.send(inParts, large);
  });
});

describe.each(clouds)('calls about an upload of %s', (cloud) => {
  it('reach only the caller of the ticket', async () => {
    const { call, start } = await open(cloud);
    const { ticket } = await start(small);
    const media = await look('media');
    const part = { partNumber: 1, sizeBytes: small.length, md5Base64: md5(small) };
    const cover = { attachmentId: 'a', kind: 'cover', fileName: 'a.png', contentType: '', sizeBytes: 9 };
    const items: [string, object][] = [
      ['sign', { parts: [part] }],
      ['attach', { attachments: [cover] }],
      ['list', {}],
      ['finish', { status: 'uploaded', parts: [part] }],
      ['finish', { status: 'canceled' }],
      ['finish', { status: 'failed' }],
      ['details', {}],
    ];
    for (const [operation, item] of items) {
      const refused = await problemOf(call, operation, { ticket, ...item }, 'ben');
      expect([operation, refused]).toEqual([operation, 'ticket-foreign']);
    }
    expect(await look('media')).toEqual(media);
  });

  it('are refused with a ticket that was altered, and reach no cloud', async () => {
    const { call, start } = await open(cloud);
    const { ticket } = await start(small);
    const requests = (await look('requests')).length;
    const segments = ticket.split('.');
    const altered = segments.map((segment, i) => {
      const middle = Math.floor(segment.length / 2);
      const other = segment[middle] === 'A' ? 'B' : 'A';
      const changed = segment.slice(0, middle) + other + segment.slice(middle + 1);
      return segments.map((one, j) => (i === j ? changed : one)).join('.');
    });
    for (const forged of [...altered, `${ticket}x`, ticket.slice(0, -8), 'a.b.c.d.e'])
      expect(await problemOf(call, 'finish', { ticket: forged, status: 'canceled' })).toBe('ticket-invalid');
    expect((await look('requests')).length).toBe(requests);
  });

  it('do not carry a type with a line break into a header', async () => {
    const { call } = await open(cloud);
    const upload = { ...describeFile(small), contentType: 'x\r\nInjected: 1' };
    const start = { provider: cloud, uploads: [upload] };
    expect(await whole(call, 'start', start)).toBe('invalid-request');
    expect(await look('media')).toEqual([]);
  });

  it('make no media for a caller who may not start, whatever the body says', async () => {
    const { call } = await open(cloud);
    const start = { provider: cloud, uploads: [describeFile(small)] };
    expect(await whole(call, 'start', start, '')).toBe('unauthorized');
    expect(await look('media')).toEqual([]);
  });

  it('keep the service’s whole reply from the page', async () => {
    const { call, start, send, finish } = await open(cloud);
    const session = await start(small);
    const { sent } = await send(session, small);
    const finished = await finish(session.ticket, { status: 'uploaded', parts: sent });
    if (finished.outcome !== 'confirmed') throw new Error(JSON.stringify(finished));
    const found = await call<{ outcome: string; media: object }>('details', {
      items: [{ ticket: finished.ticket ?? session.ticket }],
    });
    expect(found.outcome).toBe('found');
    expect(found.media).not.toHaveProperty('vendor');
  });

  it('store a name of any form under no path but the provider’s own', async () => {
    const { start, send, finish } = await open(cloud);
    const names = ['../../etc/passwd.mp4', '/abs/clip.mp4', 'a\u0000b.mp4', '\u202egpj.mp4', 'a?b#c&d=e.mp4'];
    for (const [i, fileName] of names.entries()) {
      const session = await start(small, { clientId: `n${i}`, fileName });
      const { sent } = await send(session, small);
      const finished = await finish(session.ticket, { status: 'uploaded', parts: sent });
      expect([fileName, codeOf(finished)]).toEqual([fileName, 'confirmed']);
    }
    for (const { key } of await look<{ key: string }>('objects'))
      expect(key).not.toMatch(/(^|\/)\.\.(\/|$)|^\/|passwd$/);
  });
});

type CallEndpoint = Awaited<ReturnType<typeof open>>['call'];

/** Of a call that was refused as a whole, or of its one item. */
async function whole(call: CallEndpoint, operation: string, body: object, caller = 'ann'): Promise<string> {
  return codeOf(await call<{ outcome: string; problem?: { code: string } }>(operation, body, caller));
}

const problemOf = (call: CallEndpoint, operation: string, item: object, caller?: string) =>
  whole(call, operation, { items: [item] }, caller);

it('serves covers with a type of pictures, whatever type the page names', async () => {
  for (const cloud of ['alibaba-vod', 'tencent-vod'] as const) {
    const { start } = await open(cloud);
    const cover = {
      attachmentId: 'a',
      kind: 'cover',
      fileName: 'cover.png',
      contentType: 'text/html',
      sizeBytes: other.length,
      md5Base64: md5(other),
    };
    const { attachments = [] } = await start(small, { attachments: [cover] });
    expect(attachments[0]?.headers['Content-Type']).toBe('image/png');
    const [request] = attachments;
    if (!request) throw new Error('no request');
    expect(
      await put({ ...request, headers: { ...request.headers, 'Content-Type': 'text/html' } }, other),
    ).toBe(403);
    if (cloud !== 'tencent-vod') await sandbox.close();
  }
});

it('begins the transfer anew once for one ticket of Tencent', async () => {
  const { start, sign } = await open('tencent-vod');
  const { ticket } = await start(small);
  offsetMs = 3 * 3_600_000;
  const part = [{ partNumber: 1, sizeBytes: small.length, md5Base64: md5(small) }];
  const restarted = [await sign(ticket, part), await sign(ticket, part)];
  expect(restarted.map(codeOf)).toEqual(['restarted', 'restarted']);
  const [first, second] = restarted.map((one) => (one.outcome === 'restarted' ? one.session.ticket : ''));
  expect(second).toBe(first);
});

it('starts an upload to Alibaba with sixteen subtitles of the longest titles, or leaves nothing behind', async () => {
  const { start } = await open('alibaba-vod');
  const attachments = Array.from({ length: 16 }, (_, i) => ({
    attachmentId: `s${i}`,
    kind: 'subtitle',
    fileName: `s${i}.vtt`,
    contentType: 'text/vtt',
    sizeBytes: 10,
    language: 'zh-Hans-CN',
    title: '字'.repeat(128),
  }));
  const session = await start(small, { fileName: `${'影'.repeat(250)}.mp4`, attachments });
  expect(session.attachments).toHaveLength(16);
});
