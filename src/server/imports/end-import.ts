import type { Attachment, DetailsResponse, FinishResponse } from '../../protocol/index.js';
import { refusedResult, type BatchCall, type ItemCall, type Opened } from '../batch.js';
import { EndpointError } from '../errors.js';
import type { CallContext, Imports, ImportStatus, Provider, Session } from '../provider.js';
import { seal } from '../start-uploads.js';

type FinishResult = FinishResponse['results'][number];
type DetailsResult = DetailsResponse['results'][number];
type Confirmed = Extract<FinishResult, { outcome: 'confirmed' }>;

/** Whether the cloud may still be pulling it. */
export function isPulled({ link }: Session<unknown>): boolean {
  return link !== undefined && !link.isImported;
}

/** Throws where an operation of uploads is asked for an import, which has no parts. */
export function expectUpload({ link }: Session<unknown>): void {
  if (link)
    throw new EndpointError('invalid-request', { detail: 'The ticket is that of an import from a link.' });
}

/** Throws where the video of an import does not take such attachments, or is not there yet. */
export function expectAttachable(
  { provider, session }: Opened,
  attachments: readonly Attachment[],
): Pick<Imports, 'attach'> {
  const { attachments: kinds = [] } = provider.capabilities.import ?? {};
  if (!attachments.every(({ kind }) => kinds.includes(kind)))
    throw new EndpointError('not-supported', { detail: 'An import at this cloud does not take that.' });
  if (isPulled(session))
    throw new EndpointError('media-state-conflict', {
      detail: 'What belongs to an import is attached once the cloud has pulled the video.',
    });
  return importsOf(provider);
}

function importsOf({ imports }: Provider): Imports {
  if (!imports) throw new EndpointError('not-supported', { detail: 'Links are not imported here.' });
  return imports;
}

/** How far the cloud is with imports of one provider, in the page's order. */
export async function importDetails(
  provider: Provider,
  sessions: readonly Session<unknown>[],
  call: BatchCall,
): Promise<DetailsResult[]> {
  const context: CallContext = {
    ...call.context,
    onVendorCall: (record) => call.report.vendorCall(provider.id, record),
  };
  const canStop = provider.capabilities.import?.cancel === 'waiting';
  const found = await importsOf(provider).status(sessions, context);
  return found.map((status) => {
    if (status instanceof EndpointError) return refusedResult(status, call, provider.id);
    switch (status.outcome) {
      case 'waiting':
      case 'running': {
        const { outcome: state, percent, sizeBytes } = status;
        return { outcome: 'importing', state, percent, sizeBytes, canCancel: canStop && state === 'waiting' };
      }
      case 'imported':
        return { outcome: 'imported' };
      case 'failed':
        return refusedResult(failed(status), call, provider.id);
      default:
        return status satisfies never;
    }
  });
}

/** Makes sure that the cloud has all of the video; from then on it is as one that was uploaded. */
export async function confirmImport(
  { provider, session }: Opened,
  call: ItemCall,
): Promise<{ result: Confirmed; isFirst: boolean; imported: Session<unknown> }> {
  if (!session.link)
    throw new EndpointError('invalid-request', { detail: 'The ticket is that of an upload of a file.' });
  const { link } = session;
  let imported = session;
  const { result, isFirst } = await call.ends.inTurn(session.id, 'confirmed', async () => {
    const { mediaId, sizeBytes = 0 } = await importedMedia({ provider, session }, call);
    await refuseTooLarge({ provider, session }, sizeBytes, call);
    await call.ends.rememberMedia(provider.id, mediaId, session.id);
    imported = { ...session, mediaId, sizeBytes, link: { ...link, isImported: true } };
    const ticket = await seal(imported, provider, call);
    const object = { sizeBytes: sizeBytes || undefined };
    const confirmed: Confirmed = { outcome: 'confirmed', object, mediaId, ticket };
    return { hasEnded: true, result: confirmed };
  });
  if (isFirst) {
    const limits = await call.limitsFor(provider.id);
    await call.limits.countImported(call.caller.id, imported.sizeBytes, limits);
  }
  return { result, isFirst, imported };
}

interface Imported {
  readonly mediaId: string;
  readonly sizeBytes?: number | undefined;
}

async function importedMedia({ provider, session }: Opened, { context }: ItemCall): Promise<Imported> {
  const { link, mediaId, sizeBytes } = session;
  if (link?.isImported && mediaId !== undefined) return { mediaId, sizeBytes };
  const [status = new EndpointError('media-not-found')] = await importsOf(provider).status(
    [session],
    context,
  );
  if (status instanceof EndpointError) throw status;
  if (status.outcome === 'imported') return status;
  if (status.outcome === 'failed') throw failed(status);
  throw new EndpointError('media-state-conflict', {
    detail: 'The cloud has not pulled all of the video yet.',
  });
}

/** The size of an import is known only at its end. */
async function refuseTooLarge(opened: Opened, sizeBytes: number, call: ItemCall): Promise<void> {
  const { maxFileSizeBytes = Infinity } = await call.limitsFor(opened.provider.id);
  if (sizeBytes <= maxFileSizeBytes) return;
  await importsOf(opened.provider).end({ ...opened.session }, call.context);
  throw new EndpointError('file-refused', {
    detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.`,
  });
}

/** What waits is canceled, what has arrived is deleted. Throws `media-state-conflict` where the cloud does not stop it. */
export async function discardImport({ provider, session }: Opened, { context }: ItemCall): Promise<void> {
  const outcome = await importsOf(provider).end(session, context);
  if (outcome === 'running')
    throw new EndpointError('media-state-conflict', {
      detail: 'The cloud pulls the video already, and does not stop.',
    });
}

function failed({ code }: Extract<ImportStatus, { outcome: 'failed' }>): EndpointError {
  return new EndpointError('import-failed', { vendor: code === undefined ? undefined : { code } });
}
