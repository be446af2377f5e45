import type { AddItem } from '../types.js';
import {
  admit,
  check,
  type CheckedFile,
  type CheckOptions,
  eachWithin,
  groupSize,
  groupTimeoutMs,
  type IntakeGroup,
} from './check-files.js';
import type * as UnreadCode from './unread.js';

export type { AcceptedFile, IntakeGroup } from './check-files.js';

/** The first rows come soonest. */
const firstGroupSize = 16;
/**
 * Reading the first bytes takes most of the time that a file costs here. Of more files than these, those whose name, size
 * and type are in order are added before; none begins until its first bytes were read.
 */
const readBeforeAdding = 256;

export interface IntakeOptions extends CheckOptions {
  /** For large drops. Until it is there, the first bytes of each file are read before it is added. */
  readonly loadUnread: () => Promise<typeof UnreadCode>;
}

/**
 * Adds or rejects files, group by group. Never throws: a file that cannot be read costs only itself.
 * Files are appended as they are counted, so that two concurrent calls cannot both take the last place.
 */
export async function* intake(
  items: readonly AddItem[],
  options: IntakeOptions,
): AsyncGenerator<IntakeGroup> {
  const slow: Promise<CheckedFile>[] = [];
  let code: typeof UnreadCode | undefined;
  // What is taken away again must not have kept another file from its place.
  if (items.length > readBeforeAdding && options.restrictions.maxFiles === undefined)
    options.loadUnread().then(
      (loaded) => (code = loaded),
      () => {
        // All are read before they are added.
      },
    );
  let begun = 0;
  const begin = (count: number) => {
    if (code && begun >= readBeforeAdding) return [];
    const group = items.slice(begun, begun + count);
    begun += group.length;
    return group.map((item) => check(item, options));
  };
  let checks = begin(firstGroupSize);
  let next: typeof checks | undefined;
  while (checks.length > 0) {
    const checked = await eachWithin(groupTimeoutMs, checks);
    slow.push(...checks.filter((_, position) => checked[position] === undefined));
    yield await admit(checked, options);
    checks = next ?? begin(groupSize);
    // The browser reads one group while the page shows the one before; only the first comes alone.
    next = begin(groupSize);
  }
  if (code) yield* code.addUnread(items.slice(begun), options);
  for (const one of slow) yield await admit([await one], options);
}
