import * as v from 'valibot';
import type { Attachment } from '../../../protocol/index.js';
import { extendMaxBytes, pullMaxUrls, urlJobMaxIds } from '../../../vendors/alibaba-vod.js';
import { encodeRfc3986 } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import { sha256Hex } from '../../hash.js';
import { inBatches } from '../../kit/fields.js';
import { linkAsUpload } from '../../kit/link-fields.js';
import { hasProblem, hasVendorCode, vendorOf } from '../../kit/refusal.js';
import { stateReader } from '../../kit/session.js';
import { allOrAbort } from '../../limit.js';
import {
  mediaIdOf,
  type Attached,
  type CallContext,
  type ImportLink,
  type Imports,
  type ImportStarted,
  type ImportStatus,
  type Session,
} from '../../provider.js';
import { extensionOf, utf8Length } from '../../text.js';
import { checkAttachments } from './attachments.js';
import { createParams, placeParams, textParams, type Params } from './create-params.js';
import { fileExtensions } from './file-type.js';
import type { Setup } from './setup.js';
import { coverUrlOf, prepareAll, withSubtitles } from './start.js';
import { subtitlesSchema } from './state.js';
import type { UrlUpload } from './wire.js';

const stateSchema = v.object({ kind: v.literal('import'), jobId: v.string(), subtitles: subtitlesSchema });
type ImportState = v.InferOutput<typeof stateSchema>;
export const importStateOf = stateReader(stateSchema);

/** Of `UserData`: how the import of a call whose answer was lost is told from others of the same link. */
const markName = 'vodrop';
const markLength = 12;
/** What one call carries, twice encoded, within the length that servers take for an address. */
const maxBatchLength = 3000;
/** The clocks of endpoint and service may differ. */
const clockToleranceMs = 60_000;

/**
 * "UploadMediaByURL". The reply has a job for each link; the media is named when it is there. An unheard call is looked
 * for by its links before they are given to the service once more.
 */
export function createImports(setup: Setup): Imports {
  return {
    extensions: fileExtensions,
    extensionIn: 'name',
    start: (links, context) => start(setup, links, context),
    status: (sessions, context) => statusOfAll(setup, sessions, context),
    end: (session, context) => end(setup, session, context),
    attach: (session, attachments, context) => attach(setup, session, attachments, context),
  };
}

/** The video is there: what the service does not take now it will not take later. */
async function attach(
  setup: Setup,
  session: Session<unknown>,
  attachments: readonly Attachment[],
  context: CallContext,
): Promise<Attached<ImportState>> {
  checkAttachments(attachments);
  const prepared = await prepareAll(setup, { attachments, place: placeParams(setup.options) }, context);
  const coverUrl = coverUrlOf(prepared);
  if (coverUrl !== undefined) await setup.vod.setCover(mediaIdOf(session), coverUrl, context);
  return {
    requests: prepared.map(({ request }) => request),
    state: withSubtitles(importStateOf(session), prepared),
  };
}

type Answer = ImportStarted<ImportState> | EndpointError;

async function start(setup: Setup, links: readonly ImportLink[], context: CallContext): Promise<Answer[]> {
  const answers = new Map<ImportLink, Answer>();
  const repeated = links.filter(({ triedAt }) => triedAt !== undefined);
  const keep = (found: ReadonlyMap<ImportLink, Answer>) =>
    found.forEach((answer, link) => answers.set(link, answer));
  keep(await findAll(setup, repeated, context));
  const items = links.filter((link) => !answers.has(link)).map((link) => itemOf(link, setup));
  await Promise.all(batchesOf(items).map(async (batch) => keep(await startBatch(setup, batch, context))));
  return links.map(
    (link) =>
      answers.get(link) ??
      new EndpointError('vendor-invalid-reply', { detail: 'UploadMediaByURL: a link without a job' }),
  );
}

interface Item {
  readonly link: ImportLink;
  /** One element of `UploadMetadatas`. */
  readonly metadata: Params;
  /** What holds for all links of a call. */
  readonly shared: Params;
}

/** The parameters of an upload, by where this call has them. */
function itemOf(link: ImportLink, { options: settings }: Setup): Item {
  const { url, extension, fileName } = link;
  const named = extensionOf(fileName) === extension ? fileName : `${fileName}.${extension}`;
  const upload = { ...linkAsUpload(link), fileName: named };
  const { FileName: _name, FileSize: _size, ...params } = createParams(upload, settings);
  const { StorageLocation, AppId, UserData, ...own } = params;
  return {
    link,
    metadata: { ...own, SourceURL: encodeRfc3986(url), FileExtension: extension },
    shared: textParams({ StorageLocation, AppId, UserData }),
  };
}

/** Links that share a call: of the same parameters, none twice, and not too long together. */
function batchesOf(items: readonly Item[]): Item[][] {
  const batches: { readonly items: Item[]; readonly key: string; length: number }[] = [];
  for (const item of items) {
    const key = JSON.stringify(item.shared);
    const length = JSON.stringify(item.metadata).length;
    const batch = batches.find(
      (one) =>
        one.key === key &&
        one.items.length < pullMaxUrls &&
        one.length + length <= maxBatchLength &&
        one.items.every(({ link }) => link.url !== item.link.url),
    );
    if (batch) {
      batch.items.push(item);
      batch.length += length;
    } else batches.push({ items: [item], key, length });
  }
  return batches.map((batch) => batch.items);
}

async function startBatch(
  setup: Setup,
  items: readonly Item[],
  context: CallContext,
): Promise<ReadonlyMap<ImportLink, Answer>> {
  const links = items.map(({ link }) => link);
  const begunAt = setup.now();
  try {
    const jobs = await setup.vod.pull(pullParams(items), context);
    const left = [...jobs];
    return new Map(
      links.flatMap((link): [ImportLink, Answer][] => {
        // In either form: whether the service answers the encoded one is not documented.
        const index = left.findIndex(({ SourceURL }) => isUrl(SourceURL, link.url));
        const [job] = index < 0 ? [] : left.splice(index, 1);
        return job ? [[link, started(job.JobId)]] : [];
      }),
    );
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    // Refused as a repeat of a call that was unheard, or unheard itself: what it has begun is there.
    const isRepeat = isSessionRefusal(error);
    const isUnheard = isRepeat || hasProblem(error, 'vendor-unavailable', 'vendor-invalid-reply');
    const tried = links.map((link) => ({ ...link, triedAt: link.triedAt ?? begunAt }));
    const found = isUnheard ? await findAll(setup, tried, context).catch(() => new Map()) : new Map();
    const byId = new Map([...found].map(([link, answer]: [ImportLink, Answer]) => [link.id, answer]));
    const refusal = isRepeat ? new EndpointError('import-lost', { vendor: error.vendor }) : ofLink(error);
    return new Map(links.map((link) => [link, byId.get(link.id) ?? refusal]));
  }
}

function pullParams(items: readonly Item[]): Params {
  const [first] = items;
  const ids = items.map(({ link }) => link.id);
  const { UserData, ...shared } = first?.shared ?? {};
  return {
    ...shared,
    UploadURLs: items.map(({ link }) => encodeRfc3986(link.url)).join(','),
    UploadMetadatas: JSON.stringify(items.map(({ metadata }) => metadata)),
    // Fifty of letters, digits, _ and - at the most.
    SessionId: sha256Hex(ids.join()).slice(0, 32),
    UserData: marked(UserData, ids.map(markOf)),
  };
}

/** With the marks of the imports, where they fit beside what the host has to say. */
function marked(userData: string | undefined, marks: readonly string[]): string {
  const data = (userData === undefined ? {} : JSON.parse(userData)) as { readonly Extend?: object };
  const extend = { ...data.Extend, [markName]: marks };
  const isFitting = utf8Length(JSON.stringify(extend)) <= extendMaxBytes;
  return JSON.stringify(isFitting ? { ...data, Extend: extend } : data);
}

function markOf(id: string): string {
  return id.slice(0, markLength);
}

/** The jobs of links that were given to the service before; links without one are left out. */
async function findAll(
  { vod }: Setup,
  links: readonly ImportLink[],
  context: CallContext,
): Promise<Map<ImportLink, Answer>> {
  const found = new Map<ImportLink, Answer>();
  // One at a time: of a link that was sent several times, all jobs are answered.
  for (const link of links) {
    const jobs = await vod.urlUploads({ UploadURLs: encodeRfc3986(link.url) }, context);
    const since = (link.triedAt ?? 0) - clockToleranceMs;
    const job = jobs.found.find(
      ({ JobId, CreationTime, UserData }) =>
        JobId !== undefined &&
        Date.parse(CreationTime ?? '') >= since &&
        // Not parsed: what the service makes of it is not documented.
        UserData?.includes(markOf(link.id)),
    );
    if (job?.JobId) found.set(link, started(job.JobId));
  }
  return found;
}

function started(jobId: string): ImportStarted<ImportState> {
  return { state: { kind: 'import', jobId } };
}

function isUrl(text: string | null | undefined, url: string): boolean {
  return text === url || text === encodeRfc3986(url);
}

/** The code of a repeated `SessionId` is not documented. */
function isSessionRefusal(error: EndpointError): boolean {
  return /SessionId/i.test(error.vendor?.code ?? '');
}

function ofLink(error: EndpointError): EndpointError {
  if (!hasVendorCode(error, 'InvalidParameter.UploadURLs', 'InvalidFileName.Extension')) return error;
  return new EndpointError('link-refused', { detail: error.message, vendor: error.vendor });
}

async function statusOfAll(
  { vod }: Setup,
  sessions: readonly Session<unknown>[],
  context: CallContext,
): Promise<(ImportStatus | EndpointError)[]> {
  const ids = [...new Set(sessions.map((session) => importStateOf(session).jobId))];
  const answers = await allOrAbort(inBatches(ids, urlJobMaxIds), context.signal, (batch, signal) =>
    vod.urlUploads({ JobIds: batch.join(',') }, { ...context, signal }),
  );
  const jobs = new Map(answers.flatMap(({ found }) => found).map((job) => [job.JobId, job]));
  return sessions.map((session) => {
    const job = jobs.get(importStateOf(session).jobId);
    return job ? statusOf(job) : new EndpointError('media-not-found');
  });
}

/** "Basic structures", the status of a URL-based upload job; other pages write it with small letters and without `_`. */
function statusOf({ Status, MediaId, FileSize, ErrorCode }: UrlUpload): ImportStatus {
  const sizeBytes = FileSize || undefined;
  switch (Status.toUpperCase().replaceAll('_', '')) {
    case 'PENDING':
      return { outcome: 'waiting', sizeBytes };
    case 'SUCCESS':
      // The media is named with the end; an answer without it comes before the next one.
      if (!MediaId) return { outcome: 'running', sizeBytes };
      return { outcome: 'imported', mediaId: MediaId, sizeBytes };
    case 'DOWNLOADFAIL':
    case 'UPLOADFAIL':
      return { outcome: 'failed', code: vendorOf({ code: ErrorCode || Status }).code };
    // Not in the list of the page, which does not say what becomes of a canceled job.
    case 'CANCELED':
    case 'CANCELLED':
      return { outcome: 'failed', code: 'CANCELED' };
    default:
      return { outcome: 'running', sizeBytes };
  }
}

async function end(
  setup: Setup,
  session: Session<unknown>,
  context: CallContext,
): Promise<'ended' | 'running'> {
  const { vod, keepsDiscarded } = setup;
  const { jobId } = importStateOf(session);
  const [status = new EndpointError('media-not-found')] = await statusOfAll(setup, [session], context);
  if (status instanceof EndpointError) {
    if (status.code === 'media-not-found') return 'ended';
    throw status;
  }
  if (status.outcome === 'waiting') {
    // Only what it names is canceled: the job may have begun meanwhile.
    if ((await vod.cancelUrlJobs([jobId], context)).includes(jobId)) return 'ended';
    const [now] = await statusOfAll(setup, [session], context);
    return now instanceof EndpointError || now?.outcome === 'failed' ? 'ended' : 'running';
  }
  if (status.outcome === 'imported' && !keepsDiscarded) await vod.deleteVideo(status.mediaId, context);
  return status.outcome === 'running' ? 'running' : 'ended';
}
