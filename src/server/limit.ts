/** Runs `call` once fewer than the limit's number of calls are running, in order of arrival. */
export type Limit = <T>(call: () => Promise<T>) => Promise<T>;

/** One limit is shared by everything a batch does, so that a hundred items of a hundred parts do not become ten thousand calls at once. */
export function createLimit(maxAtOnce: number): Limit {
  const waiting: (() => void)[] = [];
  let free = maxAtOnce;
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async (call) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      const result = await call();
      release();
      return result;
    } catch (error) {
      // The failure may abort the calls that wait (`allOrAbort`): it reaches its handlers before the next call begins.
      setTimeout(release);
      throw error;
    }
  };
}

/** `Promise.all` whose first failure aborts the others: no call is made whose result is not needed. */
export async function allOrAbort<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    return await Promise.all(items.map((item) => work(item, either)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** Runs a call within both limits: first in line at the inner one, whose others may belong to other requests. */
export function nestLimits(outer: Limit, inner: Limit): Limit {
  return (call) => outer(() => inner(call));
}

/** One limit per key, kept while it is used. */
export class LimitPool {
  readonly #maxAtOnce: number;
  readonly #limits = new Map<string, { readonly limit: Limit; underWay: number }>();

  constructor(maxAtOnce: number) {
    this.#maxAtOnce = maxAtOnce;
  }

  of(key: string): Limit {
    return async (call) => {
      const entry = this.#limits.get(key) ?? { limit: createLimit(this.#maxAtOnce), underWay: 0 };
      this.#limits.set(key, entry);
      entry.underWay += 1;
      try {
        return await entry.limit(call);
      } finally {
        entry.underWay -= 1;
        if (entry.underWay === 0) this.#limits.delete(key);
      }
    };
  }
}
