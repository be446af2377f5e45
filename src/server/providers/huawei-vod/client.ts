import type * as v from 'valibot';
import { signing, vodPaths, type ConfirmStatus } from '../../../vendors/huawei-vod.js';
import { encodeRfc3986 } from '../../encoding.js';
import type { EndpointError } from '../../errors.js';
import type { VendorRequest } from '../../http.js';
import { createCaller, type CallSettings } from '../../kit/call.js';
import { readJsonReply } from '../../kit/reply.js';
import type { CallContext } from '../../provider.js';
import { repeatIfUnsent } from '../../retry.js';
import { authenticate, type HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { assetInfosSchema, type AssetInfo } from './details.js';
import { vodError } from './errors.js';
import {
  authoritySchema,
  confirmedSchema,
  deletedSchema,
  createdSchema,
  nothingSchema,
  pulledAssetsSchema,
  updatedSchema,
  type CreatedAsset,
  type PulledAsset,
  type UpdatedAsset,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: HuaweiCredentials;
  readonly authorityVersion: 'v1.0' | 'v1.1';
}

/** Query of "Obtaining Authorization for Multipart Upload". Which operation is meant follows from verb, `upload_id` and `part_number`. */
export interface AuthorityQuery {
  readonly http_verb: 'POST' | 'PUT' | 'GET' | 'DELETE';
  readonly bucket: string;
  readonly object_key: string;
  readonly content_type?: string;
  readonly content_md5?: string;
  readonly upload_id?: string;
  readonly part_number?: number;
}

/** The most assets of one page. */
export const infoMaxPage = 100;

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

interface VodCall<T extends v.GenericSchema> {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly reply: T;
  readonly mayRepeat?: (error: EndpointError) => boolean;
}

/** The calls to VOD itself, one method each. */
export interface VodClient {
  /** "Creating a Media Asset: Uploading a File". Not idempotent: repeated only when it certainly did not arrive. */
  create(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<CreatedAsset>;
  /** "Updating a Video": another video for an asset that has none, a cover, subtitles. Idempotent. */
  update(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<UpdatedAsset>;
  /** "Modifying Media Asset Attributes": title, description, tags. Answers 204, without a body. */
  updateMeta(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<void>;
  /** "Obtaining Authorization for Multipart Upload": the whole URL (v1.1) or the query to append to one (v1.0). */
  authority(query: AuthorityQuery, context: CallContext): Promise<string>;
  /** "Confirming Media Asset Upload". Not repeated here: the caller finds out what a lost reply means. */
  confirm(assetId: string, status: ConfirmStatus, context: CallContext): Promise<void>;
  /** "Querying Media Assets", by up to ten ids. */
  infos(assetIds: readonly string[], context: CallContext): Promise<AssetInfo[]>;
  /** "Querying Media Assets", by status and time: one page of a hundred, from 0. */
  creating(page: number, endTime: string, context: CallContext): Promise<AssetInfo[]>;
  /** "upload_by_url", up to sixteen. Not idempotent: repeated only when it certainly did not arrive. */
  pull(items: readonly Readonly<Record<string, unknown>>[], context: CallContext): Promise<PulledAsset[]>;
  /** "Querying Media Assets", by words of the title, of those made since then: one page of a hundred. */
  titled(title: string, startTime: string, context: CallContext): Promise<AssetInfo[]>;
  /** "Deleting Media Assets"; assets in transcoding cannot be deleted, and the answer says so without an error. */
  remove(assetId: string, context: CallContext): Promise<void>;
}

interface Calls {
  readonly call: <T extends v.GenericSchema>(
    call: VodCall<T>,
    context: CallContext,
  ) => Promise<v.InferOutput<T>>;
  readonly listed: (what: string, query: Query, context: CallContext) => Promise<AssetInfo[]>;
}

/** What concerns assets that the service pulls from links. */
function pullCalls(projectId: string, { call, listed }: Calls): Pick<VodClient, 'pull' | 'titled'> {
  return {
    async pull(items, context) {
      const { upload_assets: pulled } = await call(
        {
          what: 'upload by URL',
          method: 'POST',
          path: vodPaths.pull(projectId),
          body: { upload_metadatas: items },
          reply: pulledAssetsSchema,
          mayRepeat: repeatIfUnsent,
        },
        context,
      );
      return pulled;
    },
    titled: (title, startTime, context) =>
      listed(
        'find assets',
        { query_string: title, start_time: startTime, page: 0, size: infoMaxPage },
        context,
      ),
  };
}

export function createVodClient(client: ClientSettings, settings: CallSettings): VodClient {
  const { projectId, authorityVersion } = client;
  const caller = createCaller(settings);

  function call<T extends v.GenericSchema>(
    { what, reply, mayRepeat, ...rest }: VodCall<T>,
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const unsigned = vendorRequest(rest, client);
    return caller(
      {
        what,
        request: () => authenticate(unsigned, client.credentials, new Date(settings.now())),
        read(answer): v.InferOutput<T> {
          if (answer.status < 200 || answer.status > 299) throw vodError(answer, what, settings.now());
          return readJsonReply(reply, answer.status === 204 ? '{}' : answer.text, what);
        },
        mayRepeat,
      },
      context,
    );
  }

  async function listed(what: string, query: Query, context: CallContext): Promise<AssetInfo[]> {
    const request = { what, method: 'GET', path: vodPaths.info(projectId), query, reply: assetInfosSchema };
    return (await call(request, context)).asset_info_array ?? [];
  }

  const asset = { path: vodPaths.asset(projectId) };
  return {
    ...pullCalls(projectId, { call, listed }),
    create: (body, context) =>
      call(
        {
          ...asset,
          what: 'create asset',
          method: 'POST',
          body,
          reply: createdSchema,
          mayRepeat: repeatIfUnsent,
        },
        context,
      ),
    update: (body, context) =>
      call({ ...asset, what: 'update asset', method: 'PUT', body, reply: updatedSchema }, context),
    async updateMeta(body, context) {
      const path = vodPaths.info(projectId);
      await call({ what: 'update asset meta', method: 'PUT', path, body, reply: nothingSchema }, context);
    },
    async authority(query, context) {
      const path = vodPaths.authority(projectId, authorityVersion);
      const what = `authorise ${query.http_verb}`;
      const { sign_str } = await call(
        { what, method: 'GET', path, query: { ...query }, reply: authoritySchema },
        context,
      );
      return sign_str;
    },
    async confirm(assetId, status, context) {
      const path = vodPaths.confirm(projectId);
      const body = { asset_id: assetId, status };
      const what = `confirm ${status}`;
      await call(
        { what, method: 'POST', path, body, reply: confirmedSchema, mayRepeat: repeatIfUnsent },
        context,
      );
    },
    infos: (assetIds, context) => listed('query assets', { asset_id: assetIds }, context),
    creating: (page, endTime, context) =>
      listed('list assets', { status: ['CREATING'], end_time: endTime, page, size: infoMaxPage }, context),
    async remove(assetId, context) {
      const path = vodPaths.asset(projectId);
      const query = { asset_id: [assetId] };
      await call({ what: 'delete asset', method: 'DELETE', path, query, reply: deletedSchema }, context);
    },
  };
}

function vendorRequest(
  { method, path, query = {}, body }: Pick<VodCall<v.GenericSchema>, 'method' | 'path' | 'query' | 'body'>,
  { endpoint, projectId }: ClientSettings,
): VendorRequest {
  return {
    method,
    url: endpoint.replace(/\/+$/, '') + path + queryString(query),
    // All headers that are there as a key are signed.
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      [signing.projectHeader]: projectId,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** Lists repeat their name. Everything is encoded as the signature wants it, so that the sent and the signed query are one. */
function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}=${encodeRfc3986(String(one))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
