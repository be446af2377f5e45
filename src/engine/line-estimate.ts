/** An upload whose bytes move. */
export interface MovingUpload {
  readonly id: string;
  readonly leftBytes: number;
  /** Its own speed; undefined while it has not moved for long enough. */
  readonly bytesPerSecond: number | undefined;
  /** The most of the line that it can use: at its end there are fewer parts left than connections. */
  readonly mostOfLine: number;
}

/** Further in the queue the answer hardly changes. */
const maxSteps = 300;

/**
 * Seconds until each upload is sent, from one speed of the line: uploads that move share it, and the next in line takes
 * the place of one that ends. All of them are computed from one speed, so none contradicts another, or the total.
 */
export function estimateSeconds(
  moving: readonly MovingUpload[],
  waitingBytes: Iterable<number>,
  lineBytesPerSecond: number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const meanShare = lineBytesPerSecond / Math.max(1, moving.length);
  let active: { id: string | undefined; left: number; share: number }[] = moving.map(
    // What was measured of one upload is half chance; without it, connections are shared equally.
    ({ id, leftBytes, bytesPerSecond = meanShare, mostOfLine }) => ({
      id,
      left: leftBytes,
      share: Math.min((bytesPerSecond + meanShare) / 2, mostOfLine * lineBytesPerSecond),
    }),
  );
  const waiting = waitingBytes[Symbol.iterator]();
  let seconds = 0;
  for (let step = 0; active.length > 0 && found.size < moving.length && step < maxSteps; step++) {
    const sum = active.reduce((total, { share }) => total + share, 0);
    const speedOf = (share: number) => (share / sum) * lineBytesPerSecond;
    const next = Math.min(...active.map(({ left, share }) => left / speedOf(share)));
    seconds += next;
    const going = active.map((one) => ({ ...one, left: one.left - speedOf(one.share) * next }));
    active = [];
    for (const one of going) {
      if (one.left > 1) {
        active.push(one);
        continue;
      }
      if (one.id !== undefined) found.set(one.id, seconds);
      const follower = waiting.next();
      if (!follower.done) active.push({ id: undefined, left: follower.value, share: meanShare });
    }
  }
  // Beyond the last step, as if the others went on for ever.
  for (const { id, left, share } of active) {
    const sum = active.reduce((total, one) => total + one.share, 0);
    if (id !== undefined && !found.has(id))
      found.set(id, seconds + left / ((share / sum) * lineBytesPerSecond));
  }
  return found;
}
