import type { MediaUpdate } from '../protocol/index.js';
import { loadUpdateDetails } from './chunks/update-details.js';
import type { EngineContext } from './context.js';
import { asUploadError, type UploadError } from './errors.js';
import { loadCode } from './load-code.js';
import type { ActiveSession } from './session.js';
import type { DetailsSnapshot } from './types.js';

/**
 * Title, description and tags that were given when the start was over: kept until the upload is confirmed, and sent by
 * the service's own call then. One that fails does not fail the video.
 */
export class LaterDetails {
  readonly #context: EngineContext;
  readonly #onChange: () => void;
  /** All that was given, also what is sent. */
  #given: MediaUpdate = {};
  #unsent: MediaUpdate = {};
  #status: DetailsSnapshot['status'] = 'kept';
  #error: UploadError | undefined;
  #snapshot: DetailsSnapshot | undefined;

  constructor(context: EngineContext, onChange: () => void) {
    this.#context = context;
    this.#onChange = onChange;
  }

  get snapshot(): DetailsSnapshot | undefined {
    return this.#snapshot;
  }

  /** What the journal keeps. */
  get unsent(): MediaUpdate | undefined {
    return isEmpty(this.#unsent) ? undefined : this.#unsent;
  }

  give(details: MediaUpdate): void {
    this.#given = { ...this.#given, ...details };
    this.#unsent = { ...this.#unsent, ...details };
    if (this.#status !== 'saving') this.#status = 'kept';
    this.#changed();
  }

  /** These go with the start after all. */
  withdraw(names: readonly (keyof MediaUpdate)[]): void {
    if (!names.some((name) => this.#given[name] !== undefined)) return;
    this.#given = without(this.#given, names);
    this.#unsent = without(this.#unsent, names);
    this.#changed();
  }

  /** The next attempt makes other media. */
  reset(): void {
    if (!this.#snapshot) return;
    this.#unsent = this.#given;
    this.#status = 'kept';
    this.#changed();
  }

  /** Sends what is not sent yet to confirmed media. Never rejects. */
  async send(session: ActiveSession, signal: AbortSignal): Promise<void> {
    if (this.#status === 'saving' || isEmpty(this.#unsent)) return;
    this.#set('saving');
    let sending: MediaUpdate = {};
    try {
      const { updateDetails } = await loadCode(loadUpdateDetails, this.#context.ports, signal);
      // What is given meanwhile is sent next.
      while (!isEmpty(this.#unsent)) {
        [sending, this.#unsent] = [this.#unsent, {}];
        await updateDetails(sending, { session, context: this.#context, signal });
      }
      this.#set('saved');
    } catch (error) {
      this.#unsent = { ...sending, ...this.#unsent };
      if (signal.aborted) this.#set('kept');
      else this.#set('failed', asUploadError(error));
    }
  }

  #set(status: DetailsSnapshot['status'], error?: UploadError): void {
    this.#status = status;
    this.#error = error;
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = isEmpty(this.#given)
      ? undefined
      : { ...this.#given, status: this.#status, error: this.#error };
    this.#onChange();
  }
}

function isEmpty(details: MediaUpdate): boolean {
  return Object.keys(details).length === 0;
}

function without(details: MediaUpdate, names: readonly string[]): MediaUpdate {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !names.includes(name)));
}
