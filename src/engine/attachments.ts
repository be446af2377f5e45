import type { Attachment, SignedAttachment } from '../protocol/index.js';
import type { EngineContext } from './context.js';
import { UploadError } from './errors.js';
import { isAbort } from './retry/clock.js';
import type { ActiveSession } from './session.js';
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
    if (input.kind === 'cover')
      for (const [id, { spec }] of this.#items) if (spec.kind === 'cover') this.#items.delete(id);
    const { kind, file, language, title } = input;
    const spec: Attachment = {
      attachmentId,
      kind,
      fileName: file.name,
      sizeBytes: file.size,
      contentType: file.type,
      ...(language && { language }),
      ...(title && { title }),
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
    for (const item of this.#items.values())
      Object.assign(item, { status: 'waiting', error: undefined, request: undefined });
    this.#changed();
  }

  async #deliver(item: Item, session: ActiveSession, signal: AbortSignal): Promise<void> {
    this.#set(item, 'sending');
    try {
      const md5Base64 = await this.#hash(item, signal);
      // Few uploads have attachments: what sends them is loaded when the first one does.
      const { sendAttachment } = await import('./effects/send-attachment.js');
      await sendAttachment({
        file: item.input.file,
        spec: item.spec,
        md5Base64,
        request: item.request,
        session,
        context: this.#context,
        signal,
      });
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

  async #hash(item: Item, signal: AbortSignal): Promise<string> {
    return (item.md5Base64 ??= await this.#context.ports.workers.hash(item.input.file, { signal }));
  }

  #in(status: Item['status']): Item[] {
    return [...this.#items.values()].filter((item) => item.status === status);
  }

  #set(item: Item, status: Item['status']): void {
    item.status = status;
    this.#changed();
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

function describe({ spec, md5Base64 }: Item): Attachment {
  return { ...spec, ...(md5Base64 && { md5Base64 }) };
}
