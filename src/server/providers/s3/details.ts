import type { MediaDetails } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { callHost } from '../../host-hooks.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import { formatOf } from './media-type.js';
import type { Setup } from './setup.js';
import { stateOf, type S3State } from './state.js';
import { headObject, type ObjectHead } from './store.js';
import { uploadedObject } from './upload.js';

/** There is no media service: an object that is there whole is `ready`, and a multipart upload the store knows is `uploading`. */
export async function mediaDetails(
  setup: Setup,
  session: Session<S3State>,
  context: CallContext,
): Promise<MediaDetails> {
  const state = stateOf(session);
  const mediaId = mediaIdOf(session);
  const provider = setup.id;
  if (mediaId !== state.key) throw new EndpointError('media-not-found');
  const head = await uploadedObject(setup, state, context);
  if (head) return { mediaId, provider, status: 'ready', ...(await objectDetails(setup, mediaId, head)) };
  const isOpen =
    state.kind === 'single' ||
    !setup.listsParts ||
    (await setup.store.exists({ target: state.key, uploadId: state.uploadId }, context));
  if (isOpen) return { mediaId, provider, status: 'uploading' };
  return {
    mediaId,
    provider,
    status: 'failed',
    failure: { code: 'NoSuchUpload', reason: 'The upload was aborted, or removed by a lifecycle rule.' },
  };
}

/** The object under a key, whoever stored it. */
export async function lookUp(setup: Setup, key: string, context: CallContext): Promise<MediaDetails> {
  const head = await headObject(setup.store, key, context);
  if (!head) throw new EndpointError('media-not-found');
  return { mediaId: key, provider: setup.id, status: 'ready', ...(await objectDetails(setup, key, head)) };
}

async function objectDetails(
  { options }: Setup,
  key: string,
  { sizeBytes, modifiedAt, headers }: ObjectHead,
): Promise<Pick<MediaDetails, 'sizeBytes' | 'playUrls' | 'createdAt' | 'vendor'>> {
  const url = await callHost('urlFor', () => options.urlFor?.(key));
  return {
    sizeBytes,
    playUrls: url === undefined ? undefined : [{ url, format: formatOf(key) }],
    createdAt: modifiedAt === undefined ? undefined : new Date(modifiedAt).toISOString(),
    vendor: headers,
  };
}
