import {
  attachRequestSchema,
  describeRequestSchema,
  detailsRequestSchema,
  finishRequestSchema,
  importRequestSchema,
  listRequestSchema,
  signRequestSchema,
  startRequestSchema,
  updateRequestSchema,
  type AttachRequest,
  type AttachResponse,
  type Capabilities,
  type DescribeResponse,
  type DetailsResponse,
  type FinishItem,
  type FinishResponse,
  type ImportResponse,
  type ListResponse,
  type Operation,
  type SignRequest,
  type SignResponse,
  type UpdateRequest,
  type UpdateResponse,
} from '../protocol/index.js';
import type { AuthorizeCall } from './authorize.js';
import {
  callerTag,
  parse,
  providerOf,
  runItems,
  subjectOf,
  type BatchCall,
  type ItemCall,
  type Opened,
} from './batch.js';
import { detailsOfAll } from './details.js';
import { EndpointError } from './errors.js';
import { confirmImport, discardImport, expectAttachable, expectUpload } from './imports/end-import.js';
import { hasLink, importAll } from './imports/import-links.js';
import { limitCapabilities } from './limits.js';
import { checkPartsOfPlan, checkWholePlan } from './part-plan.js';
import { hasProblem } from './kit/refusal.js';
import { runPerTicket, type PerTicketOptions } from './per-ticket.js';
import type { Completed, Provider, Session } from './provider.js';
import { latestOf, restartOnce } from './restarts.js';
import { checkAttachments, mayOption, seal, startAll, type StartResult } from './start-uploads.js';

type DescribeResult = DescribeResponse['results'][number];
type ImportResult = ImportResponse['results'][number];
type AttachResult = AttachResponse['results'][number];
type SignResult = SignResponse['results'][number];
type ListResult = ListResponse['results'][number];
type FinishResult = FinishResponse['results'][number];
type DetailsResult = DetailsResponse['results'][number];
type UpdateResult = UpdateResponse['results'][number];
export type BatchResult =
  | DescribeResult
  | StartResult
  | ImportResult
  | AttachResult
  | SignResult
  | ListResult
  | FinishResult
  | DetailsResult
  | UpdateResult;

/** A message that fits its schema: what to ask `authorize`, and what to do then. */
export interface Message {
  readonly subject: Pick<AuthorizeCall, 'provider' | 'providers' | 'uploads' | 'imports'>;
  /** Of later calls: one per item. */
  readonly tickets: readonly string[];
  run(call: BatchCall): Promise<BatchResult[]>;
}

/**
 * The most that one call may cost, in parts to sign, in attachments, and in uploads with their attachments. A page that
 * batches sends at most 100.
 */
const maxCallWeight = 200;

export const routes: Readonly<Record<Operation, (json: unknown) => Message>> = {
  describe(json) {
    const { providers } = parse(describeRequestSchema, json);
    checkWeight('providers', new Set(providers).size === providers.length ? 0 : Infinity);
    return { subject: { providers }, tickets: [], run: (call) => runItems(providers, call, describe) };
  },
  start(json) {
    const { provider, uploads } = parse(startRequestSchema, json);
    checkWeight(
      'uploads, attachments and parts',
      weightOf(uploads, ({ attachments = [], parts = [] }) => 1 + attachments.length + parts.length),
    );
    return {
      subject: { provider, uploads },
      tickets: [],
      run: (call) => startAll(provider, uploads, call),
    };
  },
  import(json) {
    const { provider, imports } = parse(importRequestSchema, json);
    return {
      subject: { provider, imports: imports.filter(hasLink) },
      tickets: [],
      run: (call) => importAll(provider, imports, call),
    };
  },
  sign(json) {
    const { items } = parse(signRequestSchema, json);
    checkWeight(
      'parts',
      weightOf(items, ({ parts }) => parts.length),
    );
    return perTicket(items, sign);
  },
  attach(json) {
    const { items } = parse(attachRequestSchema, json);
    checkWeight(
      'attachments',
      weightOf(items, ({ attachments }) => attachments.length),
    );
    return perTicket(items, attach, { isInOrder: true });
  },
  list: (json) => perTicket(parse(listRequestSchema, json).items, list),
  finish: (json) => perTicket(parse(finishRequestSchema, json).items, finish, { isInOrder: true }),
  details(json) {
    const { items } = parse(detailsRequestSchema, json);
    return { subject: {}, tickets: ticketsOf(items), run: (call) => detailsOfAll(items, call) };
  },
  update: (json) => perTicket(parse(updateRequestSchema, json).items, update, { isInOrder: true }),
};

function weightOf<Item>(items: readonly Item[], weigh: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + weigh(item), 0);
}

function checkWeight(what: string, weight: number): void {
  if (weight > maxCallWeight)
    throw new EndpointError('invalid-request', {
      detail: `One call has at most ${maxCallWeight} ${what}, and names each once.`,
    });
}

function ticketsOf(items: readonly { ticket: string }[]): string[] {
  return items.map(({ ticket }) => ticket);
}

function perTicket<Item extends { ticket: string }>(
  items: readonly Item[],
  work: (item: Item, opened: Opened, call: ItemCall) => Promise<BatchResult>,
  options?: PerTicketOptions,
): Message {
  return {
    subject: {},
    tickets: ticketsOf(items),
    run: (call) => runPerTicket(items, call, work, options),
  };
}

async function describe(providerId: string, call: ItemCall): Promise<DescribeResult> {
  const provider = providerOf(providerId, call.providers);
  call.labels.provider = provider.id;
  const options = Object.keys(provider.options?.entries ?? {}).filter((name) => mayOption(name, call.caller));
  const limits = await call.limits.describe(call.caller.id, await call.limitsFor(provider.id));
  const capabilities: Capabilities = {
    ...limitCapabilities(provider.capabilities, limits),
    import: importCapability(provider, call),
    provider: provider.id,
    options: options.length > 0 ? options : undefined,
    updates: allowedUpdates(provider, call),
    signsAtStart: provider.capabilities.parts ? true : undefined,
  };
  return { outcome: 'described', capabilities, caller: await callerTag(call) };
}

/** Schemes are the endpoint's rule, the rest is the cloud's. */
function importCapability(
  { capabilities, imports }: Provider,
  { imports: rules }: ItemCall,
): Capabilities['import'] {
  if (!imports || !rules || !capabilities.import) return undefined;
  const hasHttp = rules.allowsHttp || rules.origins?.some((origin) => origin.startsWith('http:'));
  return { ...capabilities.import, schemes: hasHttp ? ['https', 'http'] : ['https'] };
}

/** A field that this caller may not set with the start may not be changed later. */
function allowedUpdates(
  { capabilities: { updates = {} } }: Provider,
  { caller }: ItemCall,
): Capabilities['updates'] {
  const allowed = Object.entries(updates).filter(([name]) => mayOption(name, caller));
  return allowed.length > 0 ? Object.fromEntries(allowed) : undefined;
}

async function update(
  { update }: UpdateRequest['items'][number],
  { provider, session }: Opened,
  call: ItemCall,
): Promise<UpdateResult> {
  const { updates = {} } = provider.capabilities;
  const names = Object.keys(update);
  if (!provider.update || names.some((name) => !Object.hasOwn(updates, name)))
    throw new EndpointError('not-supported', { detail: 'This provider does not change that of media.' });
  if (names.some((name) => !mayOption(name, call.caller)))
    throw new EndpointError('forbidden', { detail: 'A field is changed that this caller may not set.' });
  await call.ends.refuseAfter(session.id, 'discarded');
  if (names.length === 0) return { outcome: 'updated' };
  await call.limits.countUpdate(session.id);
  await provider.update(session, update, call.context);
  return { outcome: 'updated' };
}

async function attach(
  { attachments }: AttachRequest['items'][number],
  { provider, session }: Opened,
  call: ItemCall,
): Promise<AttachResult> {
  const to = session.link ? expectAttachable({ provider, session }, attachments) : provider;
  checkAttachments(attachments, provider);
  await call.ends.refuseAfter(session.id, 'discarded');
  if (!to.attach)
    throw new EndpointError('not-supported', {
      detail: 'This provider takes attachments only with the start.',
    });
  await call.limits.countAttachments(session.id, attachments.length);
  const { requests, state } = await to.attach(session, attachments, call.context);
  return {
    outcome: 'attached',
    requests,
    ticket: state === undefined ? undefined : await seal({ ...session, state }, provider, call),
  };
}

async function sign(
  { parts }: SignRequest['items'][number],
  opened: Opened,
  call: ItemCall,
): Promise<SignResult> {
  const { provider, session } = opened;
  expectUpload(session);
  checkPartsOfPlan(parts, session);
  await call.ends.refuseAfter(session.id, 'confirmed', 'discarded');
  const begun = await call.starts.restarted(session);
  if (begun) return { outcome: 'restarted', session: begun };
  const signed = await provider.sign(session, parts, call.context);
  // A transfer that ends meanwhile, at another instance too, is neither begun anew nor given new keys.
  if (signed.outcome === 'expired') {
    const restarted = await call.ends.beforeEnd(session.id, () => restartOnce(signed, opened, call));
    return { outcome: 'restarted', session: restarted };
  }
  const { requests, state } = signed;
  if (state !== undefined) await call.ends.refuseAfter(session.id, 'confirmed', 'discarded');
  return {
    outcome: 'signed',
    requests,
    ticket: state === undefined ? undefined : await seal({ ...session, state }, provider, call),
  };
}

async function list(_: unknown, { provider, session }: Opened, { context }: ItemCall): Promise<ListResult> {
  expectUpload(session);
  const parts = await provider.list(session, context);
  return parts ? { outcome: 'listed', parts } : { outcome: 'unlisted' };
}

async function finish(item: FinishItem, opened: Opened, call: ItemCall): Promise<FinishResult> {
  const { session } = opened;
  if (item.status === 'imported') return finishImport(opened, call);
  if (item.status === 'uploaded') {
    expectUpload(session);
    checkWholePlan(item.parts, session);
  }
  const { result, isFirst } = await (item.status === 'uploaded'
    ? confirmInTurn(item, opened, call)
    : discardInTurn(item.status, opened, call));
  if (isFirst) await call.limits.ended(call.caller.id, session.startedAt);
  if (result.outcome === 'confirmed') await tellConfirmed(result, opened, call);
  return result;
}

async function finishImport(opened: Opened, call: ItemCall): Promise<FinishResult> {
  const { result, isFirst, imported } = await confirmImport(opened, call);
  if (isFirst) await call.limits.ended(call.caller.id, imported.startedAt);
  await tellConfirmed(result, { ...opened, session: imported }, call);
  return result;
}

function discardInTurn(
  status: 'canceled' | 'failed',
  opened: Opened,
  call: ItemCall,
): Promise<{ result: FinishResult; isFirst: boolean }> {
  const { provider } = opened;
  const { ends, context } = call;
  return ends.inTurn(opened.session.id, 'discarded', async () => {
    const session = await latestOf(opened.session, call);
    if (session.link) {
      await discardImport(opened, call);
      return { hasEnded: true, result: { outcome: 'discarded' } };
    }
    // In this order: after the confirmation a service may no longer grant access to the parts.
    await provider.abort(session, context);
    await provider.confirm(session, status, context);
    return { hasEnded: true, result: { outcome: 'discarded' } };
  });
}

type Uploaded = Extract<FinishItem, { status: 'uploaded' }>;

function confirmInTurn(
  item: Uploaded,
  opened: Opened,
  call: ItemCall,
): Promise<{ result: FinishResult; isFirst: boolean }> {
  return call.ends.inTurn(opened.session.id, 'confirmed', async () => {
    // A transfer that was begun anew is confirmed by its own ticket only: the old one would confirm a second medium.
    if (await call.starts.restarted(opened.session)) return { hasEnded: false, result: allDiffer(item) };
    const result = await complete(item, opened, call);
    return { hasEnded: result.outcome === 'confirmed', result };
  });
}

function allDiffer({ parts }: Uploaded): FinishResult {
  return { outcome: 'parts-differ', partNumbers: parts.map(({ partNumber }) => partNumber) };
}

async function complete(
  item: Uploaded,
  { provider, session }: Opened,
  call: ItemCall,
): Promise<FinishResult> {
  const { context } = call;
  // Before the end: the vendor's message may be here before this call returns.
  await call.ends.rememberMedia(provider.id, session.mediaId, session.id);
  const completed = await completeOnce(item, { provider, session }, call);
  if (completed.outcome === 'parts-differ') return completed;
  const { mediaId, state } = (await provider.confirm(session, 'uploaded', context)) ?? {};
  const { eTag, sizeBytes, proof } = completed;
  await call.ends.rememberMedia(provider.id, mediaId, session.id);
  const isNews = mediaId !== undefined || state !== undefined;
  const next: Session<unknown> = {
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

async function completeOnce(
  { parts, isRepeat }: Uploaded,
  { provider, session }: Opened,
  { ends, context }: ItemCall,
): Promise<Completed> {
  const completing = await ends.completing(session.id);
  const options = { isRepeat: isRepeat || completing.isRepeat };
  try {
    return await provider.complete(session, parts, options, context);
  } catch (error) {
    const isGone = hasProblem(error, 'upload-not-found', 'media-state-conflict');
    if (options.isRepeat || !isGone || !(await completing.isContested())) throw error;
    return provider.complete(session, parts, { isRepeat: true }, context);
  }
}

/**
 * The page hears of the end only after the host has: what the host could not keep is told again with the page's
 * repeat.
 */
async function tellConfirmed(
  { object, mediaId }: Extract<FinishResult, { outcome: 'confirmed' }>,
  opened: Opened,
  call: ItemCall,
): Promise<void> {
  const { session, provider } = opened;
  if (mediaId !== undefined) call.labels.mediaId = mediaId;
  const { caller, onConfirmed, ends } = call;
  const subject = subjectOf({ callerId: caller.id, providerId: provider.id, session });
  await ends.tellOnce(session.id, () =>
    onConfirmed({ ...subject, mediaId: mediaId ?? session.mediaId, object }),
  );
}
