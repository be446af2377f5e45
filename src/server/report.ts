import type { Operation, Problem, ProblemCode } from '../protocol/index.js';
import { callHook } from './call-hook.js';
import { EndpointError } from './errors.js';
import type { EndpointEvent, ItemEvent, VendorCallRecord } from './observe.js';
import { traceOf, type Trace } from './trace.js';

/** What was being done when an error occurred, as far as it was known by then. */
export interface ErrorContext {
  readonly operation?: Operation;
  readonly provider?: string;
}

export interface ReportHooks {
  readonly onError: ((error: unknown, context: ErrorContext) => void) | undefined;
  readonly onEvent: ((event: EndpointEvent) => void) | undefined;
  readonly now: () => number;
}

/** Codes of problems that only the endpoint's operator can solve. */
const operatorCodes: ReadonlySet<ProblemCode> = new Set([
  'internal',
  'vendor-credentials',
  'vendor-invalid-reply',
]);

type ItemResult = { readonly outcome: string; readonly problem?: Problem };
export type ItemLabels = Pick<
  ItemEvent,
  'provider' | 'sessionId' | 'mediaId' | 'fileName' | 'sizeBytes' | 'linkHost'
>;

/** What one call to the endpoint tells the host's hooks. A hook that throws must not take the answer with it. */
export class CallReport {
  readonly trace: Trace;
  operation: Operation | undefined;
  callerId: string | undefined;
  readonly #signal: AbortSignal;
  readonly #hooks: ReportHooks;
  readonly #startedAt: number;
  readonly #begun = performance.now();

  constructor(request: Request, hooks: ReportHooks) {
    this.trace = traceOf(request);
    this.#signal = request.signal;
    this.#hooks = hooks;
    this.#startedAt = hooks.now();
  }

  /** Turns errors into problems; unknown ones become `internal` and are shown to the log hook alone. */
  toProblem(error: unknown, provider?: string): Problem {
    const known = error instanceof EndpointError ? error : new EndpointError('internal');
    // The browser has disconnected: aborted calls are expected then.
    const isExpected = this.#signal.aborted && !(error instanceof EndpointError);
    if (operatorCodes.has(known.code) && !isExpected) this.tell(error, provider);
    return known.toProblem();
  }

  tell(error: unknown, provider?: string): void {
    const { operation } = this;
    const context = { ...(operation && { operation }), ...(provider !== undefined && { provider }) };
    callHook(() => this.#hooks.onError?.(error, context));
  }

  /** When something began, for its event. */
  begin(): { readonly startedAt: number; readonly begun: number } {
    return { startedAt: this.#hooks.now(), begun: performance.now() };
  }

  item(
    result: ItemResult,
    labels: ItemLabels,
    { startedAt, begun, vendorCallCount }: ReturnType<CallReport['begin']> & { vendorCallCount: number },
  ): void {
    const { code, detail, retryAfterMs, vendor } = result.problem ?? {};
    this.#emit({
      ...this.#base(startedAt, performance.now() - begun),
      ...labels,
      type: 'item',
      outcome: result.outcome,
      code,
      detail,
      retryAfterMs,
      vendor,
      vendorCallCount,
    });
  }

  vendorCall(provider: string, record: VendorCallRecord): void {
    this.#emit({
      ...this.#base(record.startedAt, record.durationMs),
      ...record,
      type: 'vendor-call',
      provider,
    });
  }

  answered(response: Response, results: readonly ItemResult[], problem: Problem | undefined): void {
    this.#emit({
      ...this.#base(this.#startedAt, performance.now() - this.#begun),
      type: 'request',
      status: response.status,
      code: problem?.code,
      itemCount: results.length,
      refusedCount: results.filter(({ outcome }) => outcome === 'refused').length,
    });
  }

  #base(startedAt: number, durationMs: number) {
    const { trace, operation, callerId } = this;
    return { ...trace, operation, callerId, startedAt, durationMs };
  }

  #emit(event: EndpointEvent): void {
    callHook(() => this.#hooks.onEvent?.(event));
  }
}
