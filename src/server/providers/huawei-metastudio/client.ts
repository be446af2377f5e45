import type * as v from 'valibot';
import { metastudioPaths, type CompleteState } from '../../../vendors/huawei-metastudio.js';
import type { EndpointError } from '../../errors.js';
import type { VendorReply, VendorRequest } from '../../http.js';
import { createCaller, type CallSettings } from '../../kit/call.js';
import { readJsonReply } from '../../kit/reply.js';
import type { CallContext } from '../../provider.js';
import { repeatIfUnsent } from '../../retry.js';
import { authenticate, type HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { assetListSchema, assetSchema, type Asset } from './details.js';
import { metastudioError } from './errors.js';
import { assetCreatedSchema, fileCreatedSchema, largeFileCreatedSchema } from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: HuaweiCredentials;
  readonly headers: (context: CallContext) => Record<string, string>;
}

/** The most assets of one page. */
export const listMaxAssets = 100;

type Fields = Readonly<Record<string, unknown>>;

interface MetastudioCall {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: Fields;
  readonly mayRepeat?: (error: EndpointError) => boolean;
}

/** The calls to MetaStudio, one method each. Calls that create are repeated only when they certainly did not arrive. */
export interface MetastudioClient {
  createAsset(fields: Fields, context: CallContext): Promise<string>;
  createFile(fields: Fields, context: CallContext): Promise<{ fileId: string; url: string }>;
  createLargeFile(fields: Fields, context: CallContext): Promise<{ fileId: string; urls: string[] }>;
  /** "Confirming the Upload of a File". Not repeated here: the caller finds out what a lost reply means. */
  completeFile(
    fileId: string,
    end: { readonly state: CompleteState; readonly autoMetaAnalysis?: boolean | undefined },
    context: CallContext,
  ): Promise<void>;
  /** "Querying the Asset List": one page of assets that wait for their main file, oldest first. */
  creating(offset: number, endTime: string, context: CallContext): Promise<Asset[]>;
  showAsset(assetId: string, context: CallContext): Promise<Asset>;
  deleteFile(fileId: string, context: CallContext): Promise<void>;
  deleteAsset(assetId: string, context: CallContext): Promise<void>;
}

export function createMetastudioClient(client: ClientSettings, settings: CallSettings): MetastudioClient {
  const { projectId } = client;
  const caller = createCaller(settings);

  function call({ what, mayRepeat, ...request }: MetastudioCall, context: CallContext): Promise<VendorReply> {
    const unsigned = vendorRequest(request, client, context);
    return caller(
      {
        what,
        request: () => authenticate(unsigned, client.credentials, new Date(settings.now())),
        read(reply) {
          if (reply.status < 200 || reply.status > 299) throw metastudioError(reply, what, settings.now());
          return reply;
        },
        mayRepeat,
      },
      context,
    );
  }

  async function create<T extends v.GenericSchema>(
    { schema, ...request }: { what: string; path: string; body: Fields; schema: T },
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const { text } = await call({ ...request, method: 'POST', mayRepeat: repeatIfUnsent }, context);
    return readJsonReply(schema, text, request.what);
  }

  return {
    async createAsset(body, context) {
      const path = metastudioPaths.assets(projectId);
      const created = await create({ what: 'create asset', path, body, schema: assetCreatedSchema }, context);
      return created.asset_id;
    },
    async createFile(body, context) {
      const path = metastudioPaths.files(projectId);
      const created = await create({ what: 'create file', path, body, schema: fileCreatedSchema }, context);
      return { fileId: created.file_id, url: created.upload_url };
    },
    async createLargeFile(body, context) {
      const path = metastudioPaths.largeFiles(projectId);
      const what = 'create large file';
      const created = await create({ what, path, body, schema: largeFileCreatedSchema }, context);
      return { fileId: created.file_id, urls: created.upload_urls };
    },
    async completeFile(fileId, { state, autoMetaAnalysis }, context) {
      const path = metastudioPaths.complete(projectId, fileId);
      const body = { state, auto_meta_analysis: state === 'CREATED' ? autoMetaAnalysis : undefined };
      const what = `complete file ${state}`;
      await call({ what, method: 'POST', path, body, mayRepeat: repeatIfUnsent }, context);
    },
    async creating(offset, endTime, context) {
      const what = 'list assets';
      const path = `${metastudioPaths.assets(projectId)}?${creatingQuery(offset, endTime)}`;
      const { text } = await call({ what, method: 'GET', path }, context);
      return readJsonReply(assetListSchema, text, what).assets ?? [];
    },
    async showAsset(assetId, context) {
      const what = 'show asset';
      const path = metastudioPaths.asset(projectId, encodeURIComponent(assetId));
      const { text } = await call({ what, method: 'GET', path }, context);
      return readJsonReply(assetSchema, text, what);
    },
    async deleteFile(fileId, context) {
      const path = metastudioPaths.file(projectId, fileId);
      await call({ what: 'delete file', method: 'DELETE', path }, context);
    },
    async deleteAsset(assetId, context) {
      const path = metastudioPaths.asset(projectId, assetId);
      await call({ what: 'delete asset', method: 'DELETE', path }, context);
    },
  };
}

function creatingQuery(offset: number, endTime: string): string {
  const page = { limit: String(listMaxAssets), offset: String(offset) };
  const order = { sort_key: 'create_time', sort_dir: 'asc' };
  const which = { asset_state: 'CREATING', asset_source: 'CUSTOMIZATION', end_time: endTime };
  return new URLSearchParams({ ...which, ...order, ...page }).toString();
}

function vendorRequest(
  { method, path, body }: Omit<MetastudioCall, 'what'>,
  { endpoint, projectId, headers }: ClientSettings,
  context: CallContext,
): VendorRequest {
  return {
    method,
    url: endpoint.replace(/\/+$/, '') + path,
    // All headers that are there as a key are signed.
    headers: {
      ...(body && { 'Content-Type': 'application/json' }),
      'X-Project-Id': projectId,
      ...headers(context),
    },
    body: body && JSON.stringify(body),
  };
}
