import type { Attachment } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { checkFileSize } from '../../kit/session.js';
import type { CallContext, Session, Started, StartFields, StartUpload } from '../../provider.js';
import { applyFields, type ApplyFields } from './apply-fields.js';
import { coverTypeOf, mediaTypeOf, objectContentType } from './file-type.js';
import { checkDefaults, defaultsFor, type UploadOptions } from './options.js';
import type { Setup } from './setup.js';
import { isMultipart, type TencentVodState } from './state.js';
import { coverState, maxFileSizeBytes, multipartTransfer, signCover, signPart } from './transfer.js';
import type { AppliedUpload } from './wire.js';

/** Applies for the upload and opens the transfer to the place that the service assigns. */
export async function start(
  setup: Setup,
  upload: StartUpload,
  context: CallContext,
): Promise<Started<TencentVodState>> {
  const mediaType = mediaTypeOf(upload);
  checkFileSize(upload, maxFileSizeBytes);
  const cover = upload.attachments?.find(({ kind }) => kind === 'cover');
  const coverType = cover && coverTypeOf(cover.fileName, cover.contentType);
  const fields = applyFields(upload, { mediaType, coverType }, optionsOf(setup, upload));
  const { sizeBytes, md5Base64 } = upload;
  const started = await apply(setup, { fields, sizeBytes, cover }, context);
  if (started.transfer.kind === 'multipart' || md5Base64 === undefined) return started;
  return {
    ...started,
    signed: [signPart(started.state, { partNumber: 1, sizeBytes, md5Base64 }, setup.addressing)],
  };
}

/** Defaults of the endpoint, then what the page was allowed to set. */
export function optionsOf({ schema, options }: Setup, upload: StartFields): UploadOptions {
  return {
    ...checkDefaults(schema, defaultsFor(upload, options)),
    ...(upload.options as UploadOptions | undefined),
  };
}

interface UploadRequest {
  readonly fields: ApplyFields;
  readonly sizeBytes: number;
  readonly cover: Attachment | undefined;
}

async function apply(
  setup: Setup,
  { fields, sizeBytes, cover }: UploadRequest,
  context: CallContext,
): Promise<Started<TencentVodState>> {
  const applied = await setup.vod.apply(fields, context);
  const { CoverStoragePath, VodSessionKey: sessionKey } = applied;
  if (cover && !CoverStoragePath)
    throw new EndpointError('vendor-invalid-reply', {
      detail: 'ApplyUpload: no place for the cover in the answer',
    });
  const address = addressOf(applied, fields);
  const uploadId =
    sizeBytes <= setup.singlePutMaxBytes
      ? undefined
      : await setup.store.initiate(address, { 'Content-Type': address.contentType }, context);
  const state: TencentVodState = {
    ...address,
    sessionKey,
    applied: fields,
    uploadId,
    cover: cover && CoverStoragePath ? coverState(rooted(CoverStoragePath), cover) : undefined,
    subAppId: typeof fields['SubAppId'] === 'number' ? fields['SubAppId'] : undefined,
  };
  return {
    transfer: uploadId === undefined ? { kind: 'single' } : multipartTransfer(state, setup.addressing),
    state,
    attachments: state.cover && [signCover(state, state.cover, setup.addressing)],
  };
}

function addressOf(applied: AppliedUpload, fields: ApplyFields) {
  const { SecretId: secretId, SecretKey: secretKey, Token: token, ExpiredTime } = applied.TempCertificate;
  return {
    bucket: applied.StorageBucket,
    region: applied.StorageRegion,
    path: rooted(applied.MediaStoragePath),
    contentType: objectContentType(String(fields['MediaType'])),
    certificate: { secretId, secretKey, token, expiresAt: ExpiredTime },
  };
}

/** Another object, under a new certificate; what was stored under the old one is discarded while that is possible. */
export async function restart(
  setup: Setup,
  { sizeBytes }: Session<TencentVodState>,
  state: TencentVodState,
  context: CallContext,
): Promise<Started<TencentVodState>> {
  if (isMultipart(state) && state.certificate.expiresAt * 1000 > setup.now())
    await setup.store.abort({ target: state, uploadId: state.uploadId }, context).catch(() => undefined);
  const cover: Attachment | undefined = state.cover && {
    ...state.cover,
    kind: 'cover',
    fileName: state.cover.attachmentId,
  };
  return apply(setup, { fields: state.applied, sizeBytes, cover }, context);
}

/** With a leading slash, as every example has it; the path is signed as it stands. */
function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
