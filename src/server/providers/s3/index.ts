import { maxPartSizeBytes, minPartSizeBytes } from '../../../vendors/s3.js';
import { EndpointError } from '../../errors.js';
import { callHost } from '../../host-hooks.js';
import { detailsOneByOne } from '../../kit/session.js';
import { transcodes } from '../../kit/transcodes.js';
import type { CallContext, Provider, Session } from '../../provider.js';
import { lookUp, mediaDetails } from './details.js';
import { checkOptions, type S3Options } from './options.js';
import { setUp, type Setup } from './setup.js';
import { stateOf, type S3State } from './state.js';
import { headObject } from './store.js';
import { discardUnfinished, listUnfinished, probe, unfinishedUploads } from './unfinished.js';
import { abort, complete, sign, start } from './upload.js';

export type { S3Credentials, S3Keys } from './credentials.js';
export type { S3Options, UploadedObject } from './options.js';
export { s3Stores, type S3Preset } from './presets.js';
export type { S3State } from './state.js';

/**
 * Amazon S3, and every store with its API: one presigned PUT up to `singlePutMaxBytes`, presigned parts above. There is
 * no media service behind it: an object that is there whole is `ready`, and its key is the `mediaId`.
 * Throws `TypeError` for settings that cannot work.
 *
 * The bucket's CORS rule has to allow PUT from the pages' origin with the headers `content-type` and `content-md5`, and
 * `x-amz-acl` where an ACL is sent (see `acl`). `s3Stores` has the settings of known stores.
 *
 * @example
 * s3({ bucket: 'videos', region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey } });
 */
export function s3(options: S3Options): Provider<S3State> {
  checkOptions(options);
  const setup = setUp(options);
  return {
    id: setup.id,
    capabilities: capabilitiesOf(setup),
    start: (upload, context) => start(setup, upload, context),
    sign: (session, parts, context) => sign(setup, session, parts, context),
    async list(session, context) {
      const state = stateOf(session);
      if (state.kind === 'single') return [];
      if (!setup.listsParts) return undefined;
      return setup.store.list({ target: state.key, uploadId: state.uploadId }, context);
    },
    complete: (session, parts, { isRepeat }, context) =>
      complete(setup, session, { parts, isRepeat }, context),
    abort: (session, context) => abort(setup, session, context),
    async confirm(session, status, context) {
      if (status === 'uploaded') await tellHost(setup, session, context);
    },
    probe: (context) => probe(setup, context),
    listUnfinished: (before, context) => listUnfinished(setup, before, context),
    discardUnfinished: (upload, context) => discardUnfinished(setup, upload, context),
    unfinishedUploads: (context) => unfinishedUploads(setup, context),
    details: (sessions, context) =>
      detailsOneByOne(
        sessions,
        ({ mediaId, state }) => JSON.stringify([mediaId, state]),
        (session) => mediaDetails(setup, session, context),
      ),
    lookUp: (key, context) => lookUp(setup, key, context),
  };
}

function capabilitiesOf({
  singlePutMaxBytes,
  maxFileSizeBytes,
  maxPartCount,
  listsParts,
  signsBeforeHash,
  extensions,
  addressOf,
  options,
}: Setup): Provider['capabilities'] {
  return {
    checksum: 'none',
    singlePutMaxBytes,
    parts: {
      minSizeBytes: minPartSizeBytes,
      maxSizeBytes: maxPartSizeBytes,
      maxCount: maxPartCount,
      areListed: listsParts,
    },
    signing: 'ahead',
    signsBeforeHash: signsBeforeHash || undefined,
    stores: [addressOf('').origin],
    maxFileSizeBytes,
    extensions: extensions === 'any' ? undefined : [...extensions],
    canReplace: false,
    transcodes: transcodes(options),
  };
}

/** Calls the host's `onUploaded`: there is no media service to confirm to. */
async function tellHost(
  { options: { bucket, onUploaded }, store }: Setup,
  session: Session<S3State>,
  context: CallContext,
): Promise<void> {
  if (!onUploaded) return;
  const { key } = stateOf(session);
  const head = await headObject(store, key, context);
  if (!head) throw new EndpointError('media-not-found', { detail: 'The object is not there.' });
  const { sizeBytes, eTag, contentType } = head;
  const { fileName } = session;
  const { caller } = context;
  await callHost('onUploaded', () =>
    onUploaded({ bucket, key, sizeBytes, eTag, contentType, fileName, caller }),
  );
}
