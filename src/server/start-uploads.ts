import type { Attachment, PartToSign, StartItem, StartResponse, UploadSession } from '../protocol/index.js';
import { refusalError, type Caller } from './authorize.js';
import {
  callerTag,
  checkAddedBy,
  open,
  parse,
  providerOf,
  runItems,
  subjectOf,
  type BatchCall,
  type ItemCall,
} from './batch.js';
import { EndpointError } from './errors.js';
import { hasProblem } from './kit/refusal.js';
import { partsInPlan, withPlan } from './part-plan.js';
import type { Provider, Session, Started, StartUpload } from './provider.js';
import { startKey, type Begun, type Run } from './starts.js';
import { utf8Length } from './text.js';
import { Turns } from './turns.js';

export type StartResult = StartResponse['results'][number];

/** Of the JSON that a ticket carries for its upload beside the provider's own state, which gets the rest. */
const maxMetadataBytes = 4096;
const maxKnownBytes = 9000;

export async function startAll(
  providerId: string,
  uploads: readonly StartItem[],
  call: BatchCall,
): Promise<StartResult[]> {
  const provider = providerOf(providerId, call.providers);
  const refusals = await refusalsOf(uploads, call);
  // Items are counted in the page's order, whatever each of them waits for first.
  const turns = new Turns(uploads);
  return runItems(uploads, call, async (upload, itemCall) => {
    Object.assign(itemCall.labels, {
      provider: provider.id,
      fileName: upload.fileName,
      sizeBytes: upload.sizeBytes,
    });
    try {
      if (refusals.has(upload)) throw refusals.get(upload);
      return await start(upload, { provider, turns }, itemCall);
    } finally {
      turns.pass(upload);
    }
  });
}

/**
 * What another caller has added, and what `mayStart` refuses, or throws. It is called for one upload at a time, so that
 * it can count.
 */
async function refusalsOf(
  uploads: readonly StartItem[],
  call: BatchCall,
): Promise<ReadonlyMap<StartItem, unknown>> {
  const { caller, hooks, mayBegin } = call;
  const refusals = new Map<StartItem, unknown>();
  for (const upload of uploads) {
    try {
      await checkAddedBy(upload, call);
      if (!caller.mayStart) continue;
      mayBegin();
      const refusal = await hooks.run('mayStart', () => caller.mayStart?.(upload));
      if (refusal) refusals.set(upload, refusalError(refusal));
    } catch (error) {
      refusals.set(upload, error);
    }
  }
  return refusals;
}

interface Target {
  readonly provider: Provider;
  /** The order in which the uploads of the call are counted. */
  readonly turns: Turns<StartItem>;
}

async function start(item: StartItem, target: Target, call: ItemCall): Promise<StartResult> {
  const { provider, turns } = target;
  const upload = await checkedUpload(item, provider, call);
  const key = startKey(call.caller.id, provider.id, item);
  const result = await call.starts.once(key, (run) => begin({ key, item, upload, run }, target, call), {
    onWait: () => turns.pass(item),
    discard: discardUnheard(provider, call),
  });
  return result.outcome === 'refused' ? result : { ...result, caller: await callerTag(call) };
}

interface Beginning {
  readonly key: string;
  readonly item: StartItem;
  readonly upload: StartUpload<unknown>;
  readonly run: Readonly<Run>;
}

/** Counts the upload for its caller, and starts it. */
async function begin(beginning: Beginning, { provider, turns }: Target, call: ItemCall): Promise<Begun> {
  const { item } = beginning;
  const startedAt = call.now();
  const limits = await call.limitsFor(provider.id);
  await turns.wait(item);
  const refund = await call.limits.admit({ callerId: call.caller.id, startedAt }, item, limits);
  turns.pass(item);
  try {
    const begun = await beginCounted(beginning, { startedAt, provider }, call);
    if (begun.outcome === 'checksum-required') await refund();
    return begun;
  } catch (error) {
    await refund(error);
    throw error;
  }
}

async function beginCounted(
  { key, item, upload, run }: Beginning,
  { provider, startedAt }: { readonly provider: Provider; readonly startedAt: number },
  call: ItemCall,
): Promise<Begun> {
  const answer = await provider.start(upload, call.context);
  if (answer === 'checksum-required') return { outcome: 'checksum-required' };
  const { fileName, sizeBytes, metadata, partSizeBytes } = item;
  const started = { ...answer, transfer: withPlan(answer.transfer, sizeBytes, partSizeBytes) };
  const identity = { id: crypto.randomUUID(), startedAt, fileName, sizeBytes, metadata };
  Object.assign(call.labels, { sessionId: identity.id, mediaId: started.mediaId });
  const session = { ...started, ...identity, mediaId: started.mediaId };
  const signed = await signFirst(item.parts ?? [], session, provider, call);
  const issued = await issue({ ...started, ...signed }, identity, provider, call).catch(
    async (error: unknown) => {
      // Without a ticket the upload could be neither continued nor discarded. What it has counted is refunded.
      await discard(session, provider, call).catch((failure: unknown) =>
        call.report.toProblem(failure, provider.id),
      );
      throw error;
    },
  );
  const unheard = { run, discard: discardUnheard(provider, call) };
  call.onUndelivered(() => call.starts.takeBack(key, issued.ticket, unheard));
  const isUnheard = call.clientSignal.aborted;
  return { outcome: 'started', session: issued, isUnheard, sessionId: identity.id };
}

/**
 * Requests for those of the parts that are in the plan. The upload has begun: what cannot be signed now is asked for by
 * `sign`, which then says why.
 */
async function signFirst(
  asked: readonly PartToSign[],
  session: Session<unknown>,
  provider: Provider,
  call: ItemCall,
): Promise<Pick<Started<unknown>, 'signed'> & Partial<Pick<Started<unknown>, 'state'>>> {
  const planned = { ...session, transfer: withPlan(session.transfer, session.sizeBytes) };
  const parts = planned.transfer.kind === 'multipart' ? partsInPlan(asked, planned) : [];
  if (parts.length === 0) return {};
  try {
    const subject = { callerId: call.caller.id, providerId: provider.id, session: planned };
    if (await call.hooks.run('mayUse', () => call.caller.mayUse?.(subjectOf(subject)))) return {};
    const answer = await provider.sign(planned, parts, call.context);
    if (answer.outcome !== 'signed') return {};
    return { signed: answer.requests, state: answer.state ?? session.state };
  } catch (error) {
    call.report.toProblem(error, provider.id);
    return {};
  }
}

/** What a call to a cloud fails with that a later one may do. */
const repeatable = ['vendor-unavailable', 'vendor-throttled', 'vendor-invalid-reply'] as const;

/**
 * Ends an upload whose ticket no page has: it could be neither continued nor discarded. What no repeat can end is
 * reported, and left to the sweep.
 */
function discardUnheard(provider: Provider, call: BatchCall): (ticket: string) => Promise<void> {
  return async (ticket) => {
    try {
      const { session } = await call.openTicket(ticket);
      if (await discard(session, provider, call)) await call.limits.ended(call.caller.id, session.startedAt);
    } catch (error) {
      if (hasProblem(error, ...repeatable)) throw error;
      call.report.toProblem(error, provider.id);
    }
  };
}

/** Whether the upload has ended just now. */
async function discard(
  session: Session<unknown>,
  provider: Provider,
  { ends, context }: BatchCall,
): Promise<boolean> {
  const { isFirst } = await ends.inTurn(session.id, 'discarded', async () => {
    await provider.abort(session, context);
    await provider.confirm(session, 'canceled', context);
    return { hasEnded: true, result: undefined };
  });
  return isFirst;
}

/** The item with its options parsed, its attachments declared, and the ticket it replaces opened. */
async function checkedUpload(
  { replaces, options, parts: _parts, partSizeBytes: _size, addedBy: _, ...item }: StartItem,
  provider: Provider,
  call: BatchCall,
): Promise<StartUpload<unknown>> {
  const parsed = checkedOptions(options, provider, call);
  checkAttachments(item.attachments ?? [], provider);
  checkRoom({ ...item, options });
  const replaced =
    replaces === undefined || !provider.capabilities.canReplace ? undefined : await open(replaces, call);
  if (replaced && replaced.provider !== provider)
    throw new EndpointError('invalid-request', { detail: 'The upload to replace is of another provider.' });
  return {
    ...item,
    options: parsed,
    replaces: replaced?.session,
  };
}

/** The options as the provider's schema has them. Throws `forbidden` or `invalid-request`. */
export function checkedOptions(
  options: StartItem['options'],
  provider: Provider,
  call: BatchCall,
): StartItem['options'] {
  const forbidden = Object.keys(options ?? {}).find((name) => !mayOption(name, call.caller));
  if (forbidden !== undefined)
    throw new EndpointError('forbidden', { detail: 'An option is set that this caller may not set.' });
  if (options && !provider.options)
    throw new EndpointError('invalid-request', { detail: 'This provider takes no options.' });
  return options && provider.options && parse(provider.options, options);
}

export function mayOption(name: string, { options = [] }: Caller): boolean {
  return options === 'any' || options.includes(name);
}

/** What is known beforehand not to fit into a ticket is refused before anything is made at the cloud. */
export function checkRoom({ fileName, metadata = {}, options = {}, attachments = [] }: StartItem): void {
  if (jsonBytes(metadata) > maxMetadataBytes)
    throw new EndpointError('invalid-request', {
      detail: `The metadata of a file has at most ${maxMetadataBytes} bytes of JSON.`,
    });
  const names = attachments.map(({ attachmentId, language }) => [attachmentId, language]);
  if (jsonBytes([fileName, metadata, options, names]) > maxKnownBytes)
    throw new EndpointError('invalid-request', {
      detail: `File name, metadata and options have at most ${maxKnownBytes} bytes of JSON together.`,
    });
}

function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value));
}

/** Throws `not-supported` or `file-refused` for attachments that the provider does not take. */
export function checkAttachments(
  attachments: readonly Attachment[],
  { capabilities: { cover, subtitles } }: Provider,
): void {
  const count = (kind: Attachment['kind']) =>
    attachments.filter((attachment) => attachment.kind === kind).length;
  if (count('cover') > (cover ? 1 : 0))
    throw new EndpointError('not-supported', {
      detail: cover ? 'One cover at the most.' : 'This provider takes no cover.',
    });
  if (count('subtitle') > (subtitles?.maxCount ?? 0))
    throw new EndpointError('not-supported', {
      detail: `This provider takes ${subtitles?.maxCount ?? 0} subtitles.`,
    });
  for (const { kind, sizeBytes } of attachments) {
    const { maxSizeBytes = Infinity } = (kind === 'cover' ? cover : subtitles) ?? {};
    if (sizeBytes > maxSizeBytes)
      throw new EndpointError('file-refused', {
        detail: `A ${kind} of more than ${maxSizeBytes} bytes is not taken.`,
      });
  }
}

type Identity = Pick<
  Session<unknown>,
  'id' | 'startedAt' | 'fileName' | 'sizeBytes' | 'metadata' | 'generation'
>;

/** The session of a transfer that was begun, or begun anew, with its ticket. */
export async function issue(
  started: Started<unknown>,
  { id, startedAt, fileName, sizeBytes, metadata, generation }: Identity,
  provider: Provider,
  call: BatchCall,
): Promise<UploadSession> {
  const { mediaId, state, signed, attachments } = started;
  const transfer = withPlan(started.transfer, sizeBytes);
  const session = { id, startedAt, fileName, sizeBytes, metadata, generation, mediaId, transfer, state };
  const ticket = await seal(session, provider, call);
  return { ticket, transfer, mediaId, signed, attachments };
}

export function seal(
  session: Session<unknown>,
  provider: Provider,
  { tickets, caller }: BatchCall,
): Promise<string> {
  return tickets.seal(session, { callerId: caller.id, providerId: provider.id });
}
