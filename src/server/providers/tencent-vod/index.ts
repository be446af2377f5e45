import type { Attachment, MediaDetails } from '../../../protocol/index.js';
import { intlHost, mainlandHost, maxFileIds, maxPutBytes } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { checkLedger } from '../../ledger.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext, Completed, Provider, Session, Started, StartFields } from '../../provider.js';
import { defaultRetryPolicy, defaultRetryTools } from '../../retry.js';
import { createVodClient, type VodClient } from './client.js';
import { createCosClient, type CosClient } from './cos.js';
import { coverContentTypes, coverTypeOf, mediaTypeOf, mediaTypes, objectContentType } from './file-type.js';
import { defaultsFor, type TencentVodOptions } from './options.js';
import { isSpent, type CosAddressing } from './presign.js';
import { stateOf, type TencentVodState } from './state.js';
import { toMediaDetails } from './status.js';
import { coverState, isMultipart, joinParts, maxFileSizeBytes, multipartTransfer, partLimits, signCover, signPart } from './transfer.js';
import { applyFields, checkDefaults, uploadOptionsSchema, type ApplyFields, type UploadOptions } from './upload-options.js';

export type { TencentVodOptions } from './options.js';
export type { TencentVodState } from './state.js';
export type { UploadOptions as TencentUploadOptions } from './upload-options.js';

const defaultTimeoutMs = 15_000;
const defaultUrlLifetimeMs = 3_600_000;
const defaultSinglePutMaxBytes = 16 * 1024 * 1024;
const defaultCosOrigin = 'https://{bucket}.cos.{region}.myqcloud.com';

/**
 * Tencent Cloud VOD: ApplyUpload, one PUT or parts to COS under the temporary certificate that it gives, CommitUpload.
 * The media id is known only after the commit.
 *
 * The certificate lives two hours at the most and cannot be renewed: applying again gives another place in the store.
 * An upload that outlasts it is begun anew, and so is its cover. The vendor has no call that tells an upload failed or
 * was given up: the parts are discarded, and what was applied for lapses.
 *
 * Throws `TypeError` for settings that cannot work.
 *
 * @example
 * tencentVod({ credentials: { secretId, secretKey }, subAppId: 1500012345, procedure: 'web' });
 */
export function tencentVod(options: TencentVodOptions): Provider<TencentVodState> {
  const { id = 'tencent-vod', now = Date.now, singlePutMaxBytes = defaultSinglePutMaxBytes, readyWhen = 'metadata' } = options;
  const { vod, cos, addressing, schema } = assemble(options, now);

  return {
    id,
    capabilities: {
      checksum: 'none',
      singlePutMaxBytes,
      parts: partLimits,
      signing: 'ahead',
      maxFileSizeBytes,
      extensions: [...mediaTypes],
      cover: { contentTypes: [...coverContentTypes], maxSizeBytes: maxPutBytes, when: 'start' },
      canReplace: false,
    },
    options: schema,

    async start(upload, context) {
      const mediaType = mediaTypeOf(upload.fileName, upload.contentType);
      if (upload.sizeBytes > maxFileSizeBytes) throw new EndpointError('file-refused', { detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.` });
      const cover = upload.attachments?.find(({ kind }) => kind === 'cover');
      const coverType = cover && coverTypeOf(cover.fileName, cover.contentType);
      const fields = applyFields(upload, { mediaType, coverType }, optionsOf(upload));
      const started = await begin(fields, upload, cover, context);
      if (started.transfer.kind === 'multipart' || upload.md5Base64 === undefined) return started;
      const { sizeBytes, md5Base64 } = upload;
      return { ...started, signed: [await signPart(started.state, { partNumber: 1, sizeBytes, md5Base64 }, addressing)] };
    },

    async sign(session, parts, context) {
      const state = stateOf(session);
      if (isSpent(state.certificate, now())) return { outcome: 'restarted', started: await restart(session, state, context) };
      return { outcome: 'signed', requests: await Promise.all(parts.map((part) => signPart(state, part, addressing))) };
    },

    async attach(session, attachments) {
      const state = stateOf(session);
      const requests = attachments.map(async (attachment) => {
        if (attachment.kind !== 'cover' || !state.cover) throw new EndpointError('not-supported', { detail: 'A cover has to be named when the upload starts.' });
        if (isSpent(state.certificate, now())) throw new EndpointError('upload-not-found', { detail: 'The certificate of this upload has run out.' });
        return signCover(state, coverState(state.cover.path, attachment), addressing);
      });
      return { requests: await Promise.all(requests) };
    },

    async list(session, context) {
      const state = stateOf(session);
      // Parts that nobody can join any more are as good as none.
      if (!isMultipart(state) || session.mediaId !== undefined || isSpent(state.certificate, now())) return [];
      const stored = await cos.listParts(state, context);
      return stored === 'denied' ? [] : stored;
    },

    async complete(session, parts, { isRepeat }, context): Promise<Completed> {
      const state = stateOf(session);
      checkLedger(parts, session.sizeBytes);
      const whole = { outcome: 'completed', sizeBytes: session.sizeBytes } as const;
      if (!isMultipart(state) || session.mediaId !== undefined) return whole;
      if (isSpent(state.certificate, now())) {
        if (isRepeat && (await isCommitted(state, context))) return whole;
        return { outcome: 'parts-differ', partNumbers: parts.map(({ partNumber }) => partNumber) };
      }
      try {
        const joined = await joinParts(cos, state, parts, context);
        if ('differing' in joined) return { outcome: 'parts-differ', partNumbers: joined.differing };
        return { ...whole, ...(joined.eTag !== undefined && { eTag: joined.eTag }) };
      } catch (error) {
        if (isRepeat && isGone(error) && (await isStored(state, session.sizeBytes, context))) return whole;
        throw error;
      }
    },

    async abort(session, context) {
      const state = stateOf(session);
      // Without the certificate nobody can discard parts; VOD's own buckets do so after a while.
      if (isMultipart(state) && session.mediaId === undefined && state.certificate.expiresAt * 1000 > now()) await cos.abort(state, context);
    },

    async confirm(session, status, context) {
      if (status !== 'uploaded') {
        if (session.mediaId !== undefined) throw new EndpointError('media-state-conflict', { detail: 'The upload of this media was confirmed already.' });
        return;
      }
      if (session.mediaId !== undefined) return { mediaId: session.mediaId };
      const { sessionKey, subAppId } = stateOf(session);
      return { mediaId: await vod.commit(sessionKey, subAppId, context) };
    },

    async details(sessions, context) {
      const found = new Map((await allOrAbort(batchesOf(sessions), context.signal, ({ subAppId, ids }, signal) => vod.describe(ids, subAppId, { ...context, signal }))).flat().map((info) => [info.FileId, info]));
      return sessions.map(({ mediaId }): MediaDetails | EndpointError => {
        // Nobody but us knows of an upload that is not committed.
        if (mediaId === undefined) return { mediaId: '', provider: id, status: 'uploading' };
        const info = found.get(mediaId);
        return info ? toMediaDetails(info, { provider: id, readyWhen }) : new EndpointError('media-not-found');
      });
    },
  };

  /** Defaults of the endpoint, then what the page was allowed to set. */
  function optionsOf(upload: StartFields): UploadOptions {
    return { ...checkDefaults(schema, defaultsFor(upload, options)), ...(upload.options as UploadOptions | undefined) };
  }

  async function begin(fields: ApplyFields, { sizeBytes }: Pick<StartFields, 'sizeBytes'>, cover: Attachment | undefined, context: CallContext): Promise<Started<TencentVodState>> {
    const { StorageBucket, StorageRegion, VodSessionKey, MediaStoragePath, CoverStoragePath, TempCertificate } = await vod.apply(fields, context);
    if (cover && !CoverStoragePath) throw new EndpointError('vendor-invalid-reply', { detail: 'ApplyUpload: no place for the cover in the answer' });
    const { SecretId: secretId, SecretKey: secretKey, Token: token, ExpiredTime: expiresAt } = TempCertificate;
    const address = { bucket: StorageBucket, region: StorageRegion, path: rooted(MediaStoragePath), contentType: objectContentType(String(fields['MediaType'])), certificate: { secretId, secretKey, token, expiresAt } };
    const uploadId = sizeBytes <= singlePutMaxBytes ? undefined : await cos.initiate(address, context);
    const state: TencentVodState = {
      ...address,
      sessionKey: VodSessionKey,
      applied: fields,
      ...(uploadId !== undefined && { uploadId }),
      ...(cover && CoverStoragePath && { cover: coverState(rooted(CoverStoragePath), cover) }),
      ...(typeof fields['SubAppId'] === 'number' && { subAppId: fields['SubAppId'] }),
    };
    return {
      transfer: uploadId === undefined ? { kind: 'single' } : multipartTransfer,
      state,
      ...(state.cover && { attachments: [await signCover(state, state.cover, addressing)] }),
    };
  }

  /** Another place in the store, under a new certificate; what came to the old one is discarded while that is possible. */
  async function restart(session: Session<TencentVodState>, state: TencentVodState, context: CallContext): Promise<Started<TencentVodState>> {
    if (isMultipart(state) && state.certificate.expiresAt * 1000 > now()) await cos.abort(state, context).catch(() => undefined);
    const { cover } = state;
    return begin(state.applied, session, cover && { ...cover, kind: 'cover', fileName: cover.attachmentId }, context);
  }

  /** After a multipart upload is gone: whether that is because it was joined. */
  async function isStored(state: TencentVodState, sizeBytes: number, context: CallContext): Promise<boolean> {
    const stored = await cos.head(state, context);
    return stored === 'denied' ? isCommitted(state, context) : stored === sizeBytes;
  }

  /** Asks by committing, which only works on an object that is there, and may be repeated. */
  async function isCommitted({ sessionKey, subAppId }: TencentVodState, context: CallContext): Promise<boolean> {
    return vod.commit(sessionKey, subAppId, context).then(
      () => true,
      (error: unknown) => {
        if (isGone(error)) return false;
        throw error;
      },
    );
  }
}

interface Assembled {
  readonly vod: VodClient;
  readonly cos: CosClient;
  readonly addressing: CosAddressing;
  readonly schema: ReturnType<typeof uploadOptionsSchema>;
}

function assemble(options: TencentVodOptions, now: () => number): Assembled {
  const { credentials, site = 'intl', timeoutMs = defaultTimeoutMs, retry = {}, cosOrigin = defaultCosOrigin, urlLifetimeMs = defaultUrlLifetimeMs } = options;
  const schema = checkOptions(options, now);
  const isMainland = site === 'mainland';
  const shared = {
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  };
  const endpoint = options.endpoint ?? `https://${isMainland ? mainlandHost : intlHost}`;
  const region = options.region ?? (isMainland ? 'ap-guangzhou' : 'ap-singapore');
  const addressing = { cosOrigin, now, urlLifetimeMs };
  return { vod: createVodClient({ ...shared, now, endpoint, region, credentials }), cos: createCosClient({ ...shared, addressing }), addressing, schema };
}

/** Throws `TypeError` for settings that no upload could be applied for with. */
function checkOptions(options: TencentVodOptions, now: () => number): Assembled['schema'] {
  const { credentials, singlePutMaxBytes = 0, endpoint, cosOrigin = defaultCosOrigin } = options;
  if (!credentials.secretId || !credentials.secretKey) throw new TypeError('Tencent VOD needs a key pair.');
  if (!(singlePutMaxBytes >= 0 && singlePutMaxBytes <= maxPutBytes)) throw new TypeError(`One PUT takes up to ${maxPutBytes} bytes.`);
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new TypeError('The endpoint of Tencent VOD is not a URL.');
  if (!URL.canParse(cosOrigin.replace('{bucket}', 'b-1').replace('{region}', 'r'))) throw new TypeError('The origin of COS is not a URL.');
  const schema = uploadOptionsSchema(now);
  const fixed = Object.fromEntries(Object.entries(options).filter(([name, value]) => Object.hasOwn(schema.entries, name) && typeof value !== 'function'));
  try {
    checkDefaults(schema, fixed);
  } catch (error) {
    throw new TypeError(error instanceof Error ? error.message : 'A setting of Tencent VOD breaks a limit.', { cause: error });
  }
  return schema;
}

/** The ids to ask for: once each, by application, twenty at a time. */
function batchesOf(sessions: readonly Session<TencentVodState>[]): { subAppId: number | undefined; ids: string[] }[] {
  const byApp = new Map<number | undefined, Set<string>>();
  for (const session of sessions) {
    if (session.mediaId === undefined) continue;
    const { subAppId } = stateOf(session);
    byApp.set(subAppId, (byApp.get(subAppId) ?? new Set()).add(session.mediaId));
  }
  return [...byApp].flatMap(([subAppId, all]) => {
    const ids = [...all];
    return Array.from({ length: Math.ceil(ids.length / maxFileIds) }, (_, i) => ({ subAppId, ids: ids.slice(i * maxFileIds, (i + 1) * maxFileIds) }));
  });
}

/** As every example has it; the path is signed as it stands. */
function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** The store no longer knows the multipart upload, or VOD finds no object. */
function isGone(error: unknown): boolean {
  return error instanceof EndpointError && error.code === 'upload-not-found';
}
