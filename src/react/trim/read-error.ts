/** Of a file that changed, was removed or cannot be read, and of a film that was let go while it was read. */
const names = new Set(['NotReadableError', 'NotFoundError', 'InputDisposedError', 'ConversionCanceledError']);

export function isReadError(error: unknown): boolean {
  return error instanceof Error && names.has(error.name);
}
