import type { AddItem, Rejection } from '../types.js';
import {
  admit,
  check,
  checkInTime,
  type AcceptedFile,
  type CheckedFile,
  type CheckOptions,
  eachWithin,
  groupSize,
  groupTimeoutMs,
  type IntakeGroup,
} from './check-files.js';
import { checkContent } from './restrictions.js';

/** Of those that are added unread. */
const unreadGroupSize = 32;
/** So long, in ms, the page may be busy with them before it has its turn; a count would be too many on a slow device. */
const sliceMs = 10;

interface Unread {
  readonly id: string;
  readonly file: File;
}

/**
 * Adds files whose name, size and type are in order, and reads their first bytes after that; what these say may take a
 * file away again. In the chunk of large drops.
 */
export async function* addUnread(
  items: readonly AddItem[],
  options: CheckOptions,
): AsyncGenerator<IntakeGroup> {
  const slow: Promise<CheckedFile>[] = [];
  const unread: Unread[] = [];
  const noteIn =
    (list: Unread[]) =>
    (id: string, { file, isUnread }: AcceptedFile) => {
      if (isUnread) list.push({ id, file });
    };
  let since = -Infinity;
  for (let from = 0; from < items.length; from += unreadGroupSize) {
    // Nothing here waits for the browser, which must respond in between.
    if (performance.now() - since >= sliceMs) {
      await nextTask();
      since = performance.now();
    }
    const checks = items.slice(from, from + unreadGroupSize).map((item) => check(item, options, true));
    const checked = await eachWithin(groupTimeoutMs, checks);
    slow.push(...checks.filter((_, position) => checked[position] === undefined));
    yield await admit(checked, options, noteIn(unread));
  }
  yield* readUnread(unread, options);
  for (const one of slow) {
    const late: Unread[] = [];
    yield await admit([await one], options, noteIn(late));
    yield* readUnread(late, options);
  }
}

/** Reads the first bytes of what was added without, in the order of the list. */
async function* readUnread(
  unread: readonly Unread[],
  { restrictions, settle }: CheckOptions,
): AsyncGenerator<IntakeGroup> {
  const settled = ({ id }: Unread, rejection: Rejection | undefined): IntakeGroup =>
    settle(id, rejection === undefined) && rejection
      ? { added: [], rejections: [rejection], dropped: [id] }
      : { added: [], rejections: [], dropped: [] };
  const slow: (() => Promise<IntakeGroup>)[] = [];
  for (let from = 0; from < unread.length; from += groupSize) {
    const group = unread.slice(from, from + groupSize);
    const checks = group.map(({ file }) => checkInTime(file, () => checkContent(file, restrictions)));
    const checked = await eachWithin(groupTimeoutMs, checks);
    const answers = group.flatMap((one, position) => {
      const found = checked[position];
      if (found) return [settled(one, found.rejection)];
      slow.push(async () => settled(one, (await checks[position])?.rejection));
      return [];
    });
    yield joined(answers);
  }
  for (const answer of slow) yield await answer();
}

function joined(groups: readonly IntakeGroup[]): IntakeGroup {
  return {
    added: groups.flatMap(({ added }) => added),
    rejections: groups.flatMap(({ rejections }) => rejections),
    dropped: groups.flatMap(({ dropped }) => dropped),
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
