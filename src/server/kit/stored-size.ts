import { EndpointError } from '../errors.js';

/** Whether a stored object has another size than was declared; `false` where the size is not known. */
export function differsFrom(declaredBytes: number, storedBytes: number | null | undefined): boolean {
  return typeof storedBytes === 'number' && storedBytes > 0 && storedBytes !== declaredBytes;
}

/** What was sent is not what was declared, and authorized, at the start: it is discarded. */
export function sizeRefused(declaredBytes: number, storedBytes: number | null | undefined): EndpointError {
  return new EndpointError('file-refused', {
    detail: `The stored file has ${storedBytes ?? 'an unknown number of'} bytes; ${declaredBytes} were declared.`,
  });
}
