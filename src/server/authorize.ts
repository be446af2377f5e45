import type { ImportItem, Operation, StartItem } from '../protocol/index.js';
import { EndpointError } from './errors.js';

/** What `authenticate` is told: nothing of the body, which has not been read yet. */
export interface AuthenticateCall<Context = unknown> {
  readonly operation: Operation;
  /** What the host passed on with the request: see `toNodeListener`. */
  readonly context: Context;
}

/** What a caller asks for. */
export interface AuthorizeCall<Context = unknown> extends AuthenticateCall<Context> {
  /** As `authenticate` named them, where that is set. */
  readonly caller?: Caller | undefined;
  /** With `start` and `import`: the provider asked for. Later calls may mix providers: see `items`. */
  readonly provider?: string;
  /** With `describe`: the providers asked about. */
  readonly providers?: readonly string[];
  /** With `start`: the files, with the page's `metadata` about them. */
  readonly uploads?: readonly StartItem[];
  /**
   * With `import`: the links, which may contain signatures, with the page's `metadata` about them. Empty where a page
   * only asks what an earlier visit has begun.
   */
  readonly imports?: readonly ImportItem[];
  /** With every later call: what each item is about, in order; `undefined` for one whose ticket cannot be opened. */
  readonly items?: readonly (UploadSubject | undefined)[];
}

/** An upload under way, as its ticket has it. */
export interface UploadSubject {
  readonly provider: string;
  /** Random, unique per upload; the same in all events and hooks. */
  readonly sessionId: string;
  /** Absent until the service has named the media. */
  readonly mediaId?: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** The page's own data about the file, as `start` had it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Set when the cloud pulls it from a link: host of the link. `sizeBytes` is 0 until it has done so. */
  readonly linkHost?: string | undefined;
  /** In ms since 1970. */
  readonly startedAt?: number | undefined;
  /** `id` of the caller who started it. */
  readonly callerId: string;
}

/** Who calls. Tickets are bound to `id`: another caller's later calls with them are refused. */
export interface Caller {
  readonly id: string;
  /**
   * Names of the provider's per-upload options that this caller's pages may set. Default none; `any` for all of them.
   * Some name addresses that the cloud calls (`userData` with a callback, `coverUrl`) or workflows that cost: with
   * `any`, a page decides about them as well.
   */
  readonly options?: readonly string[] | 'any';
  /**
   * True: what this caller has added and not begun may be started by the next one, as for a visitor who chooses files
   * before signing in, or where one person gets another `id` with each sign-in. Default: it is refused with
   * `ticket-foreign`, and starts when this caller is back. Uploads that have begun stay with their caller in any case.
   */
  readonly handsOver?: boolean;
  /**
   * With `start`: decides about each file of the call, one after the other in the page's order. A refusal applies to
   * that file only. A repeated `start` has the same `clientId`. Default: all files may start. Asked about links to
   * import as well, as files of 0 bytes.
   */
  readonly mayStart?: (upload: StartItem) => Refusal | undefined | Promise<Refusal | undefined>;
  /** With every later call: decides about each item. A refusal applies to that item only. Default: all may go on. */
  readonly mayUse?: (upload: UploadSubject) => Refusal | undefined | Promise<Refusal | undefined>;
}

/** The caller is known and may not do this, or not yet. The text is for developers; it becomes the problem's `detail`. */
export type Refusal =
  | { readonly forbidden: string }
  /**
   * Too many calls or uploads: the page waits `retryAfterMs` (default: its own backoff; at most five minutes) and
   * repeats the call.
   */
  | { readonly rateLimited: string; readonly retryAfterMs?: number }
  /** The caller's quota is used up: the upload fails, and the page says why. */
  | { readonly quotaExceeded: string; readonly retryAfterMs?: number };

/**
 * Names the caller by headers and cookies, before a byte of the body is read. `null` or `undefined`: no caller is
 * signed in (`unauthorized`, 401). A refusal, or an `EndpointError` thrown, names its own code.
 */
export type Authenticate<Context = unknown> = (
  request: Request,
  call: AuthenticateCall<Context>,
) => Decision | Promise<Decision>;

/**
 * The host application's decision, once the call is known. It answers as `authenticate` does, whose caller it may
 * return. Read headers and cookies only; the body has been consumed.
 */
export type Authorize<Context = unknown> = (
  request: Request,
  call: AuthorizeCall<Context>,
) => Decision | Promise<Decision>;
/** What `authorize` answers: the caller, or why the call is refused. */
export type Decision = Caller | Refusal | null | undefined;

const remedy = '`authorize` and `authenticate` answer { id } with a string, a refusal, or null.';

/** The caller that a decision names. Throws `unauthorized`, or the code of the refusal. */
export function callerOf(decision: Decision): Caller {
  if (!decision) throw new EndpointError('unauthorized');
  if (typeof decision !== 'object') throw new TypeError(remedy);
  if (isRefusal(decision)) throw refusalError(decision);
  const { id }: { readonly id: unknown } = decision;
  if (id === undefined || id === null || id === '') throw new EndpointError('unauthorized');
  // A number of a database, say: tickets and counters name the caller by a text.
  if (typeof id !== 'string') throw new TypeError(remedy);
  return decision;
}

function isRefusal(decision: Caller | Refusal): decision is Refusal {
  return 'forbidden' in decision || 'rateLimited' in decision || 'quotaExceeded' in decision;
}

export function refusalError(refusal: Refusal): EndpointError {
  if ('forbidden' in refusal) return new EndpointError('forbidden', { detail: refusal.forbidden });
  const { retryAfterMs } = refusal;
  return 'rateLimited' in refusal
    ? new EndpointError('rate-limited', { detail: refusal.rateLimited, retryAfterMs })
    : new EndpointError('quota-exceeded', { detail: refusal.quotaExceeded, retryAfterMs });
}
