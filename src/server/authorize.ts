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
}

/** The caller is known and may not do this. */
export interface Refusal {
  /** For developers; becomes the problem's `detail`. */
  readonly forbidden: string;
}

/**
 * The host application's decision. `null` or `undefined`: no caller is signed in (`unauthorized`, 401). A refusal, or an
 * `EndpointError` thrown, names its own code. Read headers and cookies only; the body has been consumed.
 */
export type Authorize = (request: Request, call: AuthorizeCall) => Decision | Promise<Decision>;
export type Decision = Caller | Refusal | null | undefined;

/** The caller, or `unauthorized` or `forbidden`. */
export async function authorizeCaller(
  authorize: Authorize,
  request: Request,
  call: AuthorizeCall,
): Promise<Caller> {
  const decision = await authorize(request, call);
  if (!decision) throw new EndpointError('unauthorized');
  if ('forbidden' in decision) throw new EndpointError('forbidden', { detail: decision.forbidden });
  if (!decision.id) throw new EndpointError('unauthorized');
  return decision;
}
