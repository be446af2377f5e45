import type { PartToSign, SentPart, SignedRequest } from '../../../protocol/index.js';
import { maxPartCount, maxPartSizeBytes, minPartSizeBytes } from '../../../vendors/s3.js';
import { checkSentParts, compositeETag, differingParts, partsToComplete } from '../../compare-parts.js';
import { base64ToHex } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { checkFileSize, checkSinglePart } from '../../kit/session.js';
import type { CallContext, Completed, Session, Signed, Started, StartUpload } from '../../provider.js';
import { contentTypeOf } from './media-type.js';
import { objectKey } from './object-key.js';
import { presignPut } from './presign.js';
import type { Setup } from './setup.js';
import { stateOf, type MultipartState, type S3State, type SingleState } from './state.js';
import { headObject, type ObjectHead } from './store.js';

/** The store prints whole seconds. */
const clockGrainMs = 2000;

export async function start(
  setup: Setup,
  upload: StartUpload,
  context: CallContext,
): Promise<Started<S3State>> {
  const { options, now, eTagRule: eTag, maxFileSizeBytes, singlePutMaxBytes } = setup;
  const contentType = contentTypeOf(upload, options);
  checkFileSize(upload, maxFileSizeBytes);
  const key = objectKey(upload, context.caller, options, now());
  const target = { key, contentType, startedAt: now() };
  if (upload.sizeBytes > singlePutMaxBytes) {
    const uploadId = await setup.store.initiate(key, headersOf(setup, contentType), context);
    return {
      mediaId: key,
      transfer: { kind: 'multipart', eTag, minPartSizeBytes, maxPartSizeBytes, maxPartCount },
      state: { kind: 'multipart', ...target, uploadId },
    };
  }
  const { sizeBytes, md5Base64 } = upload;
  const state: SingleState = { kind: 'single', ...target, md5Base64 };
  return {
    mediaId: key,
    transfer: { kind: 'single', eTag },
    state,
    signed: await presign(setup, state, [{ partNumber: 1, sizeBytes, md5Base64 }]),
  };
}

export async function sign(
  setup: Setup,
  session: Session<S3State>,
  parts: readonly PartToSign[],
): Promise<Signed<S3State>> {
  const { sizeBytes } = session;
  if (parts.some((part) => part.sizeBytes > sizeBytes))
    throw new EndpointError('invalid-request', {
      detail: `A part is larger than the file of ${sizeBytes} bytes.`,
    });
  return { outcome: 'signed', requests: await presign(setup, stateOf(session), parts) };
}

async function presign(setup: Setup, state: S3State, parts: readonly PartToSign[]): Promise<SignedRequest[]> {
  const { signature, urlLifetimeSeconds, now, options } = setup;
  const keys = await setup.keys.current();
  const address = setup.addressOf(state.key);
  const presigning = { signature, region: options.region, urlLifetimeSeconds, nowMs: now() };
  return parts.map((part) => {
    if (state.kind === 'multipart') {
      const query = [
        ['partNumber', String(part.partNumber)],
        ['uploadId', state.uploadId],
      ] as const;
      return presignPut({ address, query }, part, keys, presigning);
    }
    checkSinglePart(part.partNumber);
    return presignPut(
      { address, headers: headersOf(setup, state.contentType) },
      { ...part, md5Base64: part.md5Base64 ?? state.md5Base64 },
      keys,
      presigning,
    );
  });
}

function headersOf({ options: { objectHeaders, acl } }: Setup, contentType: string): Record<string, string> {
  return { 'Content-Type': contentType, ...objectHeaders, ...(acl && { 'x-amz-acl': acl }) };
}

export async function complete(
  setup: Setup,
  session: Session<S3State>,
  { parts, isRepeat }: { readonly parts: readonly SentPart[]; readonly isRepeat: boolean },
  context: CallContext,
): Promise<Completed> {
  const state = stateOf(session);
  const { sizeBytes } = session;
  checkSentParts(parts, sizeBytes);
  if (state.kind === 'single')
    return completeSingle(setup, state, { sizeBytes, md5Base64: parts[0]?.md5Base64 }, context);
  try {
    return await completeMultipart(setup, state, { sizeBytes, parts }, context);
  } catch (error) {
    if (!isRepeat || !hasProblem(error, 'upload-not-found')) throw error;
    // The upload is gone: because an earlier call completed it, if the object is there.
    const head = await uploadedObject(setup, state, context);
    if (head?.sizeBytes !== sizeBytes) throw error;
    return { outcome: 'completed', sizeBytes, eTag: head.eTag };
  }
}

async function completeSingle(
  setup: Setup,
  state: SingleState,
  { sizeBytes, md5Base64 }: { readonly sizeBytes: number; readonly md5Base64: string | undefined },
  context: CallContext,
): Promise<Completed> {
  const head = await uploadedObject(setup, state, context);
  const isSame =
    head?.sizeBytes === sizeBytes &&
    (setup.eTagRule === 'opaque' ||
      md5Base64 === undefined ||
      head.eTag.toLowerCase() === base64ToHex(md5Base64));
  return isSame
    ? { outcome: 'completed', sizeBytes, eTag: head.eTag }
    : { outcome: 'parts-differ', partNumbers: [1] };
}

async function completeMultipart(
  { store, eTagRule }: Setup,
  { key, uploadId }: MultipartState,
  { sizeBytes, parts: sent }: { readonly sizeBytes: number; readonly parts: readonly SentPart[] },
  context: CallContext,
): Promise<Completed> {
  const upload = { target: key, uploadId };
  const stored = await store.list(upload, context);
  const partNumbers = differingParts(sent, stored, eTagRule);
  if (partNumbers.length > 0) return { outcome: 'parts-differ', partNumbers };
  const parts = partsToComplete(sent, stored);
  const completion = await store.complete(upload, parts, context);
  const named = 'eTag' in completion ? completion.eTag : undefined;
  const eTag = eTagRule === 'opaque' ? named : checkedETag(named, compositeETag(parts));
  return { outcome: 'completed', sizeBytes, eTag };
}

/** Stores that name no ETag on completion have completed what was listed. */
function checkedETag(named: string | undefined, expected: string): string {
  if (named === undefined || named.toLowerCase() === expected) return expected;
  throw new EndpointError('vendor-invalid-reply', {
    detail:
      'complete multipart upload: the ETag of the object is not that of its parts; is the bucket encrypted with keys of its own (eTag: opaque)?',
  });
}

export async function abort(setup: Setup, session: Session<S3State>, context: CallContext): Promise<void> {
  const state = stateOf(session);
  if (state.kind === 'multipart')
    return setup.store.abort({ target: state.key, uploadId: state.uploadId }, context);
  if (await uploadedObject(setup, state, context)) await setup.store.remove(state.key, context);
}

/** The object under the key, unless it was there before this upload began: the host's keys may overwrite. */
export async function uploadedObject(
  { store, now }: Setup,
  { key, startedAt }: S3State,
  context: CallContext,
): Promise<ObjectHead | undefined> {
  const head = await headObject(store, key, context);
  const isOlder = head?.ageMs !== undefined && head.ageMs > now() - startedAt + clockGrainMs;
  return isOlder ? undefined : head;
}
