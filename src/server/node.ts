/**
 * Node's `http` (and Express, Fastify's raw objects …) in terms of `Request` and `Response`. Typed by what such
 * objects can do rather than by `node:http`, so that this package loads without Node.
 */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Set by body parsers that ran earlier. */
  readonly body?: unknown;
}

export interface NodeResponse {
  readonly writableFinished?: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: Uint8Array): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Serves a `Request` handler from a Node server. The handler's signal is aborted when the browser disconnects.
 *
 * @example
 * http.createServer(toNodeListener(endpoint)).listen(3000);
 * // or: app.use('/api/uploads', toNodeListener(endpoint));
 */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (req: NodeRequest, res: NodeResponse) => void {
  return (req, res) => {
    // The handler answers its own failures; what fails here can only be answered with a bare status.
    serve(handler, req, res).catch(() => {
      res.writeHead(500, {});
      res.end();
    });
  };
}

async function serve(
  handler: (request: Request) => Promise<Response>,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  const gone = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  const response = await handler(toRequest(req, gone.signal));
  const body = new Uint8Array(await response.arrayBuffer());
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.end(body);
}

function toRequest(req: NodeRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    // HTTP/2 gives its pseudo headers in the same object.
    if (value === undefined || name.startsWith(':')) continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
  const method = req.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers,
    signal,
    ...(hasBody && { body: bodyOf(req), duplex: 'half' }),
  };
  // A handler uses only the path; the host that the browser addressed is known to the proxy, if at all.
  return new Request(new URL(req.url ?? '/', 'http://localhost'), init);
}

function bodyOf(req: NodeRequest): BodyInit {
  const { body } = req;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body !== undefined && body !== null) return JSON.stringify(body);
  const chunks = req[Symbol.asyncIterator]();
  // No `cancel`: ending the iteration would destroy the connection before the refusal of a large body is written to it.
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
