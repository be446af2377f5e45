/**
 * WebKit can leave a request to the store or to another process without an answer
 * (https://bugs.webkit.org/show_bug.cgi?id=226547, and 315804 where another process is suspended); browsers answer
 * within milliseconds otherwise.
 */
const patienceMs = 10_000;
/** In a hidden page ticks are up to a minute apart, so the time is read and they are not counted. */
const tickMs = 1000;

/** In the order in which they end. */
const waiting = new Set<{ readonly endsAt: number; readonly giveUp: () => void }>();
/** One for all: ten thousand uploads ask six times each. */
let timer: ReturnType<typeof setTimeout> | undefined;

/** Settles with the promise, or rejects with a `TimeoutError` when that takes ten seconds and up to one more. */
export async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let giveUp = () => {};
  const timeout = new Promise<never>((_, reject) => {
    giveUp = () => reject(new DOMException('no answer', 'TimeoutError'));
  });
  const one = { endsAt: performance.now() + patienceMs, giveUp };
  waiting.add(one);
  timer ??= setTimeout(tick, tickMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    waiting.delete(one);
    if (waiting.size === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
  }
}

function tick(): void {
  timer = setTimeout(tick, tickMs);
  const now = performance.now();
  for (const { endsAt, giveUp } of waiting) {
    if (endsAt > now) return;
    giveUp();
  }
}
