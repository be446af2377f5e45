import { UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import { fingerprint } from '../resume/fingerprint.js';
import { openGranted } from '../resume/reopen.js';
import { isAbort } from '../retry/abort.js';
import { backoffDelay } from '../retry/backoff.js';

/**
 * Waits until the file can be read again: its disk has woken or is back, its handle opens it as it is now, or its bytes
 * were kept. Rejects with `file-changed` when the file on the disk is proven to be another, or with the signal's
 * reason; a file that the person chooses aborts the wait.
 */
export async function waitForFile(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { clock, random } = job.context.ports;
  for (;;) {
    job.onWaiting({ for: 'file' });
    job.failedReadings += 1;
    await clock.sleep(backoffDelay(job.failedReadings, random), signal);
    if (job.file && (await canRead(job.file, job, signal))) return;
    const found = await lookElsewhere(job, signal);
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

async function lookElsewhere(job: UploadJob, signal: AbortSignal): Promise<File | undefined> {
  const { info, attempt, context } = job;
  const onDisk = await openGranted(job.handle);
  const print = onDisk && (await printOf(onDisk, job, signal));
  if (onDisk && print !== undefined) {
    const { fingerprint: expected } = attempt;
    const isSame = expected === undefined ? onDisk.size === info.sizeBytes : print === expected;
    if (!isSame) throw new UploadError('file-changed', { detail: 'the file on the disk is another now' });
    return onDisk;
  }
  const kept = await context.journal.file(attempt.record.id);
  return kept && new File([kept], info.fileName, { type: info.contentType });
}

/** `undefined` when this file cannot be read either. */
async function printOf(file: File, { context }: UploadJob, signal: AbortSignal): Promise<string | undefined> {
  return fingerprint(file, context.ports.workers, signal).catch((error: unknown) => {
    if (isAbort(error)) throw error;
    return undefined;
  });
}
