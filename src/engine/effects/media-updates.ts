import type { EngineContext } from '../context.js';
import { EndpointCallError } from '../endpoint/call-error.js';
import { UploadError } from '../errors.js';
import { Poller } from './poller.js';
import type { MediaDetails } from '../../protocol/index.js';

/** What is asked about of an upload, and told to it. */
interface ProcessingUpload {
  readonly ticket: string | undefined;
  fail(error: UploadError, media?: MediaDetails): void;
  dispatch(event: { type: 'media'; media: MediaDetails }): void;
}

/** Asks the endpoint what the cloud has made of uploads in `processing`. */
export class MediaUpdates {
  readonly #context: EngineContext;
  readonly #processing: () => readonly ProcessingUpload[];
  readonly #poller: Poller;

  constructor(context: EngineContext, processing: () => readonly ProcessingUpload[], signal: AbortSignal) {
    this.#context = context;
    this.#processing = processing;
    this.#poller = new Poller(context.ports.clock, (aborted) => this.refresh(aborted), signal);
  }

  /** An upload has begun to process. */
  wake(): void {
    this.#poller.wake();
  }

  /** Asks once about all of them, in as few calls as possible. Answers how many are still processing. */
  async refresh(signal: AbortSignal | undefined): Promise<number> {
    await Promise.all(this.#processing().map((upload) => this.#refreshOne(upload, signal)));
    return this.#processing().length;
  }

  async #refreshOne(upload: ProcessingUpload, signal: AbortSignal | undefined): Promise<void> {
    const { ticket } = upload;
    if (ticket === undefined) return;
    try {
      const answer = await this.#context.client.details(ticket);
      if (signal?.aborted || answer.outcome !== 'found') return;
      const { media } = answer;
      if (media.status === 'failed') upload.fail(mediaFailure(media.failure), media);
      else upload.dispatch({ type: 'media', media });
    } catch (error) {
      if (!(error instanceof EndpointCallError)) throw error;
      // A transient failure is asked about again later; a refusal for good ends the waiting.
      if (!error.isTransient && !error.error.isResumable) upload.fail(error.error);
    }
  }
}

function mediaFailure(failure: { code?: string | undefined; reason: string } | undefined): UploadError {
  return new UploadError('media-failed', {
    detail: failure?.reason,
    vendor: failure?.code ? { code: failure.code } : undefined,
  });
}
