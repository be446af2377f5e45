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

/** What the host knows of a request beside the request itself. */
export interface HostCall<Context = unknown> {
  /** Passed to `authorize` and to the other hooks as it is: the framework's request, its user, a tenant. */
  readonly context?: Context;
  /** Whether the answer has left, once that is known. A start whose answer has not left is taken back. */
  readonly delivered?: Promise<boolean>;
}

type Handler<Context> = (request: Request, host?: HostCall<Context>) => Promise<Response>;

export interface NodeListenerOptions<Req, Res, Context> {
  /** What the hooks of the endpoint get as `context`, as in `(req) => ({ user: req.user })`. A failure is answered by 500. */
  readonly context?: (req: Req, res: Res) => Context | Promise<Context>;
}

/**
 * Serves a `Request` handler from a Node server. The handler's signal is aborted when the browser disconnects.
 *
 * @example
 * http.createServer(toNodeListener(endpoint)).listen(3000);
 * // or: app.use('/api/uploads', toNodeListener(endpoint, { context: (req) => ({ user: req.user }) }));
 */
export function toNodeListener<
  Context = unknown,
  Req extends NodeRequest = NodeRequest,
  Res extends NodeResponse = NodeResponse,
>(
  handler: Handler<Context>,
  options: NodeListenerOptions<Req, Res, Context> = {},
): (req: Req, res: Res) => void {
  return (req, res) => {
    // The handler answers its own failures; what fails here can only be answered with a bare status.
    serve(handler, { req, res }, options).catch(() => {
      res.writeHead(500, {});
      res.end();
    });
  };
}

async function serve<Context, Req extends NodeRequest, Res extends NodeResponse>(
  handler: Handler<Context>,
  { req, res }: { readonly req: Req; readonly res: Res },
  options: NodeListenerOptions<Req, Res, Context>,
): Promise<void> {
  const gone = new AbortController();
  const delivered = new Promise<boolean>((resolve) => {
    res.on('close', () => {
      if (!res.writableFinished) gone.abort();
      resolve(res.writableFinished === true);
    });
  });
  const context = await options.context?.(req, res);
  const response = await handler(toRequest(req, gone.signal), { context, delivered });
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
