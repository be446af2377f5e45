import type {
  ImportItem,
  ImportQuestion,
  ImportResponse,
  StartItem,
  UploadSession,
} from '../../protocol/index.js';
import { refusalError } from '../authorize.js';
import { callerTag, checkAddedBy, providerOf, runItems, type BatchCall, type ItemCall } from '../batch.js';
import { EndpointError } from '../errors.js';
import { sha256Hex } from '../hash.js';
import { hasProblem } from '../kit/refusal.js';
import type { ImportLink, Imports, ImportStarted, Provider, Session } from '../provider.js';
import { checkedOptions, checkRoom, seal } from '../start-uploads.js';
import { startKey, type Begun } from '../starts.js';
import { extensionOf } from '../text.js';
import { Turns } from '../turns.js';
import { checkLink, refused } from './check-link.js';
import { Gathering, type Participant } from './gathering.js';
import type { ImportRules } from './rules.js';

type ImportResult = ImportResponse['results'][number];
type Answer = ImportStarted<unknown> | EndpointError;

/** An import has no transfer; the field is that of every upload. */
const noTransfer = { kind: 'single' } as const;

interface Target {
  readonly provider: Provider;
  readonly imports: Imports;
  readonly rules: ImportRules;
  /** In which the links of the call are counted. */
  readonly turns: Turns<ImportItem>;
  /** Asks for the import together with the other links of the call. */
  readonly participant: Participant<ImportLink, Answer>;
}

/** One result per item, in order. What is refused does not affect the others. */
export async function importAll(
  providerId: string,
  items: readonly ImportQuestion[],
  call: BatchCall,
): Promise<ImportResult[]> {
  const provider = providerOf(providerId, call.providers);
  const { imports } = provider;
  const rules = call.imports;
  if (!imports || !rules) {
    const error = new EndpointError('not-supported', { detail: 'Links are not imported here.' });
    return runItems<ImportQuestion, ImportResult>(items, call, () => Promise.reject(error));
  }
  const given = items.filter(hasLink);
  const checked = await checkAll(given, { provider, imports, rules }, call);
  const turns = new Turns(given);
  const gathering = new Gathering<ImportLink, Answer>(given.length, (links) =>
    imports.start(links, call.context),
  );
  const began = { ...call, concurrency: items.length, mayBegin: () => {} };
  // All at once: each waits for the others before the cloud is called. So none may be left out without a word.
  return runItems<ImportQuestion, ImportResult>(items, began, async (item, itemCall) => {
    Object.assign(itemCall.labels, { provider: provider.id, fileName: item.fileName });
    if (!hasLink(item)) return importedBefore(item, provider, itemCall);
    const participant = gathering.join();
    try {
      call.mayBegin();
      const link = checked.get(item);
      if (!link || 'error' in link) throw link?.error;
      itemCall.labels.linkHost = link.url.hostname;
      return await importOne(link, { provider, imports, rules, turns, participant }, itemCall);
    } finally {
      turns.pass(item);
      participant.leave();
    }
  });
}

export function hasLink(item: ImportQuestion): item is ImportItem {
  return item.url !== undefined;
}

/** What a page that has ended began with this `clientId`. Checked, and counted as an upload, when it began. */
async function importedBefore(
  item: ImportQuestion,
  provider: Provider,
  call: ItemCall,
): Promise<ImportResult> {
  call.mayBegin();
  await checkAddedBy(item, call);
  const count = async () => call.limits.countQuestion(call.caller.id, await call.limitsFor(provider.id));
  const session = await call.starts.earlier(nameOf(item, provider, call), count);
  if (!session) throw new EndpointError('upload-not-found', { detail: 'No import was begun with this id.' });
  return answerOf(session, provider, call);
}

/** Says nothing of the link, which the page does not keep. */
function nameOf({ clientId }: ImportQuestion, provider: Provider, { caller }: BatchCall): string {
  return `vodrop:import:${sha256Hex(JSON.stringify([caller.id, provider.id, clientId]))}`;
}

async function answerOf(
  { ticket, mediaId }: Pick<UploadSession, 'ticket' | 'mediaId'>,
  provider: Provider,
  call: ItemCall,
): Promise<ImportResult> {
  const canCancel = provider.capabilities.import?.cancel === 'waiting';
  return { outcome: 'importing', session: { ticket, mediaId }, canCancel, caller: await callerTag(call) };
}

interface CheckedLink {
  readonly item: ImportItem;
  readonly url: URL;
  readonly extension: string;
  readonly options: ImportLink['options'];
}

type Checked = CheckedLink | { readonly error: unknown };

/** One after the other, so that the host's rules may count. */
async function checkAll(
  items: readonly ImportItem[],
  target: Pick<Target, 'provider' | 'imports' | 'rules'>,
  call: BatchCall,
): Promise<ReadonlyMap<ImportItem, Checked>> {
  const checked = new Map<ImportItem, Checked>();
  for (const item of items)
    checked.set(item, await check(item, target, call).catch((error: unknown) => ({ error })));
  return checked;
}

async function check(
  item: ImportItem,
  { provider, imports, rules }: Pick<Target, 'provider' | 'imports' | 'rules'>,
  call: BatchCall,
): Promise<CheckedLink> {
  const { caller, hooks } = call;
  call.mayBegin();
  await checkAddedBy(item, call);
  const url = checkLink(item.url, rules);
  const extension = extensionFor(url, item.fileName, imports);
  const options = checkedOptions(item.options, provider, call);
  const upload = asUpload(item);
  checkRoom(upload);
  // A copy, so that the host cannot change what was checked.
  const about = { caller, provider: provider.id, metadata: item.metadata };
  const allowed = (await hooks.run('imports.allow', () => rules.allow?.(new URL(url), about))) ?? true;
  if (allowed === false) throw refused('The rules of this endpoint do not allow the link.');
  if (allowed !== true) throw refusalError(allowed);
  const refusal = await hooks.run('mayStart', () => caller.mayStart?.(upload));
  if (refusal) throw refusalError(refusal);
  return { item, url, extension, options };
}

/** As the rules for files see it. Its size is not known before the cloud has it. */
function asUpload({ url: _url, addedBy: _, ...item }: ImportItem): StartItem {
  return { ...item, contentType: '', sizeBytes: 0 };
}

function extensionFor(url: URL, fileName: string, { extensions, extensionIn }: Imports): string {
  const candidates = [extensionOf(pathName(url)), extensionIn === 'name' ? extensionOf(fileName) : ''];
  const extension = candidates.find((one) => extensions.includes(one));
  if (extension === undefined)
    throw refused(`The path of a link ends with the type of the file: ${extensions.join(', ')}.`);
  return extension;
}

function pathName({ pathname }: URL): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

async function importOne(link: CheckedLink, target: Target, call: ItemCall): Promise<ImportResult> {
  const { provider, turns, participant } = target;
  const { item, url } = link;
  const key = startKey(call.caller.id, provider.id, { ...item, url: url.href } as Partial<StartItem>);
  const begun = await call.starts.once(key, () => begin(key, link, target, call), {
    lifetimeMs: call.starts.visitLifetimeMs,
    onWait: () => {
      turns.pass(item);
      participant.leave();
    },
  });
  if (begun.outcome !== 'started') throw new Error('An import needs no checksum.');
  return answerOf(begun.session, provider, call);
}

/** Counts the import for its caller, and begins it. */
async function begin(key: string, link: CheckedLink, target: Target, call: ItemCall): Promise<Begun> {
  const { provider, turns } = target;
  const { item, url } = link;
  // Before the cloud is asked: a page that ends meanwhile finds by it what comes of the call.
  if (!(await call.starts.announce(nameOf(item, provider, call), key)))
    throw new EndpointError('upload-not-found', { detail: 'The page that asked for this import has ended.' });
  const startedAt = call.now();
  const limits = await call.limitsFor(provider.id);
  await turns.wait(item);
  const counted = { fileName: `video.${link.extension}`, contentType: '', sizeBytes: 0 };
  const refund = await call.limits.admit({ callerId: call.caller.id, startedAt }, counted, limits);
  turns.pass(item);
  try {
    const { mediaId, state } = await askCloud(key, link, target, call);
    const { fileName, metadata } = item;
    const identity = { id: crypto.randomUUID(), startedAt, fileName, sizeBytes: 0, metadata };
    Object.assign(call.labels, { sessionId: identity.id, mediaId });
    const session: Session<unknown> = {
      ...identity,
      mediaId,
      transfer: noTransfer,
      link: { host: url.hostname },
      state,
    };
    const ticket = await seal(session, provider, call);
    const issued = { ticket, mediaId, transfer: noTransfer };
    return { outcome: 'started', session: issued, sessionId: identity.id };
  } catch (error) {
    await refund(error);
    throw error;
  }
}

/** What may have happened to a call that failed so. */
const unheard = ['vendor-unavailable', 'vendor-invalid-reply'] as const;

async function askCloud(
  key: string,
  { item, url, extension, options }: CheckedLink,
  { participant }: Target,
  { starts, now }: ItemCall,
): Promise<ImportStarted<unknown>> {
  const triedAt = await starts.triedAt(key);
  await starts.keepTry(key, triedAt ?? now());
  const { fileName, metadata } = item;
  const id = sha256Hex(key).slice(0, 32);
  const answer = await participant.ask({
    id,
    url: url.href,
    extension,
    fileName,
    metadata,
    options,
    triedAt,
  });
  if (!(answer instanceof EndpointError)) return answer;
  if (!hasProblem(answer, ...unheard)) await starts.keepTry(key, undefined);
  throw answer;
}
