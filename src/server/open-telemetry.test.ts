import * as api from '@opentelemetry/api';
import { expect, it, vi } from 'vitest';
import { openTelemetry, type OpenTelemetryApi } from './open-telemetry.js';
import { openEndpoint } from './test-support/fake-endpoint.js';

it('takes the package @opentelemetry/api as it is', async () => {
  const { start } = openEndpoint({ onEvent: openTelemetry(api) });
  expect(await start()).toMatch(/^ey/);
});

it('makes spans below the trace of the request, and histograms by operation, outcome and code', async () => {
  const spans: unknown[] = [];
  const records: unknown[] = [];
  const fake: OpenTelemetryApi<unknown> = {
    ROOT_CONTEXT: 'root',
    trace: {
      setSpanContext: (context, spanContext) => ({ context, spanContext }),
      getTracer: () => ({
        startSpan: (name, { attributes, kind }, context) => {
          const span = { name, attributes, kind, context, status: vi.fn(), end: vi.fn() };
          spans.push(span);
          return { setStatus: span.status, end: span.end };
        },
      }),
    },
    metrics: {
      getMeter: () => ({
        createHistogram: (name, { unit }) => ({
          record: (value, attributes) => records.push({ name, unit, value, attributes }),
        }),
      }),
    },
  };
  const { call } = openEndpoint({ onEvent: openTelemetry(fake) });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await call('list', { items: [{ ticket: 'forged' }] }, { headers: { traceparent, 'x-request-id': 'r1' } });
  const context = {
    context: 'root',
    spanContext: {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    },
  };
  expect(spans).toMatchObject([
    {
      name: 'vodrop.item',
      context,
      attributes: { 'vodrop.outcome': 'refused', 'vodrop.code': 'ticket-invalid' },
    },
    {
      name: 'vodrop.request',
      kind: 1,
      context,
      attributes: { 'http.response.status_code': 401, 'vodrop.request_id': 'r1' },
    },
  ]);
  for (const span of spans) {
    expect((span as { status: unknown }).status).toHaveBeenCalledWith({ code: 2, message: 'ticket-invalid' });
    expect((span as { end: unknown }).end).toHaveBeenCalledTimes(1);
  }
  expect(records).toMatchObject([
    { name: 'vodrop.item.duration', unit: 's', attributes: { 'vodrop.operation': 'list' } },
    { name: 'vodrop.request.duration', unit: 's' },
  ]);
  expect(JSON.stringify(records)).not.toContain('r1');
});
