import { maxKeyBytes } from '../../../vendors/s3.js';
import { EndpointError } from '../../errors.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cutFileName, utf8Length } from '../../text.js';
import type { S3Options } from './options.js';

const maxNameBytes = 200;

/** The key that the host application names, or one by the default policy. */
export function objectKey(
  upload: StartFields,
  caller: { readonly id: string } | undefined,
  { key }: S3Options,
  nowMs: number,
): string {
  return key ? checkedKey(key(upload, caller)) : defaultKey(upload, nowMs);
}

/** By day, so that listings stay readable; under a random id, so that no upload overwrites another. */
function defaultKey({ fileName }: StartFields, nowMs: number): string {
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
