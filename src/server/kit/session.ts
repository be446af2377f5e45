import * as v from 'valibot';
import type { MediaDetails } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import type { Session, StartFields } from '../provider.js';
import { bareContentType, extensionOf } from '../text.js';

/** Reads the provider's state from an opened ticket. One of another shape was sealed by another version of the provider. */
export function stateReader<T extends v.GenericSchema>(
  schema: T,
): (session: Session<unknown>) => v.InferOutput<T> {
  return ({ state }) => {
    const parsed = v.safeParse(schema, state);
    if (parsed.success) return parsed.output;
    throw new EndpointError('ticket-invalid', {
      detail: 'The ticket is of another version of this provider.',
    });
  };
}

export function checkFileSize({ sizeBytes }: Pick<StartFields, 'sizeBytes'>, maxSizeBytes: number): void {
  if (sizeBytes > maxSizeBytes)
    throw new EndpointError('file-refused', {
      detail: `Files of more than ${maxSizeBytes} bytes are not taken.`,
    });
}

/** The refusal of a file by its type. */
export function fileTypeRefused(
  { fileName, contentType }: Pick<StartFields, 'fileName' | 'contentType'>,
  allowed: readonly string[],
): EndpointError {
  const type = extensionOf(fileName) || bareContentType(contentType);
  return new EndpointError('file-refused', {
    detail: `Files of type ${type || 'unknown'} are not taken; these are: ${allowed.join(', ')}.`,
  });
}

export function checkSinglePart(partNumber: number): void {
  if (partNumber !== 1)
    throw new EndpointError('invalid-request', { detail: 'A single upload has only part 1.' });
}

type Found = MediaDetails | EndpointError;

/** Of a question about one medium. */
export function onlyOne([found = new EndpointError('media-not-found')]: readonly Found[]): MediaDetails {
  if (found instanceof EndpointError) throw found;
  return found;
}

/** Details of services that answer for one media at a time: sessions with the same key are asked for once. */
export function detailsOneByOne<State>(
  sessions: readonly Session<State>[],
  keyOf: (session: Session<State>) => string,
  ask: (session: Session<State>) => Promise<Found>,
): Promise<Found[]> {
  const asked = new Map<string, Promise<Found>>();
  const askSafely = (session: Session<State>) =>
    ask(session).catch((error: unknown) => {
      if (error instanceof EndpointError) return error;
      throw error;
    });
  return Promise.all(
    sessions.map((session) => {
      const key = keyOf(session);
      const answer = asked.get(key) ?? askSafely(session);
      asked.set(key, answer);
      return answer;
    }),
  );
}
