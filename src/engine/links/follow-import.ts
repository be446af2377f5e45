import { UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import { PollingPace } from '../polling-pace.js';
import { orAborted } from '../retry/abort.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import type { Clock } from '../retry/clock.js';

/** Asks how far the cloud is until it has all of the video, then ends the import at the endpoint. */
export async function followImport(job: UploadJob, signal: AbortSignal): Promise<void> {
  const session = job.attempt.needSession();
  if (!session.ticket) throw lost(job);
  const { client, retry, ports } = job.context;
  const options = { signal, onWaiting: job.onWaiting };
  await job.remember('finishing');
  const turns = turnsOf(ports.clock);
  for (turns.restart(); ;) {
    const answer = await callWithRetry(() => client.details(session.ticket), retry, options);
    // `found`: another tab, or the vendor's message, has ended it already; the end says so as well.
    if (answer.outcome !== 'importing') break;
    const { state, percent, canCancel } = answer;
    job.importing = { state, percent, canCancel };
    job.importedBytes = answer.sizeBytes ?? job.importedBytes;
    job.changed();
    await turns.next(signal);
  }
  const answer = await callWithRetry(
    () => session.call((ticket) => client.finish({ ticket, status: 'imported' }), signal),
    retry,
    options,
  );
  if (answer.outcome !== 'confirmed')
    throw new UploadError('endpoint-invalid-reply', {
      detail: `finish: ${answer.outcome} in place of confirmed`,
    });
  session.isConfirmed = true;
  job.importedBytes = answer.object.sizeBytes ?? job.importedBytes;
  session.mediaId = answer.mediaId ?? session.mediaId;
  session.confirmation = { receipt: undefined, mediaId: session.mediaId };
  // Before the row is said to be there: until then a reload goes on with them.
  await job.attachments.sendAll(session, signal).catch((error: unknown) => {
    // The video is there all the same; what still waits is sent once the row says so.
    if (signal.aborted) throw error;
  });
  job.dispatch({ type: 'confirmed', ...session.confirmation });
}

/** The cloud may have begun it for an earlier visit, and nothing names it: no call can be made about it. */
function lost({ attempt }: UploadJob): UploadError {
  attempt.beginAgain();
  return new UploadError('import-lost', { detail: 'the answer to an earlier visit was lost' });
}

/** The imports of a page ask at the same time, so that their questions share a call. */
class Turns {
  readonly #clock: Clock;
  readonly #pace = new PollingPace();
  #next: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Another import has begun: short videos are there in seconds. */
  restart(): void {
    this.#pace.restart();
  }

  async next(signal: AbortSignal): Promise<void> {
    this.#next ??= this.#clock.sleep(this.#pace.nextMs()).then(() => {
      this.#pace.asked();
      this.#next = undefined;
    });
    await orAborted(this.#next, signal);
  }
}

const turns = new WeakMap<Clock, Turns>();

function turnsOf(clock: Clock): Turns {
  const known = turns.get(clock) ?? new Turns(clock);
  turns.set(clock, known);
  return known;
}
