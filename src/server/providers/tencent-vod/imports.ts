import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import { linkAsUpload } from '../../kit/link-fields.js';
import { hasProblem, hasVendorCode } from '../../kit/refusal.js';
import { stateReader } from '../../kit/session.js';
import type {
  CallContext,
  ImportLink,
  Imports,
  ImportStarted,
  ImportStatus,
  Session,
} from '../../provider.js';
import { applyFields } from './apply-fields.js';
import { mediaTypes } from './file-type.js';
import type { Setup } from './setup.js';
import { optionsOf } from './start.js';
import { stateOf } from './state.js';
import type { PullTask } from './wire.js';

const stateSchema = v.object({
  kind: v.literal('import'),
  taskId: v.string(),
  subAppId: v.optional(v.number()),
});
type ImportState = v.InferOutput<typeof stateSchema>;
const importStateOf = stateReader(stateSchema);

/** The application of an upload or of an import. */
export function subAppIdOf(session: Session<unknown>): number | undefined {
  return (session.link ? importStateOf(session) : stateOf(session)).subAppId;
}

/**
 * "PullUpload", one link to a call. The session id is that of the import, so that a repeat within three days is refused
 * instead of doubled; but the refusal does not name the task, and no call finds it: then the import is lost from sight.
 */
export function createImports(setup: Setup): Imports {
  return {
    // A playlist is pulled with its segments.
    extensions: [...mediaTypes, 'm3u8'],
    extensionIn: 'name',
    start: (links, context) => Promise.all(links.map((link) => start(setup, link, context).catch(asAnswer))),
    status: (sessions, context) =>
      Promise.all(sessions.map((session) => status(setup, session, context).catch(asAnswer))),
    end: (session, context) => end(setup, session, context),
  };
}

async function start(
  setup: Setup,
  link: ImportLink,
  context: CallContext,
): Promise<ImportStarted<ImportState>> {
  const { id, url, extension } = link;
  const upload = linkAsUpload(link);
  const types = { mediaType: extension, coverType: undefined };
  const fields = applyFields(upload, types, optionsOf(setup, upload));
  try {
    const taskId = await setup.vod.pull({ ...fields, MediaUrl: url, SessionId: id }, context);
    const subAppId = typeof fields['SubAppId'] === 'number' ? fields['SubAppId'] : undefined;
    return { state: { kind: 'import', taskId, subAppId } };
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  const rest = error instanceof EndpointError ? { vendor: error.vendor, detail: error.message } : {};
  if (hasVendorCode(error, 'InvalidParameterValue.SessionId')) return new EndpointError('import-lost', rest);
  const isOfLink = hasVendorCode(
    error,
    'InvalidParameterValue.MediaUrl',
    'InvalidParameterValue.MediaType',
    'FailedOperation.MediaType',
  );
  return isOfLink ? new EndpointError('link-refused', rest) : error;
}

async function status(
  { vod }: Setup,
  session: Session<unknown>,
  context: CallContext,
): Promise<ImportStatus> {
  const { taskId, subAppId } = importStateOf(session);
  const { Status, PullUploadTask: task } = await vod.describeTask(taskId, subAppId, context);
  switch (Status) {
    case 'WAITING':
      return { outcome: 'waiting', ...knownOf(task) };
    case 'FINISH':
      return ended(task);
    case 'ABORTED':
      return { outcome: 'failed', code: Status };
    default:
      return { outcome: 'running', ...knownOf(task) };
  }
}

/** The page has the size in the answer; when the service begins to fill it in, it does not say. */
function knownOf(task: PullTask | null | undefined) {
  return { percent: task?.Progress ?? undefined, sizeBytes: task?.MetaData?.Size || undefined };
}

/** The end alone is no success. */
function ended(task: PullTask | null | undefined): ImportStatus {
  if (!task)
    throw new EndpointError('vendor-invalid-reply', { detail: 'DescribeTaskDetail: no task in the answer' });
  const { ErrCode: code, FileId: mediaId, MetaData } = task;
  if (code !== 0 || !mediaId) return { outcome: 'failed', code: String(code) };
  return { outcome: 'imported', mediaId, sizeBytes: MetaData?.Size ?? undefined };
}

async function end(
  setup: Setup,
  session: Session<unknown>,
  context: CallContext,
): Promise<'ended' | 'running'> {
  const { vod } = setup;
  const { taskId, subAppId } = importStateOf(session);
  const before = await status(setup, session, context);
  if (before.outcome === 'waiting') {
    try {
      await vod.abortTask(taskId, subAppId, context);
      return 'ended';
    } catch (error) {
      // It has begun meanwhile, or the reply to the abort was lost: the task says which.
      if (!(error instanceof EndpointError) || hasProblem(error, 'vendor-credentials')) throw error;
      const now = await status(setup, session, context);
      if (now.outcome === 'waiting') throw error;
      return now.outcome === 'failed' ? 'ended' : 'running';
    }
  }
  if (before.outcome === 'imported') await vod.remove(before.mediaId, subAppId, context);
  return before.outcome === 'running' ? 'running' : 'ended';
}

function asAnswer(error: unknown): EndpointError {
  if (error instanceof EndpointError) return error;
  throw error;
}
