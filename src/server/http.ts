import { EndpointError } from './errors.js';
import { ConnectionError } from './retry.js';

/** One request to a cloud. */
export interface VendorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface VendorReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface ExchangeOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What is being attempted, for error messages: `create asset`. */
  readonly what: string;
}

/** Ten thousand addresses of parts, the longest answer that there is, have a few MB. */
const maxReplyBytes = 32 * 1024 * 1024;
/** A service that names a longer time is asked again after this: a wrong date would end all uploads for good. */
const longestWaitMs = 60 * 60_000;

/** Error codes by which Node tells that a request never left: nothing was done at the other end. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Sends one request and reads the whole answer. A network failure and a timeout become `vendor-unavailable`; an answer
 * of any status is returned. Redirects are not followed: credentials belong to one host.
 */
export async function exchange(
  request: VendorRequest,
  { fetch, signal, timeoutMs, what }: ExchangeOptions,
): Promise<VendorReply> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([signal, timeout]);
  const { url, ...init } = request;
  const answer = async () => {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: ended,
    });
    return { status: response.status, headers: response.headers, text: await textOf(response, what) };
  };
  try {
    return await unlessAborted(answer(), ended);
  } catch (error) {
    if (error instanceof EndpointError) throw error;
    if (signal.aborted) throw signal.reason;
    const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : failureCode(error);
    throw new EndpointError('vendor-unavailable', {
      detail: `${what}: ${reason} from ${originOf(url)}`,
      cause: new ConnectionError(reason, unsentCodes.has(reason)),
    });
  }
}

interface Dispatcher {
  dispatch(request: object, handler: object): boolean;
}

/** By this name Node and undici share what sends the requests of `fetch`; it is there after the first one. */
const dispatcherSymbol = Symbol.for('undici.globalDispatcher.1');

/**
 * The global `fetch`, looked up for each call so that tests and instrumentation may replace it, without the closing of the
 * connection after each HEAD. Node closes it for servers that answer with a body
 * (https://github.com/nodejs/undici/issues/258). Stores do not: ten thousand small files would need as many connections.
 * Other runtimes do not know the option.
 */
export const fetchOnKeptConnections: typeof globalThis.fetch = (input, init) => {
  const { [dispatcherSymbol]: global } = globalThis as { [dispatcherSymbol]?: Dispatcher };
  if (init?.method !== 'HEAD' || !global) return globalThis.fetch(input, init);
  const dispatcher: Dispatcher = {
    dispatch: (request, handler) => global.dispatch({ ...request, reset: false }, handler),
  };
  return globalThis.fetch(input, { ...init, ...{ dispatcher } });
};

/** A `fetch` of the host, for a proxy say, may not listen to the signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (reason: unknown) => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => (stop = reject));
  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Counted as it arrives: a reply without an end would take all memory of the process. */
async function textOf({ body, headers }: Response, what: string): Promise<string> {
  const reader = body?.getReader();
  if (!reader) return '';
  const decoder = new ReplyDecoder(headers.get('content-type') ?? '');
  let text = '';
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.end();
    bytes += value.byteLength;
    if (bytes > maxReplyBytes) {
      // Not awaited: a source that hangs may hang here, too.
      reader.cancel().catch(() => undefined);
      throw new EndpointError('vendor-invalid-reply', { detail: `${what}: the answer is too long` });
    }
    text += decoder.decode(value);
  }
}

/** UTF-8, or UTF-16 where a byte order mark or the type says so: every reader of XML has to take both. */
class ReplyDecoder {
  readonly #charset: string | undefined;
  #first = new Uint8Array();
  #decoder: TextDecoder | undefined;

  constructor(contentType: string) {
    this.#charset = /;\s*charset="?(utf-16(?:le|be)?)\b/i.exec(contentType)?.[1]?.toLowerCase();
  }

  decode(bytes: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(bytes, { stream: true });
    const first = new Uint8Array(this.#first.length + bytes.length);
    first.set(this.#first);
    first.set(bytes, this.#first.length);
    this.#first = first;
    // The mark may come byte by byte.
    if (first.length < 2) return '';
    this.#decoder = new TextDecoder(encodingOf(first) ?? this.#charset ?? 'utf-8');
    return this.#decoder.decode(first, { stream: true });
  }

  end(): string {
    return (this.#decoder ?? new TextDecoder()).decode(this.#decoder ? undefined : this.#first);
  }
}

function encodingOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** `Retry-After` in ms, at most an hour, both its forms (RFC 9110, 10.2.3). */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const delayMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(delayMs) ? Math.min(longestWaitMs, Math.max(0, delayMs)) : undefined;
}

/** What may be said of a URL in a message: never its path and query, which can be a key to a store. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an unreadable address';
}

function failureCode(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = cause?.code ?? code;
  return typeof found === 'string' && /^[A-Z0-9_]+$/.test(found) ? found : 'network failure';
}
