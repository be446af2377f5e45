import { vi } from 'vitest';
import type { StartResponse } from '../../protocol/index.js';
import { createTokenEndpoint } from '../handler.js';
import type { HostCall } from '../node.js';
import type { EndpointEvent } from '../observe.js';
import type { TokenEndpointOptions } from '../options.js';
import { fakeProvider } from './fake-provider.js';

export const upload = { clientId: 'c1', fileName: 'a.mp4', sizeBytes: 5, contentType: 'video/mp4' };
export const parts = [{ partNumber: 1, sizeBytes: 5 }];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of the problem, or of each item. */
  readonly codes: readonly string[];
  readonly json: Record<string, unknown>;
}

interface CallOptions {
  readonly user?: string;
  readonly headers?: Record<string, string>;
  readonly host?: HostCall;
  readonly signal?: AbortSignal;
}

/** An endpoint with one provider that answers at once. The caller is who a header says. */
export function openEndpoint(options: Partial<TokenEndpointOptions> = {}) {
  const provider = fakeProvider();
  const clock = { now: Date.UTC(2026, 0, 15) };
  const events: EndpointEvent[] = [];
  const onError = vi.fn();
  const endpoint = createTokenEndpoint({
    providers: [provider],
    authorize: (request) => ({ id: request.headers.get('x-user') ?? '' }),
    secret: 'a secret of more than thirty-two characters',
    now: () => clock.now,
    onEvent: (event) => events.push(event),
    onError,
    ...options,
  });
  const call = async (
    operation: string,
    body: unknown,
    { user = 'ada', headers = {}, host, signal }: CallOptions = {},
  ): Promise<Answer> => {
    const response = await endpoint(
      new Request(`https://host.test/api/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'x-user': user, ...headers },
        body: JSON.stringify(body),
        signal: signal ?? null,
      }),
      host,
    );
    const json = (await response.json()) as Record<string, unknown>;
    const results = json['results'] as { outcome: string; problem?: { code: string } }[] | undefined;
    const codes = results?.map((one) => one.problem?.code ?? one.outcome) ?? [String(json['code'])];
    return { status: response.status, headers: response.headers, codes, json };
  };
  const start = async (fields: object = {}, options: CallOptions = {}): Promise<string> => {
    const { json } = await call('start', { provider: 'fake', uploads: [{ ...upload, ...fields }] }, options);
    const [result] = (json as unknown as StartResponse).results;
    if (result?.outcome !== 'started') throw new Error(JSON.stringify(json));
    return result.session.ticket;
  };
  return { provider, clock, events, onError, endpoint, call, start };
}
