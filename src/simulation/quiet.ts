/** Work that leaves this thread and comes back by itself: virtual time must not move on before it is back. */
let underWay = 0;

const realSetImmediate = setImmediate;
const turn = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

/** Counts a promise that is settled by another thread. */
export function counted<T>(work: Promise<T>): Promise<T> {
  underWay += 1;
  const done = () => {
    underWay -= 1;
  };
  work.then(done, done);
  return work;
}

/**
 * Resolves when nothing can go on without an event: promises and ticks are always run to their end before a turn of
 * the loop, so two turns without work under way leave nothing behind.
 */
export async function untilQuiet(): Promise<void> {
  for (let quietTurns = 0; quietTurns < 2;) {
    await turn();
    quietTurns = underWay === 0 ? quietTurns + 1 : 0;
  }
}
