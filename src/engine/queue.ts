/** An upload that holds a place, or wants one. */
export interface QueueItem {
  readonly id: string;
  readonly sizeBytes: number;
}

/** Files up to this size share a place: a hundred of them do not wait for each other. */
const smallBytes = 20 * 1024 * 1024;
const smallPerPlace = 12;

/**
 * Who may begin. A large file takes one of `places`, a small one a twelfth of it; so small files are prepared many at
 * a time (their calls to the endpoint travel together) and never wait behind a large one. At least one always runs.
 */
export function admit(active: readonly QueueItem[], waiting: readonly QueueItem[], places: number): string[] {
  const large = active.filter(({ sizeBytes }) => sizeBytes > smallBytes).length;
  let freeLarge = places - large;
  let freeSmall = places * smallPerPlace - (active.length - large);
  const admitted: string[] = [];
  for (const { id, sizeBytes } of waiting) {
    if (sizeBytes > smallBytes ? freeLarge-- > 0 : freeSmall-- > 0) admitted.push(id);
  }
  return admitted;
}
