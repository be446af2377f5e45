import type { Attachment, SignedAttachment } from '../protocol/index.js';
import { loadAttachments } from './chunks/attachments.js';
import type { EngineContext } from './context.js';
import type { AttachmentItem as Item } from './effects/send-attachments.js';
import { loadCode } from './load-code.js';
import { orAborted, throwIfAborted } from './retry/abort.js';
import type { ActiveSession } from './session.js';
import type { AttachmentInput, AttachmentSnapshot } from './types.js';

/**
 * The cover and the subtitles of one video. Declared with the start when they are given before it, sent later where the
 * provider allows that. One that fails does not fail the video.
 */
export class Attachments {
  readonly #context: EngineContext;
  readonly #onChange: () => void;
  readonly #items = new Map<string, Item>();
  #snapshot: readonly AttachmentSnapshot[] = [];
  #sending: Promise<unknown> = Promise.resolve();

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
    if (input.kind === 'cover')
      for (const [id, { spec }] of this.#items) if (spec.kind === 'cover') this.#items.delete(id);
    const { kind, file, language, title } = input;
    const spec: Attachment = {
      attachmentId,
      kind,
      fileName: file.name,
      sizeBytes: file.size,
      contentType: file.type,
      language: language || undefined,
      title: title || undefined,
    };
    this.#items.set(attachmentId, {
      input,
      spec,
      md5Base64: undefined,
      status: 'waiting',
      error: undefined,
      request: undefined,
    });
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
    return waiting.map(({ spec, md5Base64 }) => ({ ...spec, md5Base64 }));
  }

  /** The start's answer to what was declared. */
  accept(requests: readonly SignedAttachment[]): void {
    for (const request of requests) {
      const item = this.#items.get(request.attachmentId);
      if (item) item.request = request;
    }
  }

  /** Sends everything that waits, and waits for what is being sent already. Rejects only when aborted. */
  async sendAll(session: ActiveSession, signal: AbortSignal): Promise<void> {
    if (this.#items.size === 0) return;
    // Attachments given in the same turn share one call to the endpoint.
    await Promise.resolve();
    const waiting = this.#in('waiting');
    if (waiting.length > 0) {
      const sending = this.#send(waiting, session, signal);
      this.#sending = Promise.allSettled([this.#sending, sending]);
      await sending;
    }
    await orAborted(this.#sending, signal);
  }

  /** The upload starts from nothing: every attachment has to be sent again. */
  reset(): void {
    if (this.#items.size === 0) return;
    for (const item of this.#items.values())
      Object.assign(item, { status: 'waiting', error: undefined, request: undefined });
    this.#changed();
  }

  async #send(items: readonly Item[], session: ActiveSession, signal: AbortSignal): Promise<void> {
    this.#set(items, 'sending');
    try {
      // Few uploads have attachments: the code that sends them is loaded when the first one does.
      const { sendAttachments } = await loadCode(loadAttachments, this.#context.ports, signal);
      await sendAttachments(items, {
        session,
        context: this.#context,
        signal,
        hash: (item, aborted) => this.#hash(item, aborted),
        onChange: () => this.#changed(),
      });
    } finally {
      // The chunk could not be loaded: they are sent with the next attempt.
      this.#set(
        items.filter(({ status }) => status === 'sending'),
        'waiting',
      );
    }
    throwIfAborted(signal);
  }

  async #hash(item: Item, signal: AbortSignal): Promise<string> {
    return (item.md5Base64 ??= await this.#context.ports.workers.hash(item.input.file, { signal }));
  }

  #in(status: Item['status']): Item[] {
    return [...this.#items.values()].filter((item) => item.status === status);
  }

  #set(items: readonly Item[], status: Item['status']): void {
    for (const item of items) item.status = status;
    if (items.length > 0) this.#changed();
  }

  #changed(): void {
    this.#snapshot = [...this.#items.values()].map(({ input, spec, status, error }) => ({
      ...spec,
      file: input.file,
      status,
      error,
    }));
    this.#onChange();
  }
}
