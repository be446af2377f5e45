import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../sandbox/index.js';
import { createTokenEndpoint, toNodeListener } from '../../server/index.js';
import { run } from '../run.js';
import { make, names } from '../test-support/clouds.js';
import { conformance } from './conformance.js';

const origin = 'https://app.example.com';
const closers: (() => unknown)[] = [];
let sandbox: RunningSandbox;
let handle: (request: Request) => Promise<Response>;

beforeAll(async () => {
  sandbox = await startSandbox({ processingMs: 0 });
  closers.push(() => sandbox.close());
  handle = createTokenEndpoint({
    providers: names.map((name) => make(name, sandbox)),
    authorize: (request) => {
      const [, id] = /session=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? [];
      return id ? { id } : null;
    },
    secret: 'a secret of more than thirty-two characters',
    imports: true,
    allowedOrigins: [origin],
  });
});
afterAll(async () => {
  for (const close of closers) await close();
});

async function serve(handler: (request: Request) => Promise<Response>): Promise<string> {
  const server = createServer(toNodeListener(handler));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads`;
}

const options = { headers: { cookie: 'session=ada' }, otherHeaders: { cookie: 'session=bob' }, origin };

describe('the conformance suite', () => {
  it.each(names)(
    'is passed by our own endpoint with %s',
    async (name) => {
      const checks = await conformance(await serve((request) => handle(request)), {
        ...options,
        providers: [name],
      });
      expect(checks.filter(({ outcome }) => outcome === 'fault')).toEqual([]);
      expect(checks.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(20);
      // Huawei VOD takes no parts of a file of less than 20 MB: several such files are hashed and sent.
    },
    240_000,
  );

  /** Endpoints with one fault each, and the case that has to find it. */
  const faulty: [string, string, (request: Request) => Promise<Response>][] = [
    ['lets caches keep answers', 'describes its provider', withHeader('cache-control', 'public')],
    ['answers everything with 200', 'answers an unknown operation with not-found', always(200)],
    [
      'reflects every origin',
      'lets no page of another origin read an answer, unless it was told to',
      withHeader('access-control-allow-origin', 'https://evil.example'),
    ],
    ['calls JSON text', 'describes its provider', withHeader('content-type', 'text/plain')],
    [
      'serves callers without a session',
      'refuses a caller without a session with unauthorized, for each operation',
      (request) => {
        const headers = new Headers(request.headers);
        headers.set('cookie', 'session=ada');
        return handle(new Request(request, { headers }));
      },
    ],
    [
      'serves all callers as one',
      'refuses the ticket of another caller with ticket-foreign, for each operation',
      (request) => {
        const headers = new Headers(request.headers);
        if (headers.has('cookie')) headers.set('cookie', 'session=ada');
        return handle(new Request(request, { headers }));
      },
    ],
    [
      'accepts forms',
      'refuses every content type but JSON, so that no form of another site can call it',
      (request) => {
        const headers = new Headers(request.headers);
        if (request.method === 'POST') headers.set('content-type', 'application/json');
        return handle(new Request(request, { headers }));
      },
    ],
  ];

  it.each(faulty)('finds an endpoint that %s', async (_, name, handler) => {
    const checks = await conformance(await serve(handler), { ...options, providers: ['tencent-vod'] });
    expect(checks.filter(({ outcome }) => outcome === 'fault').map(({ check }) => check)).toContain(name);
  });

  it('is run by npx vodrop conformance, with an exit code, and prints no session', async () => {
    const url = await serve((request) => handle(request));
    let out = '';
    const output = { print: (text: string) => (out += text), warn: (text: string) => (out += text) };
    const args = ['conformance', url, '--provider', 's3', '--header', 'cookie: session=ada'];
    expect(await run(args, output)).toBe(0);
    expect(out).toMatch(/s3 · confirms the repeat of a finish: holds/);
    expect(out).not.toContain('session=ada');
    expect(await run(['conformance', `${url}/elsewhere/nothing`, '--provider', 'no-such'], output)).toBe(1);
  });
});

function withHeader(name: string, value: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await handle(request);
    response.headers.set(name, value);
    return response;
  };
}

function always(status: number): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await handle(request);
    return new Response(await response.text(), { status, headers: response.headers });
  };
}
