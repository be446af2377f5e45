/**
 * WebKit can leave a request to the store or to another process without an answer
 * (https://bugs.webkit.org/show_bug.cgi?id=226547, and 315804 where another process is suspended); browsers answer
 * within milliseconds otherwise.
 */
const patienceSeconds = 10;

/** In the order in which they end. */
const waiting = new Set<{ readonly endsAt: number; readonly giveUp: () => void }>();
/** One for all: ten thousand uploads ask six times each. */
let timer: ReturnType<typeof setTimeout> | undefined;
/** Counted while any waits. */
let seconds = 0;

/** Settles with the promise, or rejects with a `TimeoutError` when that takes nine to ten seconds. */
export async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let giveUp = () => {};
  const timeout = new Promise<never>((_, reject) => {
    giveUp = () => reject(new DOMException('no answer', 'TimeoutError'));
  });
  const one = { endsAt: seconds + patienceSeconds, giveUp };
  waiting.add(one);
  timer ??= setTimeout(countSecond, 1000);
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

function countSecond(): void {
  seconds += 1;
  timer = setTimeout(countSecond, 1000);
  for (const { endsAt, giveUp } of waiting) {
    if (endsAt > seconds) return;
    giveUp();
  }
}
