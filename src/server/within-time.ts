/**
 * What `work` answers, or a rejection with `timeUp()` when it has not done so in time. The work itself cannot be ended: what
 * it answers later is ignored.
 */
export async function withinTime<T>(
  work: () => T | PromiseLike<T>,
  timeoutMs: number,
  timeUp: () => Error,
): Promise<T> {
  const answer = work();
  if (!isThenable(answer)) return answer;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeUp()), timeoutMs);
  });
  try {
    return await Promise.race([answer, end]);
  } finally {
    clearTimeout(timer);
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
