import type { MediaDetails, PartToSign, SignedRequest } from '../../../protocol/index.js';
import {
  maxObjectSizeBytes,
  maxPartCount,
  maxPartSizeBytes,
  maxPutBytes,
  minPartSizeBytes,
  sigV4,
} from '../../../vendors/s3.js';
import { EndpointError } from '../../errors.js';
import { base64ToHex } from '../../encoding.js';
import { checkLedger, compositeETag, differingParts, partsToJoin } from '../../ledger.js';
import { mediaIdOf, type CallContext, type Completed, type Provider, type Session } from '../../provider.js';
import { defaultRetryPolicy, defaultRetryTools } from '../../retry.js';
import { createAddressing } from './address.js';
import { createS3Client, type ObjectHead } from './client.js';
import { createKeyRing } from './credentials.js';
import { contentTypeOf, defaultExtensions, formatOf } from './media-type.js';
import { objectKey } from './object-key.js';
import type { S3Options } from './options.js';
import { presignPut } from './presign.js';
import { stateOf, type MultipartState, type S3State, type SingleState } from './state.js';

export type { S3Credentials, S3Keys } from './credentials.js';
export type { S3Options, UploadedObject } from './options.js';
export type { S3State } from './state.js';

const defaultTimeoutMs = 15_000;
const defaultSinglePutMaxBytes = 8 * 1024 ** 2;
const defaultUrlLifetimeSeconds = 3600;
/** The store prints whole seconds. */
const clockGrainMs = 2000;

/**
 * Amazon S3, and every store that speaks its language: one presigned PUT up to `singlePutMaxBytes`, presigned parts
 * above. There is no media service behind it: an object that stands whole is `ready`, and its key is the `mediaId`.
 * Throws `TypeError` for settings that cannot work.
 *
 * The bucket's CORS rule has to allow PUT from the pages' origin with the headers `content-type` and `content-md5`.
 *
 * @example
 * s3({ bucket: 'videos', region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey } });
 */
export function s3(options: S3Options): Provider<S3State> {
  checkOptions(options);
  const {
    id = 's3',
    bucket,
    region,
    now = Date.now,
    eTag: rule = 'md5',
    acl,
    signature = 'query',
    onUploaded,
    urlFor,
    timeoutMs = defaultTimeoutMs,
    retry = {},
  } = options;
  const {
    singlePutMaxBytes = defaultSinglePutMaxBytes,
    maxFileSizeBytes = maxObjectSizeBytes,
    urlLifetimeSeconds = defaultUrlLifetimeSeconds,
    extensions = defaultExtensions,
  } = options;
  const addressOf = createAddressing(options);
  const keys = createKeyRing(options.credentials, now);
  const client = createS3Client({
    addressOf,
    region,
    keys,
    now,
    timeoutMs,
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  });

  const headersOf = (contentType: string) => ({
    'Content-Type': contentType,
    ...options.objectHeaders,
    ...(acl && { 'x-amz-acl': acl }),
  });

  async function presign(state: S3State, parts: readonly PartToSign[]): Promise<SignedRequest[]> {
    const current = await keys.current();
    const address = addressOf(state.key);
    const presigning = { signature, region, urlLifetimeSeconds, nowMs: now() };
    return parts.map((part) => {
      if (state.kind === 'multipart')
        return presignPut(
          address,
          part,
          {
            query: [
              ['partNumber', String(part.partNumber)],
              ['uploadId', state.uploadId],
            ],
          },
          current,
          presigning,
        );
      if (part.partNumber !== 1)
        throw new EndpointError('invalid-request', { detail: 'A single upload has only part 1.' });
      return presignPut(
        address,
        { ...part, md5Base64: part.md5Base64 ?? state.md5Base64 },
        { headers: headersOf(state.contentType) },
        current,
        presigning,
      );
    });
  }

  /** What stands under the key, unless it did before this upload began: keys may be made to overwrite. */
  async function uploaded(
    { key, startedAt }: S3State,
    context: CallContext,
  ): Promise<ObjectHead | undefined> {
    const head = await client.head(key, context);
    const isOlder = head?.ageMs !== undefined && head.ageMs > now() - startedAt + clockGrainMs;
    return isOlder ? undefined : head;
  }

  async function completeSingle(
    state: SingleState,
    sizeBytes: number,
    md5Base64: string | undefined,
    context: CallContext,
  ): Promise<Completed> {
    const head = await uploaded(state, context);
    const isSame =
      head?.sizeBytes === sizeBytes &&
      (rule === 'opaque' || md5Base64 === undefined || head.eTag.toLowerCase() === base64ToHex(md5Base64));
    return isSame
      ? { outcome: 'completed', sizeBytes, eTag: head.eTag }
      : { outcome: 'parts-differ', partNumbers: [1] };
  }

  /** The upload is gone: because an earlier call joined it, if the object stands. */
  async function expectCompleted(
    state: MultipartState,
    sizeBytes: number,
    cause: unknown,
    context: CallContext,
  ): Promise<Completed> {
    const head = await uploaded(state, context);
    if (head?.sizeBytes !== sizeBytes) throw cause;
    return { outcome: 'completed', sizeBytes, eTag: head.eTag };
  }

  async function details(session: Session<S3State>, context: CallContext): Promise<MediaDetails> {
    const state = stateOf(session);
    const mediaId = mediaIdOf(session);
    if (mediaId !== state.key) throw new EndpointError('media-not-found');
    const head = await uploaded(state, context);
    if (head) return { mediaId, provider: id, status: 'ready', ...(await describe(mediaId, head)) };
    const isOpen = state.kind === 'single' || (await client.isOpen(state.key, state.uploadId, context));
    if (isOpen) return { mediaId, provider: id, status: 'uploading' };
    return {
      mediaId,
      provider: id,
      status: 'failed',
      failure: { code: 'NoSuchUpload', reason: 'The upload was aborted, or removed by a lifecycle rule.' },
    };
  }

  async function describe(key: string, { sizeBytes, modifiedAt, headers }: ObjectHead) {
    const url = await urlFor?.(key);
    return {
      sizeBytes,
      ...(url !== undefined && { playUrls: [{ url, format: formatOf(key) }] }),
      ...(modifiedAt !== undefined && { createdAt: new Date(modifiedAt).toISOString() }),
      vendor: headers,
    };
  }

  return {
    id,
    capabilities: {
      checksum: 'none',
      singlePutMaxBytes,
      parts: { minSizeBytes: minPartSizeBytes, maxSizeBytes: maxPartSizeBytes, maxCount: maxPartCount },
      signing: 'ahead',
      maxFileSizeBytes,
      ...(extensions !== 'any' && { extensions: [...extensions] }),
      canReplace: false,
    },
    async start(upload, context) {
      const contentType = contentTypeOf(upload, options);
      if (upload.sizeBytes > maxFileSizeBytes)
        throw new EndpointError('file-refused', {
          detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.`,
        });
      const key = objectKey(upload, context.caller, options, now());
      const target = { key, contentType, startedAt: now() };
      if (upload.sizeBytes > singlePutMaxBytes) {
        const uploadId = await client.initiate(key, headersOf(contentType), context);
        const transfer = {
          kind: 'multipart',
          eTag: rule,
          minPartSizeBytes,
          maxPartSizeBytes,
          maxPartCount,
        } as const;
        return { mediaId: key, transfer, state: { kind: 'multipart', ...target, uploadId } };
      }
      const { sizeBytes, md5Base64 } = upload;
      const state: SingleState = { kind: 'single', ...target, ...(md5Base64 !== undefined && { md5Base64 }) };
      return {
        mediaId: key,
        transfer: { kind: 'single', eTag: rule },
        state,
        signed: await presign(state, [{ partNumber: 1, sizeBytes, md5Base64 }]),
      };
    },
    async sign(session, parts) {
      const { sizeBytes } = session;
      if (parts.some((part) => part.sizeBytes > sizeBytes))
        throw new EndpointError('invalid-request', {
          detail: `A part is larger than the file of ${sizeBytes} bytes.`,
        });
      return { outcome: 'signed', requests: await presign(stateOf(session), parts) };
    },
    async list(session, context) {
      const state = stateOf(session);
      return state.kind === 'single' ? [] : client.listParts(state.key, state.uploadId, context);
    },
    async complete(session, parts, { isRepeat }, context) {
      const state = stateOf(session);
      const { sizeBytes } = session;
      checkLedger(parts, sizeBytes);
      if (state.kind === 'single') return completeSingle(state, sizeBytes, parts[0]?.md5Base64, context);
      try {
        const stored = await client.listParts(state.key, state.uploadId, context);
        const differing = differingParts(parts, stored, rule);
        if (differing.length > 0) return { outcome: 'parts-differ', partNumbers: differing };
        const joined = partsToJoin(parts, stored);
        const named = await client.complete(state.key, state.uploadId, joined, context);
        if (rule === 'opaque')
          return { outcome: 'completed', sizeBytes, ...(named !== undefined && { eTag: named }) };
        return { outcome: 'completed', sizeBytes, eTag: checkedETag(named, compositeETag(joined)) };
      } catch (error) {
        if (!isRepeat || !(error instanceof EndpointError) || error.code !== 'upload-not-found') throw error;
        return expectCompleted(state, sizeBytes, error, context);
      }
    },
    async abort(session, context) {
      const state = stateOf(session);
      if (state.kind === 'multipart') return client.abort(state.key, state.uploadId, context);
      if (await uploaded(state, context)) await client.remove(state.key, context);
    },
    async confirm(session, status, context) {
      if (status !== 'uploaded' || !onUploaded) return;
      const { key } = stateOf(session);
      const head = await client.head(key, context);
      if (!head) throw new EndpointError('media-not-found', { detail: 'The object is not there.' });
      const { sizeBytes, eTag, contentType } = head;
      await onUploaded({
        bucket,
        key,
        sizeBytes,
        eTag,
        contentType,
        fileName: session.fileName,
        ...(context.caller && { caller: context.caller }),
      });
    },
    details(sessions, context) {
      const asked = new Map<string, Promise<MediaDetails | EndpointError>>();
      const ask = (session: Session<S3State>) =>
        details(session, context).catch((error: unknown) => {
          if (error instanceof EndpointError) return error;
          throw error;
        });
      return Promise.all(
        sessions.map((session) => {
          const question = JSON.stringify([session.mediaId, session.state]);
          const answer = asked.get(question) ?? ask(session);
          asked.set(question, answer);
          return answer;
        }),
      );
    },
  };
}

/** Stores that name no ETag on completion have joined what was listed. */
function checkedETag(named: string | undefined, reckoned: string): string {
  if (named === undefined || named.toLowerCase() === reckoned) return reckoned;
  throw new EndpointError('vendor-invalid-reply', {
    detail:
      'complete multipart upload: the ETag of the object is not that of its parts; is the bucket encrypted with keys of its own (eTag: opaque)?',
  });
}

function checkOptions({
  bucket,
  region,
  credentials,
  endpoint,
  singlePutMaxBytes = 0,
  urlLifetimeSeconds = 1,
}: S3Options): void {
  if (!bucket) throw new TypeError('S3 needs a bucket.');
  if (!region) throw new TypeError('S3 needs a region.');
  if (endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint))
    throw new TypeError('The endpoint of S3 is a URL with http or https.');
  if (typeof credentials !== 'function' && (!credentials.accessKeyId || !credentials.secretAccessKey))
    throw new TypeError('S3 needs an access key id and a secret access key.');
  if (singlePutMaxBytes > maxPutBytes)
    throw new TypeError(`A single PUT takes at most ${maxPutBytes} bytes.`);
  if (!(urlLifetimeSeconds >= 1 && urlLifetimeSeconds <= sigV4.maxExpiresSeconds))
    throw new TypeError(`Presigned requests live 1 to ${sigV4.maxExpiresSeconds} seconds.`);
}
