import type { Attachment, SignedAttachment } from '../protocol/index.js';
import type { EngineContext } from './context.js';
import { UploadError } from './errors.js';
import { judge } from './parts/verdict.js';
import { backoffDelay, partBackoff } from './retry/backoff.js';
import { isAbort } from './retry/clock.js';
import { persevere } from './retry/persevere.js';
import type { ActiveSession } from './session.js';
import { NoReplyError, type StoreReply } from './transport/transport.js';
import type { AttachmentInput, AttachmentSnapshot } from './types.js';

interface Item {
  readonly input: AttachmentInput;
  readonly spec: Attachment;
  md5Base64: string | undefined;
  status: AttachmentSnapshot['status'];
  error: UploadError | undefined;
  request: SignedAttachment | undefined;
}

/**
 * What goes with one video: a cover, subtitles. Declared with the start where they are there in time, brought after it
 * where the provider allows. One that fails does not fail the video.
 */
export class Attachments {
  readonly #context: EngineContext;
  readonly #onChange: () => void;
  readonly #items = new Map<string, Item>();
  #snapshot: readonly AttachmentSnapshot[] = [];

  constructor(context: EngineContext, onChange: () => void) {
    this.#context = context;
    this.#onChange = onChange;
  }

  get snapshot(): readonly AttachmentSnapshot[] {
    return this.#snapshot;
  }

  /** A second cover takes the place of the first. Answers the id. */
  add(input: AttachmentInput): string {
    const attachmentId = this.#context.ports.newId();
    if (input.kind === 'cover') for (const [id, { spec }] of this.#items) if (spec.kind === 'cover') this.#items.delete(id);
    const { kind, file, language, title } = input;
    const spec: Attachment = { attachmentId, kind, fileName: file.name, sizeBytes: file.size, contentType: file.type, ...(language && { language }), ...(title && { title }) };
    this.#items.set(attachmentId, { input, spec, md5Base64: undefined, status: 'waiting', error: undefined, request: undefined });
    this.#changed();
    return attachmentId;
  }

  remove(attachmentId: string): void {
    if (this.#items.delete(attachmentId)) this.#changed();
  }

  /** What to declare with the start. */
  async declare(signal: AbortSignal): Promise<Attachment[]> {
    const waiting = this.#in('waiting');
    await Promise.all(waiting.map((item) => this.#hash(item, signal)));
    return waiting.map(describe);
  }

  /** The start's answer to what was declared. */
  accept(requests: readonly SignedAttachment[]): void {
    for (const request of requests) {
      const item = this.#items.get(request.attachmentId);
      if (item) item.request = request;
    }
  }

  /** Brings everything that waits to the store. Rejects only when aborted. */
  async sendAll(session: ActiveSession, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#in('waiting').map((item) => this.#deliver(item, session, signal)));
  }

  /** The upload begins anew: everything has to be brought again. */
  reset(): void {
    for (const item of this.#items.values()) Object.assign(item, { status: 'waiting', error: undefined, request: undefined });
    this.#changed();
  }

  async #deliver(item: Item, session: ActiveSession, signal: AbortSignal): Promise<void> {
    this.#set(item, 'sending');
    try {
      await this.#hash(item, signal);
      await this.#send(item, session, signal);
      this.#set(item, 'stored');
    } catch (error) {
      if (signal.aborted || isAbort(error)) {
        this.#set(item, 'waiting');
        throw error;
      }
      item.error = error instanceof UploadError ? error : new UploadError('internal', { cause: error });
      this.#set(item, 'failed');
    }
  }

  async #send(item: Item, session: ActiveSession, signal: AbortSignal): Promise<void> {
    const { workers, clock, random } = this.#context.ports;
    let useFallback = false;
    for (let attempt = 1; ; attempt++) {
      const { url, headers, fallbackHeaders } = (item.request ??= await this.#sign(item, session, signal));
      const reply = await workers
        .put({ url, headers: useFallback && fallbackHeaders ? fallbackHeaders : headers }, item.input.file, { signal, onProgress: () => {} })
        .catch((error: unknown): StoreReply => {
          if (error instanceof NoReplyError) return { status: 0 };
          throw error;
        });
      const verdict = reply.status === 0 ? 'later' : judge(reply, item.md5Base64 ?? '', false);
      if (verdict === 'stored') return;
      const delayMs = backoffDelay(attempt, partBackoff, random, reply.retryAfterMs);
      if (verdict === 'gone' || verdict === 'refused' || delayMs === undefined) throw new UploadError(reply.status === 0 ? 'store-unreachable' : 'store-refused', { status: reply.status, attempts: attempt });
      if (verdict === 'refused-signature') {
        if (useFallback || !fallbackHeaders) item.request = undefined;
        useFallback = !useFallback;
      }
      await clock.sleep(delayMs, signal);
    }
  }

  /** Asks for a request: none came with the start, or it is of no use any more. */
  async #sign(item: Item, session: ActiveSession, signal: AbortSignal): Promise<SignedAttachment> {
    const { client, ports, signIn } = this.#context;
    const answer = await persevere(() => client.attach({ ticket: session.ticket, attachments: [describe(item)] }), { ...ports, signIn }, { signal, onWaiting: () => {} });
    if (answer.ticket) session.ticket = answer.ticket;
    const [request] = answer.requests;
    if (!request) throw new UploadError('endpoint-invalid-reply', { detail: 'attach: no request in the answer' });
    return request;
  }

  async #hash(item: Item, signal: AbortSignal): Promise<void> {
    item.md5Base64 ??= await this.#context.ports.workers.hash(item.input.file, { signal });
  }

  #in(status: Item['status']): Item[] {
    return [...this.#items.values()].filter((item) => item.status === status);
  }

  #set(item: Item, status: Item['status']): void {
    item.status = status;
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = [...this.#items.values()].map(({ input, spec, status, error }) => ({ ...spec, file: input.file, status, error }));
    this.#onChange();
  }
}

function describe({ spec, md5Base64 }: Item): Attachment {
  return { ...spec, ...(md5Base64 && { md5Base64 }) };
}
