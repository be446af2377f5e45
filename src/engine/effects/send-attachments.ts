import type { Attachment, SignedAttachment } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { Batcher } from '../endpoint/batcher.js';
import { UploadError } from '../errors.js';
import { FallbackHeaders } from '../parts/fallback-headers.js';
import { judge } from '../parts/verdict.js';
import { backoffDelay, partBackoff } from '../retry/backoff.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import type { ActiveSession } from '../session.js';
import { NoReplyError, type StoreReply } from '../transport/transport.js';

export interface AttachmentsSender {
  /** Sends one attachment to the store. Rejects with `UploadError`, or with the signal's reason. */
  send(attachment: AttachmentToSend): Promise<void>;
}

export interface AttachmentToSend {
  readonly file: File;
  readonly spec: Attachment & { readonly md5Base64: string };
  /** The request that came with the start, if it did. */
  readonly request: SignedAttachment | undefined;
}

interface SenderOptions {
  session: ActiveSession;
  context: EngineContext;
  signal: AbortSignal;
}

/** Sends the attachments of one upload. Requests asked for in the same turn share one `attach` call. */
export function createAttachmentsSender(options: SenderOptions): AttachmentsSender {
  const batcher = new Batcher<AttachmentToSend['spec'], SignedAttachment | UploadError>({
    maxWeight: Infinity,
    maxUnderWay: 1,
    send: (specs) => requestAll(specs, options),
  });
  return { send: (attachment) => sendOne(attachment, batcher, options) };
}

async function sendOne(
  { file, spec, request: first }: AttachmentToSend,
  batcher: Batcher<AttachmentToSend['spec'], SignedAttachment | UploadError>,
  { context, signal }: SenderOptions,
): Promise<void> {
  const { workers, clock, random } = context.ports;
  let request = first;
  const fallback = new FallbackHeaders();
  for (let attempt = 1; ; attempt++) {
    if (!request) {
      const answer = await batcher.ask(spec);
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
    const delayMs = backoffDelay(attempt, partBackoff, random, reply.retryAfterMs);
    if (verdict === 'gone' || verdict === 'refused' || delayMs === undefined) {
      throw new UploadError(reply.status === 0 ? 'store-unreachable' : 'store-refused', {
        status: reply.status,
        attempts: attempt,
      });
    }
    if (verdict === 'refused-signature' && !fallback.use(request)) request = undefined;
    await clock.sleep(delayMs, signal);
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
    { signal, onWaiting: () => {} },
  );
  if (requests.length < specs.length)
    throw new UploadError('endpoint-invalid-reply', { detail: 'attach: a request is missing in the answer' });
  return requests;
}
