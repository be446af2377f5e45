import { type Attachment, maxAttachments, type SignedAttachment } from '../protocol/index.js';
import { loadAttachments } from './chunks/attachments.js';
import type { EngineContext } from './context.js';
import type { AttachmentItem as Item } from './effects/send-attachments.js';
import { loadCode } from './load-code.js';
import { orAborted, throwIfAborted } from './retry/abort.js';
import { UploadError } from './errors.js';
import type { JournalAttachment } from './resume/store.js';
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
  #withdrawn: Promise<unknown> = Promise.resolve();
  #restoring: Promise<void> = Promise.resolve();

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
      for (const [id, { spec }] of this.#items) if (spec.kind === 'cover') this.#withdraw(id);
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
    this.#items.set(attachmentId, newItem(input, spec, 'waiting'));
    // Now, and not when it is sent: a network that breaks, or a deploy that removes the file, does not matter then. What
    // fails is loaded again, and reported, when it is needed.
    loadCode(loadAttachments, this.#context.ports).catch(() => {});
    this.#changed();
    return attachmentId;
  }

  /** Those of an earlier visit; their bytes come from the journal. */
  restore(
    kept: readonly JournalAttachment[],
    read: (attachmentId: string) => Promise<Blob | undefined>,
  ): void {
    const loads = kept.map(async ({ spec, isStored }) => {
      const { attachmentId, kind, fileName, contentType, language, title } = spec;
      const fileOf = (bytes: BlobPart[]) => new File(bytes, fileName, { type: contentType });
      const item = newItem(
        { kind, file: fileOf([]), language, title },
        spec,
        isStored ? 'stored' : 'waiting',
      );
      this.#items.set(attachmentId, item);
      if (isStored) return;
      const bytes = await read(attachmentId);
      if (bytes) item.input = { ...item.input, file: fileOf([bytes]) };
      else Object.assign(item, { status: 'failed', error: new UploadError('file-unreadable') });
    });
    if (loads.length === 0) return;
    this.#restoring = Promise.all(loads).then(() => this.#changed());
    this.#changed();
  }

  /** Not one that a start is announcing, or has announced: the service waits for it. */
  remove(attachmentId: string): void {
    const item = this.#items.get(attachmentId);
    if (!item || (item.isDeclared && (item.status === 'waiting' || item.status === 'sending'))) return;
    this.#withdraw(attachmentId);
    this.#changed();
  }

  /** One that has failed waits to be sent once more. */
  retry(attachmentId: string): void {
    const item = this.#items.get(attachmentId);
    if (item?.status !== 'failed') return;
    Object.assign(item, { error: undefined, request: undefined });
    this.#set([item], 'waiting');
  }

  /** What to declare with the start. Rejects only when aborted. */
  async declare(signal: AbortSignal): Promise<Attachment[]> {
    await this.#restoring;
    const waiting = this.#in('waiting');
    if (waiting.length === 0) return [];
    const code = await loadCode(loadAttachments, this.#context.ports, signal).catch(() => undefined);
    throwIfAborted(signal);
    // Without the code they are sent after the start, if at all.
    const declared = await code?.declareAttachments(waiting, {
      hash: (item) => this.#hash(item, signal),
      most: maxAttachments,
      signal,
    });
    this.#changed();
    return declared ?? [];
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
    await orAborted(this.#restoring, signal);
    // Attachments given in the same turn share one call to the endpoint.
    await Promise.resolve();
    const waiting = this.#in('waiting');
    if (waiting.length > 0) {
      this.#set(waiting, 'sending');
      // What was taken back may still be on its way, and must not arrive after what took its place.
      const sending = this.#withdrawn.then(() => this.#send(waiting, session, signal));
      this.#sending = Promise.allSettled([this.#sending, sending]);
      await sending;
    }
    await orAborted(this.#sending, signal);
  }

  /** The upload starts from nothing: every attachment has to be sent again. */
  reset(): void {
    if (this.#items.size === 0) return;
    for (const item of this.#items.values())
      Object.assign(item, { status: 'waiting', error: undefined, request: undefined, isDeclared: false });
    this.#changed();
  }

  #withdraw(attachmentId: string): void {
    const item = this.#items.get(attachmentId);
    this.#items.delete(attachmentId);
    if (item?.status !== 'sending') return;
    item.withdrawn.abort();
    this.#withdrawn = this.#sending.catch(() => {});
  }

  async #send(items: readonly Item[], session: ActiveSession, signal: AbortSignal): Promise<void> {
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

  /** As the journal keeps them. */
  get journalled(): readonly JournalAttachment[] {
    return [...this.#items.values()].map(({ spec, status }) => ({ spec, isStored: status === 'stored' }));
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

function newItem(input: AttachmentInput, spec: Attachment, status: Item['status']): Item {
  return {
    input,
    spec,
    md5Base64: undefined,
    status,
    error: undefined,
    request: undefined,
    isDeclared: false,
    withdrawn: new AbortController(),
  };
}
