import type { EndpointEvent } from './observe.js';

type Attributes = Record<string, string | number | undefined>;

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote: true;
}

/**
 * What is used of `@opentelemetry/api`: hand the package itself in, as in `import * as api from
 * '@opentelemetry/api'`.
 */
export interface OpenTelemetryApi<Context> {
  readonly ROOT_CONTEXT: Context;
  readonly trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { startTime: number; kind: number; attributes: Attributes },
        context: Context,
      ): { setStatus(status: { code: number; message?: string }): unknown; end(time: number): void };
    };
    setSpanContext(context: Context, spanContext: SpanContext): Context;
  };
  readonly metrics: {
    getMeter(name: string): {
      createHistogram(
        name: string,
        options: { unit: string; description: string },
      ): { record(value: number, attributes: Attributes): void };
    };
  };
}

const scope = 'vodrop';
/** `SpanKind` and `SpanStatusCode` of the API. */
const [kindServer, kindClient, statusError] = [1, 2, 2];
const kinds: Readonly<Record<EndpointEvent['type'], number>> = {
  request: kindServer,
  item: 0,
  'vendor-call': kindClient,
};

/**
 * An `onEvent` that makes spans and histograms of the endpoint's events (`vodrop.request`, `vodrop.item`,
 * `vodrop.vendor-call`), below the trace of the page or the proxy where the request has one.
 *
 * @example
 * import * as api from '@opentelemetry/api';
 * createTokenEndpoint({ …, onEvent: openTelemetry(api) });
 */
export function openTelemetry<Context>(api: OpenTelemetryApi<Context>): (event: EndpointEvent) => void {
  const tracer = api.trace.getTracer(scope);
  const meter = api.metrics.getMeter(scope);
  const histogram = (type: string, description: string) =>
    meter.createHistogram(`vodrop.${type}.duration`, { unit: 's', description });
  const durations = {
    request: histogram('request', 'Calls to the token endpoint'),
    item: histogram('item', 'Items of those calls: starts, finishes …'),
    'vendor-call': histogram('vendor-call', 'Requests to clouds'),
  };
  return (event) => {
    const { type, startedAt, durationMs } = event;
    durations[type].record(durationMs / 1000, dimensionsOf(event));
    const parent = parentOf(event);
    const span = tracer.startSpan(
      `vodrop.${type}`,
      { startTime: startedAt, kind: kinds[type], attributes: { ...dimensionsOf(event), ...factsOf(event) } },
      parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, parent) : api.ROOT_CONTEXT,
    );
    if (event.code !== undefined) span.setStatus({ code: statusError, message: event.code });
    span.end(startedAt + durationMs);
  };
}

/** Few values each: they are dimensions of metrics. */
function dimensionsOf(event: EndpointEvent): Attributes {
  return {
    'vodrop.operation': event.operation,
    'vodrop.code': event.code,
    ...(event.type === 'request' && { 'http.response.status_code': event.status }),
    ...(event.type === 'item' && { 'vodrop.outcome': event.outcome, 'vodrop.provider': event.provider }),
    ...(event.type === 'vendor-call' && {
      'vodrop.provider': event.provider,
      'vodrop.call': event.what,
      'server.address': event.host,
      'http.response.status_code': event.status,
    }),
  };
}

/** For spans alone. */
function factsOf(event: EndpointEvent): Attributes {
  const common = { 'vodrop.request_id': event.requestId, 'enduser.id': event.callerId };
  if (event.type === 'request') return { ...common, 'vodrop.items': event.itemCount };
  return {
    ...common,
    'vodrop.vendor.code': event.vendor?.code,
    'vodrop.vendor.request_id': event.vendor?.requestId,
    ...(event.type === 'item'
      ? {
          'vodrop.session_id': event.sessionId,
          'vodrop.media_id': event.mediaId,
          'vodrop.size_bytes': event.sizeBytes,
        }
      : { 'http.request.resend_count': event.attempt - 1 }),
  };
}

function parentOf({ traceparent }: EndpointEvent): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparent?.split('-') ?? [];
  return traceparent === undefined
    ? undefined
    : { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
