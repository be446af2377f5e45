import { maxKeyBytes } from '../../../vendors/s3.js';
import { EndpointError } from '../../errors.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cutFileName, extensionOf, utf8Length } from '../../text.js';
import type { S3Options } from './options.js';

const maxNameBytes = 200;

/** The key that the host application names, or one by the default policy. */
export function objectKey(
  upload: StartFields,
  { extension, caller, options: { key }, nowMs }: ObjectKeyOptions,
): string {
  if (key) return checkedKey(key(upload, caller));
  // Tools and caches go by a key's ending: it says what the file is, whatever its name says.
  const isNamed = extension === undefined || extensionOf(keyName(upload.fileName)) === extension;
  return defaultKey(isNamed ? upload.fileName : `${upload.fileName}.${extension}`, nowMs);
}

interface ObjectKeyOptions {
  /** What the file is taken for. */
  readonly extension: string | undefined;
  readonly caller: { readonly id: string } | undefined;
  readonly options: S3Options;
  readonly nowMs: number;
}

/** By day, so that listings stay readable; under a random id, so that no upload overwrites another. */
function defaultKey(fileName: string, nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '/');
  return `uploads/${day}/${crypto.randomUUID()}/${keyName(fileName)}`;
}

/** Letters, digits and the marks that are safe in tools, URLs and shells ("Naming Amazon S3 objects"). */
function keyName(fileName: string): string {
  const safe = cleanFileName(fileName)
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^-+(?=.)/, '');
  return cutFileName(cleanFileName(safe), maxNameBytes);
}

/** A key that the application built from user input may not be addressable. */
function checkedKey(key: string): string {
  const hasDots = key.split('/').some((segment) => segment === '.' || segment === '..');
  if (key === '' || key.startsWith('/') || hasDots || utf8Length(key) > maxKeyBytes) {
    throw new EndpointError('file-refused', {
      detail: `A key has 1 to ${maxKeyBytes} bytes, no leading slash, and no "." or ".." between slashes.`,
    });
  }
  return key;
}
