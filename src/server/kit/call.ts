import { EndpointError } from '../errors.js';
import { exchange, type VendorReply, type VendorRequest } from '../http.js';
import type { CallContext } from '../provider.js';
import {
  defaultRetryPolicy,
  defaultRetryTools,
  repeatTransient,
  withRetry,
  type RetryPolicy,
  type RetryTools,
} from '../retry.js';
import { definedFields } from './fields.js';

/** The options of every provider that say how its calls are made. */
export interface CallOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** How long one vendor call may take, in ms. Default 15,000; completing a multipart upload may take four times that. */
  readonly timeoutMs?: number;
  /** When vendor calls are made again. Default 3 tries within 5 s. */
  readonly retry?: Partial<RetryPolicy & RetryTools>;
}

/** The same with every default filled in: what the clients of one provider share. */
export interface CallSettings {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

const defaultTimeoutMs = 15_000;

export function callSettings({
  fetch,
  now = Date.now,
  timeoutMs = defaultTimeoutMs,
  retry = {},
}: CallOptions): CallSettings {
  const given = definedFields(retry);
  return {
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: fetch ?? ((...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args)),
    now,
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...given },
    retryTools: { ...defaultRetryTools, now, ...given },
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

/** Makes one vendor call within the batch's limit, and again where that is safe. */
export type Caller = <T>(call: VendorCall<T>, context: CallContext) => Promise<T>;

export function createCaller(settings: CallSettings): Caller {
  return ({ what, request, read, mayRepeat = repeatTransient, ...call }, { signal, limit }) => {
    const send = async () =>
      exchange(await request(), {
        fetch: settings.fetch,
        signal,
        timeoutMs: call.timeoutMs ?? settings.timeoutMs,
        what,
      });
    const attempt = async (number: number) => {
      const reply = await send();
      return read(refusePage(call.isStale?.(reply) ? await send() : reply, what), number);
    };
    return withRetry((number) => limit(() => attempt(number)), {
      signal,
      mayRepeat,
      policy: settings.retryPolicy,
      tools: settings.retryTools,
    });
  };
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
