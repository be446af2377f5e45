import { operations, type Operation, type Problem, type ProblemCode } from '../protocol/index.js';
import { callerOf, type Caller } from './authorize.js';
import { subjectOf, type BatchCall } from './batch.js';
import { readJson } from './body.js';
import { boundedStore } from './bounded.js';
import { callHook } from './call-hook.js';
import { checkPositive, checkTimes } from './check-options.js';
import { createCors, keepCors } from './cors.js';
import { Ends } from './ends.js';
import { EndpointError } from './errors.js';
import { importRulesOf, type ImportRules } from './imports/rules.js';
import { HostHooks } from './host-hooks.js';
import { createLazily } from './lazy.js';
import { createLimit, LimitPool, nestLimits } from './limit.js';
import { UploadLimits, type CallerLimits } from './limits.js';
import { memoryStore } from './memory.js';
import type { HostCall } from './node.js';
import { routes, type BatchResult, type Message } from './operations.js';
import type { TokenEndpointOptions } from './options.js';
import type { Provider } from './provider.js';
import { CallReport } from './report.js';
import { jsonResponse, problemResponse } from './respond.js';
import type { Secret } from './secret.js';
import { Starts } from './starts.js';
import { createTicketCodec, type OpenedTicket } from './ticket.js';
import { WorkTime } from './work-time.js';

/**
 * Web-standard handler. Never rejects: every failure is an answer of type `application/problem+json`, or a problem
 * within its batch. `host` is what only the host knows; `toNodeListener` fills it.
 */
export type TokenEndpoint<Context = unknown> = (
  request: Request,
  host?: HostCall<Context>,
) => Promise<Response>;

const defaultTicketLifetimeMs = 7 * 24 * 60 * 60_000;
const defaultAudience = 'vodrop';
const defaultMaxBodyBytes = 4 * 1024 * 1024;
/** Only a list of ten thousand sent parts is longer than this. */
const maxShortBodyBytes = 2 * 1024 * 1024;
const defaultBodyTimeoutMs = 20_000;
const defaultConcurrency = 8;
const defaultConcurrencyPerCaller = 16;

/** Of items that were all refused for one of these, the whole call is refused: nothing was done. */
const sharedCodes: ReadonlySet<ProblemCode> = new Set([
  'ticket-invalid',
  'ticket-expired',
  'ticket-foreign',
  'vendor-unavailable',
  'vendor-throttled',
  'vendor-credentials',
  'vendor-invalid-reply',
  'rate-limited',
  'quota-exceeded',
  'internal',
]);

/**
 * Makes the token endpoint: the one place that holds cloud keys. What it needs is in the tickets, so any number of instances may
 * serve the same uploads, and it is mounted anywhere: the last segment of the path is the operation.
 *
 * Throws `TypeError`, with the remedy, for a secret that can be guessed, for origins that no browser sends, for two
 * providers of one id, and where nothing names the caller. A function instead of the options is called with the first
 * request: for frameworks that load modules while they build, without the keys, and for runtimes that have their keys
 * only then.
 *
 * @example
 * const endpoint = createTokenEndpoint({
 *   providers: [huaweiVod({ projectId, region: 'cn-north-4', credentials: { accessKey, secretKey } })],
 *   authorize: async (request) => currentUser(request.headers.get('cookie')),
 *   secret: process.env.TICKET_SECRET,
 * });
 * app.all('/api/uploads/*', (c) => endpoint(c.req.raw));
 */
export function createTokenEndpoint<Context = unknown>(
  options: TokenEndpointOptions<Context> | (() => TokenEndpointOptions<Context>),
): TokenEndpoint<Context> {
  if (typeof options === 'function') return createLazily(() => createTokenEndpoint(options()));
  const endpoint = new Endpoint(options as TokenEndpointOptions);
  const answer: TokenEndpoint<Context> = (request, host = {}) => endpoint.answer(request, host);
  return keepCors(answer, () => endpoint.cors);
}

type Undo = () => Promise<void>;

/** What belongs to one request on its way. */
interface Call {
  readonly request: Request;
  readonly context: unknown;
  readonly report: CallReport;
  readonly hooks: HostHooks;
  readonly undo: Undo[];
}

interface Answer {
  readonly response: Response;
  readonly results: readonly BatchResult[];
  readonly problem?: Problem | undefined;
}

class Endpoint {
  readonly cors: ReturnType<typeof createCors>;
  readonly #options: TokenEndpointOptions;
  readonly #now: () => number;
  readonly #providers: ReadonlyMap<string, Provider>;
  readonly #tickets: ReturnType<typeof createTicketCodec>;
  readonly #starts: Starts;
  readonly #ends: Ends;
  readonly #limits: UploadLimits;
  readonly #callerLimits: LimitPool;
  readonly #imports: ImportRules | undefined;

  constructor(options: TokenEndpointOptions) {
    if (!options.authenticate && !options.authorize)
      throw new TypeError('Nothing names the caller: set `authenticate` or `authorize`.');
    checkPositive({ ...options }, [
      'ticketLifetimeMs',
      'maxBodyBytes',
      'concurrency',
      'concurrencyPerCaller',
    ]);
    checkTimes({ ...options }, ['bodyTimeoutMs', 'hookTimeoutMs']);
    const { now = Date.now, audience = defaultAudience, secret } = options;
    const lifetimeMs = options.ticketLifetimeMs ?? defaultTicketLifetimeMs;
    const onFailure = (error: unknown) => callHook(() => options.onError?.(error, {}));
    const store = options.store ? boundedStore(options.store, onFailure) : memoryStore({ now });
    this.#options = options;
    this.#now = now;
    this.#providers = byId(options.providers);
    const secrets = isMany(secret) ? secret : [secret];
    this.#tickets = createTicketCodec({ secrets, audience, lifetimeMs, now });
    const ends = new Ends({ store, lifetimeMs });
    this.#ends = ends;
    this.#starts = new Starts({
      store,
      restartLifetimeMs: lifetimeMs,
      isDiscarded: (sessionId) => ends.isDiscarded(sessionId),
      now,
    });
    this.cors = createCors(options.allowedOrigins ?? []);
    this.#limits = new UploadLimits({
      limits: options.limits,
      createCounter: options.counters,
      ticketLifetimeMs: lifetimeMs,
      onFailure,
    });
    this.#imports = importRulesOf(options.imports);
    this.#callerLimits = new LimitPool(options.concurrencyPerCaller ?? defaultConcurrencyPerCaller);
  }

  async answer(request: Request, { context, delivered }: HostCall): Promise<Response> {
    const preflight = this.cors.preflight(request);
    if (preflight) return preflight;
    const { onError, onEvent } = this.#options;
    const report = new CallReport(request, { onError, onEvent, now: this.#now });
    const hooks = new HostHooks(this.#options.hookTimeoutMs);
    const call: Call = { request, context, report, hooks, undo: [] };
    const { response, results, problem } = await this.#handle(call).catch((error: unknown): Answer => {
      const problem = report.toProblem(error);
      return { response: problemResponse(problem), results: [], problem };
    });
    report.answered(response, results, problem);
    // A host that does not say whether answers leave: this one cannot, and nothing waits for it.
    if (!delivered && request.signal.aborted) await undoUnless(Promise.resolve(false), call);
    else if (delivered && call.undo.length > 0) void undoUnless(delivered, call);
    return this.cors.apply(request, response);
  }

  async #handle(call: Call): Promise<Answer> {
    const { request, report } = call;
    const operation = operationOf(request);
    report.operation = operation;
    if (request.method !== 'POST') throw new EndpointError('method-not-allowed');
    const known = await this.#authenticated(operation, call);
    report.callerId = known?.id;
    const { maxBodyBytes = defaultMaxBodyBytes, bodyTimeoutMs = defaultBodyTimeoutMs } = this.#options;
    const maxBytes = operation === 'finish' ? maxBodyBytes : Math.min(maxBodyBytes, maxShortBodyBytes);
    const message = routes[operation](await readJson(request, { maxBytes, patienceMs: bodyTimeoutMs }));
    const openTicket = onceEach((ticket: string) => this.#tickets.open(ticket));
    const caller = await this.#authorized(message, { operation, known, openTicket }, call);
    report.callerId = caller.id;
    const time = new WorkTime(operation, request.signal);
    try {
      return answerOf(await message.run(this.#batch({ caller, openTicket, time }, call)));
    } finally {
      time.end();
    }
  }

  async #authenticated(operation: Operation, { request, context, hooks }: Call): Promise<Caller | undefined> {
    const { authenticate } = this.#options;
    return (
      authenticate &&
      callerOf(await hooks.run('authenticate', () => authenticate(request, { operation, context })))
    );
  }

  async #authorized(
    { subject, tickets }: Message,
    { operation, known, openTicket }: Known,
    { request, context, hooks }: Call,
  ): Promise<Caller> {
    const { authorize } = this.#options;
    if (!authorize) {
      if (!known) throw new EndpointError('unauthorized');
      return known;
    }
    const items = await Promise.all(
      tickets.map((ticket) => openTicket(ticket).then(subjectOf, () => undefined)),
    );
    const about = { ...subject, ...(items.length > 0 && { items }), ...(known && { caller: known }) };
    return callerOf(await hooks.run('authorize', () => authorize(request, { operation, context, ...about })));
  }

  #batch(
    { caller, openTicket, time }: { caller: Caller; openTicket: OpenTicket; time: WorkTime },
    { request, context, report, hooks, undo }: Call,
  ): BatchCall {
    const { concurrency = defaultConcurrency, onConfirmed } = this.#options;
    const limit = nestLimits(createLimit(concurrency), this.#callerLimits.of(caller.id));
    const { traceparent, requestId } = report.trace;
    return {
      caller,
      openTicket,
      concurrency,
      report,
      hooks,
      now: this.#now,
      providers: this.#providers,
      tickets: this.#tickets,
      starts: this.#starts,
      ends: this.#ends,
      exposesVendorDetails: this.#options.exposeVendorDetails === true,
      limits: this.#limits,
      imports: this.#imports,
      limitsFor: onceEach((provider: string): Promise<CallerLimits> =>
        hooks.run('limits', () => this.#limits.of(caller, { provider, request, context })),
      ),
      onConfirmed: (upload) =>
        hooks.run('onConfirmed', () => onConfirmed?.({ ...upload, caller, requestId, context })),
      context: { caller, signal: time.signal, limit, traceparent },
      mayBegin: () => time.expectMore(),
      clientSignal: request.signal,
      onUndelivered: (work) => undo.push(work),
    };
  }
}

type OpenTicket = (ticket: string) => Promise<OpenedTicket>;

interface Known {
  readonly operation: Operation;
  readonly known: Caller | undefined;
  readonly openTicket: OpenTicket;
}

/** Undoes starts whose answer did not reach the caller. A failure is reported, and left to the sweep. */
async function undoUnless(delivered: Promise<boolean>, { undo, report }: Call): Promise<void> {
  if (await delivered.catch(() => true)) return;
  await Promise.all(undo.map((work) => work().catch((error: unknown) => report.tell(error))));
}

/** One call per key. */
function onceEach<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key) => {
    const known = kept.get(key) ?? work(key);
    kept.set(key, known);
    return known;
  };
}

function operationOf(request: Request): Operation {
  // Runtimes that make the address of the Host header pass a bad one on.
  if (!URL.canParse(request.url))
    throw new EndpointError('invalid-request', { detail: 'The address of the request cannot be read.' });
  const name = new URL(request.url).pathname.replace(/\/+$/, '').split('/').at(-1);
  const operation = operations.find((one) => one === name);
  if (!operation)
    throw new EndpointError('not-found', { detail: `Operations are ${operations.join(', ')}.` });
  return operation;
}

/** What a call is told to wait that failed as a whole, where neither the cloud nor the gate in front of it names a time. */
const outageRetryMs: Partial<Record<ProblemCode, number>> = {
  'vendor-unavailable': 2000,
  'vendor-throttled': 2000,
};

/**
 * 200 with a result per item, unless all share a fault: then the call as a whole answers so, and load balancers, logs
 * and alerts see an outage for what it is.
 */
function answerOf(results: readonly BatchResult[]): Answer {
  const problems = results.flatMap((result) => (result.outcome === 'refused' ? [result.problem] : []));
  const [first] = problems;
  const isShared =
    first && problems.length === results.length && problems.every(({ code }) => code === first.code);
  if (!isShared || !sharedCodes.has(first.code)) return { response: jsonResponse({ results }), results };
  const waits = problems.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  const problem = {
    ...first,
    retryAfterMs: waits.length > 0 ? Math.max(...waits) : outageRetryMs[first.code],
  };
  return { response: problemResponse(problem), results, problem };
}

function byId(providers: readonly Provider[]): ReadonlyMap<string, Provider> {
  const map = new Map(providers.map((provider) => [provider.id, provider]));
  if (map.size < providers.length) throw new TypeError('Two providers have the same id.');
  return map;
}

function isMany(secret: Secret | readonly Secret[]): secret is readonly Secret[] {
  return Array.isArray(secret);
}
