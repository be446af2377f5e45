import {
  attachRequestSchema,
  describeRequestSchema,
  detailsRequestSchema,
  finishRequestSchema,
  listRequestSchema,
  signRequestSchema,
  startRequestSchema,
  type Attachment,
  type AttachRequest,
  type AttachResponse,
  type Capabilities,
  type DescribeResponse,
  type DetailsResponse,
  type FinishItem,
  type FinishResponse,
  type ListResponse,
  type Operation,
  type SignRequest,
  type SignResponse,
  type StartItem,
  type StartResponse,
  type UploadSession,
} from '../protocol/index.js';
import { refusalError, type AuthorizeCall, type Caller } from './authorize.js';
import { open, parse, providerOf, refusedResult, type BatchCall, type Opened } from './batch.js';
import { detailsOfAll } from './details.js';
import { EndpointError } from './errors.js';
import { startKey } from './starts.js';
import { checkPartsOfPlan, checkWholePlan, withPlan } from './part-plan.js';
import type { Provider, Session, Started, StartUpload } from './provider.js';

type StartResult = StartResponse['results'][number];
type DescribeResult = DescribeResponse['results'][number];
type AttachResult = AttachResponse['results'][number];
type SignResult = SignResponse['results'][number];
type ListResult = ListResponse['results'][number];
type FinishResult = FinishResponse['results'][number];
type DetailsResult = DetailsResponse['results'][number];
export type BatchResult =
  DescribeResult | StartResult | AttachResult | SignResult | ListResult | FinishResult | DetailsResult;

/** A message that fits its schema: what to ask `authorize`, and what to do then. */
export interface Message {
  readonly subject: Pick<AuthorizeCall, 'provider' | 'uploads'>;
  run(call: BatchCall): Promise<BatchResult[]>;
}

export const routes: Readonly<Record<Operation, (json: unknown) => Message>> = {
  describe(json) {
    const { providers } = parse(describeRequestSchema, json);
    return { subject: {}, run: (call) => Promise.resolve(providers.map((id) => describe(id, call))) };
  },
  start(json) {
    const { provider, uploads } = parse(startRequestSchema, json);
    return { subject: { provider, uploads }, run: (call) => startAll(provider, uploads, call) };
  },
  sign: (json) => perTicket(parse(signRequestSchema, json).items, sign),
  attach: (json) => perTicket(parse(attachRequestSchema, json).items, attach),
  list: (json) => perTicket(parse(listRequestSchema, json).items, list),
  finish: (json) => perTicket(parse(finishRequestSchema, json).items, finish),
  details(json) {
    const { items } = parse(detailsRequestSchema, json);
    return { subject: {}, run: (call) => detailsOfAll(items, call) };
  },
};

/** One result per item, in their order; an item that throws is refused by itself. */
function perTicket<Item extends { ticket: string }>(
  items: readonly Item[],
  work: (item: Item, opened: Opened, call: BatchCall) => Promise<BatchResult>,
): Message {
  const answer = async (item: Item, call: BatchCall): Promise<BatchResult> => {
    let provider: Provider | undefined;
    try {
      const opened = await open(item.ticket, call);
      provider = opened.provider;
      return await work(item, opened, call);
    } catch (error) {
      return refusedResult(error, call, provider?.id);
    }
  };
  return { subject: {}, run: (call) => Promise.all(items.map((item) => answer(item, call))) };
}

async function startAll(
  providerId: string,
  uploads: readonly StartItem[],
  call: BatchCall,
): Promise<StartResult[]> {
  const provider = providerOf(providerId, call.providers);
  const refusals = await refusalsOf(uploads, call);
  const startOne = async (upload: StartItem) => {
    if (refusals.has(upload)) throw refusals.get(upload);
    return start(upload, provider, call);
  };
  return Promise.all(
    uploads.map((upload) =>
      startOne(upload).catch((error: unknown) => refusedResult(error, call, provider.id)),
    ),
  );
}

/** What `mayStart` refuses, or throws. One after the other, so that it may count. */
async function refusalsOf(
  uploads: readonly StartItem[],
  { caller }: BatchCall,
): Promise<ReadonlyMap<StartItem, unknown>> {
  const refusals = new Map<StartItem, unknown>();
  for (const upload of caller.mayStart ? uploads : []) {
    try {
      const refusal = await caller.mayStart?.(upload);
      if (refusal) refusals.set(upload, refusalError(refusal));
    } catch (error) {
      refusals.set(upload, error);
    }
  }
  return refusals;
}

function describe(providerId: string, call: BatchCall): DescribeResult {
  try {
    const provider = providerOf(providerId, call.providers);
    const options = Object.keys(provider.options?.entries ?? {}).filter((name) =>
      mayOption(name, call.caller),
    );
    const capabilities: Capabilities = {
      ...provider.capabilities,
      provider: provider.id,
      options: options.length > 0 ? options : undefined,
    };
    return { outcome: 'described', capabilities };
  } catch (error) {
    return refusedResult(error, call);
  }
}

function mayOption(name: string, { options = [] }: Caller): boolean {
  return options === 'any' || options.includes(name);
}

async function start(item: StartItem, provider: Provider, call: BatchCall): Promise<StartResult> {
  const upload = await checkedUpload(item, provider, call);
  call.clientSignal.throwIfAborted();
  const key = await startKey(call.caller.id, provider.id, item);
  return call.starts.once(key, (isShared) => begin({ key, item, upload, isShared }, provider, call));
}

interface Beginning {
  readonly key: string;
  readonly item: StartItem;
  readonly upload: StartUpload<unknown>;
  /** Whether a repeat of the call waits for the same session. */
  readonly isShared: () => boolean;
}

async function begin(
  { key, item, upload, isShared }: Beginning,
  provider: Provider,
  call: BatchCall,
): Promise<StartResult & { readonly isTakenBack?: boolean }> {
  const started = await provider.start(upload, call.context);
  if (started === 'checksum-required') return { outcome: 'checksum-required' };
  const { fileName, sizeBytes } = item;
  const identity = { id: crypto.randomUUID(), fileName, sizeBytes };
  const takeBack = () =>
    discardUnclaimed({ ...started, ...identity, mediaId: started.mediaId }, provider, call);
  const session = await issue(started, identity, provider, call).catch(async (error: unknown) => {
    // Without a ticket the upload could be neither continued nor discarded.
    await takeBack().catch((failure: unknown) => call.problemOf(failure, provider.id));
    throw error;
  });
  const isTakenBack = call.clientSignal.aborted && !isShared();
  if (isTakenBack) await takeBack();
  else call.onUndelivered(() => call.starts.takeBack(key, session.ticket, takeBack));
  return { outcome: 'started', session, isTakenBack };
}

/** The browser never receives the ticket, without which the upload could be neither continued nor discarded. */
async function discardUnclaimed(
  session: Session<unknown>,
  provider: Provider,
  call: BatchCall,
): Promise<void> {
  await call.ends.inTurn(session.id, 'discarded', async () => {
    await discard('canceled', { provider, session }, call);
    return { hasEnded: true, result: undefined };
  });
}

/** The item with its options parsed, its attachments declared, and the ticket it replaces opened. */
async function checkedUpload(
  { replaces, options, ...item }: StartItem,
  provider: Provider,
  call: BatchCall,
): Promise<StartUpload<unknown>> {
  const forbidden = Object.keys(options ?? {}).find((name) => !mayOption(name, call.caller));
  if (forbidden !== undefined)
    throw new EndpointError('forbidden', { detail: 'An option is set that this caller may not set.' });
  if (options && !provider.options)
    throw new EndpointError('invalid-request', { detail: 'This provider takes no options.' });
  checkAttachments(item.attachments ?? [], provider);
  const replaced =
    replaces === undefined || !provider.capabilities.canReplace ? undefined : await open(replaces, call);
  if (replaced && replaced.provider !== provider)
    throw new EndpointError('invalid-request', { detail: 'The upload to replace is of another provider.' });
  return {
    ...item,
    options: options && provider.options && parse(provider.options, options),
    replaces: replaced?.session,
  };
}

function checkAttachments(
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

async function attach(
  { attachments }: AttachRequest['items'][number],
  { provider, session }: Opened,
  call: BatchCall,
): Promise<AttachResult> {
  checkAttachments(attachments, provider);
  await call.ends.refuseAfter(session.id, 'discarded');
  if (!provider.attach)
    throw new EndpointError('not-supported', {
      detail: 'This provider takes attachments only with the start.',
    });
  const { requests, state } = await provider.attach(session, attachments, call.context);
  return {
    outcome: 'attached',
    requests,
    ticket: state === undefined ? undefined : await seal({ ...session, state }, provider, call),
  };
}

type Identity = Pick<Session<unknown>, 'id' | 'startedAt' | 'fileName' | 'sizeBytes'>;

async function issue(
  started: Started<unknown>,
  { id, startedAt, fileName, sizeBytes }: Identity,
  provider: Provider,
  call: BatchCall,
): Promise<UploadSession> {
  const { mediaId, state, signed, attachments } = started;
  const transfer = withPlan(started.transfer, sizeBytes);
  const ticket = await seal({ id, startedAt, fileName, sizeBytes, mediaId, transfer, state }, provider, call);
  return {
    ticket,
    transfer,
    mediaId,
    signed,
    attachments,
  };
}

function seal(
  session: Session<unknown>,
  provider: Provider,
  { tickets, caller }: BatchCall,
): Promise<string> {
  return tickets.seal(session, { callerId: caller.id, providerId: provider.id });
}

async function sign(
  { ticket: asked, parts }: SignRequest['items'][number],
  { provider, session }: Opened,
  call: BatchCall,
): Promise<SignResult> {
  checkPartsOfPlan(parts, session);
  await call.ends.refuseAfter(session.id, 'confirmed', 'discarded');
  const begun = await call.starts.restarted(asked);
  if (begun) return { outcome: 'restarted', session: begun };
  const signed = await provider.sign(session, parts, call.context);
  if (signed.outcome === 'restarted') {
    const restarted = await issue(signed.started, session, provider, call);
    await call.starts.keepRestarted(asked, restarted);
    return { outcome: 'restarted', session: restarted };
  }
  const { requests, state } = signed;
  return {
    outcome: 'signed',
    requests,
    ticket: state === undefined ? undefined : await seal({ ...session, state }, provider, call),
  };
}

async function list(_: unknown, { provider, session }: Opened, { context }: BatchCall): Promise<ListResult> {
  const parts = await provider.list(session, context);
  return parts ? { outcome: 'listed', parts } : { outcome: 'unlisted' };
}

function finish(item: FinishItem, opened: Opened, call: BatchCall): Promise<FinishResult> {
  const { id } = opened.session;
  if (item.status === 'uploaded') {
    checkWholePlan(item.parts, opened.session);
    return call.ends.inTurn(id, 'confirmed', async () => {
      const result = await complete(item, opened, call);
      return { hasEnded: result.outcome === 'confirmed', result };
    });
  }
  const { status } = item;
  return call.ends.inTurn(id, 'discarded', async () => {
    await discard(status, opened, call);
    return { hasEnded: true, result: { outcome: 'discarded' } };
  });
}

/** In this order: after the confirmation a service may no longer grant access to the parts. */
async function discard(
  status: 'canceled' | 'failed',
  { provider, session }: Opened,
  { context }: BatchCall,
): Promise<void> {
  await provider.abort(session, context);
  await provider.confirm(session, status, context);
}

async function complete(
  item: Extract<FinishItem, { status: 'uploaded' }>,
  { provider, session }: Opened,
  call: BatchCall,
): Promise<FinishResult> {
  const { context } = call;
  const completed = await provider.complete(session, item.parts, { isRepeat: item.isRepeat }, context);
  if (completed.outcome === 'parts-differ') return completed;
  const { mediaId, state } = (await provider.confirm(session, 'uploaded', context)) ?? {};
  const { eTag, sizeBytes, proof } = completed;
  const isNews = mediaId !== undefined || state !== undefined;
  const next = {
    ...session,
    mediaId: mediaId ?? session.mediaId,
    state: state ?? session.state,
  };
  return {
    outcome: 'confirmed',
    object: { eTag, sizeBytes, proof },
    mediaId,
    ticket: isNews ? await seal(next, provider, call) : undefined,
  };
}
