import type { StartItem, UploadSession } from '../../protocol/index.js';
import { tellMalformed } from '../endpoint/malformed.js';
import { UploadError } from '../errors.js';
import { type HashedPart, hashFirstParts, isKnownToGoInParts } from '../parts/first-parts.js';
import { callToTheEnd } from '../retry/call-to-the-end.js';
import type { PrepareOptions } from './prepare-options.js';

/** Files up to this size are hashed before the start: one hash serves the provider and the only part. */
const eagerHashBytes = 20 * 1024 * 1024;
interface Begun {
  readonly answer: UploadSession;
  /** Of the whole file, where that was needed. */
  readonly md5Base64: string | undefined;
  /** Those that the endpoint was asked to sign. */
  readonly firstParts: readonly HashedPart[];
}

/** Keeps what was asked until it is answered. */
export interface StartNote {
  write(item: StartItem): void;
  /** The endpoint has refused it: it has begun nothing. */
  erase(): void;
}

interface AskStartOptions {
  readonly note: StartNote;
  /** Called when the hashes for the call are there and the call has been sent. */
  readonly onAsking: () => void;
}

/** Asks for the session of a new upload, with what the endpoint needs for it: the MD5 of the whole file, or of the first parts. */
export async function askStart(
  clientId: string,
  whole: Promise<string> | undefined,
  { note, onAsking, ...options }: PrepareOptions & AskStartOptions,
): Promise<Begun> {
  const { file, context, signal, onChecked, attachments, asked, adder } = options;
  const { ports } = context;
  const before = asked.start?.file === file ? asked.start : undefined;
  const capabilities = context.capabilities();
  const hash = () => whole ?? ports.workers.hash(file, { signal, onProgress: onChecked });
  const isHashedWhole = file.size <= eagerHashBytes && !isKnownToGoInParts(file.size, capabilities);
  const hashFirst = async () => {
    const known = await context.hashedAhead.get(file);
    context.hashedAhead.delete(file);
    return hashFirstParts(capabilities, { file, ...ports, signal, known });
  };
  const [declared, early, firstParts] = await Promise.all([
    attachments.declare(signal),
    before ? before.md5Base64 : isHashedWhole ? hash() : undefined,
    before?.parts ?? hashFirst(),
  ]);
  let md5Base64 = early;
  let { replaces } = options;
  let parts = firstParts;
  const ask = () => {
    asked.start = { file, md5Base64, parts };
    const item = (): StartItem => ({
      clientId,
      fileName: file.name,
      sizeBytes: file.size,
      contentType: file.type,
      md5Base64,
      metadata: options.metadata,
      options: Object.keys(options.options).length > 0 ? { ...options.options } : undefined,
      attachments: declared.length > 0 ? declared : undefined,
      parts: parts.length > 0 ? parts.map(({ part }) => part) : undefined,
      replaces,
      addedBy: adder.tag || undefined,
    });
    const call = async () => {
      const start = item();
      note.write(start);
      const answer = await context.client.start(start);
      adder.tag ??= answer.caller ?? '';
      return answer;
    };
    return callToTheEnd(call, context.retry, { ...options, onRefused: () => note.erase() });
  };
  const askOtherwise = (error: unknown) => {
    if (!(error instanceof UploadError)) throw error;
    // The old ticket is no longer accepted: start a new upload.
    if (replaces !== undefined && error.code.startsWith('ticket-')) replaces = undefined;
    // An endpoint of another make may refuse what it does not know.
    else if (parts.length > 0 && !capabilities && error.code === 'invalid-request') parts = [];
    else throw error;
    return ask();
  };
  const fail = (error: unknown): never => {
    throw tellMalformed(error);
  };
  const asking = ask();
  onAsking();
  let answer = await asking.catch(askOtherwise).catch(fail);
  if (answer.outcome === 'checksum-required' && !md5Base64) {
    md5Base64 = await hash();
    answer = await ask().catch(fail);
  }
  if (answer.outcome !== 'started')
    throw new UploadError('endpoint-invalid-reply', {
      detail: 'start: asks for the checksum that it was given',
    });
  asked.start = undefined;
  return { answer: answer.session, md5Base64, firstParts };
}
