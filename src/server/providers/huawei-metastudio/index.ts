import type { MediaDetails, PartToSign, SignedRequest, Transfer } from '../../../protocol/index.js';
import {
  audioMaxBytes,
  audioTypes,
  fileContentTypes,
  fileMaxBytes,
  largeFileMaxBytes,
  largeFileMaxParts,
  nameMaxCharacters,
  otherContentType,
  uploadUrlHours,
  videoTypes,
  type CompleteState,
} from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { checkLedger } from '../../ledger.js';
import {
  mediaIdOf,
  type CallContext,
  type Provider,
  type Session,
  type Signed,
  type Started,
  type StartFields,
} from '../../provider.js';
import { defaultRetryPolicy, defaultRetryTools } from '../../retry.js';
import { cleanFileName, cutFileName, splitExtension } from '../../text.js';
import { createMetastudioClient } from './client.js';
import {
  appUserHeaders,
  assetOptionsSchema,
  checkOptions,
  type HuaweiMetastudioOptions,
  type MetastudioAssetOptions,
} from './options.js';
import { stateOf, type HuaweiMetastudioState } from './state.js';
import { toMediaDetails, uploadOutcome, type UploadOutcome } from './status.js';
import { packUrls, unpackUrl } from './urls.js';

export type { HuaweiMetastudioOptions, MetastudioAssetOptions } from './options.js';
export type { HuaweiMetastudioState } from './state.js';

const defaultTimeoutMs = 15_000;
const minLifetimeMs = 30_000;
const defaultPartSizeBytes = 64 * 1024 ** 2;
const minPartSizeBytes = 100 * 1024;
const extensions: readonly string[] = [...videoTypes, ...audioTypes];
const completeStateOf: Readonly<Record<'uploaded' | 'failed' | 'canceled', CompleteState>> = {
  uploaded: 'CREATED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
};

/**
 * Huawei Cloud MetaStudio: a digital asset, then its main file. One PUT up to 5 GiB, which needs the MD5 of the whole
 * file first; above it the listed part URLs. Throws `TypeError` for settings that cannot work.
 *
 * @example
 * huaweiMetastudio({ projectId, region: 'cn-north-4', credentials: { accessKey, secretKey }, autoMetaAnalysis: true });
 */
export function huaweiMetastudio(options: HuaweiMetastudioOptions): Provider<HuaweiMetastudioState> {
  checkOptions(options);
  const {
    id = 'huawei-metastudio',
    projectId,
    region,
    credentials,
    now = Date.now,
    timeoutMs = defaultTimeoutMs,
    retry = {},
    singlePutMaxBytes = fileMaxBytes,
  } = options;
  const client = createMetastudioClient({
    endpoint: options.endpoint ?? `https://metastudio.${region}.myhuaweicloud.com`,
    projectId,
    credentials,
    now,
    timeoutMs,
    headers: (context) => appUserHeaders(options, context),
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  });

  type File = Pick<HuaweiMetastudioState, 'fileName' | 'fileType'> & {
    readonly sizeBytes: number;
    readonly md5Base64: string | undefined;
  };

  /** "Creating a File" or "Creating a Large File", as the main file of the asset. */
  async function openFile(
    assetId: string,
    file: File,
    context: CallContext,
  ): Promise<Started<HuaweiMetastudioState>> {
    const { fileName, fileType, sizeBytes, md5Base64 } = file;
    const fields = {
      file_name: fileName,
      file_type: fileType,
      file_size: sizeBytes,
      asset_id: assetId,
      asset_file_category: 'MAIN',
    };
    const shared = { fileName, fileType, expiresAt: now() + uploadUrlHours * 3_600_000 };
    if (sizeBytes <= singlePutMaxBytes) {
      if (md5Base64 === undefined)
        throw new EndpointError('invalid-request', { detail: 'The MD5 of the whole file is missing.' });
      const { fileId, url } = await client.createFile({ ...fields, file_md5: md5Base64 }, context);
      const state: HuaweiMetastudioState = { kind: 'single', ...shared, fileId, md5Base64, url };
      return {
        mediaId: assetId,
        transfer: { kind: 'single' },
        state,
        signed: requestsOf(state, [{ partNumber: 1, sizeBytes }]),
      };
    }
    const { partSizeBytes, count } = planParts(sizeBytes, options.partSizeBytes);
    const { fileId, urls } = await client.createLargeFile(
      { ...fields, file_multipart_count: count },
      context,
    );
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

  function requestsOf(state: HuaweiMetastudioState, parts: readonly PartToSign[]): SignedRequest[] {
    const expiresInMs = Math.max(0, state.expiresAt - now());
    return parts.map(({ partNumber }) => {
      const url =
        state.kind === 'single'
          ? partNumber === 1
            ? state.url
            : undefined
          : unpackUrl(state.urls, partNumber - 1);
      if (url === undefined)
        throw new EndpointError('invalid-request', { detail: `There is no part ${partNumber}.` });
      return { partNumber, method: 'PUT', url, headers: headersOf(state), expiresInMs };
    });
  }

  function headersOf(state: HuaweiMetastudioState): Record<string, string> {
    if (state.kind === 'single')
      return {
        'Content-Type': fileContentTypes[state.fileType] ?? otherContentType,
        'Content-MD5': state.md5Base64,
      };
    const { partContentType = otherContentType } = options;
    return partContentType === 'none' ? {} : { 'Content-Type': partContentType };
  }

  /** The addresses hold for a day and cannot be renewed: the file is made anew, in a new asset where this one insists on its first file. */
  async function restart(
    session: Session<HuaweiMetastudioState>,
    state: HuaweiMetastudioState,
    context: CallContext,
  ): Promise<Signed<HuaweiMetastudioState>> {
    const { fileName, fileType } = state;
    const file = {
      fileName,
      fileType,
      sizeBytes: session.sizeBytes,
      md5Base64: state.kind === 'single' ? state.md5Base64 : undefined,
    };
    // What cannot be told or deleted need not be: the asset will say whether there is room for another file.
    await client.completeFile(state.fileId, 'CANCELLED', undefined, context).catch(() => undefined);
    await client.deleteFile(state.fileId, context).catch(() => undefined);
    const started = await openFile(mediaIdOf(session), file, context).catch(async (error: unknown) => {
      if (!(error instanceof EndpointError) || error.code !== 'media-state-conflict') throw error;
      return startAsset(
        await client.createAsset(assetFields({ fileName, fileType }, {}), context),
        file,
        context,
      );
    });
    return { outcome: 'restarted', started };
  }

  /** Nobody will hear of an asset whose file could not be made, so it goes at once, even when the browser has gone. */
  async function startAsset(
    assetId: string,
    file: File,
    context: CallContext,
  ): Promise<Started<HuaweiMetastudioState>> {
    try {
      return await openFile(assetId, file, context);
    } catch (error) {
      await client
        .deleteAsset(assetId, { ...context, signal: new AbortController().signal })
        .catch(() => undefined);
      throw error;
    }
  }

  function assetFields(
    { fileName, fileType }: Pick<File, 'fileName' | 'fileType'>,
    perUpload: MetastudioAssetOptions,
  ): Record<string, unknown> {
    const { assetName, assetDescription, tags, systemProperties, supportedService, isNeedGenerateCover } = {
      ...options,
      ...perUpload,
    };
    const isVideo = isVideoType(fileType);
    const fields = {
      asset_name: assetName || splitExtension(fileName).stem.slice(0, nameMaxCharacters),
      asset_type: isVideo ? 'VIDEO' : (options.audioAssetType ?? 'AUDIO'),
      asset_description: assetDescription,
      tags,
      system_properties:
        systemProperties &&
        Object.entries(systemProperties).map(([key, value]) => ({ action: 'ADD', key, value })),
      supported_service: supportedService,
      is_need_generate_cover: isVideo ? isNeedGenerateCover : undefined,
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  async function readOutcome(
    session: Session<HuaweiMetastudioState>,
    context: CallContext,
  ): Promise<UploadOutcome> {
    return uploadOutcome(await client.showAsset(mediaIdOf(session), context), stateOf(session).fileId);
  }

  async function details(
    session: Session<HuaweiMetastudioState>,
    context: CallContext,
  ): Promise<MediaDetails | EndpointError> {
    return toMediaDetails(await client.showAsset(mediaIdOf(session), context), stateOf(session).fileId, id);
  }

  return {
    id,
    capabilities: {
      checksum: 'whole-file',
      singlePutMaxBytes,
      parts: { minSizeBytes: minPartSizeBytes, maxSizeBytes: fileMaxBytes, maxCount: largeFileMaxParts },
      signing: 'ahead',
      maxFileSizeBytes: largeFileMaxBytes,
      extensions: [...extensions],
      canReplace: false,
    },
    options: assetOptionsSchema,
    async start(upload, context) {
      const fileType = fileTypeOf(upload);
      const { sizeBytes, md5Base64 } = upload;
      if (sizeBytes <= singlePutMaxBytes && md5Base64 === undefined) return 'checksum-required';
      const file = {
        fileName: cutFileName(cleanFileName(upload.fileName), nameMaxCharacters),
        fileType,
        sizeBytes,
        md5Base64,
      };
      return startAsset(
        await client.createAsset(assetFields(file, upload.options ?? {}), context),
        file,
        context,
      );
    },
    async sign(session, parts, context) {
      const state = stateOf(session);
      if (state.expiresAt - now() <= minLifetimeMs) return restart(session, state, context);
      return { outcome: 'signed', requests: requestsOf(state, parts) };
    },
    /** The service shows nobody its parts; what was sent is known to the browser alone. */
    list: () => Promise.resolve(undefined),
    complete(session, parts) {
      checkLedger(parts, session.sizeBytes);
      return Promise.resolve({ outcome: 'completed', sizeBytes: session.sizeBytes });
    },
    /** Confirming as failed or cancelled discards what there is. */
    abort: () => Promise.resolve(),
    async confirm(session, end, context) {
      const { fileId } = stateOf(session);
      const wanted: UploadOutcome = end === 'uploaded' ? 'uploaded' : 'ended';
      // Nothing is said of what a repeated call answers: where one may have been heard, the file's own state decides.
      for (let attempt = 1; ; attempt++) {
        try {
          return await client.completeFile(fileId, completeStateOf[end], options.autoMetaAnalysis, context);
        } catch (error) {
          if (
            !(error instanceof EndpointError) ||
            !['vendor-unavailable', 'vendor-refused', 'upload-not-found'].includes(error.code)
          )
            throw error;
          const outcome = await readOutcome(session, context);
          if (outcome === wanted) return;
          if (outcome === 'missing') throw new EndpointError('media-not-found', { cause: error });
          if (outcome !== 'open')
            throw new EndpointError('media-state-conflict', {
              detail: 'The upload of this file was confirmed otherwise.',
              cause: error,
            });
          if (attempt === 2 || error.code === 'vendor-refused') throw error;
        }
      }
    },
    details(sessions, context) {
      const asked = new Map<string, Promise<MediaDetails | EndpointError>>();
      const ask = (session: Session<HuaweiMetastudioState>) =>
        details(session, context).catch((error: unknown) => {
          if (error instanceof EndpointError) return error;
          throw error;
        });
      return Promise.all(
        sessions.map((session) => {
          const question = `${session.mediaId} ${stateOf(session).fileId}`;
          const answer = asked.get(question) ?? ask(session);
          asked.set(question, answer);
          return answer;
        }),
      );
    },
  };
}

/** `file_type`: the extension. Throws `file-refused`. */
function fileTypeOf({ fileName, contentType, sizeBytes }: StartFields): string {
  const extension =
    splitExtension(fileName).extension.slice(1).toLowerCase() ||
    byContentType[contentType.toLowerCase()] ||
    '';
  if (!extensions.includes(extension))
    throw new EndpointError('file-refused', {
      detail: `Files of type ${extension || contentType || 'unknown'} are not taken; these are: ${extensions.join(', ')}.`,
    });
  const maxBytes = isVideoType(extension) ? largeFileMaxBytes : audioMaxBytes;
  if (sizeBytes > maxBytes)
    throw new EndpointError('file-refused', { detail: `Files of this type have at most ${maxBytes} bytes.` });
  return extension;
}

/** What browsers say of files whose names say nothing. */
const byContentType: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mp4': 'm4a',
};

function isVideoType(type: string): boolean {
  return (videoTypes as readonly string[]).includes(type);
}

/** The count is asked for beforehand, so the size of the parts is fixed with it. */
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
