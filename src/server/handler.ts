import { operations, type Operation, type Problem, type ProblemCode } from '../protocol/index.js';
import { authorizeCaller, type Authorize } from './authorize.js';
import { readJson } from './body.js';
import { createCors } from './cors.js';
import { EndpointError } from './errors.js';
import { createLazily } from './lazy.js';
import { createLimit } from './limit.js';
import { routes, type BatchResult } from './operations.js';
import { Ends } from './ends.js';
import { memoryStore, type EndpointStore } from './memory.js';
import type { HostCall } from './node.js';
import type { Provider } from './provider.js';
import { jsonResponse, problemResponse } from './respond.js';
import { Starts } from './starts.js';
import type { Secret } from './secret.js';
import { createTicketCodec } from './ticket.js';

export interface TokenEndpointOptions {
  /** The clouds on offer, each with its own `id`. */
  readonly providers: readonly Provider[];
  /** Names the caller, or refuses the call: see `Authorize`. */
  readonly authorize: Authorize;
  /**
   * Encrypts the tickets: at least 32 random characters or bytes, as from `openssl rand -base64 32`. Of several, the first
   * encrypts and all decrypt: to change it, first deploy `[old, new]` everywhere, then `[new, old]`, and after
   * `ticketLifetimeMs` `new` alone.
   */
  readonly secret: Secret | readonly Secret[];
  /** Names this endpoint in its tickets. Give each its own where several share a secret and callers. Default `vodrop`. */
  readonly audience?: string;
  /** How long an upload may take from start to finish, in ms, whatever is renewed meanwhile. Default 7 days. */
  readonly ticketLifetimeMs?: number;
  /**
   * Remembers starts, so that the repeat of one whose answer was lost gets the same session, and how uploads have ended.
   * Default: in memory, for one process. Several instances should share one, in Redis or any store of keys.
   */
  readonly store?: EndpointStore;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Log hook. Gets what the caller is not told: everything answered as `internal`, and clouds that refuse the endpoint's own keys or send invalid replies. */
  readonly onError?: (error: unknown, context: ErrorContext) => void;
  /** Largest request body. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** Vendor calls under way at once per request. Default 8. */
  readonly concurrency?: number;
  /** Origins other than the endpoint's own whose pages may call it, as in `https://app.example.com`. Default none. */
  readonly allowedOrigins?: readonly string[];
}

/** What was being done when an error occurred, as far as it was known by then. */
export interface ErrorContext {
  readonly operation?: Operation;
  readonly provider?: string;
}

/**
 * Web-standard handler. Never rejects: every failure is an answer of type `application/problem+json`, or a problem within
 * its batch. `host` is what only the host knows; `toNodeListener` fills it.
 */
export type TokenEndpoint = (request: Request, host?: HostCall) => Promise<Response>;

const defaultTicketLifetimeMs = 7 * 24 * 60 * 60_000;
const defaultAudience = 'vodrop';
const defaultMaxBodyBytes = 4 * 1024 * 1024;
const defaultConcurrency = 8;

/** Codes of problems that only the endpoint's operator can solve. */
const operatorCodes: ReadonlySet<ProblemCode> = new Set([
  'internal',
  'vendor-credentials',
  'vendor-invalid-reply',
]);
const ticketCodes: ReadonlySet<ProblemCode> = new Set(['ticket-invalid', 'ticket-expired', 'ticket-foreign']);

/**
 * Makes the token endpoint: the one place that holds cloud keys. What it needs is in the tickets, so any number of instances may
 * serve the same uploads, and it is mounted anywhere: the last segment of the path is the operation.
 *
 * Throws `TypeError`, with the remedy, for a secret that can be guessed, for origins that no browser sends, and for two
 * providers of one id. A function instead of the options is called with the first request: for frameworks that load
 * modules while they build, without the keys, and for runtimes that have their keys only then.
 *
 * @example
 * const endpoint = createTokenEndpoint({
 *   providers: [huaweiVod({ projectId, region: 'cn-north-4', credentials: { accessKey, secretKey } })],
 *   authorize: async (request) => currentUser(request.headers.get('cookie')),
 *   secret: process.env.TICKET_SECRET,
 * });
 * app.all('/api/uploads/*', (c) => endpoint(c.req.raw));
 */
export function createTokenEndpoint(
  options: TokenEndpointOptions | (() => TokenEndpointOptions),
): TokenEndpoint {
  if (typeof options === 'function') return createLazily(() => createTokenEndpoint(options()));
  const {
    authorize,
    onError,
    now = Date.now,
    maxBodyBytes = defaultMaxBodyBytes,
    concurrency = defaultConcurrency,
  } = options;
  const providers = byId(options.providers);
  const secrets = isMany(options.secret) ? options.secret : [options.secret];
  const lifetimeMs = options.ticketLifetimeMs ?? defaultTicketLifetimeMs;
  const { audience = defaultAudience } = options;
  const tickets = createTicketCodec({ secrets, audience, lifetimeMs, now });
  const store = options.store ?? memoryStore({ now });
  const starts = new Starts({ store, now });
  const ends = new Ends({ store, lifetimeMs });
  const cors = createCors(options.allowedOrigins ?? []);

  async function handle(request: Request, report: Report, undo: Undo[]): Promise<Response> {
    const operation = operationOf(request);
    report.context = { operation };
    if (request.method !== 'POST') throw new EndpointError('method-not-allowed');
    const message = routes[operation](await readJson(request, maxBodyBytes));
    const caller = await authorizeCaller(authorize, request, { operation, ...message.subject });
    // A start and a finish are completed even when the page closes: half of one would leave the cloud in an unknown state.
    const signal =
      operation === 'start' || operation === 'finish' ? new AbortController().signal : request.signal;
    const context = { caller, signal, limit: createLimit(concurrency) };
    const problemOf = (error: unknown, provider?: string) => report.toProblem(error, provider);
    return batchResponse(
      await message.run({
        caller,
        providers,
        tickets,
        starts,
        ends,
        context,
        clientSignal: request.signal,
        onUndelivered: (work) => undo.push(work),
        problemOf,
      }),
    );
  }

  return async (request, { delivered } = {}) => {
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    const report = createReport(request.signal, onError);
    const undo: Undo[] = [];
    const response = await handle(request, report, undo).catch((error: unknown) =>
      problemResponse(report.toProblem(error)),
    );
    if (delivered && undo.length > 0) void undoUnless(delivered, undo, report);
    return cors.apply(request, response);
  };
}

type Undo = () => Promise<void>;

/** Nobody waits for this: what fails is reported, and is left to the sweep. */
async function undoUnless(delivered: Promise<boolean>, undo: readonly Undo[], report: Report): Promise<void> {
  if (await delivered.catch(() => true)) return;
  await Promise.all(undo.map((work) => work().catch((error: unknown) => report.toProblem(error))));
}

interface Report {
  context: ErrorContext;
  toProblem(error: unknown, provider?: string): Problem;
}

/** Turns errors into problems; unknown ones become `internal` and are shown to the log hook alone. */
function createReport(signal: AbortSignal, onError: TokenEndpointOptions['onError']): Report {
  return {
    context: {},
    toProblem(error, provider) {
      const known = error instanceof EndpointError ? error : new EndpointError('internal');
      // The browser has disconnected: aborted calls are expected then.
      if (operatorCodes.has(known.code) && !signal.aborted)
        tell(onError, error, { ...this.context, ...(provider !== undefined && { provider }) });
      return known.toProblem();
    },
  };
}

/** A log hook that throws must not take the answer with it. */
function tell(onError: TokenEndpointOptions['onError'], error: unknown, context: ErrorContext): void {
  try {
    onError?.(error, context);
  } catch {
    // There is no other place to report it.
  }
}

function operationOf(request: Request): Operation {
  const name = new URL(request.url).pathname.replace(/\/+$/, '').split('/').at(-1);
  const operation = operations.find((one) => one === name);
  if (!operation)
    throw new EndpointError('not-found', { detail: `Operations are ${operations.join(', ')}.` });
  return operation;
}

/** 200, unless the ticket of every item was refused: then nothing was done, and the whole call answers so. */
function batchResponse(results: readonly BatchResult[]): Response {
  const problems = results.map((result) => (result.outcome === 'refused' ? result.problem : undefined));
  const [first] = problems;
  if (first && problems.every((problem) => problem && ticketCodes.has(problem.code)))
    return problemResponse(first);
  return jsonResponse({ results });
}

function byId(providers: readonly Provider[]): ReadonlyMap<string, Provider> {
  const map = new Map(providers.map((provider) => [provider.id, provider]));
  if (map.size < providers.length) throw new TypeError('Two providers have the same id.');
  return map;
}

function isMany(secret: Secret | readonly Secret[]): secret is readonly Secret[] {
  return Array.isArray(secret);
}
