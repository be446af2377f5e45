import * as v from 'valibot';
import type { Problem } from '../protocol/index.js';
import { refusalError, type Caller, type UploadSubject } from './authorize.js';
import { EndpointError } from './errors.js';
import type { Ends } from './ends.js';
import type { HostHooks } from './host-hooks.js';
import type { ImportRules } from './imports/rules.js';
import type { CallerLimits, UploadLimits } from './limits.js';
import type { CallContext, Provider, Session } from './provider.js';
import type { CallReport, ItemLabels } from './report.js';
import type { Starts } from './starts.js';
import type { OpenedTicket, TicketCodec } from './ticket.js';

/** An upload that was just confirmed at its media service. */
export interface ConfirmedUpload<Context = unknown> extends UploadSubject {
  readonly caller: Caller;
  /** The stored object: its size, its ETag and what proves its content, as far as the cloud tells them. */
  readonly object: {
    readonly sizeBytes?: number | undefined;
    readonly eTag?: string | undefined;
    readonly proof?: 'compared' | 'accepted' | undefined;
  };
  /** The same as in the events of this call. */
  readonly requestId: string;
  /** What the host passed on with the request. */
  readonly context: Context;
}

/** What an operation works with, once the caller is known. */
export interface BatchCall {
  readonly caller: Caller;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly tickets: TicketCodec;
  /** Opens each ticket once per call; whether it is the caller's is checked elsewhere. */
  readonly openTicket: (ticket: string) => Promise<OpenedTicket>;
  readonly starts: Starts;
  readonly ends: Ends;
  readonly exposesVendorDetails: boolean;
  readonly limits: UploadLimits;
  /** Undefined where the endpoint imports nothing from links. */
  readonly imports: ImportRules | undefined;
  /** Of this caller. */
  readonly limitsFor: (provider: string) => Promise<CallerLimits>;
  /** Calls the functions that a caller, or the rules for imports, bring along. */
  readonly hooks: HostHooks;
  readonly onConfirmed: (upload: Omit<ConfirmedUpload, 'caller' | 'requestId' | 'context'>) => Promise<void>;
  readonly context: CallContext;
  /** Items under way at once. */
  readonly concurrency: number;
  /** Throws where no further item is begun: the time is up, or the caller is gone. */
  readonly mayBegin: () => void;
  /** Aborted when the browser disconnects; the context's own signal may not be. */
  readonly clientSignal: AbortSignal;
  /** Registers what is to be undone if the answer does not reach the page. */
  readonly onUndelivered: (undo: () => Promise<void>) => void;
  readonly report: CallReport;
  readonly now: () => number;
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

/** The upload of a ticket that belongs to the caller, who may go on with it. */
export async function open(ticket: string, call: BatchCall): Promise<Opened> {
  const { caller, providers } = call;
  const opened = await call.openTicket(ticket);
  if (opened.callerId !== caller.id) throw new EndpointError('ticket-foreign');
  const refusal = await call.hooks.run('mayUse', () => caller.mayUse?.(subjectOf(opened)));
  if (refusal) throw refusalError(refusal);
  return { provider: providerOf(opened.providerId, providers), session: opened.session };
}

/** What answers name the caller by; absent where files that wait may change hands. */
export async function callerTag({ caller, tickets }: BatchCall): Promise<string | undefined> {
  return caller.handsOver ? undefined : tickets.tagOf(caller.id);
}

/** Throws `ticket-foreign` for a file, or a link, that another caller has added. */
export async function checkAddedBy(
  { addedBy }: { readonly addedBy?: string | undefined },
  { caller, tickets }: BatchCall,
): Promise<void> {
  if (addedBy !== undefined && (await tickets.isTagOfAnother(addedBy, caller.id)))
    throw new EndpointError('ticket-foreign', { detail: 'Another caller has added it.' });
}

export function subjectOf({ callerId, providerId, session }: OpenedTicket): UploadSubject {
  const { id: sessionId, mediaId, fileName, sizeBytes, metadata, startedAt, link } = session;
  const upload = { sessionId, mediaId, fileName, sizeBytes, metadata, startedAt };
  return { provider: providerId, ...upload, linkHost: link?.host, callerId };
}

export function labelsOf({ provider, session }: Opened): ItemLabels {
  const { id: sessionId, mediaId, fileName, sizeBytes, link } = session;
  return { provider: provider.id, sessionId, mediaId, fileName, sizeBytes, linkHost: link?.host };
}

export function providerOf(id: string, providers: BatchCall['providers']): Provider {
  const provider = providers.get(id);
  if (!provider) throw new EndpointError('provider-unknown');
  return provider;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly problem: Problem;
}

export function refusedResult(error: unknown, { report }: BatchCall, provider?: string): Refused {
  return { outcome: 'refused', problem: report.toProblem(error, provider) };
}

/** One item at work. `labels` is filled as they become known, for the item's event. */
export interface ItemCall extends BatchCall {
  readonly labels: { -readonly [K in keyof ItemLabels]: ItemLabels[K] };
}

/**
 * One result per item, in their order; an item that throws is refused by itself. A few at a time, so that work stops
 * between items when the caller is gone or the time is up.
 */
export async function runItems<Item, Result extends { readonly outcome: string }>(
  items: readonly Item[],
  call: BatchCall,
  work: (item: Item, call: ItemCall) => Promise<Result>,
): Promise<(Result | Refused)[]> {
  const results: (Result | Refused)[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await runItem(item, call, work);
  };
  await Promise.all(Array.from({ length: Math.min(call.concurrency, items.length) }, worker));
  return results;
}

async function runItem<Item, Result extends { readonly outcome: string }>(
  item: Item,
  call: BatchCall,
  work: (item: Item, call: ItemCall) => Promise<Result>,
): Promise<Result | Refused> {
  const { report } = call;
  const began = report.begin();
  const labels: ItemCall['labels'] = {};
  let vendorCallCount = 0;
  const context: CallContext = {
    ...call.context,
    onVendorCall(record) {
      vendorCallCount += 1;
      report.vendorCall(labels.provider ?? '', record);
    },
  };
  let result: Result | Refused;
  try {
    call.mayBegin();
    result = await work(item, { ...call, context, labels });
  } catch (error) {
    result = refusedResult(error, call, labels.provider);
  }
  report.item(result, labels, { ...began, vendorCallCount });
  return result;
}
