import type { Attachment, SignedAttachment } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { Batcher } from '../endpoint/batcher.js';
import { asUploadError, UploadError } from '../errors.js';
import { checkAttachment } from './check-attachment.js';
import { FallbackHeaders } from '../parts/fallback-headers.js';
import { judge } from '../parts/verdict.js';
import { isAbort, linkedController, throwIfAborted } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import { Patience } from '../retry/patience.js';
import type { ActiveSession } from '../session.js';
import { NoReplyError, type StoreReply } from '../transport/transport.js';
import type { AttachmentInput, AttachmentSnapshot } from '../types.js';

/** The video waits for its attachments. One that cannot be sent within this time, while online, fails without the video. */
const patienceMs = 2 * 60_000;

/** One cover or subtitle, and what has become of it. */
export interface AttachmentItem {
  input: AttachmentInput;
  readonly spec: Attachment;
  md5Base64: string | undefined;
  status: AttachmentSnapshot['status'];
  error: UploadError | undefined;
  /** The request that came with the start, if it did. */
  request: SignedAttachment | undefined;
  /** The start has announced it. */
  isDeclared: boolean;
  /** Aborted when it is taken back. */
  readonly withdrawn: AbortController;
}

interface SenderOptions {
  session: ActiveSession;
  context: EngineContext;
  signal: AbortSignal;
}

export interface SendAttachmentsOptions extends SenderOptions {
  hash: (item: AttachmentItem, signal: AbortSignal) => Promise<string>;
  /** The status of an item has changed. */
  onChange: () => void;
}

type HashedSpec = Attachment & { readonly md5Base64: string };
type Requests = Batcher<HashedSpec, SignedAttachment | UploadError>;

/**
 * Sends attachments to the store, and records in each item what became of it; aborted ones wait again. Requests that
 * are needed in the same turn share one `attach` call. Never rejects.
 */
export async function sendAttachments(
  items: readonly AttachmentItem[],
  options: SendAttachmentsOptions,
): Promise<void> {
  const { controller, unlink } = linkedController(options.signal, options.session.signal);
  const linked = { ...options, signal: controller.signal };
  const requests: Requests = new Batcher({
    maxWeight: Infinity,
    maxUnderWay: 1,
    send: (specs: HashedSpec[]) => requestAll(specs, linked),
  });
  // All are hashed first, so that the requests they need are asked for together.
  const hashed = await Promise.allSettled(
    items.map(async (item) => hashChecked(item, (one) => options.hash(one, controller.signal))),
  );
  await Promise.all(
    items.map(async (item, index) => {
      const own = linkedController(controller.signal, item.withdrawn.signal);
      const { signal } = own.controller;
      try {
        await sendHashed(item, hashed[index], requests, { ...linked, signal });
        throwIfAborted(signal);
        item.status = 'stored';
      } catch (error) {
        const isAborted = signal.aborted || isAbort(error);
        item.status = isAborted ? 'waiting' : 'failed';
        item.error = isAborted ? undefined : asUploadError(error);
      }
      own.unlink();
      options.onChange();
    }),
  );
  unlink();
}

interface DeclareOptions {
  hash: (item: AttachmentItem) => Promise<string>;
  /** So many may be declared. */
  most: number;
  signal: AbortSignal;
}

/** Hashes what is to be declared with a start. One that is invalid or cannot be read fails alone. */
export async function declareAttachments(
  items: readonly AttachmentItem[],
  { hash, most, signal }: DeclareOptions,
): Promise<Attachment[]> {
  const declared = await Promise.all(
    items.map(async (item): Promise<Attachment[]> => {
      try {
        const md5Base64 = await hashChecked(item, hash);
        item.isDeclared = true;
        return [{ ...item.spec, md5Base64 }];
      } catch (error) {
        throwIfAborted(signal);
        Object.assign(item, { status: 'failed', error: asUploadError(error) });
        return [];
      }
    }),
  );
  const [kept, excess] = [declared.flat().slice(0, most), declared.flat().slice(most)];
  for (const { attachmentId } of excess) {
    const item = items.find(({ spec }) => spec.attachmentId === attachmentId);
    if (item)
      Object.assign(item, {
        isDeclared: false,
        status: 'failed',
        error: new UploadError('file-refused', { detail: `more than ${most} attachments` }),
      });
  }
  return kept;
}

/** Rejects for one that the endpoint would refuse. */
async function hashChecked(
  item: AttachmentItem,
  hash: (item: AttachmentItem) => Promise<string>,
): Promise<string> {
  checkAttachment(item.spec);
  return hash(item);
}

/** Rejects with `UploadError`, or with the signal's reason. */
async function sendHashed(
  { input, spec, request }: AttachmentItem,
  hashed: PromiseSettledResult<string> | undefined,
  requests: Requests,
  options: SenderOptions,
): Promise<void> {
  if (hashed?.status !== 'fulfilled') throw hashed?.reason;
  await sendOne({ file: input.file, spec: { ...spec, md5Base64: hashed.value }, request }, requests, options);
}

async function sendOne(
  { file, spec, request: first }: { file: File; spec: HashedSpec; request: SignedAttachment | undefined },
  requests: Requests,
  { context, signal }: SenderOptions,
): Promise<void> {
  const { workers, clock, network } = context.ports;
  const patience = new Patience(context.ports, Math.min(patienceMs, context.retry.patienceMs));
  let request = first;
  const fallback = new FallbackHeaders();
  for (;;) {
    if (!network.isOnline()) await patience.whileOffline(signal);
    if (!request) {
      const answer = await requests.ask(spec);
      if (answer instanceof UploadError) throw answer;
      request = answer;
    }
    const reply = await workers
      .put({ url: request.url, headers: fallback.of(request) }, file, { signal, onProgress: () => {} })
      .catch((error: unknown): StoreReply => {
        if (error instanceof NoReplyError) return { status: 0 };
        throw error;
      });
    const verdict = reply.status === 0 ? 'later' : judge(reply, spec.md5Base64, false);
    if (verdict === 'stored') return;
    if (!network.isOnline()) continue;
    const delayMs = patience.failed(reply.retryAfterMs);
    if (verdict === 'gone' || verdict === 'refused' || delayMs === undefined) {
      throw new UploadError(reply.status === 0 ? 'store-unreachable' : 'store-refused', {
        status: reply.status,
        attempts: patience.failures,
      });
    }
    if (verdict === 'refused-signature' && !fallback.use(request)) request = undefined;
    if (reply.status === 0) await patience.waitForNetwork(delayMs, signal);
    else await clock.sleep(delayMs, signal);
  }
}

/** One call for all. The endpoint refuses an item as a whole: then each is asked for alone, and only the bad one fails. */
async function requestAll(
  specs: readonly Attachment[],
  options: SenderOptions,
): Promise<(SignedAttachment | UploadError)[]> {
  try {
    return await request(specs, options);
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    if (specs.length === 1) return [error];
    if (!refusesOne.has(error.code)) return specs.map(() => error);
    return (await Promise.all(specs.map((spec) => requestAll([spec], options)))).flat();
  }
}

/** Problems that one attachment of several may cause. */
const refusesOne: ReadonlySet<UploadError['code']> = new Set([
  'file-refused',
  'invalid-request',
  'not-supported',
]);

async function request(
  specs: readonly Attachment[],
  { session, context, signal }: SenderOptions,
): Promise<SignedAttachment[]> {
  const { client, retry } = context;
  const { requests } = await callWithRetry(
    () => session.call((ticket) => client.attach({ ticket, attachments: [...specs] }), signal),
    retry,
    { signal, onWaiting: () => {}, patienceMs: Math.min(patienceMs, retry.patienceMs) },
  );
  if (requests.length < specs.length)
    throw new UploadError('endpoint-invalid-reply', { detail: 'attach: a request is missing in the answer' });
  return requests;
}
