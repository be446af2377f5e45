import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, problemStatus, type ProblemCode } from '../../protocol/index.js';
import { startSandbox, type RunningSandbox } from '../../sandbox/index.js';
import { createTokenEndpoint } from '../../server/index.js';
import type { EndpointUnderTest } from '../endpoint.js';
import { make } from '../test-support/clouds.js';
import { callCases } from './calls.js';
import { Violation } from './expect.js';
import { ticketCases } from './tickets.js';
import { capabilitiesOf, uploadCases } from './uploads.js';

/** One wrong implementation for each rule: the case of the rule has to find it. */
type Handler = (request: Request) => Promise<Response>;
type Json = Record<string, unknown>;
interface Call {
  readonly operation: string;
  readonly request: Request;
  /** `undefined` where it is not JSON. */
  readonly body: Json | undefined;
}
interface Item extends Json {
  readonly ticket?: string;
  readonly status?: string;
  readonly parts?: readonly { readonly partNumber: number; readonly sizeBytes: number }[];
}

const origin = 'https://app.example.com';
let sandbox: RunningSandbox;
const endpoints = new Map<string, Handler>();
beforeAll(async () => {
  sandbox = await startSandbox({ processingMs: 0 });
});
afterAll(() => sandbox.close());

/** The right one, with `session=…` as the caller. */
function rightEndpoint(provider: string): Handler {
  const known = endpoints.get(provider);
  if (known) return known;
  const endpoint = createTokenEndpoint({
    providers: [make(provider, sandbox)],
    authorize: (request) => {
      const [, id] = /session=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? [];
      return id ? { id } : null;
    },
    secret: 'a secret of more than thirty-two characters',
    imports: true,
    allowedOrigins: [origin],
  });
  endpoints.set(provider, endpoint);
  return endpoint;
}

async function faultOf(name: string, wrong: (right: Handler) => Handler, provider: string) {
  const right = rightEndpoint(provider);
  const under = (send: Handler): EndpointUnderTest => ({
    url: 'https://app.test/api/uploads',
    headers: { cookie: 'session=ada' },
    send,
    clock: () => Date.now(),
  });
  const capabilities = await capabilitiesOf(under(right), provider);
  const endpoint = under(wrong(right));
  const world = { endpoint, provider, origin, capabilities, otherHeaders: { cookie: 'session=bob' } };
  const found = [...callCases, ...uploadCases, ...ticketCases].find(([title]) => title === name);
  if (!found) throw new Error(`there is no case "${name}"`);
  const [, run, skip] = found;
  expect(skip?.(world) ?? false).toBe(false);
  return run(world).then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

/** Sees each call, and answers it, by `right` or otherwise. */
function seen(answer: (call: Call, right: (body?: Json) => Promise<Response>) => Promise<Response>) {
  return (right: Handler): Handler =>
    async (request) => {
      const operation = new URL(request.url).pathname.split('/').at(-1) ?? '';
      const text = request.method === 'POST' ? await request.text() : undefined;
      const again = (json?: Json) =>
        right(
          new Request(request.url, {
            method: request.method,
            headers: request.headers,
            body: json ? JSON.stringify(json) : text,
          }),
        );
      return answer({ operation, request, body: jsonOf(text) }, again);
    };
}

function jsonOf(text = ''): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
const answered = (results: unknown[]) => new Response(JSON.stringify({ results }), { headers });
const refused = (code: ProblemCode, detail?: string) =>
  new Response(
    JSON.stringify({ type: `vodrop:${code}`, title: code, status: problemStatus[code], code, detail }),
    { status: problemStatus[code], headers: { ...headers, 'content-type': 'application/problem+json' } },
  );
/** Changes what is asked. */
const asking = (operation: string, change: (body: Json) => Json) =>
  seen((call, right) => right(call.body && call.operation === operation ? change(call.body) : undefined));
/** Changes the results of what was answered. */
const answering = (operation: string, change: (results: Json[], body: Json) => Json[]) =>
  seen(async (call, right) => {
    const response = await right();
    if (call.operation !== operation || response.status !== 200) return response;
    const { results } = (await response.json()) as { results: Json[] };
    return answered(change(results, call.body ?? {}));
  });
/** Answers some calls by itself. */
const instead = (answer: (call: Call) => Response | undefined) =>
  seen((call, right) => {
    const own = answer(call);
    return own ? Promise.resolve(own) : right();
  });
/** Answers by itself what the right one refuses. */
const insteadOfRefusal = (operation: string, answer: (item: Item) => Json | undefined) =>
  seen(async (call, right) => {
    const response = await right();
    const [item = {}] = itemsOf(call.body);
    const { results: [result] = [] } = (await response.clone().json()) as { results?: Json[] };
    const isRefused =
      call.operation === operation &&
      (!result || result['outcome'] === 'refused' || result['outcome'] === 'parts-differ');
    const own = isRefused ? answer(item) : undefined;
    return own ? answered([own]) : response;
  });
const itemsOf = (body: Json = {}) => (Array.isArray(body['items']) ? (body['items'] as Item[]) : []);
const withHeader = (change: (headers: Headers, call: Call) => void) =>
  seen(async (call, right) => {
    const response = await right();
    change(response.headers, call);
    return response;
  });
const mapItems = (body: Json, change: (item: Item) => Item): Json => ({
  ...body,
  items: itemsOf(body).map(change),
});
const mapUploads = (body: Json, change: (item: Json) => Json): Json => ({
  ...body,
  uploads: (body['uploads'] as Json[]).map(change),
});
const sessionOf = (session: string) => (right: Handler) => (request: Request) => {
  const own = new Headers(request.headers);
  own.set('cookie', session);
  return right(new Request(request, { headers: own }));
};
/** Serves one operation to everybody, as the caller `session` names. */
const openTo =
  (operation: string, session: string) =>
  (right: Handler): Handler => {
    const open = sessionOf(session)(right);
    return (request) => (request.url.endsWith(`/${operation}`) ? open(request) : right(request));
  };

/** Tickets that were used by no wrong implementation yet: what a ticket of one altered character was before. */
function repairing(operation: string) {
  const tickets: string[] = [];
  const isAltered = (one: string, other: string) =>
    one.length === other.length && [...one].filter((character, i) => character !== other[i]).length === 1;
  return seen(async (call, right) => {
    const response = await right(
      call.body && call.operation === operation
        ? mapItems(call.body, (item) => ({
            ...item,
            ticket: tickets.find((one) => isAltered(one, item.ticket ?? '')) ?? item.ticket ?? '',
          }))
        : undefined,
    );
    const { results = [] } = (await response.clone().json()) as { results?: Json[] };
    for (const { session } of results) if (session) tickets.push((session as { ticket: string }).ticket);
    return response;
  });
}

type Wrong = readonly [what: string, rule: string, wrong: (right: Handler) => Handler, provider?: string];

const start = 'starts, signs, lists, finishes and describes an upload in one request';
const laterOperations = ['list', 'details', 'sign', 'attach', 'update', 'finish'] as const;
const inParts = 'starts, signs, lists, finishes and describes an upload in parts';

const wrongs: readonly Wrong[] = [
  [
    'does not say which method it has',
    'answers another method than POST with method-not-allowed and Allow',
    withHeader((given) => given.delete('allow')),
  ],
  [
    'answers GET with not-found',
    'answers another method than POST with method-not-allowed and Allow',
    instead(({ request }) => (request.method === 'GET' ? refused('not-found') : undefined)),
  ],
  [
    'takes operations in any case',
    'answers an unknown operation with not-found',
    (right) => (request) => right(new Request(request.url.toLowerCase(), request)),
  ],
  [
    'takes text/plain',
    'refuses every content type but JSON, so that no form of another site can call it',
    (right) => (request) => {
      const own = new Headers(request.headers);
      if (own.get('content-type') === 'text/plain') own.set('content-type', 'application/json');
      return right(new Request(request, { headers: own }));
    },
  ],
  [
    'quotes a body that it cannot read',
    'answers a body that is not JSON with invalid-request and does not quote it',
    seen(async (call, right) => {
      const response = await right();
      return call.body ? response : refused('invalid-request', 'Unexpected token: marker-of-the-body');
    }),
  ],
  [
    'answers an empty batch with no results',
    'answers a body of another shape with invalid-request, for each operation',
    instead(({ body, operation }) =>
      operation === 'list' && Array.isArray(body?.['items']) && body['items'].length === 0
        ? answered([])
        : undefined,
    ),
  ],
  [
    'takes any number of items',
    'takes 100 items in one call and refuses 101',
    instead(({ body }) =>
      Array.isArray(body?.['providers']) && body['providers'].length > 100 ? answered([]) : undefined,
    ),
  ],
  [
    'takes 50 items',
    'takes 100 items in one call and refuses 101',
    instead(({ body }) =>
      Array.isArray(body?.['providers']) && body['providers'].length > 50
        ? refused('invalid-request')
        : undefined,
    ),
  ],
  ...(
    [
      ['takes sizes as texts', { sizeBytes: 1 }, ({ sizeBytes }) => sizeBytes === '1'],
      ['takes files of no bytes', { sizeBytes: 1 }, ({ sizeBytes }) => sizeBytes === 0],
      ['takes names of any length', { fileName: 'a.mp4' }, ({ fileName }) => String(fileName).length > 1024],
      [
        'takes any text for a digest',
        { md5Base64: undefined },
        ({ md5Base64 }) => md5Base64 === 'not-a-digest',
      ],
      [
        'takes types with line breaks',
        { contentType: 'video/mp4' },
        ({ contentType }) => String(contentType).includes('\n'),
      ],
    ] as [string, Json, (item: Json) => boolean][]
  ).map(([what, mended, isWrong]): Wrong => [
    what,
    'refuses sizes, names and digests out of range',
    asking('start', (body) => mapUploads(body, (item) => (isWrong(item) ? { ...item, ...mended } : item))),
  ]),
  [
    'answers a body that is too large with 400',
    'answers a body that is far too large with 413',
    seen(async (_, right) => {
      const response = await right();
      return response.status === 413 ? refused('invalid-request') : response;
    }),
  ],
  ...operations.map((operation): Wrong => [
    `serves ${operation} without a session`,
    'refuses a caller without a session with unauthorized, for each operation',
    openTo(operation, 'session=ada'),
  ]),
  [
    'answers a provider that it does not have with not-supported',
    'answers provider-unknown for a provider that it does not have',
    seen(async (_, right) => {
      const response = await right();
      const text = (await response.text()).replaceAll('provider-unknown', 'not-supported');
      return new Response(text, response);
    }),
  ],
  [
    'calls forged tickets expired',
    'refuses tickets that it has not made, each by itself and all of a call with 401',
    seen(async (_, right) => {
      const response = await right();
      return response.status === 401 ? refused('ticket-expired') : response;
    }),
  ],
  [
    'answers forged tickets with 200',
    'refuses tickets that it has not made, each by itself and all of a call with 401',
    seen(async (call, right) => {
      const response = await right();
      if (response.status !== 401) return response;
      const problem: unknown = await response.json();
      return answered(itemsOf(call.body).map(() => ({ outcome: 'refused', problem })));
    }),
  ],
  [
    'reflects every origin',
    'lets no page of another origin read an answer, unless it was told to',
    withHeader((given, { request }) => {
      const asked = request.headers.get('origin');
      if (asked) given.set('access-control-allow-origin', asked);
    }),
  ],
  ...(
    [
      ['allows no credentials', 'access-control-allow-credentials'],
      ['does not expose Retry-After', 'access-control-expose-headers'],
      ['allows no Content-Type', 'access-control-allow-headers'],
      ['allows no POST', 'access-control-allow-methods'],
    ] as const
  ).map(([what, name]): Wrong => [
    what,
    'lets pages of the given origin call it with their session',
    withHeader((given) => given.delete(name)),
  ]),
  [
    'lets the cloud pull from private addresses',
    'refuses links that no cloud may pull: of private addresses, with a password, of other schemes',
    insteadOfRefusal('import', () => ({ outcome: 'started', session: { ticket: 't' } })),
  ],
  [
    'begins an import that has no link',
    'begins no import when it is asked without a link what an earlier call has begun',
    insteadOfRefusal('import', () => ({ outcome: 'importing', session: { ticket: 't' }, canCancel: false })),
  ],
  [
    'tells another size of the object',
    start,
    answering('finish', (results) =>
      results.map((result) =>
        result['outcome'] === 'confirmed' ? { ...result, object: { sizeBytes: 1 } } : result,
      ),
    ),
  ],
  [
    'names another provider in the details',
    start,
    answering('details', (results) =>
      results.map((result) => ({ ...result, media: { ...(result['media'] as Json), provider: 'other' } })),
    ),
  ],
  [
    'lets caches keep answers',
    start,
    withHeader((given) => given.set('cache-control', 'private, max-age=60')),
  ],
  [
    'signs requests that have expired',
    inParts,
    answering('sign', (results) =>
      results.map((result) => ({
        ...result,
        requests: (result['requests'] as Json[]).map((one) => ({ ...one, expiresInMs: 0 })),
      })),
    ),
  ],
  [
    'does not list the last part',
    inParts,
    answering('list', (results) =>
      results.map((result) => ({ ...result, parts: (result['parts'] as Json[]).slice(0, -1) })),
    ),
  ],
  [
    'begins a second upload for the repeat of a start',
    'answers the repeat of a start, whose answer was lost, with the same session',
    asking('start', (body) => mapUploads(body, (item) => ({ ...item, clientId: crypto.randomUUID() }))),
  ],
  [
    'answers a batch in the reverse order',
    'keeps the order of a batch, and refuses one item without the others',
    answering('start', (results) => [...results].reverse()),
  ],
  [
    'refuses a whole batch for one of its items',
    'keeps the order of a batch, and refuses one item without the others',
    seen(async (call, right) => {
      const response = await right();
      return (await response.clone().text()).includes('file-refused') ? refused('file-refused') : response;
    }),
  ],
  [
    'makes up the MD5 of a file',
    'asks for the MD5 of the whole file where the provider needs it',
    asking('start', (body) =>
      mapUploads(body, (item) => ({ md5Base64: '1B2M2Y8AsgTpgAmY7PhCfg==', ...item })),
    ),
    'huawei-metastudio',
  ],
  ...(
    [
      ['signs parts of any size', ({ partNumber }) => partNumber < 9000],
      ['signs parts of any number', ({ partNumber }) => partNumber > 9000],
    ] as [string, (part: { partNumber: number }) => boolean][]
  ).map(([what, isTaken]): Wrong => [
    what,
    'signs the parts of the plan with their exact sizes, and nothing else',
    insteadOfRefusal('sign', ({ parts: [part] = [] }) =>
      part && isTaken(part) ? { outcome: 'signed', requests: [] } : undefined,
    ),
  ]),
  [
    'signs a part twice in one call',
    'signs the parts of the plan with their exact sizes, and nothing else',
    asking('sign', (body) =>
      mapItems(body, (item) => ({
        ...item,
        parts: [...new Map(item.parts?.map((part) => [part.partNumber, part])).values()],
      })),
    ),
  ],
  [
    'says that it signs with the start, and does not',
    'signs with the start the parts of the plan that its item names, and nothing else',
    asking('start', (body) => mapUploads(body, ({ parts: _, ...item }) => item)),
  ],
  ...[
    'does not confirm an upload of which nothing was sent',
    'does not confirm an upload whose finish leaves a part out',
  ].map((rule): Wrong => [
    'confirms what the cloud does not have',
    rule,
    insteadOfRefusal('finish', ({ status }) =>
      status === 'uploaded' ? { outcome: 'confirmed', object: {} } : undefined,
    ),
  ]),
  [
    'believes the declared size',
    'does not confirm a file of another size than was declared',
    insteadOfRefusal('finish', ({ status }) =>
      status === 'uploaded' ? { outcome: 'confirmed', object: {} } : undefined,
    ),
    'alibaba-vod',
  ],
  [
    'refuses the repeat of a finish',
    'confirms the repeat of a finish',
    seen(async (call, right) => {
      const isRepeat = call.operation === 'finish' && itemsOf(call.body).some((item) => item['isRepeat']);
      return isRepeat ? refused('media-state-conflict') : right();
    }),
  ],
  [
    'signs after the end',
    'refuses to sign and to cancel what is confirmed',
    insteadOfRefusal('sign', () => ({ outcome: 'signed', requests: [] })),
  ],
  [
    'says that it discards what is confirmed',
    'refuses to sign and to cancel what is confirmed',
    insteadOfRefusal('finish', ({ status }) =>
      status === 'canceled' ? { outcome: 'discarded' } : undefined,
    ),
  ],
  [
    'confirms what is discarded',
    'discards a canceled and a failed upload, also when asked twice, and does not go on with it',
    insteadOfRefusal('finish', ({ status }) =>
      status === 'uploaded' ? { outcome: 'confirmed', object: {} } : undefined,
    ),
  ],
  [
    'discards once only',
    'discards a canceled and a failed upload, also when asked twice, and does not go on with it',
    ((tickets) =>
      seen(async (call, right) => {
        const [item] = call.operation === 'finish' ? itemsOf(call.body) : [];
        if (!item || item.status === 'uploaded') return right();
        const key = item.ticket ?? '';
        if (tickets.has(key)) return refused('media-state-conflict');
        tickets.add(key);
        return right();
      }))(new Set<string>()),
  ],
  ...laterOperations.map((operation): Wrong => [
    `takes altered tickets to ${operation}`,
    'refuses an altered ticket with ticket-invalid, for each operation',
    repairing(operation),
  ]),
  [
    'refuses a whole call for an altered ticket',
    'refuses an altered ticket beside a good one',
    seen(async (call, right) => {
      const response = await right();
      const isOne = call.operation === 'list' && (await response.clone().text()).includes('ticket-invalid');
      return isOne ? refused('ticket-invalid') : response;
    }),
  ],
  [
    'ends an upload in two ways at once',
    'has one winner of a finish and a cancel at once',
    insteadOfRefusal('finish', ({ status }) =>
      status === 'uploaded' ? { outcome: 'confirmed', object: {} } : { outcome: 'discarded' },
    ),
  ],
  ...laterOperations.map((operation): Wrong => [
    `takes the tickets of others to ${operation}`,
    'refuses the ticket of another caller with ticket-foreign, for each operation',
    openTo(operation, 'session=ada'),
  ]),
  [
    'starts what another caller has added',
    'refuses to start a file that another caller has added, where it names callers',
    asking('start', (body) => ({
      ...body,
      uploads: (body['uploads'] as Json[]).map(({ addedBy: _, ...upload }) => upload),
    })),
  ],
];

describe('the conformance suite finds an endpoint that', () => {
  for (const [what, rule, wrong, provider = 'tencent-vod'] of wrongs)
    it(`${what}: ${rule}`, async () => {
      expect(await faultOf(rule, (right) => right, provider)).toBe('nothing');
      expect(await faultOf(rule, wrong, provider)).toBeInstanceOf(Violation);
    });

  it('breaks any of its rules: there is a wrong endpoint for each', () => {
    const rules = [...callCases, ...uploadCases, ...ticketCases].map(([name]) => name);
    const broken = new Set(wrongs.map(([, rule]) => rule));
    expect(rules.filter((rule) => !broken.has(rule))).toEqual([]);
  });
});
