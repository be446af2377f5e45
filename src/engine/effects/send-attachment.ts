import type { Attachment, SignedAttachment } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { UploadError } from '../errors.js';
import { judge } from '../parts/verdict.js';
import { backoffDelay, partBackoff } from '../retry/backoff.js';
import { persevere } from '../retry/persevere.js';
import type { ActiveSession } from '../session.js';
import { NoReplyError, type StoreReply } from '../transport/transport.js';

export interface SendAttachmentOptions {
  file: File;
  spec: Attachment;
  md5Base64: string;
  /** The request that came with the start, if it did. */
  request: SignedAttachment | undefined;
  session: ActiveSession;
  context: EngineContext;
  signal: AbortSignal;
}

/** Brings one attachment to the store. Rejects with `UploadError`, or with the signal's reason. */
export async function sendAttachment(options: SendAttachmentOptions): Promise<void> {
  const { file, md5Base64, context, signal } = options;
  const { workers, clock, random } = context.ports;
  let { request } = options;
  let useFallback = false;
  for (let attempt = 1; ; attempt++) {
    request ??= await sign(options);
    const { url, headers, fallbackHeaders } = request;
    const reply = await workers
      .put({ url, headers: useFallback && fallbackHeaders ? fallbackHeaders : headers }, file, {
        signal,
        onProgress: () => {},
      })
      .catch((error: unknown): StoreReply => {
        if (error instanceof NoReplyError) return { status: 0 };
        throw error;
      });
    const verdict = reply.status === 0 ? 'later' : judge(reply, md5Base64, false);
    if (verdict === 'stored') return;
    const delayMs = backoffDelay(attempt, partBackoff, random, reply.retryAfterMs);
    if (verdict === 'gone' || verdict === 'refused' || delayMs === undefined) {
      throw new UploadError(reply.status === 0 ? 'store-unreachable' : 'store-refused', {
        status: reply.status,
        attempts: attempt,
      });
    }
    if (verdict === 'refused-signature') {
      if (useFallback || !fallbackHeaders) request = undefined;
      useFallback = !useFallback;
    }
    await clock.sleep(delayMs, signal);
  }
}

/** Asks for a request: none came with the start, or it is of no use any more. */
async function sign({
  spec,
  md5Base64,
  session,
  context,
  signal,
}: SendAttachmentOptions): Promise<SignedAttachment> {
  const { client, ports, signIn } = context;
  const answer = await persevere(
    () => client.attach({ ticket: session.ticket, attachments: [{ ...spec, md5Base64 }] }),
    { ...ports, signIn },
    { signal, onWaiting: () => {} },
  );
  if (answer.ticket) session.ticket = answer.ticket;
  const [request] = answer.requests;
  if (!request)
    throw new UploadError('endpoint-invalid-reply', { detail: 'attach: no request in the answer' });
  return request;
}
