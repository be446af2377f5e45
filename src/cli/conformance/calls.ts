import {
  describeResponseSchema,
  listResponseSchema,
  operations,
  type Operation,
} from '../../protocol/index.js';
import { post, type EndpointUnderTest } from '../endpoint.js';
import { demand, expectProblem, expectResults } from './expect.js';

export interface CallWorld {
  readonly endpoint: EndpointUnderTest;
  readonly provider: string;
  /** Of a page on another origin that may call the endpoint. */
  readonly origin?: string;
}

export type Case<World> = readonly [
  name: string,
  run: (world: World) => Promise<void>,
  /** Why it does not apply, if it does not. */
  skip?: (world: World) => string | false,
];

const strangerOrigin = 'https://evil.example';
/** Far above what any call needs. */
const oversizeBytes = 32 * 1024 * 1024;

/** What holds for every call, whatever the cloud. */
export const callCases: readonly Case<CallWorld>[] = [
  [
    'answers another method than POST with method-not-allowed and Allow',
    async ({ endpoint }) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const response = await endpoint.send(
          new Request(`${endpoint.url}/describe`, { method, headers: endpoint.headers }),
        );
        demand(response.status === 405, `${method}: the status is ${response.status}, not 405.`);
        demand(/\bPOST\b/.test(response.headers.get('allow') ?? ''), `${method}: Allow does not name POST.`);
      }
    },
  ],
  [
    'answers an unknown operation with not-found',
    async ({ endpoint }) => {
      for (const name of ['unknown', 'constructor', '__proto__', 'Start'])
        expectProblem(await post(endpoint, name, {}), 'not-found');
    },
  ],
  [
    'refuses every content type but JSON, so that no form of another site can call it',
    async ({ endpoint, provider }) => {
      for (const contentType of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'text/json',
      ])
        expectProblem(
          await post(endpoint, 'describe', { providers: [provider] }, { contentType }),
          'invalid-request',
        );
    },
  ],
  [
    'answers a body that is not JSON with invalid-request and does not quote it',
    async ({ endpoint }) => {
      for (const body of ['', '{', '{"providers": marker-of-the-body}', '\u0000', `${'['.repeat(50_000)}`]) {
        const { detail = '' } = expectProblem(await post(endpoint, 'describe', body), 'invalid-request');
        demand(!detail.includes('marker'), 'The detail quotes the body, which may hold a ticket.');
      }
    },
  ],
  [
    'answers a body of another shape with invalid-request, for each operation',
    async ({ endpoint }) => {
      for (const operation of operations)
        for (const body of [
          null,
          [],
          {},
          'text',
          { items: [] },
          { items: {} },
          { items: [{}] },
          { providers: [] },
        ])
          expectProblem(await post(endpoint, operation, JSON.stringify(body)), 'invalid-request');
    },
  ],
  [
    'takes 100 items in one call and refuses 101',
    async ({ endpoint, provider }) => {
      const many = (count: number) => ({
        providers: Array.from({ length: count }, (_, i) => (i === 0 ? provider : `no-such-${i}`)),
      });
      expectResults(await post(endpoint, 'describe', many(100)), describeResponseSchema, 100);
      expectProblem(await post(endpoint, 'describe', many(101)), 'invalid-request');
    },
  ],
  [
    'refuses sizes, names and digests out of range',
    async ({ endpoint, provider }) => {
      const good = { clientId: 'c', fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' };
      const wrong: Record<string, unknown>[] = [
        { sizeBytes: 0 },
        { sizeBytes: -1 },
        { sizeBytes: 1.5 },
        { sizeBytes: '1' },
        { sizeBytes: 2 ** 53 },
        { fileName: '' },
        { fileName: 'x'.repeat(1025) },
        { clientId: '' },
        { clientId: 'x'.repeat(65) },
        { md5Base64: 'not-a-digest' },
        { contentType: 'video/mp4\r\nInjected: 1' },
      ];
      for (const fields of wrong)
        expectProblem(
          await post(endpoint, 'start', { provider, uploads: [{ ...good, ...fields }] }),
          'invalid-request',
        );
    },
  ],
  [
    'answers a body that is far too large with 413',
    async ({ endpoint }) => {
      const answer = await post(endpoint, 'describe', ' '.repeat(oversizeBytes)).catch(() => undefined);
      // A server may close the connection on a body that it does not want.
      demand(
        answer === undefined || answer.status === 413,
        `The status is ${answer?.status ?? 'none'}, not 413.`,
      );
    },
  ],
  [
    'refuses a caller without a session with unauthorized, for each operation',
    async ({ endpoint, provider }) => {
      for (const [operation, body] of Object.entries(wellFormedBodies(provider)))
        expectProblem(await post(endpoint, operation, body, { headers: {} }), 'unauthorized');
    },
    ({ endpoint }) => Object.keys(endpoint.headers).length === 0 && 'no session was given with --header',
  ],
  [
    'answers provider-unknown for a provider that it does not have',
    async ({ endpoint, provider }) => {
      const answer = await post(endpoint, 'describe', { providers: ['no-such-provider', provider] });
      const [unknown, known] = expectResults(answer, describeResponseSchema, 2);
      demand(
        unknown?.outcome === 'refused' && unknown.problem.code === 'provider-unknown',
        'The unknown one is not refused as provider-unknown.',
      );
      demand(known?.outcome === 'described', 'The known one beside it is not described.');
      const uploads = [{ clientId: 'c', fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' }];
      expectProblem(
        await post(endpoint, 'start', { provider: 'no-such-provider', uploads }),
        'provider-unknown',
      );
    },
  ],
  [
    'refuses tickets that it has not made, each by itself and all of a call with 401',
    async ({ endpoint }) => {
      const forged = ['x', 'a.b.c', 'eyJhbGciOiJub25lIn0..', '\u0000', 'é'.repeat(100)];
      for (const ticket of forged)
        expectProblem(await post(endpoint, 'list', { items: [{ ticket }] }), 'ticket-invalid');
      const items = forged.map((ticket) => ({ ticket }));
      const answer = await post(endpoint, 'list', { items });
      if (answer.status === 200) expectResults(answer, listResponseSchema, items.length);
      else expectProblem(answer, 'ticket-invalid');
    },
  ],
  [
    'lets no page of another origin read an answer, unless it was told to',
    async ({ endpoint, provider }) => {
      const { status, headers } = await askPreflight(endpoint, strangerOrigin);
      const allowed = headers.get('access-control-allow-origin');
      demand(
        allowed === null,
        `A preflight of ${strangerOrigin} is answered ${status} with Allow-Origin ${allowed}.`,
      );
      const body = { providers: [provider] };
      const answer = await post(endpoint, 'describe', body, {
        headers: { ...endpoint.headers, origin: strangerOrigin },
      });
      demand(
        answer.headers.get('access-control-allow-origin') === null,
        `An answer to ${strangerOrigin} has Access-Control-Allow-Origin.`,
      );
    },
  ],
  [
    'lets pages of the given origin call it with their session',
    async ({ endpoint, provider, origin = '' }) => {
      const { status, headers } = await askPreflight(endpoint, origin);
      demand(status >= 200 && status < 300, `The preflight is answered ${status}.`);
      demand(
        headers.get('access-control-allow-origin') === origin,
        'The preflight does not allow the origin.',
      );
      demand(
        /post/i.test(headers.get('access-control-allow-methods') ?? ''),
        'The preflight does not allow POST.',
      );
      demand(
        /content-type/i.test(headers.get('access-control-allow-headers') ?? ''),
        'The preflight does not allow content-type.',
      );
      const body = { providers: [provider] };
      const answer = await post(endpoint, 'describe', body, { headers: { ...endpoint.headers, origin } });
      for (const given of [headers, answer.headers]) {
        demand(given.get('access-control-allow-origin') === origin, 'The answer does not allow the origin.');
        demand(
          given.get('access-control-allow-credentials') === 'true',
          'Access-Control-Allow-Credentials is not true: sessions in cookies are left out.',
        );
      }
      demand(
        /retry-after/i.test(answer.headers.get('access-control-expose-headers') ?? ''),
        'The answer does not expose Retry-After.',
      );
    },
    ({ origin }) => origin === undefined && 'no other origin was given with --origin',
  ],
];

/** A body for each operation that fits its schema. */
function wellFormedBodies(provider: string): Record<Operation, object> {
  const file = { clientId: 'c', fileName: 'clip.mp4' };
  const cover = { attachmentId: 'a', kind: 'cover', fileName: 'a.png', contentType: '', sizeBytes: 1 };
  const of = (item: object) => ({ items: [{ ticket: 'x', ...item }] });
  return {
    describe: { providers: [provider] },
    start: { provider, uploads: [{ ...file, contentType: 'video/mp4', sizeBytes: 1 }] },
    import: { provider, imports: [{ ...file, url: 'https://media.example.com/clip.mp4' }] },
    sign: of({ parts: [{ partNumber: 1, sizeBytes: 1 }] }),
    attach: of({ attachments: [cover] }),
    list: of({}),
    finish: of({ status: 'canceled' }),
    details: of({}),
    update: of({ update: { title: 'vodrop test' } }),
  };
}

async function askPreflight(endpoint: EndpointUnderTest, origin: string): Promise<Response> {
  const response = await endpoint.send(
    new Request(`${endpoint.url}/describe`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    }),
  );
  await response.arrayBuffer();
  return response;
}
