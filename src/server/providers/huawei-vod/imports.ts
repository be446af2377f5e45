import * as v from 'valibot';
import { importTypes, infoMaxIds, pullMaxUrls } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { inBatches } from '../../kit/fields.js';
import { linkAsUpload } from '../../kit/link-fields.js';
import { lookUpProblem, vendorOf, type ProblemTable } from '../../kit/refusal.js';
import { stateReader } from '../../kit/session.js';
import { allOrAbort } from '../../limit.js';
import {
  mediaIdOf,
  type CallContext,
  type ImportLink,
  type Imports,
  type ImportStarted,
  type ImportStatus,
  type Session,
} from '../../provider.js';
import { importFields } from './asset-fields.js';
import { attach } from './attach.js';
import { toMediaDetails, uploadOutcome, type AssetInfo } from './details.js';
import type { Setup } from './setup.js';
import { isTranscoding } from './start.js';
import { subtitleIdSchema } from './state.js';
import { compactTime } from './unfinished.js';
import type { PulledAsset } from './wire.js';

const stateSchema = v.object({
  kind: v.literal('import'),
  isTranscoded: v.boolean(),
  subtitles: v.optional(v.array(subtitleIdSchema)),
});
type ImportState = v.InferOutput<typeof stateSchema>;
export const importStateOf = stateReader(stateSchema);

/** What the service says of one item within a successful call. */
const itemProblems: ProblemTable = {
  'VOD.10053': 'link-refused',
  'VOD.10063': 'link-refused',
  'VOD.10081': 'link-refused',
  'VOD.10121': 'import-failed',
  'VOD.10051': 'vendor-unavailable',
  'VOD.10120': 'vendor-credentials',
  'VOD.10132': 'vendor-credentials',
};

/** The clocks of endpoint and service may differ. */
const clockToleranceMs = 60_000;

/**
 * "Pulling media assets by URL" (upload_by_url). The asset has its id from the start. No public call tells how far the
 * service is, or stops it.
 */
export function createImports(setup: Setup): Imports {
  return {
    extensions: importTypes.map((type) => type.toLowerCase()),
    extensionIn: 'path',
    start: (links, context) => start(setup, links, context),
    status: async (sessions, context) => statusOfAll(setup, sessions, context),
    end: (session, context) => end(setup, session, context),
    attach: (session, attachments, context) =>
      attach(setup, { session, state: importStateOf(session) }, attachments, context),
  };
}

type Answer = ImportStarted<ImportState> | EndpointError;

async function start(setup: Setup, links: readonly ImportLink[], context: CallContext): Promise<Answer[]> {
  const answers = new Map<ImportLink, Answer>();
  const claimed = new Set<string>();
  for (const link of links.filter(({ triedAt }) => triedAt !== undefined)) {
    const earlier = await findEarlier(setup, link, { claimed, context }).catch(asAnswer);
    if (earlier) answers.set(link, earlier);
  }
  const batches = inBatches(
    links.filter((link) => !answers.has(link)),
    pullMaxUrls,
  );
  await Promise.all(
    batches.map(async (batch) => {
      const started = await startBatch(setup, batch, context).catch((error: unknown) =>
        batch.map(() => asAnswer(error)),
      );
      batch.forEach((link, index) => answers.set(link, started[index] ?? leftOut()));
    }),
  );
  return links.map((link) => answers.get(link) ?? leftOut());
}

/** The service has no call that tells repeats apart: what an unheard call has begun is found by its title and time. */
async function findEarlier(
  setup: Setup,
  link: ImportLink,
  { claimed, context }: { readonly claimed: Set<string>; readonly context: CallContext },
): Promise<Answer | undefined> {
  const { title } = importFields(linkAsUpload(link), link, setup.options);
  const since = compactTime((link.triedAt ?? 0) - clockToleranceMs);
  const found = await setup.vod.titled(title, since, context);
  const earlier = found.find(
    ({ asset_id: id, base_info: base }) => base?.title === title && !claimed.has(id),
  );
  if (!earlier) return undefined;
  claimed.add(earlier.asset_id);
  return started(setup, link, earlier.asset_id);
}

async function startBatch(
  setup: Setup,
  links: readonly ImportLink[],
  context: CallContext,
): Promise<Answer[]> {
  const items = links.map((link) => importFields(linkAsUpload(link), link, setup.options));
  const pulled = [...(await setup.vod.pull(items, context))];
  return links.map((link) => {
    // By URL, and of equal ones by order: the reply names no other.
    const index = pulled.findIndex(({ url }) => url === link.url);
    const [found] = index < 0 ? [] : pulled.splice(index, 1);
    return found ? answerOf(setup, link, found) : leftOut();
  });
}

/** A reply of status 200 may hold failures. */
function answerOf(
  setup: Setup,
  link: ImportLink,
  { asset_id: assetId, error_code: code }: PulledAsset,
): Answer {
  if (assetId && !code) return started(setup, link, assetId);
  return new EndpointError(lookUpProblem(itemProblems, code) ?? 'vendor-refused', {
    detail: 'The service refused this link.',
    vendor: vendorOf({ code }),
  });
}

function started({ options }: Setup, link: ImportLink, mediaId: string): ImportStarted<ImportState> {
  return { mediaId, state: { kind: 'import', isTranscoded: isTranscoding(link, options) } };
}

async function statusOfAll(
  setup: Setup,
  sessions: readonly Session<unknown>[],
  context: CallContext,
): Promise<(ImportStatus | EndpointError)[]> {
  const ids = [...new Set(sessions.map(mediaIdOf))];
  const infos = await allOrAbort(inBatches(ids, infoMaxIds), context.signal, (batch, signal) =>
    setup.vod.infos(batch, { ...context, signal }),
  );
  const found = new Map(infos.flat().map((info) => [info.asset_id, info]));
  return sessions.map((session) => statusOf(setup, found.get(mediaIdOf(session))));
}

function statusOf({ id: provider }: Setup, info: AssetInfo | undefined): ImportStatus | EndpointError {
  const outcome = info ? uploadOutcome(info.status) : 'missing';
  if (!info || outcome === 'missing') return new EndpointError('media-not-found');
  // The service does not tell a pull that waits from one that runs.
  if (outcome === 'open') return { outcome: 'running' };
  if (outcome === 'ended') return { outcome: 'failed', code: info.status };
  const details = toMediaDetails(info, { provider, isTranscoded: false });
  const sizeBytes = details instanceof EndpointError ? undefined : details.sizeBytes;
  return { outcome: 'imported', mediaId: info.asset_id, sizeBytes };
}

/** Deleting does not stop a pull that runs (VOD.10123), and what it leaves is not said. */
async function end(
  setup: Setup,
  session: Session<unknown>,
  context: CallContext,
): Promise<'ended' | 'running'> {
  const [status] = await statusOfAll(setup, [session], context);
  if (status instanceof EndpointError && status.code === 'media-not-found') return 'ended';
  if (status instanceof EndpointError) throw status;
  if (status?.outcome === 'running') return 'running';
  await setup.vod.remove(mediaIdOf(session), context);
  return 'ended';
}

function asAnswer(error: unknown): EndpointError {
  if (error instanceof EndpointError) return error;
  throw error;
}

function leftOut(): EndpointError {
  return new EndpointError('vendor-invalid-reply', { detail: 'upload by URL: a link without an answer' });
}
