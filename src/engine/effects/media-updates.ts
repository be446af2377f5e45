import type { EngineContext } from '../context.js';
import { EndpointCallError } from '../endpoint/call-error.js';
import { UploadError } from '../errors.js';
import { Poller } from './poller.js';
import type { UploadRunner } from '../runner.js';
import type { UploadList } from '../upload-list.js';

/** Asks the endpoint what the cloud has made of uploads in `processing`. */
export class MediaUpdates {
  readonly #context: EngineContext;
  readonly #list: UploadList;
  readonly #poller: Poller;

  constructor(context: EngineContext, list: UploadList, signal: AbortSignal) {
    this.#context = context;
    this.#list = list;
    this.#poller = new Poller(context.ports.clock, (aborted) => this.refresh(aborted), signal);
  }

  /** An upload has begun to process. */
  wake(): void {
    this.#poller.wake();
  }

  /** Asks once about all of them, in as few calls as possible. Answers how many are still processing. */
  async refresh(signal: AbortSignal | undefined): Promise<number> {
    const processing = () => this.#list.inStatus('processing');
    await Promise.all(processing().map((runner) => this.#refreshOne(runner, signal)));
    return processing().length;
  }

  async #refreshOne(runner: UploadRunner, signal: AbortSignal | undefined): Promise<void> {
    const { ticket } = runner;
    if (ticket === undefined) return;
    try {
      const { media } = await this.#context.client.details(ticket);
      if (signal?.aborted) return;
      if (media.status === 'failed') runner.fail(mediaFailure(media.failure), media);
      else runner.dispatch({ type: 'media', media });
    } catch (error) {
      if (!(error instanceof EndpointCallError)) throw error;
      // A transient failure is asked about again later; a refusal for good ends the waiting.
      if (!error.isTransient && !error.error.isResumable) runner.fail(error.error);
    }
  }
}

function mediaFailure(failure: { code?: string | undefined; reason: string } | undefined): UploadError {
  return new UploadError('media-failed', {
    detail: failure?.reason,
    vendor: failure?.code ? { code: failure.code } : undefined,
  });
}
