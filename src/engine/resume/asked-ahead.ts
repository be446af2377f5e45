import type { ListResponse, SignResponse } from '../../protocol/index.js';
import type { Granted } from '../endpoint/types.js';

/** What the endpoint is asked about an unfinished upload while its file is read and its lock is taken. */
export interface AskedAhead {
  readonly ticket: string;
  /** On the monotonic clock. */
  readonly askedAt: number;
  readonly list: Promise<Granted<ListResponse>>;
  readonly sign: Promise<Granted<SignResponse>>;
}
