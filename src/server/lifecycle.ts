import { createProblem } from '../protocol/index.js';
import { checkTimes } from './check-options.js';
import { corsOf } from './cors.js';
import { EndpointError } from './errors.js';
import type { TokenEndpoint } from './handler.js';
import { createLimit } from './limit.js';
import type { Provider } from './provider.js';
import { jsonResponse, problemResponse, respond } from './respond.js';
import { withinTime } from './within-time.js';

/** Options of {@link createLifecycle}. */
export interface LifecycleOptions {
  /** Whose clouds `ready` asks. Those without a `probe` are taken for ready. Default none. */
  readonly providers?: readonly Provider[];
  /** How long one cloud may take to answer, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  /**
   * For how long an answer of the clouds is repeated, in ms, so that probes of many balancers cost one call. Default
   * 10,000.
   */
  readonly cacheMs?: number;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a process manager needs of an endpoint. */
export interface Lifecycle {
  /** The endpoint, counted: serve this one. While draining it refuses new calls with 503, which pages repeat. */
  readonly endpoint: TokenEndpoint;
  /** Answers 200: the process works. */
  live(): Response;
  /** Answers 200, or 503 while draining and while a cloud does not answer or refuses the keys. */
  ready(): Promise<Response>;
  /**
   * Takes no more calls and resolves when those under way have ended: true, or false when `timeoutMs` (default
   * 30,000) was up first.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<boolean>;
}

const defaultTimeoutMs = 5000;
const defaultCacheMs = 10_000;
const defaultDrainMs = 30_000;

/**
 * Health, readiness and an orderly end.
 *
 * @example
 * const service = createLifecycle(endpoint, { providers });
 * const server = createServer(toNodeListener(service.endpoint)).listen(3000);
 * process.once('SIGTERM', async () => {
 *   await service.drain();
 *   server.close();
 * });
 */
export function createLifecycle(endpoint: TokenEndpoint, options: LifecycleOptions = {}): Lifecycle {
  checkTimes({ ...options }, ['timeoutMs', 'cacheMs']);
  const { providers = [], timeoutMs = defaultTimeoutMs, cacheMs = defaultCacheMs, now = Date.now } = options;
  const underWay = new Set<Promise<Response>>();
  let isDraining = false;
  let asked: { readonly at: number; readonly answers: Promise<readonly ProbeAnswer[]> } | undefined;
  // Readable by pages of other origins, so that they repeat the call as it says.
  const refused = (request: Request) => {
    const cors = corsOf(endpoint);
    return cors?.preflight(request) ?? cors?.apply(request, shuttingDown()) ?? shuttingDown();
  };
  return {
    async endpoint(request, host) {
      if (isDraining) return refused(request);
      const response = endpoint(request, host);
      underWay.add(response);
      try {
        return await response;
      } finally {
        underWay.delete(response);
      }
    },
    live: () => jsonResponse({ status: 'live' }),
    async ready() {
      if (isDraining) return shuttingDown();
      if (!asked || now() - asked.at >= cacheMs)
        asked = { at: now(), answers: Promise.all(providers.map((provider) => probe(provider, timeoutMs))) };
      const answers = await asked.answers;
      const isReady = answers.every(({ code }) => code === undefined);
      return respond(isReady ? 200 : 503, 'application/json', {
        status: isReady ? 'ready' : 'unready',
        providers: answers,
      });
    },
    async drain({ timeoutMs = defaultDrainMs } = {}) {
      isDraining = true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const timeUp = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
      });
      const ended = Promise.allSettled(underWay).then(() => true);
      try {
        return await Promise.race([ended, timeUp]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

interface ProbeAnswer {
  readonly provider: string;
  /** Absent: the cloud answers, and accepts the keys. */
  readonly code?: string;
}

async function probe(provider: Provider, timeoutMs: number): Promise<ProbeAnswer> {
  const { id } = provider;
  try {
    const context = { signal: AbortSignal.timeout(timeoutMs), limit: createLimit(1) };
    // A provider of the host's own may not listen to the signal.
    const isLate = () => new EndpointError('vendor-unavailable');
    await withinTime(() => provider.probe?.(context), timeoutMs + 100, isLate);
    return { provider: id };
  } catch (error) {
    const isKnown = error instanceof EndpointError;
    return { provider: id, code: isKnown ? error.code : 'vendor-unavailable' };
  }
}

function shuttingDown(): Response {
  return problemResponse(
    createProblem('vendor-unavailable', { detail: 'This instance is shutting down.', retryAfterMs: 1000 }),
  );
}
