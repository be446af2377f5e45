import { UploadError } from './errors.js';
import { reportHostError } from './report-error.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** A copy, so that the host may change its object. Throws for what is no JSON object: it could be neither kept nor sent. */
export function jsonObject(given: unknown): JsonObject | undefined {
  if (given === undefined || given === null) return undefined;
  const copy = JSON.parse(JSON.stringify(given) ?? 'null') as unknown;
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy))
    throw new TypeError('metadata has to be an object of JSON values');
  return copy as JsonObject;
}

/** The message as it is sent. Throws `invalid-request` for what is no JSON, and tells the host, whose value it is. */
export function asSent<T>(message: T): T {
  try {
    return JSON.parse(JSON.stringify(message)) as T;
  } catch (cause) {
    reportHostError(cause);
    throw new UploadError('invalid-request', { detail: 'options or details are no JSON', cause });
  }
}
