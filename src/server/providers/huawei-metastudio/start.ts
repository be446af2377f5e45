import type { PartToSign, SignedRequest, Transfer } from '../../../protocol/index.js';
import {
  fileContentTypes,
  largeFileMaxParts,
  nameMaxCharacters,
  otherContentType,
  uploadUrlHours,
} from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { mediaIdOf, type CallContext, type Session, type Started, type StartUpload } from '../../provider.js';
import { cleanFileName, cutFileName } from '../../text.js';
import { assetFields } from './asset-fields.js';
import { uploadOutcome } from './details.js';
import { fileTypeOf } from './file-type.js';
import type { Setup } from './setup.js';
import { stateOf, type HuaweiMetastudioState } from './state.js';
import { packUrls, unpackUrl } from './urls.js';

const defaultPartSizeBytes = 64 * 1024 ** 2;
export const minPartSizeBytes = 100 * 1024;

/** The main file of an asset. */
interface MainFile extends Pick<HuaweiMetastudioState, 'fileName' | 'fileType'> {
  readonly sizeBytes: number;
  readonly md5Base64: string | undefined;
}

export async function start(
  setup: Setup,
  upload: StartUpload,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState> | 'checksum-required'> {
  const fileType = fileTypeOf(upload);
  const { sizeBytes, md5Base64 } = upload;
  if (sizeBytes <= setup.singlePutMaxBytes && md5Base64 === undefined) return 'checksum-required';
  const fileName = cutFileName(cleanFileName(upload.fileName), nameMaxCharacters);
  const file = { fileName, fileType, sizeBytes, md5Base64 };
  const fields = assetFields(file, setup.options, upload.options ?? {});
  return startInAsset(setup, await setup.client.createAsset(fields, context), file, context);
}

/** The browser never learns of an asset whose file could not be created, so it is deleted at once, even after a disconnect. */
async function startInAsset(
  setup: Setup,
  assetId: string,
  file: MainFile,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState>> {
  try {
    return await createMainFile(setup, assetId, file, context);
  } catch (error) {
    const { signal } = new AbortController();
    await setup.client.deleteAsset(assetId, { ...context, signal }).catch(() => undefined);
    throw error;
  }
}

/** "Creating a File" or "Creating a Large File", as the main file of the asset. */
function createMainFile(
  setup: Setup,
  assetId: string,
  file: MainFile,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState>> {
  return file.sizeBytes <= setup.singlePutMaxBytes
    ? createSingle(setup, assetId, file, context)
    : createParts(setup, assetId, file, context);
}

async function createSingle(
  setup: Setup,
  assetId: string,
  file: MainFile,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState>> {
  const { sizeBytes, md5Base64 } = file;
  if (md5Base64 === undefined)
    throw new EndpointError('invalid-request', { detail: 'The MD5 of the whole file is missing.' });
  const shared = sharedState(setup, file);
  const fields = { ...fileFields(assetId, file), file_md5: md5Base64 };
  const { fileId, url } = await setup.client.createFile(fields, context);
  const state: HuaweiMetastudioState = { kind: 'single', ...shared, fileId, md5Base64, url };
  const signed = signParts(setup, state, [{ partNumber: 1, sizeBytes }]);
  return { mediaId: assetId, transfer: { kind: 'single' }, state, signed };
}

async function createParts(
  setup: Setup,
  assetId: string,
  file: MainFile,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState>> {
  const shared = sharedState(setup, file);
  const { partSizeBytes, count } = planParts(file.sizeBytes, setup.options.partSizeBytes);
  const fields = { ...fileFields(assetId, file), file_multipart_count: count };
  const { fileId, urls } = await setup.client.createLargeFile(fields, context);
  if (urls.length !== count)
    throw new EndpointError('vendor-invalid-reply', {
      detail: `create large file: ${urls.length} addresses for ${count} parts`,
    });
  const transfer: Transfer = {
    kind: 'multipart',
    minPartSizeBytes: partSizeBytes,
    maxPartSizeBytes: partSizeBytes,
    maxPartCount: count,
    partSizeBytes,
  };
  return {
    mediaId: assetId,
    transfer,
    state: { kind: 'multipart', ...shared, fileId, urls: packUrls(urls) },
  };
}

function fileFields(assetId: string, { fileName, fileType, sizeBytes }: MainFile) {
  return {
    file_name: fileName,
    file_type: fileType,
    file_size: sizeBytes,
    asset_id: assetId,
    asset_file_category: 'MAIN',
  };
}

function sharedState({ now }: Setup, { fileName, fileType }: MainFile) {
  return { fileName, fileType, expiresAt: now() + uploadUrlHours * 3_600_000 };
}

/** The count is sent beforehand, so the size of the parts is fixed with it. */
function planParts(
  sizeBytes: number,
  wantedSizeBytes = defaultPartSizeBytes,
): { partSizeBytes: number; count: number } {
  const wanted = Math.min(
    largeFileMaxParts,
    Math.max(1, Math.ceil(sizeBytes / Math.max(wantedSizeBytes, minPartSizeBytes))),
  );
  const partSizeBytes = Math.ceil(sizeBytes / wanted);
  return { partSizeBytes, count: Math.ceil(sizeBytes / partSizeBytes) };
}

export function signParts(
  { now, options }: Setup,
  state: HuaweiMetastudioState,
  parts: readonly PartToSign[],
): SignedRequest[] {
  const expiresInMs = Math.max(0, state.expiresAt - now());
  const headers = headersOf(state, options.partContentType);
  return parts.map(({ partNumber }) => {
    const url = urlOf(state, partNumber);
    if (url === undefined)
      throw new EndpointError('invalid-request', { detail: `There is no part ${partNumber}.` });
    return { partNumber, method: 'PUT', url, headers, expiresInMs };
  });
}

function urlOf(state: HuaweiMetastudioState, partNumber: number): string | undefined {
  if (state.kind === 'multipart') return unpackUrl(state.urls, partNumber - 1);
  return partNumber === 1 ? state.url : undefined;
}

function headersOf(
  state: HuaweiMetastudioState,
  partContentType: string = otherContentType,
): Record<string, string> {
  if (state.kind === 'single')
    return {
      'Content-Type': fileContentTypes[state.fileType] ?? otherContentType,
      'Content-MD5': state.md5Base64,
    };
  return partContentType === 'none' ? {} : { 'Content-Type': partContentType };
}

/**
 * The URLs are valid for a day and cannot be renewed: the file is created again, in a new asset where this one accepts
 * only its first file.
 */
export async function restart(
  setup: Setup,
  session: Session<HuaweiMetastudioState>,
  context: CallContext,
): Promise<Started<HuaweiMetastudioState>> {
  const { client, options } = setup;
  const { sizeBytes } = session;
  const state = stateOf(session);
  // The file of an upload that has ended is not to be touched: it would be deleted below.
  const outcome = uploadOutcome(await client.showAsset(mediaIdOf(session), context), state.fileId);
  if (outcome === 'uploaded')
    throw new EndpointError('media-state-conflict', {
      detail: 'The upload of this file was confirmed already.',
    });
  const { fileId, fileName, fileType } = state;
  const md5Base64 = state.kind === 'single' ? state.md5Base64 : undefined;
  const file = { fileName, fileType, sizeBytes, md5Base64 };
  // A failure of either is ignored: the asset says whether there is room for another file.
  await client.completeFile(fileId, { state: 'CANCELLED' }, context).catch(() => undefined);
  await client.deleteFile(fileId, context).catch(() => undefined);
  try {
    return await createMainFile(setup, mediaIdOf(session), file, context);
  } catch (error) {
    if (!hasProblem(error, 'media-state-conflict')) throw error;
    const assetId = await client.createAsset(assetFields(file, options, {}), context);
    return startInAsset(setup, assetId, file, context);
  }
}
