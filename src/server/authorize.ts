import type { Operation, StartItem } from '../protocol/index.js';
import { EndpointError } from './errors.js';

/** What a caller asks for. */
export interface AuthorizeCall {
  readonly operation: Operation;
  /** With `start`: the provider asked for. Later calls name none, their tickets do. */
  readonly provider?: string;
  /** With `start`: the files, with the page's `metadata` about them. */
  readonly uploads?: readonly StartItem[];
}

/** Who calls. Tickets are bound to `id`: another caller's later calls with them are refused. */
export interface Caller {
  readonly id: string;
  /** Names of the provider's per-upload options that this caller's pages may set. Default none; `any` for all of them. */
  readonly options?: readonly string[] | 'any';
  /**
   * With `start`: decides about each file of the call, one after the other in the page's order. A refusal applies to
   * that file only. A repeated `start` has the same `clientId`. Default: all files may start.
   */
  readonly mayStart?: (upload: StartItem) => Refusal | undefined | Promise<Refusal | undefined>;
}

/** The caller is known and may not do this, or not yet. The text is for developers; it becomes the problem's `detail`. */
export type Refusal =
  | { readonly forbidden: string }
  /** Too many calls or uploads: the page waits `retryAfterMs` (default: its own backoff) and repeats the call. */
  | { readonly rateLimited: string; readonly retryAfterMs?: number }
  /** The caller's quota is used up: the upload fails, and the page says why. */
  | { readonly quotaExceeded: string; readonly retryAfterMs?: number };

/**
 * The host application's decision. `null` or `undefined`: no caller is signed in (`unauthorized`, 401). A refusal, or an
 * `EndpointError` thrown, names its own code. Read headers and cookies only; the body has been consumed.
 */
export type Authorize = (request: Request, call: AuthorizeCall) => Decision | Promise<Decision>;
export type Decision = Caller | Refusal | null | undefined;

/** The caller. Throws `unauthorized`, or the code of the refusal. */
export async function authorizeCaller(
  authorize: Authorize,
  request: Request,
  call: AuthorizeCall,
): Promise<Caller> {
  const decision = await authorize(request, call);
  if (!decision) throw new EndpointError('unauthorized');
  if (isRefusal(decision)) throw refusalError(decision);
  if (!decision.id) throw new EndpointError('unauthorized');
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
