import {
  type AttachRequest,
  type AttachResponse,
  type DescribeResponse,
  type DetailsResponse,
  type FinishRequest,
  type FinishResponse,
  type ImportQuestion,
  type ImportResponse,
  type ListResponse,
  maxBatchItems,
  type Operation,
  type Problem,
  readAttachResponse,
  readDescribeResponse,
  readDetailsResponse,
  type Reader,
  readFinishResponse,
  readImportResponse,
  readListResponse,
  readProblem,
  readSignResponse,
  readStartResponse,
  readUpdateResponse,
  retryableProblems,
  type SignRequest,
  type SignResponse,
  type StartItem,
  type StartResponse,
  tryRead,
  type UpdateRequest,
  type UpdateResponse,
} from '../../protocol/index.js';
import { UploadError } from '../errors.js';
import { asSent } from '../json.js';
import { reportHostError } from '../report-error.js';
import { warnOnce } from '../warn-once.js';
import { orAborted } from '../retry/abort.js';
import { retryAfterMs } from '../retry/retry-after.js';
import type { Granted, EndpointClient, EndpointClientOptions, ResultOf } from './types.js';
import { EndpointCallError } from './call-error.js';
import { Batcher } from './batcher.js';
import { jsonHeaders } from './describe-ahead.js';
import { isMalformed } from './malformed.js';

/** A proxy that lost the endpoint may never answer; an endpoint that completes 10,000 parts takes a minute. */
const callTimeoutMs = 120_000;
/** Browsers allow 64 KiB of bodies with `keepalive`, all that are in flight together; the rest is for the host. */
const maxKeepaliveBytes = 60_000;
/** Parts may need the ticket meanwhile; see `ActiveSession.call`. */
const attachTimeoutMs = 30_000;

/**
 * Calls the token endpoint. Callers ask about one upload; what is asked in the same turn shares a call. One attempt
 * each: the caller decides about retries.
 */
export class HttpEndpointClient implements EndpointClient {
  readonly #options: EndpointClientOptions;
  /** It has answered in this protocol. */
  #isKnown = false;
  /** The function for headers has failed since its last answer, and the host was told. */
  #isHeadersFaultTold = false;
  /** In flight. */
  #keepaliveBytes = 0;
  readonly #start: Batcher<StartItem, ResultOf<StartResponse>>;
  readonly #import: Batcher<ImportQuestion, ResultOf<ImportResponse>>;
  readonly #sign: Batcher<SignRequest['items'][number], ResultOf<SignResponse>>;
  readonly #attach: Batcher<AttachRequest['items'][number], ResultOf<AttachResponse>>;
  readonly #list: Batcher<{ ticket: string }, ResultOf<ListResponse>>;
  readonly #finish: Batcher<FinishRequest['items'][number], ResultOf<FinishResponse>>;
  readonly #details: Batcher<{ ticket: string }, ResultOf<DetailsResponse>>;
  readonly #update: Batcher<UpdateRequest['items'][number], ResultOf<UpdateResponse>>;

  constructor(options: EndpointClientOptions) {
    this.#options = options;
    const { provider } = options;
    const { batchDelayMs } = options;
    const common = { maxWeight: maxBatchItems, isOfOneItem: isMalformed };
    this.#start = new Batcher({
      ...common,
      batchDelayMs: () => batchDelayMs('start'),
      // The endpoint bounds what one call may cost.
      weigh: ({ attachments = [], parts = [] }) => 1 + attachments.length + parts.length,
      send: async (uploads: StartItem[]) =>
        (await this.#call('start', { provider, uploads }, readStartResponse)).results,
    });
    this.#import = new Batcher({
      ...common,
      send: async (imports: ImportQuestion[]) =>
        (await this.#call('import', { provider, imports }, readImportResponse)).results,
    });
    this.#sign = new Batcher({
      ...common,
      weigh: ({ parts }) => parts.length,
      send: async (items: SignRequest['items']) =>
        (await this.#call('sign', { items }, readSignResponse)).results,
    });
    this.#attach = new Batcher({
      ...common,
      weigh: ({ attachments }) => attachments.length,
      send: async (items: AttachRequest['items']) =>
        (await this.#call('attach', { items }, readAttachResponse)).results,
    });
    this.#list = new Batcher({
      ...common,
      send: async (items: { ticket: string }[]) =>
        (await this.#call('list', { items }, readListResponse)).results,
    });
    this.#details = new Batcher({
      ...common,
      send: async (items: { ticket: string }[]) =>
        (await this.#call('details', { items }, readDetailsResponse)).results,
    });
    this.#update = new Batcher({
      ...common,
      send: async (items: UpdateRequest['items']) =>
        (await this.#call('update', { items }, readUpdateResponse)).results,
    });
    this.#finish = new Batcher({
      ...common,
      maxWeight: 100 * maxBatchItems,
      // A cancel is sent at once: the page may be about to close.
      batchDelayMs: ({ status }) => (status === 'uploaded' ? batchDelayMs('finish') : 0),
      // A list of ten thousand parts fills a call by itself; a hundred short ones share one.
      weigh: (item) => Math.max(100, item.status === 'uploaded' ? item.parts.length : 0),
      send: async (items: FinishRequest['items']) =>
        (await this.#call('finish', { items }, readFinishResponse)).results,
    });
  }

  /** What the provider needs and can do. */
  async describe(): Promise<Granted<DescribeResponse>> {
    const { results } = await this.#call(
      'describe',
      { providers: [this.#options.provider] },
      readDescribeResponse,
    );
    const [result] = results;
    if (!result)
      throw new EndpointCallError(
        new UploadError('endpoint-invalid-reply', { detail: 'describe: no answer' }),
      );
    return granted(result);
  }

  async start(item: StartItem): Promise<Granted<StartResponse>> {
    return granted(await this.#start.ask(asSent(item)));
  }

  async import(item: ImportQuestion): Promise<Granted<ImportResponse>> {
    return granted(await this.#import.ask(asSent(item)));
  }

  async sign(item: SignRequest['items'][number]): Promise<Granted<SignResponse>> {
    return granted(await this.#sign.ask(item));
  }

  async attach(item: AttachRequest['items'][number]): Promise<Granted<AttachResponse>> {
    return granted(await this.#attach.ask(asSent(item)));
  }

  async list(ticket: string): Promise<Granted<ListResponse>> {
    return granted(await this.#list.ask({ ticket }));
  }

  async finish(item: FinishRequest['items'][number]): Promise<Granted<FinishResponse>> {
    return granted(await this.#finish.ask(item));
  }

  async details(ticket: string): Promise<Granted<DetailsResponse>> {
    return granted(await this.#details.ask({ ticket }));
  }

  async update(item: UpdateRequest['items'][number]): Promise<Granted<UpdateResponse>> {
    return granted(await this.#update.ask(asSent(item)));
  }

  /** Answers 0 where the body does not fit beside those in flight. */
  #reserveKeepalive(body: string): number {
    const { length } = new TextEncoder().encode(body);
    if (this.#keepaliveBytes + length > maxKeepaliveBytes) return 0;
    this.#keepaliveBytes += length;
    return length;
  }

  async #call<T>(operation: Operation, message: unknown, reader: Reader<T>): Promise<T> {
    const body = JSON.stringify(message);
    const keepaliveBytes = operation === 'finish' ? this.#reserveKeepalive(body) : 0;
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(),
      operation === 'attach' ? attachTimeoutMs : callTimeoutMs,
    );
    let response: Response;
    let json: unknown;
    let isSignInPage = false;
    try {
      const headers = await this.#headers(controller.signal);
      response = await this.#options.fetch(`${this.#options.endpoint}/${operation}`, {
        method: 'POST',
        headers,
        body,
        credentials: this.#options.credentials ?? 'same-origin',
        // A cancel must leave a page that is being closed; browsers allow 64 KiB for that.
        keepalive: keepaliveBytes > 0,
        signal: controller.signal,
      });
      isSignInPage = this.#isSignInPage(response);
      json = await response.json().catch((error: unknown) => {
        if (controller.signal.aborted) throw error;
        return undefined;
      });
    } catch (cause) {
      if (cause instanceof EndpointCallError) throw cause;
      throw new EndpointCallError(new UploadError('endpoint-unreachable', { detail: operation, cause }), {
        isTransient: true,
        isNoReply: true,
      });
    } finally {
      clearTimeout(timer);
      this.#keepaliveBytes -= keepaliveBytes;
    }
    if (isSignInPage) throw unauthorized(`${operation}: sign-in page`, response);
    const read = response.ok ? tryRead(reader, json) : undefined;
    const problem = response.ok ? undefined : tryRead(readProblem, json);
    if (read ?? problem) this.#isKnown = true;
    if (read) return read;
    if (problem) throw problemError(problem);
    const answer = foreignAnswer(operation, response, { isKnown: this.#isKnown });
    if (!this.#isKnown && answer.error.code === 'endpoint-invalid-reply') {
      const question =
        response.status < 500 ? 'is the token endpoint mounted there?' : 'does the token endpoint run?';
      warnOnce(`${this.#options.endpoint} answers ${response.status}: ${question}`);
    }
    throw answer;
  }

  /** Those of the host, and ours. Its function may fail for a while: a token that cannot be renewed is a transient failure. */
  async #headers(signal: AbortSignal): Promise<Record<string, string>> {
    let given: HeadersInit | null | undefined;
    try {
      given = await orAborted((async () => this.#options.headers())(), signal);
    } catch (error) {
      // Once, however often the call is repeated.
      if (!this.#isHeadersFaultTold)
        reportHostError(
          signal.aborted ? new DOMException('`headers` does not answer', 'TimeoutError') : error,
        );
      this.#isHeadersFaultTold = true;
      throw error;
    }
    try {
      const headers = jsonHeaders(given);
      this.#isHeadersFaultTold = false;
      return headers;
    } catch {
      // What the browser says of it may quote the value, which may be a token.
      const error = new UploadError('headers-invalid', { detail: invalidHeader(given) });
      reportHostError(error);
      throw new EndpointCallError(error);
    }
  }

  #isSignInPage(response: Response): boolean {
    try {
      return this.#options.isSignInPage?.(response) ?? false;
    } catch (error) {
      reportHostError(error);
      return false;
    }
  }
}

function granted<Result extends { outcome: string }>(
  result: Result,
): Exclude<Result, { outcome: 'refused' }> {
  if ('problem' in result) throw problemError(result.problem as Problem);
  return result as Exclude<Result, { outcome: 'refused' }>;
}

/** Which of the host's headers no request can carry. */
function invalidHeader(given: unknown): string {
  const name = Object.entries(Object(given) as object).find((entry) => !isHeader(entry))?.[0];
  return name === undefined ? '`headers` has answered no headers' : `header ${JSON.stringify(name)}`;
}

function isHeader([name, value]: [string, unknown]): boolean {
  try {
    return new Headers({ [name]: value as string }) !== undefined;
  } catch {
    return false;
  }
}

function unauthorized(detail: string, { status }: Response): EndpointCallError {
  return new EndpointCallError(new UploadError('unauthorized', { detail, status }));
}

/** The answer of a gateway without the endpoint behind it, a page of maintenance, half an answer. */
function foreignAnswer(
  operation: Operation,
  response: Response,
  { isKnown }: { isKnown: boolean },
): EndpointCallError {
  const { status, ok } = response;
  if (status === 401) return unauthorized(operation, response);
  const isPassing = status >= 500 || status === 429 || status === 408 || status === 425;
  // A ticket proves that the endpoint has answered, on this page or on an earlier visit.
  const hasTicket = !['start', 'import', 'describe'].includes(operation);
  return new EndpointCallError(
    // A gateway in front of the endpoint may limit the rate, too.
    new UploadError(status === 429 ? 'rate-limited' : 'endpoint-invalid-reply', {
      detail: `${operation}: ${ok ? 'not an answer of this protocol' : `status ${status}`}`,
      status,
    }),
    {
      isTransient: true,
      isDoubtful: !isKnown && !isPassing && !hasTicket,
      retryAfterMs: retryAfterMs((name) => response.headers.get(name), Date.now()),
    },
  );
}

/** Faults of the set-up that a page does not see otherwise. */
const remedies: Partial<Record<Problem['code'], string>> = {
  'ticket-invalid':
    'give all its instances the same `secret`, and keep the old one while it is being replaced.',
  internal: 'its log (`onError`) tells why; `npx vodrop doctor` checks its configuration.',
};

function problemError(problem: Problem): EndpointCallError {
  const { code, detail, status, vendor } = problem;
  const remedy = remedies[code];
  if (remedy) warnOnce(`The token endpoint answers "${code}": ${remedy}`);
  return new EndpointCallError(new UploadError(code, { status, detail, vendor }), {
    // What the cloud answered in a foreign language may be a page of one of its proxies.
    isTransient: retryableProblems.has(code) || code === 'vendor-invalid-reply',
    retryAfterMs: problem.retryAfterMs,
  });
}
