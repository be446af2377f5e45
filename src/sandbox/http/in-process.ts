import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Writable } from 'node:stream';

type Handler = (incoming: IncomingMessage, response: ServerResponse) => void;

/** Carries a Web request through a handler written for `http.createServer`, without a socket. */
export async function exchangeInProcess(request: Request, handle: Handler): Promise<Response> {
  request.signal.throwIfAborted();
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined;
  return new Promise((resolve, reject) => {
    const incoming = new MemoryRequest(request, body);
    const response = new MemoryResponse(incoming);
    const disconnect = () => incoming.socket.destroy();
    incoming.socket.destroy = () => {
      incoming.destroy();
      response.destroy();
    };
    response.once('close', () => {
      request.signal.removeEventListener('abort', disconnect);
      if (response.writableFinished) resolve(response.toWeb());
      else if (request.signal.aborted) reject(request.signal.reason as Error);
      else reject(new TypeError('fetch failed'));
    });
    request.signal.addEventListener('abort', disconnect, { once: true });
    // The handler uses only the members that the two classes have.
    handle(incoming as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}

/** The members of `http.IncomingMessage` that the sandbox uses. */
class MemoryRequest extends Readable {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersDistinct: Readonly<Record<string, string[]>>;
  readonly socket = { destroy: (): void => undefined };
  readonly #body: Buffer | undefined;

  constructor(request: Request, body: Buffer | undefined) {
    super();
    const { origin, host } = new URL(request.url);
    this.method = request.method;
    // As sent: `URL` keeps the percent-encoding of path and query.
    this.url = request.url.slice(origin.length);
    this.headers = {
      host,
      ...Object.fromEntries(request.headers),
      ...(body && { 'content-length': String(body.length) }),
    };
    this.headersDistinct = Object.fromEntries(
      Object.entries(this.headers).map(([name, value]) => [name, [value]]),
    );
    this.#body = body;
  }

  get complete(): boolean {
    return !this.#body?.length || this.readableEnded;
  }

  override _read(): void {
    if (this.#body?.length) this.push(this.#body);
    this.push(null);
  }
}

/** The members of `http.ServerResponse` that the sandbox uses. */
class MemoryResponse extends Writable {
  readonly req: MemoryRequest;
  headersSent = false;
  #status = 200;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];

  constructor(request: MemoryRequest) {
    super();
    this.req = request;
  }

  writeHead(status: number, headers: Record<string, string>): void {
    this.#status = status;
    this.#headers = headers;
    this.headersSent = true;
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  toWeb(): Response {
    const isEmpty = this.#status === 204 || this.#status === 304;
    return new Response(isEmpty ? null : Buffer.concat(this.#chunks), {
      status: this.#status,
      headers: this.#headers,
    });
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }
}
