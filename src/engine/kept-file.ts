import type { UploaderOptions } from './options.js';

const defaultMaxBytes = 10_000_000;

/** Whether the file is small enough to be kept in the journal, so that it goes on by itself after a reload. */
export function isKept(file: File, { keepFilesMaxSizeBytes = defaultMaxBytes }: UploaderOptions): boolean {
  return file.size <= keepFilesMaxSizeBytes;
}
