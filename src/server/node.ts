import { EndpointError } from './errors.js';
import { callHost } from './host-hooks.js';
import { discardRest } from './refused-body.js';
import { problemResponse } from './respond.js';

/**
 * Node's `http` and `http2` (and Express, Koa, Fastify's raw objects …) in terms of `Request` and `Response`. Typed
 * by what such objects can do rather than by `node:http`, so that this package loads without Node.
 */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Set by body parsers that ran earlier. */
  readonly body?: unknown;
  /** Whether the body has been read to its end. */
  readonly readableEnded?: boolean;
  /** Whether the body has arrived. */
  readonly complete?: boolean;
  /** Of HTTP/2. */
  readonly stream?: {
    readonly destroyed?: boolean;
    readonly rstCode?: number | undefined;
    close?(): unknown;
  };
  destroy?(): unknown;
}

/** What {@link toNodeListener} needs of a response of Node. */
export interface NodeResponse {
  readonly headersSent?: boolean;
  readonly writableEnded?: boolean;
  readonly writableFinished?: boolean;
  /** Whether the connection is closed. */
  readonly destroyed?: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  write?(body: Uint8Array): unknown;
  end(body: Uint8Array): unknown;
  destroy?(): unknown;
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

/** Options of {@link toNodeListener}. */
export interface NodeListenerOptions<Req, Res, Context> {
  /**
   * What the hooks of the endpoint get as `context`, as in `(req) => ({ user: req.user })`. A failure is answered as
   * `internal` (500), and so is one that takes longer than ten seconds.
   */
  readonly context?: (req: Req, res: Res) => Context | Promise<Context>;
}

/**
 * Serves a `Request` handler from a Node server. The handler's signal is aborted when the browser disconnects. A
 * request that something else has answered meanwhile, such as a timeout of the host, is left alone.
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
    serve(handler, { req, res }, options).catch(() => {
      // The connection is closed, or the answer cannot be written.
      res.destroy?.();
    });
  };
}

async function serve<Context, Req extends NodeRequest, Res extends NodeResponse>(
  handler: Handler<Context>,
  { req, res }: { readonly req: Req; readonly res: Res },
  options: NodeListenerOptions<Req, Res, Context>,
): Promise<void> {
  if (isAnswered(res)) return;
  const gone = new AbortController();
  let isAnsweredHere = false;
  const delivered = new Promise<boolean>((resolve) => {
    const closed = () => {
      const hasLeft = isAnsweredHere && res.writableFinished === true && !isReset(req);
      if (!hasLeft) gone.abort();
      resolve(hasLeft);
    };
    // Middleware has waited, and the browser has disconnected meanwhile: there is no event to come.
    if (isClosed({ req, res })) closed();
    else res.on('close', closed);
  });
  const body = new IncomingBody(req);
  const handled = async () => {
    const request = toRequest(req, { body, signal: gone.signal });
    const context = await callHost('context', () => options.context?.(req, res));
    return toAnswer(request instanceof Response ? request : await handler(request, { context, delivered }));
  };
  // The endpoint answers its own failures. What others say is for no page.
  const given = await handled().catch(() =>
    toAnswer(problemResponse(new EndpointError('internal', { retryAfterMs: 1000 }).toProblem())),
  );
  if (isAnswered(res)) return;
  isAnsweredHere = true;
  await answer({ req, res, body }, given);
}

interface Exchange {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly body: IncomingBody;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly bytes: Uint8Array;
}

async function answer({ req, res, body }: Exchange, { status, headers, bytes }: Answer): Promise<void> {
  // HTTP/2 has no such header (RFC 9113, section 8.2.2), and Node warns of it.
  if (isHttp2(req)) delete headers['connection'];
  if (req.complete !== false || !res.write || bytes.byteLength === 0) {
    res.writeHead(status, headers);
    res.end(bytes);
    return;
  }
  // The length tells the client that this is the whole answer, before it is ended.
  res.writeHead(status, { ...headers, 'content-length': String(bytes.byteLength) });
  res.write(bytes);
  const isRead = await discardRest(body.chunks);
  res.end(new Uint8Array());
  if (isRead) return;
  if (req.stream) req.stream.close?.();
  else req.destroy?.();
}

async function toAnswer(response: Response): Promise<Answer> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return { status: response.status, headers, bytes: new Uint8Array(await response.arrayBuffer()) };
}

function isHttp2({ headers }: NodeRequest): boolean {
  return ':method' in headers;
}

/** A response of HTTP/2 is finished with its stream, also when the browser has given that up. */
function isReset({ stream }: NodeRequest): boolean {
  return (stream?.rstCode ?? 0) !== 0;
}

function isClosed({ req, res }: Pick<Exchange, 'req' | 'res'>): boolean {
  return res.destroyed === true || (isHttp2(req) && req.stream?.destroyed === true);
}

function isAnswered({ headersSent, writableEnded }: NodeResponse): boolean {
  return headersSent === true || writableEnded === true;
}

/** The request, or the answer to one that `Request` cannot express. */
function toRequest(
  req: NodeRequest,
  { body, signal }: { readonly body: IncomingBody; readonly signal: AbortSignal },
): Request | Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    // HTTP/2 gives its pseudo headers in the same object.
    if (value === undefined || name.startsWith(':')) continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
  const method = req.method ?? 'GET';
  // The Fetch standard forbids these methods ("forbidden method").
  if (/^(connect|trace|track)$/i.test(method))
    return problemResponse(new EndpointError('method-not-allowed').toProblem());
  const url = urlOf(req.url ?? '/');
  if (!url)
    return problemResponse(
      new EndpointError('invalid-request', {
        detail: 'The address of the request cannot be read.',
      }).toProblem(),
    );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  if (hasBody && isBodyLost(req, headers))
    return problemResponse(
      new EndpointError('internal', {
        detail: 'A body parser has read this request: hand what it has read on as `req.body`.',
      }).toProblem(),
    );
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers,
    signal,
    ...(hasBody && { body: body.asInit(), duplex: 'half' }),
  };
  return new Request(url, init);
}

/** A handler uses only the path; the host that the browser addressed is known to the proxy, if at all. */
function urlOf(target: string): URL | undefined {
  // `//` at the beginning would be taken for a host. A proxy's request has a whole URL.
  const absolute = /^https?:/i.test(target)
    ? target
    : `http://localhost${target.startsWith('/') ? '' : '/'}${target}`;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}

function isBodyLost({ body, readableEnded }: NodeRequest, headers: Headers): boolean {
  const hadBody = Number(headers.get('content-length') ?? 0) > 0 || headers.has('transfer-encoding');
  return (body === undefined || body === null) && readableEnded === true && hadBody;
}

/** The body of a request, as a parser of the host has left it, or as it arrives. */
class IncomingBody {
  readonly #req: NodeRequest;
  #chunks: AsyncIterator<Uint8Array> | undefined;

  constructor(req: NodeRequest) {
    this.#req = req;
  }

  /** Of what has not been read yet. */
  get chunks(): AsyncIterator<Uint8Array> {
    return (this.#chunks ??= this.#req[Symbol.asyncIterator]());
  }

  asInit(): BodyInit {
    const { body, readableEnded } = this.#req;
    if (typeof body === 'string') return body;
    if (body instanceof Uint8Array) return new Uint8Array(body);
    // Parsers of other types leave an empty object and the body unread.
    const isParsed = body !== undefined && body !== null && !(readableEnded === false && isEmpty(body));
    if (isParsed) return JSON.stringify(body);
    const { chunks } = this;
    // No `cancel`: ending the iteration would destroy the connection before the refusal of a large body is written to it.
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
    });
  }
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
