import { UploadError } from '../errors.js';
import type { UploadJob } from '../job.js';
import { fingerprint } from '../resume/fingerprint.js';
import type { PermissionHandle } from '../resume/reopen.js';
import { isAbort } from '../retry/abort.js';

/** The file as its handle opens it now, or the bytes of it that were kept. In a chunk of its own: few files go away. */
export async function lookElsewhere(job: UploadJob, signal: AbortSignal): Promise<File | undefined> {
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

/** Opens the file as it is now, without asking the person; `undefined` where the browser would ask. */
async function openGranted(handle: PermissionHandle | undefined): Promise<File | undefined> {
  try {
    const state = await handle?.queryPermission?.({ mode: 'read' });
    return state === 'granted' ? await handle?.getFile() : undefined;
  } catch {
    return undefined;
  }
}
