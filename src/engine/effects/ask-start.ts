import type { PartToSign, StartItem, UploadSession } from '../../protocol/index.js';
import { tellMalformed } from '../endpoint/malformed.js';
import { UploadError } from '../errors.js';
import {
  expectationOf,
  type HashedPart,
  hashFirstParts,
  isKnownToGoInParts,
  partsBeforeHash,
} from '../parts/first-parts.js';
import { wishedPartSize } from '../parts/plan.js';
import { linkedController } from '../retry/abort.js';
import { callToTheEnd } from '../retry/call-to-the-end.js';
import type { PrepareOptions } from './prepare-options.js';

/** Files up to this size are hashed before the start: one hash serves the provider and the only part. */
const eagerHashBytes = 20 * 1024 * 1024;
interface Begun {
  readonly answer: UploadSession;
  /** Of the whole file, where that was needed. */
  readonly md5Base64: string | undefined;
  /** The parts that `start` was asked to sign. */
  readonly named: readonly PartToSign[];
}

/** Keeps what was asked until it is answered. */
export interface StartNote {
  write(item: StartItem): void;
  /** The endpoint has refused it: it has begun nothing. */
  erase(): void;
}

interface AskStartOptions {
  readonly note: StartNote;
  /** Called when the call has been sent. `firstParts` are hashed before it, where the provider signs nothing else. */
  readonly onAsking: (firstParts: Promise<readonly HashedPart[]>) => void;
}

type Asking = Pick<PrepareOptions, 'file' | 'context' | 'signal'>;

/** The MD5 of the whole file, where `start` may need it. That it does not may be known before it is hashed. */
async function wholeMd5(
  hash: (signal: AbortSignal) => Promise<string>,
  { file, context, signal }: Asking,
): Promise<string | undefined> {
  const goesInParts = () => isKnownToGoInParts(file.size, context.capabilities());
  if (file.size > eagerHashBytes || goesInParts()) return undefined;
  const { controller, unlink } = linkedController(signal);
  try {
    const hashed = hash(controller.signal);
    await Promise.race([hashed, context.described()]);
    if (!goesInParts()) return await hashed;
    hashed.catch(() => {});
    controller.abort();
    return undefined;
  } finally {
    unlink();
  }
}

/** The parts that `start` is to sign: with their MD5s, unless it becomes known before they are hashed that none are needed. */
async function partsToName(
  firstParts: Promise<readonly HashedPart[]>,
  { file, context }: Asking,
): Promise<readonly PartToSign[]> {
  await Promise.race([firstParts, context.described()]);
  return partsBeforeHash(file.size, expectationOf(context)) ?? (await firstParts).map(({ part }) => part);
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
  const hash = (until = signal) =>
    whole ?? ports.workers.hash(file, { signal: until, onProgress: onChecked });
  const firstParts =
    before?.firstParts ??
    hashFirstParts(expectationOf(context), { file, ...ports, signal, known: context.hashedAhead.get(file) });
  context.hashedAhead.delete(file);
  const [declared, early, named] = await Promise.all([
    attachments.declare(signal),
    before ? before.md5Base64 : wholeMd5(hash, options),
    before?.parts ?? partsToName(firstParts, options),
  ]);
  let md5Base64 = early;
  let { replaces } = options;
  let parts: readonly PartToSign[] = named;
  let partSizeBytes = wishedPartSize(context.options.partSizeBytes, file.size);
  const ask = () => {
    asked.start = { file, md5Base64, parts, firstParts };
    const item = (): StartItem => ({
      clientId,
      fileName: file.name,
      sizeBytes: file.size,
      contentType: file.type,
      md5Base64,
      metadata: options.metadata,
      options: Object.keys(options.options).length > 0 ? { ...options.options } : undefined,
      attachments: declared.length > 0 ? declared : undefined,
      parts: parts.length > 0 ? [...parts] : undefined,
      // The endpoint decides, because the ticket signs the parts of its plan alone.
      partSizeBytes,
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
    else if (error.code === 'invalid-request' && (partSizeBytes || (parts.length > 0 && !capabilities))) {
      if (!capabilities) parts = [];
      partSizeBytes = undefined;
    } else throw error;
    return ask();
  };
  const fail = (error: unknown): never => {
    throw tellMalformed(error);
  };
  const asking = ask();
  onAsking(firstParts);
  let answer = await asking.catch(askOtherwise).catch(fail);
  if (answer.outcome === 'checksum-required' && !md5Base64) {
    md5Base64 = await hash();
    answer = await ask().catch(fail);
  }
  if (answer.outcome !== 'started')
    throw new UploadError('endpoint-invalid-reply', {
      detail: 'start: asks for the checksum again',
    });
  asked.start = undefined;
  return { answer: answer.session, md5Base64, named: parts };
}
