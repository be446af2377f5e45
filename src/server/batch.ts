import * as v from 'valibot';
import type { Problem } from '../protocol/index.js';
import type { Caller } from './authorize.js';
import { EndpointError } from './errors.js';
import type { CallContext, Provider, Session } from './provider.js';
import type { Ends } from './ends.js';
import type { Starts } from './starts.js';
import type { TicketCodec } from './ticket.js';

/** What an operation works with, once the caller is known. */
export interface BatchCall {
  readonly caller: Caller;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly tickets: TicketCodec;
  readonly starts: Starts;
  readonly ends: Ends;
  readonly context: CallContext;
  /** Aborted when the browser disconnects; the context's own signal may not be. */
  readonly clientSignal: AbortSignal;
  /** Registers what is to be undone if the answer does not reach the page. */
  readonly onUndelivered: (undo: () => Promise<void>) => void;
  readonly problemOf: (error: unknown, provider?: string) => Problem;
}

/** Names the first field that does not fit, never its value: it may be a ticket. */
export function parse<T extends v.GenericSchema>(schema: T, json: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new EndpointError('invalid-request', {
    detail: `${v.getDotPath(issue) ?? 'The body'} is not a valid ${issue.expected ?? issue.type}.`,
  });
}

export interface Opened {
  readonly provider: Provider;
  readonly session: Session<unknown>;
}

export async function open(ticket: string, { tickets, caller, providers }: BatchCall): Promise<Opened> {
  const { providerId, session } = await tickets.open(ticket, caller.id);
  return { provider: providerOf(providerId, providers), session };
}

export function providerOf(id: string, providers: BatchCall['providers']): Provider {
  const provider = providers.get(id);
  if (!provider) throw new EndpointError('provider-unknown');
  return provider;
}

export function refusedResult(
  error: unknown,
  { problemOf }: BatchCall,
  provider?: string,
): { outcome: 'refused'; problem: Problem } {
  return { outcome: 'refused', problem: problemOf(error, provider) };
}
