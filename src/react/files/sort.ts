/** So long, in ms, the page may be busy before it has its turn. */
const sliceMs = 10;
/** Sorted at once; on a slow device that takes a few milliseconds. */
const runLength = 256;

/** As `entries.map(keyOf).sort(compare)` in slices between which the page responds. */
export async function sortInSlices<Entry, Key>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => Key,
  compare: (a: Key, b: Key) => number,
): Promise<Key[]> {
  const rest = paced();
  let runs: Key[][] = [];
  for (let from = 0; from < entries.length; from += runLength) {
    await rest();
    runs.push(
      entries
        .slice(from, from + runLength)
        .map(keyOf)
        .sort(compare),
    );
  }
  while (runs.length > 1) {
    const pairs: Key[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      pairs.push(await merged(runs[index] ?? [], runs[index + 1] ?? [], { compare, rest }));
    runs = pairs;
  }
  return runs[0] ?? [];
}

async function merged<Key>(
  a: readonly Key[],
  b: readonly Key[],
  { compare, rest }: { compare: (a: Key, b: Key) => number; rest: () => Promise<void> },
): Promise<Key[]> {
  await rest();
  // Files are often chosen in their order.
  if (isInOrder(a.at(-1), b[0], compare)) return [...a, ...b];
  const all: Key[] = [];
  let [fromA, fromB] = [0, 0];
  while (fromA < a.length || fromB < b.length) {
    if (all.length % runLength === 0) await rest();
    if (isInOrder(a[fromA], b[fromB], compare)) all.push(a[fromA++] as Key);
    else all.push(b[fromB++] as Key);
  }
  return all;
}

/** What is absent comes last. */
function isInOrder<Key>(
  a: Key | undefined,
  b: Key | undefined,
  compare: (a: Key, b: Key) => number,
): boolean {
  return b === undefined || (a !== undefined && compare(a, b) <= 0);
}

/** Waits for another task once the present one has taken its time. */
function paced(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}
