/** W3C Trace Context, "traceparent": version 00, trace id, parent id, flags. */
const traceparentPattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const requestIdPattern = /^[\w.:+=/-]{1,128}$/;

export interface Trace {
  /** Of the request, or made: the same in every event of one call. */
  readonly requestId: string;
  /** As the request has it, if that is well formed. */
  readonly traceparent: string | undefined;
}

/** What identifies a call in logs and traces. Both come from outside: what is not well formed is not passed on. */
export function traceOf(request: Request): Trace {
  const requestId = request.headers.get('x-request-id') ?? '';
  const traceparent = request.headers.get('traceparent') ?? '';
  return {
    requestId: requestIdPattern.test(requestId) ? requestId : crypto.randomUUID(),
    traceparent: traceparentPattern.test(traceparent) ? traceparent : undefined,
  };
}

/** The header for one request to a cloud: the same trace, a span of its own. */
export function childOf(traceparent: string): string {
  const [, traceId, , flags] = traceparent.split('-');
  const span = crypto.getRandomValues(new Uint8Array(8));
  return `00-${traceId}-${Array.from(span, (byte) => byte.toString(16).padStart(2, '0')).join('')}-${flags}`;
}
