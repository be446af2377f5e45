import type * as v from 'valibot';
import { signing, vodPaths, type ConfirmStatus } from '../../../vendors/huawei-vod.js';
import { encodeRfc3986 } from '../../encoding.js';
import type { EndpointError } from '../../errors.js';
import { exchange, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import {
  repeatIfUnsent,
  repeatTransient,
  withRetry,
  type RetryPolicy,
  type RetryTools,
} from '../../retry.js';
import { authenticate, type HuaweiCredentials } from '../../signing/huawei-credentials.js';
import { vodError } from './errors.js';
import {
  assetInfosSchema,
  authoritySchema,
  confirmedSchema,
  createdSchema,
  readJsonReply,
  updatedSchema,
  type AssetInfo,
  type CreatedAsset,
  type UpdatedAsset,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: HuaweiCredentials;
  readonly authorityVersion: 'v1.0' | 'v1.1';
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
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

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

interface VodCall<T extends v.GenericSchema> {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly reply: T;
  readonly mayRepeat: (error: EndpointError) => boolean;
}

/** The calls to VOD itself, one method each. */
export interface VodClient {
  /** "Creating a Media Asset: Uploading a File". Not idempotent: repeated only when it surely did not arrive. */
  create(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<CreatedAsset>;
  /** "Updating a Video": another video for an asset that has none, a cover, subtitles. Doing it twice does no harm. */
  update(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<UpdatedAsset>;
  /** "Obtaining Authorization for Multipart Upload": the whole URL (v1.1) or the query to splice into one (v1.0). */
  authority(query: AuthorityQuery, context: CallContext): Promise<string>;
  /** "Confirming Media Asset Upload". Not repeated here: what a lost reply means is for the caller to find out. */
  confirm(assetId: string, status: ConfirmStatus, context: CallContext): Promise<void>;
  /** "Querying Media Assets", by up to ten ids. */
  infos(assetIds: readonly string[], context: CallContext): Promise<AssetInfo[]>;
}

export function createVodClient(settings: ClientSettings): VodClient {
  const {
    endpoint,
    projectId,
    credentials,
    authorityVersion,
    fetch,
    now,
    timeoutMs,
    retryPolicy,
    retryTools,
  } = settings;

  async function call<T extends v.GenericSchema>(
    { what, method, path, query = {}, body, reply, mayRepeat }: VodCall<T>,
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const unsigned: VendorRequest = {
      method,
      url: endpoint.replace(/\/+$/, '') + path + queryString(query),
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        [signing.projectHeader]: projectId,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const attempt = async () => {
      const request = await authenticate(unsigned, credentials, new Date(now()));
      const answer = await exchange(request, { fetch, signal: context.signal, timeoutMs, what });
      if (answer.status < 200 || answer.status > 299) throw vodError(answer, what, now());
      return readJsonReply(reply, answer.text, what);
    };
    return withRetry(() => context.limit(attempt), {
      signal: context.signal,
      mayRepeat,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  return {
    create: (body, context) =>
      call(
        {
          what: 'create asset',
          method: 'POST',
          path: vodPaths.asset(projectId),
          body,
          reply: createdSchema,
          mayRepeat: repeatIfUnsent,
        },
        context,
      ),
    update: (body, context) =>
      call(
        {
          what: 'update asset',
          method: 'PUT',
          path: vodPaths.asset(projectId),
          body,
          reply: updatedSchema,
          mayRepeat: repeatTransient,
        },
        context,
      ),
    async authority(query, context) {
      const path = vodPaths.authority(projectId, authorityVersion);
      const what = `authorise ${query.http_verb}`;
      return (
        await call(
          {
            what,
            method: 'GET',
            path,
            query: { ...query },
            reply: authoritySchema,
            mayRepeat: repeatTransient,
          },
          context,
        )
      ).sign_str;
    },
    async confirm(assetId, status, context) {
      const body = { asset_id: assetId, status };
      await call(
        {
          what: `confirm ${status}`,
          method: 'POST',
          path: vodPaths.confirm(projectId),
          body,
          reply: confirmedSchema,
          mayRepeat: repeatIfUnsent,
        },
        context,
      );
    },
    async infos(assetIds, context) {
      const query = { asset_id: assetIds };
      const { asset_info_array } = await call(
        {
          what: 'query assets',
          method: 'GET',
          path: vodPaths.info(projectId),
          query,
          reply: assetInfosSchema,
          mayRepeat: repeatTransient,
        },
        context,
      );
      return asset_info_array ?? [];
    },
  };
}

/** Lists repeat their name. Everything is encoded as the signature wants it, so that the sent and the signed query are one. */
function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}=${encodeRfc3986(String(one))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
