import { loadFileSearch } from '../chunks/file-search.js';
import type { UploadJob } from '../job.js';
import { loadCode } from '../load-code.js';
import { isAbort, throwIfAborted } from '../retry/abort.js';
import { backoffDelay } from '../retry/backoff.js';

/**
 * Waits until the file can be read again: its disk has woken or is back, its handle opens it as it is now, or its bytes
 * were kept. Where the code for the latter two cannot be loaded, the disk alone is waited for. Rejects with
 * `file-changed` when the file on the disk is proven to be another, or with the signal's reason; a file that the person
 * chooses aborts the wait.
 */
export async function waitForFile(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { clock, random } = job.context.ports;
  for (;;) {
    job.onWaiting({ for: 'file' });
    job.failedReadings += 1;
    await clock.sleep(backoffDelay(job.failedReadings, random), signal);
    if (job.file && (await canRead(job.file, job, signal))) return;
    const code = await loadCode(loadFileSearch, job.context.ports, signal).catch(() => undefined);
    throwIfAborted(signal);
    const found = await code?.lookElsewhere(job, signal);
    if (found) {
      job.useFile(found, job.handle);
      return;
    }
  }
}

/** Whether its first and its last byte are there; a disk that has gone gives neither. */
async function canRead(file: File, { context }: UploadJob, signal: AbortSignal): Promise<boolean> {
  const edges = new Blob([file.slice(0, 1), file.slice(Math.max(0, file.size - 1))]);
  return context.ports.workers.hash(edges, { signal }).then(
    () => true,
    (error: unknown) => {
      if (isAbort(error)) throw error;
      return false;
    },
  );
}
