import { checkPositive, checkTimes } from '../check-options.js';
import { EndpointError } from '../errors.js';
import { VendorGate } from '../gate.js';
import { exchange, fetchOnKeptConnections, type VendorReply, type VendorRequest } from '../http.js';
import type { CallContext } from '../provider.js';
import {
  defaultRetryPolicy,
  defaultRetryTools,
  repeatTransient,
  withRetry,
  type RetryPolicy,
  type RetryTools,
} from '../retry.js';
import { childOf } from '../trace.js';
import { definedFields } from './fields.js';

/** The options of every provider that say how its calls are made. */
export interface CallOptions {
  /** Sends the calls to the vendor. Default: the global `fetch`; give your own for a proxy. */
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long one vendor call may take, in ms. Default 15,000; completing a multipart upload may take four times that. */
  readonly timeoutMs?: number;
  /** When vendor calls are made again. Default 3 tries within 5 s. */
  readonly retry?: Partial<RetryPolicy & RetryTools>;
  /** Calls to one service of the vendor under way at once, for all callers of this process; others wait. Default 64. */
  readonly maxCalls?: number;
}

/** The same with every default filled in: what the clients of one provider share. */
export interface CallSettings {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
  readonly maxCalls: number;
}

const defaultTimeoutMs = 15_000;
const defaultMaxCalls = 64;

export function callSettings({
  fetch,
  now = Date.now,
  timeoutMs = defaultTimeoutMs,
  retry = {},
  maxCalls = defaultMaxCalls,
}: CallOptions): CallSettings {
  checkTimes({ timeoutMs, ...retry }, ['timeoutMs', 'budgetMs', 'maxDelayMs']);
  checkPositive({ maxCalls, ...retry }, ['maxCalls', 'tries']);
  const given = definedFields(retry);
  return {
    // What a `fetch` of the host sends by, a proxy say, is its own.
    fetch: fetch ?? fetchOnKeptConnections,
    now,
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...given },
    retryTools: { ...defaultRetryTools, now, ...given },
    maxCalls,
  };
}

export interface VendorCall<T> {
  /** What is being attempted, for error messages: `create asset`. */
  readonly what: string;
  /** Built and signed for each attempt: some signatures are valid for one request, others for minutes. */
  readonly request: () => VendorRequest | Promise<VendorRequest>;
  /** Throws the `EndpointError` of a reply that is no success. `attempt` counts from 1. */
  readonly read: (reply: VendorReply, attempt: number) => T;
  /** Default: what is transient. */
  readonly mayRepeat?: (error: EndpointError) => boolean;
  /** Default that of the settings. */
  readonly timeoutMs?: number;
  /** Whether another request, built at once, may fare better: for credentials that were ended before their time. */
  readonly isStale?: (reply: VendorReply) => boolean;
}

/** Makes one vendor call within the limits of the batch and of the service, and again where that is safe. */
export type Caller = <T>(call: VendorCall<T>, context: CallContext) => Promise<T>;

/** For the calls to one service: they share a `VendorGate`. */
export function createCaller(settings: CallSettings): Caller {
  const { retryTools: tools, retryPolicy: policy, maxCalls } = settings;
  const gate = new VendorGate({ maxCalls, maxWaitMs: policy.budgetMs, tools });
  return (call, context) => {
    const { mayRepeat = repeatTransient } = call;
    const { signal, limit } = context;
    const attempt = (number: number) => () =>
      gate.run(() => attemptOnce(call, { settings, context, number }), signal);
    return withRetry((number) => limit(attempt(number)), { signal, mayRepeat, policy, tools });
  };
}

interface Attempt {
  readonly settings: CallSettings;
  readonly context: CallContext;
  readonly number: number;
}

async function attemptOnce<T>(call: VendorCall<T>, attempt: Attempt): Promise<T> {
  const { what, read, isStale } = call;
  const read1 = (reply: VendorReply) => read(refusePage(reply, what), attempt.number);
  return exchangeOnce(call, attempt, (reply) =>
    isStale?.(reply) ? exchangeOnce(call, attempt, read1) : read1(reply),
  );
}

/** One request, recorded. A reply that is read by another request's result is recorded as that one too. */
async function exchangeOnce<T>(
  { what, request, timeoutMs }: VendorCall<T>,
  { settings, context, number }: Attempt,
  read: (reply: VendorReply) => T | Promise<T>,
): Promise<T> {
  const { onVendorCall, traceparent, signal } = context;
  const built = await request();
  const startedAt = settings.now();
  const begun = performance.now();
  const record = (status: number | undefined, error?: unknown) =>
    onVendorCall?.({
      what,
      host: hostOf(built.url),
      attempt: number,
      status,
      code: error instanceof EndpointError ? error.code : undefined,
      vendor: error instanceof EndpointError ? error.vendor : undefined,
      startedAt,
      durationMs: performance.now() - begun,
    });
  let status: number | undefined;
  try {
    const reply = await exchange(traceparent === undefined ? built : traced(built, traceparent), {
      fetch: settings.fetch,
      signal,
      timeoutMs: timeoutMs ?? settings.timeoutMs,
      what,
    });
    status = reply.status;
    const result = await read(reply);
    record(status);
    return result;
  } catch (error) {
    record(status, error);
    throw error;
  }
}

/** No signature names the header, and no cloud refuses one that is not signed and not its own. */
function traced(request: VendorRequest, traceparent: string): VendorRequest {
  return { ...request, headers: { ...request.headers, traceparent: childOf(traceparent) } };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/**
 * No cloud answers an API call with HTML. A proxy does, also with status 200: the call has not reached the cloud. Stores
 * such as OpenStack Swift give an empty body that type too.
 */
function refusePage(reply: VendorReply, what: string): VendorReply {
  const isSuccess = reply.status >= 200 && reply.status <= 299;
  if (isSuccess && reply.text.trim() !== '' && /^text\/html\b/i.test(reply.headers.get('content-type') ?? ''))
    throw new EndpointError('vendor-unavailable', { detail: `${what}: an HTML page instead of an answer` });
  return reply;
}
