import { EndpointError } from './errors.js';
import { callHost } from './host-hooks.js';
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
}

/** What {@link toNodeListener} needs of a response of Node. */
export interface NodeResponse {
  readonly headersSent?: boolean;
  readonly writableEnded?: boolean;
  readonly writableFinished?: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
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
   * What the hooks of the endpoint get as `context`, as in `(req) => ({ user: req.user })`. A failure is answered by
   * 500, and so is one that takes longer than ten seconds.
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
    // The handler answers its own failures; what fails here can only be answered with a bare status.
    serve(handler, { req, res }, options).catch(() => {
      try {
        if (isAnswered(res)) res.destroy?.();
        else answer(res, 500, {});
      } catch {
        // The connection is closed, so no answer can be sent.
      }
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
    res.on('close', () => {
      if (!res.writableFinished) gone.abort();
      resolve(isAnsweredHere && res.writableFinished === true);
    });
  });
  const request = toRequest(req, gone.signal);
  const context = await callHost('context', () => options.context?.(req, res));
  const response = request instanceof Response ? request : await handler(request, { context, delivered });
  const body = new Uint8Array(await response.arrayBuffer());
  if (isAnswered(res)) return;
  isAnsweredHere = true;
  const cookies = response.headers.getSetCookie();
  const headers = Object.fromEntries(response.headers);
  answer(res, response.status, cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers, body);
}

function isAnswered({ headersSent, writableEnded }: NodeResponse): boolean {
  return headersSent === true || writableEnded === true;
}

function answer(
  res: NodeResponse,
  status: number,
  headers: Record<string, string | string[]>,
  body = new Uint8Array(),
): void {
  res.writeHead(status, headers);
  res.end(body);
}

/** The request, or the answer to one that `Request` cannot express. */
function toRequest(req: NodeRequest, signal: AbortSignal): Request | Response {
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
    ...(hasBody && { body: bodyOf(req), duplex: 'half' }),
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
  return (
    (body === undefined || body === null) &&
    readableEnded === true &&
    Number(headers.get('content-length') ?? 0) > 0
  );
}

function bodyOf(req: NodeRequest): BodyInit {
  const { body } = req;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  // Parsers of other types leave an empty object and the body unread.
  const isParsed = body !== undefined && body !== null && !(req.readableEnded === false && isEmpty(body));
  if (isParsed) return JSON.stringify(body);
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

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
