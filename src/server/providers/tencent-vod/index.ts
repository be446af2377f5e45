import type { Attachment, MediaDetails } from '../../../protocol/index.js';
import { maxPutBytes } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { checkLedger } from '../../ledger.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext, Completed, Provider, Session, Started, StartFields } from '../../provider.js';
import { assemble } from './assemble.js';
import { batchesOf } from './batches.js';
import { coverContentTypes, coverTypeOf, mediaTypeOf, mediaTypes, objectContentType } from './file-type.js';
import { defaultsFor, type TencentVodOptions } from './options.js';
import { isSpent } from './presign.js';
import { stateOf, type TencentVodState } from './state.js';
import { toMediaDetails } from './status.js';
import {
  coverState,
  isMultipart,
  joinParts,
  maxFileSizeBytes,
  multipartTransfer,
  partLimits,
  signCover,
  signPart,
} from './transfer.js';
import { applyFields, checkDefaults, type ApplyFields, type UploadOptions } from './upload-options.js';

export type { TencentVodOptions } from './options.js';
export type { TencentVodState } from './state.js';
export type { UploadOptions as TencentUploadOptions } from './upload-options.js';

const defaultSinglePutMaxBytes = 16 * 1024 * 1024;

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
  const {
    id = 'tencent-vod',
    now = Date.now,
    singlePutMaxBytes = defaultSinglePutMaxBytes,
    readyWhen = 'metadata',
  } = options;
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
      if (upload.sizeBytes > maxFileSizeBytes)
        throw new EndpointError('file-refused', {
          detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.`,
        });
      const cover = upload.attachments?.find(({ kind }) => kind === 'cover');
      const coverType = cover && coverTypeOf(cover.fileName, cover.contentType);
      const fields = applyFields(upload, { mediaType, coverType }, optionsOf(upload));
      const started = await begin(fields, upload, cover, context);
      if (started.transfer.kind === 'multipart' || upload.md5Base64 === undefined) return started;
      const { sizeBytes, md5Base64 } = upload;
      return {
        ...started,
        signed: [signPart(started.state, { partNumber: 1, sizeBytes, md5Base64 }, addressing)],
      };
    },

    async sign(session, parts, context) {
      const state = stateOf(session);
      if (isSpent(state.certificate, now()))
        return { outcome: 'restarted', started: await restart(session, state, context) };
      return {
        outcome: 'signed',
        requests: parts.map((part) => signPart(state, part, addressing)),
      };
    },

    attach(session, attachments) {
      const request = (attachment: Attachment) => {
        const state = stateOf(session);
        if (attachment.kind !== 'cover' || !state.cover)
          throw new EndpointError('not-supported', {
            detail: 'A cover has to be named when the upload starts.',
          });
        if (isSpent(state.certificate, now()))
          throw new EndpointError('upload-not-found', {
            detail: 'The certificate of this upload has run out.',
          });
        return signCover(state, coverState(state.cover.path, attachment), addressing);
      };
      return new Promise((resolve) => resolve({ requests: attachments.map(request) }));
    },

    async list(session, context) {
      const state = stateOf(session);
      // Parts that nobody can join any more are as good as none.
      if (!isMultipart(state) || session.mediaId !== undefined || isSpent(state.certificate, now()))
        return [];
      const stored = await cos.listParts(state, context);
      return stored === 'denied' ? undefined : stored;
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
      if (isMultipart(state) && session.mediaId === undefined && state.certificate.expiresAt * 1000 > now())
        await cos.abort(state, context);
    },

    async confirm(session, status, context) {
      if (status !== 'uploaded') {
        if (session.mediaId !== undefined)
          throw new EndpointError('media-state-conflict', {
            detail: 'The upload of this media was confirmed already.',
          });
        return;
      }
      if (session.mediaId !== undefined) return { mediaId: session.mediaId };
      const { sessionKey, subAppId } = stateOf(session);
      return { mediaId: await vod.commit(sessionKey, subAppId, context) };
    },

    async details(sessions, context) {
      const infos = await allOrAbort(batchesOf(sessions), context.signal, ({ subAppId, ids }, signal) =>
        vod.describe(ids, subAppId, { ...context, signal }),
      );
      const found = new Map(infos.flat().map((info) => [info.FileId, info]));
      return sessions.map(({ mediaId }): MediaDetails | EndpointError => {
        // Nobody but us knows of an upload that is not committed.
        if (mediaId === undefined) return { mediaId: '', provider: id, status: 'uploading' };
        const info = found.get(mediaId);
        return info
          ? toMediaDetails(info, { provider: id, readyWhen })
          : new EndpointError('media-not-found');
      });
    },
  };

  /** Defaults of the endpoint, then what the page was allowed to set. */
  function optionsOf(upload: StartFields): UploadOptions {
    return {
      ...checkDefaults(schema, defaultsFor(upload, options)),
      ...(upload.options as UploadOptions | undefined),
    };
  }

  async function begin(
    fields: ApplyFields,
    { sizeBytes }: Pick<StartFields, 'sizeBytes'>,
    cover: Attachment | undefined,
    context: CallContext,
  ): Promise<Started<TencentVodState>> {
    const {
      StorageBucket,
      StorageRegion,
      VodSessionKey,
      MediaStoragePath,
      CoverStoragePath,
      TempCertificate,
    } = await vod.apply(fields, context);
    if (cover && !CoverStoragePath)
      throw new EndpointError('vendor-invalid-reply', {
        detail: 'ApplyUpload: no place for the cover in the answer',
      });
    const {
      SecretId: secretId,
      SecretKey: secretKey,
      Token: token,
      ExpiredTime: expiresAt,
    } = TempCertificate;
    const address = {
      bucket: StorageBucket,
      region: StorageRegion,
      path: rooted(MediaStoragePath),
      contentType: objectContentType(String(fields['MediaType'])),
      certificate: { secretId, secretKey, token, expiresAt },
    };
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
      ...(state.cover && { attachments: [signCover(state, state.cover, addressing)] }),
    };
  }

  /** Another place in the store, under a new certificate; what came to the old one is discarded while that is possible. */
  async function restart(
    session: Session<TencentVodState>,
    state: TencentVodState,
    context: CallContext,
  ): Promise<Started<TencentVodState>> {
    if (isMultipart(state) && state.certificate.expiresAt * 1000 > now())
      await cos.abort(state, context).catch(() => undefined);
    const { cover } = state;
    return begin(
      state.applied,
      session,
      cover && { ...cover, kind: 'cover', fileName: cover.attachmentId },
      context,
    );
  }

  /** After a multipart upload is gone: whether that is because it was joined. */
  async function isStored(state: TencentVodState, sizeBytes: number, context: CallContext): Promise<boolean> {
    const stored = await cos.head(state, context);
    return stored === 'denied' ? isCommitted(state, context) : stored === sizeBytes;
  }

  /** Asks by committing, which only works on an object that is there, and may be repeated. */
  async function isCommitted(
    { sessionKey, subAppId }: TencentVodState,
    context: CallContext,
  ): Promise<boolean> {
    return vod.commit(sessionKey, subAppId, context).then(
      () => true,
      (error: unknown) => {
        if (isGone(error)) return false;
        throw error;
      },
    );
  }
}

/** As every example has it; the path is signed as it stands. */
function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** The store no longer knows the multipart upload, or VOD finds no object. */
function isGone(error: unknown): boolean {
  return error instanceof EndpointError && error.code === 'upload-not-found';
}
