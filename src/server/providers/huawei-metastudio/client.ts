import { metastudioPaths, type CompleteState } from '../../../vendors/huawei-metastudio.js';
import type { EndpointError } from '../../errors.js';
import { exchange, type VendorReply, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import {
  repeatIfUnsent,
  repeatTransient,
  withRetry,
  type RetryPolicy,
  type RetryTools,
} from '../../retry.js';
import { authenticate, type HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { metastudioError } from './errors.js';
import {
  assetCreatedSchema,
  assetSchema,
  fileCreatedSchema,
  largeFileCreatedSchema,
  readJsonReply,
  type Asset,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: HuaweiCredentials;
  readonly headers: (context: CallContext) => Record<string, string>;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

type Fields = Readonly<Record<string, unknown>>;

/** The calls to MetaStudio, one method each. What creates is repeated only when it surely did not arrive. */
export interface MetastudioClient {
  createAsset(fields: Fields, context: CallContext): Promise<string>;
  createFile(fields: Fields, context: CallContext): Promise<{ fileId: string; url: string }>;
  createLargeFile(fields: Fields, context: CallContext): Promise<{ fileId: string; urls: string[] }>;
  /** "Confirming the Upload of a File". Not repeated here: what a lost reply means is for the caller to find out. */
  completeFile(
    fileId: string,
    state: CompleteState,
    autoMetaAnalysis: boolean | undefined,
    context: CallContext,
  ): Promise<void>;
  showAsset(assetId: string, context: CallContext): Promise<Asset>;
  deleteFile(fileId: string, context: CallContext): Promise<void>;
  deleteAsset(assetId: string, context: CallContext): Promise<void>;
}

export function createMetastudioClient(settings: ClientSettings): MetastudioClient {
  const { endpoint, projectId, credentials, fetch, now, timeoutMs, retryPolicy, retryTools } = settings;

  function call(
    what: string,
    method: string,
    path: string,
    body: Fields | undefined,
    mayRepeat: (error: EndpointError) => boolean,
    context: CallContext,
  ): Promise<VendorReply> {
    const unsigned: VendorRequest = {
      method,
      url: endpoint.replace(/\/+$/, '') + path,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        'X-Project-Id': projectId,
        ...settings.headers(context),
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const attempt = async () => {
      const request = await authenticate(unsigned, credentials, new Date(now()));
      const reply = await exchange(request, { fetch, signal: context.signal, timeoutMs, what });
      if (reply.status < 200 || reply.status > 299) throw metastudioError(reply, what, now());
      return reply;
    };
    return withRetry(() => context.limit(attempt), {
      signal: context.signal,
      mayRepeat,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  return {
    async createAsset(fields, context) {
      const what = 'create asset';
      const { text } = await call(
        what,
        'POST',
        metastudioPaths.assets(projectId),
        fields,
        repeatIfUnsent,
        context,
      );
      return readJsonReply(assetCreatedSchema, text, what).asset_id;
    },
    async createFile(fields, context) {
      const what = 'create file';
      const { text } = await call(
        what,
        'POST',
        metastudioPaths.files(projectId),
        fields,
        repeatIfUnsent,
        context,
      );
      const { file_id, upload_url } = readJsonReply(fileCreatedSchema, text, what);
      return { fileId: file_id, url: upload_url };
    },
    async createLargeFile(fields, context) {
      const what = 'create large file';
      const { text } = await call(
        what,
        'POST',
        metastudioPaths.largeFiles(projectId),
        fields,
        repeatIfUnsent,
        context,
      );
      const { file_id, upload_urls } = readJsonReply(largeFileCreatedSchema, text, what);
      return { fileId: file_id, urls: upload_urls };
    },
    async completeFile(fileId, state, autoMetaAnalysis, context) {
      const body = {
        state,
        ...(autoMetaAnalysis !== undefined &&
          state === 'CREATED' && { auto_meta_analysis: autoMetaAnalysis }),
      };
      await call(
        `complete file ${state}`,
        'POST',
        metastudioPaths.complete(projectId, fileId),
        body,
        repeatIfUnsent,
        context,
      );
    },
    async showAsset(assetId, context) {
      const what = 'show asset';
      const { text } = await call(
        what,
        'GET',
        metastudioPaths.asset(projectId, encodeURIComponent(assetId)),
        undefined,
        repeatTransient,
        context,
      );
      return readJsonReply(assetSchema, text, what);
    },
    async deleteFile(fileId, context) {
      await call(
        'delete file',
        'DELETE',
        metastudioPaths.file(projectId, fileId),
        undefined,
        repeatTransient,
        context,
      );
    },
    async deleteAsset(assetId, context) {
      await call(
        'delete asset',
        'DELETE',
        metastudioPaths.asset(projectId, assetId),
        undefined,
        repeatTransient,
        context,
      );
    },
  };
}
