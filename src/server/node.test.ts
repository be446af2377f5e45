import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { toNodeListener, type HostCall, type NodeRequest } from './node.js';

let server: http.Server | undefined;
afterEach(() => server?.close());

async function listen(handler: (request: Request) => Promise<Response>): Promise<string> {
  server = http.createServer(toNodeListener(handler));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('passes method, path, headers, body and status between Node and the Web handler', async () => {
  const origin = await listen(async (request) => {
    const url = new URL(request.url);
    return Response.json(
      [request.method, url.pathname + url.search, request.headers.get('x-user'), await request.text()],
      { status: 418, headers: { 'X-Answer': 'yes' } },
    );
  });
  const response = await fetch(`${origin}/api/start?x=1`, {
    method: 'POST',
    headers: { 'X-User': 'ada' },
    body: 'bytes',
  });
  expect(response.status).toBe(418);
  expect(response.headers.get('x-answer')).toBe('yes');
  expect(await response.json()).toEqual(['POST', '/api/start?x=1', 'ada', 'bytes']);
});

it('answers a request whose body it refuses to read', async () => {
  const origin = await listen(async (request) => {
    await request.body?.cancel();
    return new Response('too large', { status: 413 });
  });
  const response = await fetch(origin, { method: 'POST', body: 'x'.repeat(1_000_000) });
  expect(response.status).toBe(413);
});

it('aborts the Web request when the browser disconnects', async () => {
  const aborted = vi.fn();
  const arrived = vi.fn();
  const origin = await listen((request) => {
    arrived();
    return new Promise((resolve) =>
      request.signal.addEventListener('abort', () => (aborted(), resolve(new Response()))),
    );
  });
  const gone = new AbortController();
  const call = fetch(origin, { signal: gone.signal }).catch(() => undefined);
  await vi.waitFor(() => expect(arrived).toHaveBeenCalled());
  gone.abort();
  await call;
  await vi.waitFor(() => expect(aborted).toHaveBeenCalled());
});

it('answers 500 when the handler throws', async () => {
  const origin = await listen(() => Promise.reject(new Error('secret')));
  const response = await fetch(origin);
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
  expect(text).not.toContain('secret');
});

it('accepts a body that a parser has already read', async () => {
  const seen: string[] = [];
  const listener = toNodeListener(async (request) => {
    seen.push(await request.text());
    return new Response();
  });
  const done = vi.fn();
  const res = { writeHead: vi.fn(), end: done, on: vi.fn() };
  const req = {
    method: 'POST',
    url: '/',
    headers: { 'set-cookie': ['a', 'b'], ':path': '/' },
    body: { items: [] },
    [Symbol.asyncIterator]: () => {
      throw new Error('read already');
    },
  };
  listener(req, res);
  await vi.waitFor(() => expect(done).toHaveBeenCalled());
  expect(seen).toEqual(['{"items":[]}']);
});

it('passes the context of the host, and whether the answer has left', async () => {
  const calls: (HostCall | undefined)[] = [];
  const signals: AbortSignal[] = [];
  const answer = new Map<string, () => void>();
  server = http.createServer(
    toNodeListener(
      async (request, host) => {
        calls.push(host);
        signals.push(request.signal);
        await new Promise<void>((resolve) => answer.set(new URL(request.url).pathname, resolve));
        return new Response('x'.repeat(100));
      },
      { context: (req: http.IncomingMessage) => ({ user: req.headers['x-user'] }) },
    ),
  );
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const heard = fetch(`${origin}/heard`, { headers: { 'x-user': 'ada' } });
  await vi.waitFor(() => expect(answer.has('/heard')).toBe(true));
  expect(calls[0]?.context).toEqual({ user: 'ada' });
  answer.get('/heard')?.();
  await (await heard).text();
  const gone = new AbortController();
  const unheard = fetch(`${origin}/unheard`, { signal: gone.signal }).catch(() => undefined);
  await vi.waitFor(() => expect(answer.has('/unheard')).toBe(true));
  gone.abort();
  await unheard;
  await vi.waitFor(() => expect(signals[1]?.aborted).toBe(true));
  answer.get('/unheard')?.();
  expect(await calls[1]?.delivered).toBe(false);
  server.closeAllConnections();
  expect(await calls[0]?.delivered).toBe(true);
});

it('answers 500 when the context cannot be made', async () => {
  server = http.createServer(
    toNodeListener(() => Promise.resolve(new Response()), {
      context: () => Promise.reject(new Error('no session store')),
    }),
  );
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect([response.status, response.headers.get('retry-after')]).toEqual([500, '1']);
  expect(await response.json()).toMatchObject({ code: 'internal' });
});

it('answers 500 when the context does not come', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const answered = new Promise<number>((resolve) => {
    const res = { writeHead: (status: number) => resolve(status), end: vi.fn(), on: vi.fn() };
    const req = { method: 'POST', url: '/start', headers: {} } as NodeRequest;
    toNodeListener(vi.fn(), { context: () => new Promise(() => {}) })(req, res);
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await answered).toBe(500);
  vi.useRealTimers();
});

it('leaves a request alone that was answered before it', async () => {
  const handler = vi.fn(async () => new Response('late'));
  const listener = toNodeListener(handler);
  server = http.createServer((req, res) => {
    res.writeHead(503).end('overloaded');
    listener(req, res);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/start`);
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('overloaded');
  expect(handler).not.toHaveBeenCalled();
});

it('survives a timeout of the host that answers while the handler works', async () => {
  let release: () => void = () => undefined;
  const listener = toNodeListener(
    () => new Promise((resolve) => (release = () => resolve(new Response('late')))),
  );
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  try {
    server = http.createServer((req, res) => {
      listener(req, res);
      res.writeHead(503).end('timed out');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/start`);
    expect(response.status).toBe(503);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejections).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

it('serves HTTP/2', async () => {
  const listener = toNodeListener(async (request) =>
    Response.json([new URL(request.url).pathname, await request.text()]),
  );
  const h2 = http2.createServer((req, res) => listener(req, res));
  await new Promise<void>((resolve) => h2.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${(h2.address() as AddressInfo).port}`);
  try {
    const stream = client.request({ ':method': 'POST', ':path': '/a//start/' });
    stream.end('body');
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(JSON.parse(text)).toEqual(['/a//start/', 'body']);
  } finally {
    client.close();
    h2.close();
  }
});

/** Sends a request line as it is, which `fetch` would normalize. */
async function statusOf(origin: string, requestLine: string): Promise<number> {
  const socket = net.connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`${requestLine} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return Number(text.split(' ')[1]);
}

it.each([
  ['POST //', 200, '//'],
  ['POST //evil.example/start', 200, '//evil.example/start'],
  ['POST http://app.example.com/api/start', 200, '/api/start'],
  ['OPTIONS *', 200, '/*'],
  ['POST http://[', 400, undefined],
  ['TRACE /start', 405, undefined],
])('answers %s with %i', async (requestLine, status, path) => {
  let seen: string | undefined;
  const origin = await listen(async (request) => {
    seen = new URL(request.url).pathname;
    return new Response();
  });
  expect(await statusOf(origin, requestLine)).toBe(status);
  expect(seen).toBe(path);
});

it('names the remedy where a body parser has read the body and kept it', async () => {
  const listener = toNodeListener(async () => new Response());
  server = http.createServer((req, res) => {
    req.resume().on('end', () => listener(req, res));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/start`, {
    method: 'POST',
    body: '{}',
  });
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('req.body') as string });
});

it('names the remedy where a parser has kept a body that came in chunks', async () => {
  const listener = toNodeListener(async () => new Response());
  server = http.createServer((req, res) => {
    req.resume().on('end', () => listener(req, res));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/start`, {
    method: 'POST',
    body: new Blob(['{}']).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('req.body') as string });
});

it('reads the body where a parser of another type has left an empty object', async () => {
  const listener = toNodeListener(async (request) => new Response(await request.text()));
  server = http.createServer((req, res) => listener(Object.assign(req, { body: {} }), res));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/start`, {
    method: 'POST',
    body: '{"items":[]}',
  });
  expect(await response.text()).toBe('{"items":[]}');
});

it('passes every cookie of a wrapped handler', async () => {
  const origin = await listen(async () => {
    const response = new Response();
    response.headers.append('set-cookie', 'a=1');
    response.headers.append('set-cookie', 'b=2');
    return response;
  });
  expect((await fetch(origin)).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

const mebibyte = Buffer.alloc(1024 * 1024);

/** What comes on a connection until `isEnough`, or until it is closed. */
async function receive(socket: net.Socket, isEnough: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (isEnough(text)) break;
  }
  return text;
}

it('answers the next call on a connection whose last body was refused unread', async () => {
  const origin = await listen(async ({ method }) => new Response(`<${method}>`));
  const socket = net.connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`POST /start HTTP/1.1\r\nHost: x\r\nContent-Length: ${mebibyte.length}\r\n\r\n`);
  socket.write(mebibyte);
  socket.write('PUT /start HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  const text = await receive(socket, (soFar) => soFar.includes('<PUT>'));
  expect(text).toContain('<POST>');
  expect(text).toContain('<PUT>');
});

it('delivers the refusal of a body to a client that sends all of it before it reads', async () => {
  const origin = await listen(
    async () => new Response('<too large>', { status: 413, headers: { Connection: 'close' } }),
  );
  const socket = net.connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(`POST /start HTTP/1.1\r\nHost: x\r\nContent-Length: ${8 * mebibyte.length}\r\n\r\n`);
  for (let sent = 0; sent < 8; sent += 1)
    await new Promise<void>((resolve, reject) =>
      socket.write(mebibyte, (error) => (error ? reject(error) : resolve())),
    );
  const text = await receive(socket, () => false);
  expect(text).toMatch(/^HTTP\/1.1 413 /);
  expect(text).toContain('<too large>');
});

it('ends a connection whose refused body does not end', async () => {
  const origin = await listen(async () => new Response('no', { status: 404 }));
  const socket = net.connect(Number(new URL(origin).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.resume().write('POST /start HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const send = () => {
    while (
      socket.writable &&
      socket.write(Buffer.concat([Buffer.from('100000\r\n'), mebibyte, Buffer.from('\r\n')]))
    );
  };
  socket.on('drain', send);
  send();
  await closed;
});

it('aborts the Web request when the browser gives an HTTP/2 stream up', async () => {
  let tell: (news: unknown) => void = () => undefined;
  const told = new Promise((resolve) => (tell = resolve));
  const arrived = new Promise<void>((resolve) => {
    const listener = toNodeListener(async ({ signal }, host) => {
      resolve();
      await new Promise((aborted) => signal.addEventListener('abort', aborted));
      tell(await host?.delivered);
      return new Response();
    });
    server = http2.createServer((req, res) => listener(req, res)) as unknown as http.Server;
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${(server?.address() as AddressInfo).port}`);
  const stream = client.request({ ':method': 'POST', ':path': '/start' });
  stream.on('error', () => undefined).end('{}');
  await arrived;
  stream.close(http2.constants.NGHTTP2_CANCEL);
  expect(await told).toBe(false);
  client.destroy();
});

it('ends an HTTP/2 stream whose refused body does not end, and serves the next', async () => {
  const listener = toNodeListener(
    async () => new Response('no', { status: 413, headers: { Connection: 'close' } }),
  );
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  const h2 = http2.createServer((req, res) => listener(req, res));
  await new Promise<void>((resolve) => h2.listen(0, '127.0.0.1', resolve));
  const client = http2.connect(`http://127.0.0.1:${(h2.address() as AddressInfo).port}`);
  try {
    const stream = client.request({ ':method': 'POST', ':path': '/start' });
    let text = '';
    stream.on('data', (chunk) => (text += String(chunk)));
    const send = () => {
      while (!stream.closed && stream.writable && stream.write(mebibyte));
    };
    stream.on('drain', send);
    send();
    await new Promise<void>((resolve) => stream.on('end', () => resolve()));
    expect(text).toBe('no');
    const next = client.request({ ':method': 'POST', ':path': '/start' });
    next.end('body');
    const status = await new Promise((resolve) =>
      next.on('response', (headers) => resolve(headers[':status'])),
    );
    expect([status, warnings]).toEqual([413, []]);
  } finally {
    process.off('warning', note);
    client.destroy();
    h2.close();
  }
});

it('tells the handler that the browser has disconnected before it was called', async () => {
  let tell: (news: unknown) => void = () => undefined;
  const told = new Promise((resolve) => (tell = resolve));
  const listener = toNodeListener(async ({ signal }, host) => {
    tell([signal.aborted, await host?.delivered]);
    return new Response();
  });
  server = http.createServer((req, res) => res.on('close', () => listener(req, res)));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const arrived = new Promise((resolve) => server?.on('request', resolve));
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST /start HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  await arrived;
  socket.destroy();
  expect(await told).toEqual([true, false]);
});

it('tells the handler that an HTTP/2 stream was closed before it was called', async () => {
  let tell: (news: unknown) => void = () => undefined;
  const told = new Promise((resolve) => (tell = resolve));
  const listener = toNodeListener(async ({ signal }, host) => {
    tell([signal.aborted, await host?.delivered]);
    return new Response();
  });
  const h2 = http2.createServer((req, res) => res.on('close', () => setImmediate(() => listener(req, res))));
  await new Promise<void>((resolve) => h2.listen(0, '127.0.0.1', resolve));
  const arrived = new Promise((resolve) => h2.on('request', resolve));
  const client = http2.connect(`http://127.0.0.1:${(h2.address() as AddressInfo).port}`);
  try {
    const stream = client.request({ ':method': 'POST', ':path': '/start' });
    stream.on('error', () => undefined);
    stream.end('{}');
    await arrived;
    stream.close(http2.constants.NGHTTP2_CANCEL);
    expect(await told).toEqual([true, false]);
  } finally {
    client.destroy();
    h2.close();
  }
});
