import type { PartToSign, SentPart, SignedRequest } from '../../../protocol/index.js';
import { maxPartSizeBytes, minPartSizeBytes } from '../../../vendors/s3.js';
import { checkSentParts, compositeETag, differingParts, partsToComplete } from '../../compare-parts.js';
import { base64ToHex } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import { hasProblem, hasVendorCode } from '../../kit/refusal.js';
import { checkFileSize, checkSinglePart } from '../../kit/session.js';
import type { CallContext, Completed, Session, Signed, Started, StartUpload } from '../../provider.js';
import type { StoreCompletion, UploadTarget } from '../../store/client.js';
import { mediaTypeOf } from './media-type.js';
import { objectKey } from './object-key.js';
import { putPresigner } from './presign.js';
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
  const { options, now, eTagRule: eTag, maxFileSizeBytes, maxPartCount, singlePutMaxBytes } = setup;
  const { extension, contentType } = mediaTypeOf(upload, options);
  checkFileSize(upload, maxFileSizeBytes);
  const key = objectKey(upload, { extension, caller: context.caller, options, nowMs: now() });
  const target = { key, contentType, startedAt: now() };
  if (upload.sizeBytes > singlePutMaxBytes) {
    const uploadId = await setup.store.initiate(key, headersOf(setup, contentType), context);
    return {
      mediaId: key,
      transfer: {
        ...{ kind: 'multipart', eTag, minPartSizeBytes, maxPartSizeBytes, maxPartCount },
        secondStore: setup.secondAddressOf?.('').origin,
      },
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
  context: CallContext,
): Promise<Signed<S3State>> {
  const { sizeBytes } = session;
  const state = stateOf(session);
  if (parts.some((part) => part.sizeBytes > sizeBytes))
    throw new EndpointError('invalid-request', {
      detail: `A part is larger than the file of ${sizeBytes} bytes.`,
    });
  // A URL for the whole object is given out only as long as there is none, unless it cannot replace one.
  if (state.kind === 'single' && !setup.forbidsOverwrite) await expectNotWhole(setup, session, context);
  const addressOf = state.kind === 'multipart' ? setup.secondAddressOf : undefined;
  const requests = await presign(setup, state, parts);
  const second = addressOf && (await presign({ ...setup, addressOf }, state, parts));
  return {
    outcome: 'signed',
    requests: requests.map((request, index) => ({ ...request, secondUrl: second?.[index]?.url })),
  };
}

async function presign(setup: Setup, state: S3State, parts: readonly PartToSign[]): Promise<SignedRequest[]> {
  const { signature, urlLifetimeSeconds, absentHeaders, signsBeforeHash, now, options } = setup;
  const keys = await setup.keys.current();
  const presigning = {
    signature,
    region: options.region,
    urlLifetimeSeconds,
    absentHeaders,
    addsMd5: signsBeforeHash,
    nowMs: now(),
  };
  const sign = putPresigner(setup.addressOf(state.key), keys, presigning);
  return parts.map((part) => {
    if (state.kind === 'multipart') {
      const query = [
        ['partNumber', String(part.partNumber)],
        ['uploadId', state.uploadId],
      ] as const;
      return sign({ query }, part);
    }
    checkSinglePart(part.partNumber);
    const headers = {
      ...headersOf(setup, state.contentType),
      ...(setup.forbidsOverwrite && { 'If-None-Match': '*' }),
    };
    return sign({ headers }, { ...part, md5Base64: part.md5Base64 ?? state.md5Base64 });
  });
}

function headersOf({ options: { objectHeaders }, acl }: Setup, contentType: string): Record<string, string> {
  return { 'Content-Type': contentType, ...objectHeaders, ...(acl !== 'none' && { 'x-amz-acl': acl }) };
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
    if (!mayBeCompleted(error, isRepeat)) throw error;
    const completed = await completedObject(setup, state, { sizeBytes, parts }, context);
    if (!completed) throw error;
    return completed;
  }
}

/**
 * The store does not know the upload, or, of a call that is repeated, fails in another way (s3rver: 500): an earlier
 * attempt may have completed it.
 */
function mayBeCompleted(error: unknown, isRepeat: boolean): boolean {
  return hasProblem(error, 'upload-not-found') || (isRepeat && hasProblem(error, 'vendor-unavailable'));
}

/** The object of an upload that is gone, if it is the one that these parts make: by its size, and by its ETag where that is made of MD5s. */
async function completedObject(
  setup: Setup,
  state: MultipartState,
  { sizeBytes, parts }: { readonly sizeBytes: number; readonly parts: readonly SentPart[] },
  context: CallContext,
): Promise<Completed | undefined> {
  const head = await uploadedObject(setup, state, context);
  if (head?.sizeBytes !== sizeBytes) return undefined;
  const { eTag } = head;
  const expected = setup.eTagRule === 'md5' ? eTagOfSent(parts) : undefined;
  const isSame = expected !== undefined && eTag.toLowerCase() === expected;
  // A store that does not list its parts may name its objects in another way (s3rver).
  if (expected !== undefined && !isSame && setup.listsParts) return undefined;
  return { outcome: 'completed', sizeBytes, eTag, proof: isSame ? 'compared' : undefined };
}

function eTagOfSent(parts: readonly SentPart[]): string | undefined {
  const stored = [...parts]
    .sort((a, b) => a.partNumber - b.partNumber)
    .flatMap(({ md5Base64, ...part }) =>
      md5Base64 === undefined ? [] : [{ ...part, eTag: base64ToHex(md5Base64) }],
    );
  return stored.length === parts.length ? compositeETag(stored) : undefined;
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
  if (!isSame) return { outcome: 'parts-differ', partNumbers: [1] };
  const isCompared = setup.eTagRule === 'md5' && md5Base64 !== undefined;
  return { outcome: 'completed', sizeBytes, eTag: head.eTag, proof: isCompared ? 'compared' : undefined };
}

async function completeMultipart(
  setup: Setup,
  state: MultipartState,
  file: { readonly sizeBytes: number; readonly parts: readonly SentPart[] },
  context: CallContext,
): Promise<Completed> {
  const { sizeBytes, parts: sent } = file;
  const upload = { target: state.key, uploadId: state.uploadId };
  if (!setup.listsParts) return completeUnlisted(setup, upload, file, context);
  const stored = await setup.store.list(upload, context);
  const partNumbers = differingParts(sent, stored, setup.eTagRule);
  if (partNumbers.length > 0) return { outcome: 'parts-differ', partNumbers };
  const parts = partsToComplete(sent, stored);
  try {
    const named = eTagOf(await setup.store.complete(upload, parts, context));
    if (setup.eTagRule === 'opaque') return { outcome: 'completed', sizeBytes, eTag: named };
    const eTag = checkedETag(named, compositeETag(parts));
    return { outcome: 'completed', sizeBytes, eTag, proof: 'compared' };
  } catch (error) {
    const extra = stored.length - parts.length;
    if (extra === 0 || !hasVendorCode(error, 'InvalidPart')) throw error;
    // Ceph completes only with every stored part, and no call removes a single one: the upload has to begin again.
    await setup.store.abort(upload, context);
    throw new EndpointError('upload-not-found', {
      detail: `The store has ${extra} part(s) that are not in the plan and does not complete without them: the upload was aborted.`,
      cause: error,
    });
  }
}

/**
 * Where the store does not list its parts: by the MD5s sent, which are the parts' ETags, so that it compares them itself.
 * A store whose object has an ETag of another kind (s3rver) has proven nothing.
 */
async function completeUnlisted(
  { store }: Setup,
  upload: UploadTarget<string>,
  { sizeBytes, parts: sent }: { readonly sizeBytes: number; readonly parts: readonly SentPart[] },
  context: CallContext,
): Promise<Completed> {
  const partNumbers = sent.map(({ partNumber }) => partNumber).sort((a, b) => a - b);
  const parts = sent
    .map(({ partNumber, sizeBytes, md5Base64 }) => {
      if (md5Base64 === undefined)
        throw new EndpointError('invalid-request', { detail: `Part ${partNumber} has no md5Base64.` });
      return { partNumber, sizeBytes, eTag: base64ToHex(md5Base64) };
    })
    .sort((a, b) => a.partNumber - b.partNumber);
  try {
    const named = eTagOf(await store.complete(upload, parts, context));
    const expected = compositeETag(parts);
    const isAccepted = named === undefined || named.toLowerCase() === expected;
    return {
      outcome: 'completed',
      sizeBytes,
      eTag: named ?? expected,
      proof: isAccepted ? 'accepted' : undefined,
    };
  } catch (error) {
    // The store does not say which one it lacks.
    if (hasVendorCode(error, 'InvalidPart')) return { outcome: 'parts-differ', partNumbers };
    throw error;
  }
}

function eTagOf(completion: StoreCompletion): string | undefined {
  return 'eTag' in completion ? completion.eTag : undefined;
}

/** Stores that name no ETag on completion have completed what was listed. */
function checkedETag(named: string | undefined, expected: string): string {
  if (named === undefined || named.toLowerCase() === expected) return expected;
  throw new EndpointError('vendor-invalid-reply', {
    detail:
      'complete multipart upload: the ETag of the object is not that of its parts; is the bucket encrypted with keys of its own (eTag: opaque)?',
  });
}

/**
 * Discards what is stored of an upload. An object that is whole stays: it cannot be known here whether an earlier
 * call has reported it to the host, and an object that was reported must not disappear.
 */
export async function abort(setup: Setup, session: Session<S3State>, context: CallContext): Promise<void> {
  const state = stateOf(session);
  // First: nothing can complete the upload after it.
  if (state.kind === 'multipart')
    await abortMultipart(setup, { target: state.key, uploadId: state.uploadId }, context);
  const head = await expectNotWhole(setup, session, context);
  if (head && state.kind === 'single') await setup.store.remove(state.key, context);
}

async function expectNotWhole(
  setup: Setup,
  session: Session<S3State>,
  context: CallContext,
): Promise<ObjectHead | undefined> {
  const state = stateOf(session);
  const head = await uploadedObject(setup, state, context);
  if (head && isWhole(head, state, session))
    throw new EndpointError('media-state-conflict', { detail: 'The whole object is stored already.' });
  return head;
}

/** An MD5 that came with the start says more than the size. */
function isWhole(head: ObjectHead, state: S3State, { sizeBytes }: Session<S3State>): boolean {
  if (head.sizeBytes !== sizeBytes) return false;
  if (state.kind === 'multipart' || state.md5Base64 === undefined || !/^[0-9a-f]{32}$/i.test(head.eTag))
    return true;
  return head.eTag.toLowerCase() === base64ToHex(state.md5Base64);
}

/** A store that does not list parts (s3rver) may not abort either: nothing more can be done than its lifecycle rule does. */
async function abortMultipart(
  { store, listsParts }: Setup,
  upload: UploadTarget<string>,
  context: CallContext,
): Promise<void> {
  try {
    await store.abort(upload, context);
  } catch (error) {
    if (listsParts || !hasVendorCode(error, 'MethodNotAllowed', 'NotImplemented')) throw error;
  }
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
