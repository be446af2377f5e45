import type { Operation, ProblemCode } from '../protocol/index.js';

interface EventBase {
  /** The `x-request-id` of the request, or a random one: the same in all events of one call. */
  readonly requestId: string;
  /** W3C Trace Context of the request, where it has a valid one. */
  readonly traceparent?: string | undefined;
  /** When it began, in ms since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Absent where the path names none. */
  readonly operation?: Operation | undefined;
  /** `id` of the caller, once known. */
  readonly callerId?: string | undefined;
}

/** One call to the endpoint has been answered. */
export interface RequestEvent extends EventBase {
  readonly type: 'request';
  /** HTTP status of the answer. */
  readonly status: number;
  /** Where the whole call was refused. */
  readonly code?: ProblemCode | undefined;
  readonly itemCount: number;
  readonly refusedCount: number;
}

/** One item of a call has its result. */
export interface ItemEvent extends EventBase {
  readonly type: 'item';
  /** As in the answer: `started`, `signed`, `confirmed`, `discarded`, `refused` … */
  readonly outcome: string;
  /** Where it was refused. */
  readonly code?: ProblemCode | undefined;
  readonly detail?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The cloud's own code and request id, where it refused. */
  readonly vendor?: { readonly code?: string; readonly requestId?: string } | undefined;
  readonly provider?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly mediaId?: string | undefined;
  readonly fileName?: string | undefined;
  readonly sizeBytes?: number | undefined;
  /** Host of the link, of an import. Nothing else of the link is told. */
  readonly linkHost?: string | undefined;
  /** Requests to the cloud for this item. Those that items share, as with `details`, count for none of them. */
  readonly vendorCallCount: number;
}

/** One request to a cloud, each attempt by itself. */
export interface VendorCallEvent extends EventBase {
  readonly type: 'vendor-call';
  readonly provider: string;
  /** What was attempted: `CreateUploadVideo`, `initiate multipart upload` … */
  readonly what: string;
  /** Host and port of the service. */
  readonly host: string;
  /** From 1. */
  readonly attempt: number;
  /** HTTP status; absent where there was no answer. */
  readonly status?: number | undefined;
  /** Of a call that failed. */
  readonly code?: ProblemCode | undefined;
  readonly vendor?: { readonly code?: string; readonly requestId?: string } | undefined;
}

/**
 * Everything that happens at the endpoint: the one place from which logs, metrics and traces come. Contains no
 * secret.
 */
export type EndpointEvent = RequestEvent | ItemEvent | VendorCallEvent;

/** What a provider's client says of one request to its cloud. */
export type VendorCallRecord = Pick<
  VendorCallEvent,
  'what' | 'host' | 'attempt' | 'status' | 'code' | 'vendor' | 'startedAt' | 'durationMs'
>;
