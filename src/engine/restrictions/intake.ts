import { jsonObject } from '../json.js';
import { reportHostError } from '../report-error.js';
import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { needsProbe } from './needs-probe.js';
import { checkContent, checkFile, checkProbe, isPlausible } from './restrictions.js';

/** Files checked side by side; then their rows are shown, and the page can repaint. The first rows come soonest. */
const firstGroupSize = 16;
const groupSize = 64;
/**
 * Reading the first bytes takes most of the time that a file costs here. Of more files than these, those whose name, size
 * and type are in order are added before; none begins until its first bytes were read.
 */
const readBeforeAdding = 256;
/** Of those that are added unread. */
const unreadGroupSize = 32;
/** So long, in ms, the page may be busy with them before it has its turn; a count would be too many on a slow device. */
const sliceMs = 10;

/** A group waits at most this long for its slowest file, which is added later. */
const groupTimeoutMs = 2000;
/** A file whose first bytes take longer than this is rejected as unreadable. */
const readTimeoutMs = 30_000;
/** So long the host's `validate` and `metadata` may take for one file; they may ask the person, or a server. */
const hostTimeoutMs = 2 * 60_000;

/** A file that passed every rule. */
export interface AcceptedFile {
  readonly file: File;
  readonly handle?: FileSystemFileHandle | undefined;
  readonly path?: string | undefined;
  readonly probe?: MediaProbe | undefined;
  readonly metadata?: Metadata | undefined;
  readonly fingerprint?: string | undefined;
  /** As it was given. */
  readonly item: AddItem;
  /** Its first bytes were not read yet: it must not begin before `settle`. */
  readonly isUnread?: boolean | undefined;
}

export interface IntakeGroup {
  readonly added: readonly string[];
  readonly rejections: readonly Rejection[];
  /** Added before, and taken away again: these are rejected after all. */
  readonly dropped: readonly string[];
}

type Metadata = Readonly<Record<string, unknown>>;

type CheckedFile = AcceptedFile | Rejection;

type Probe = (file: File) => Promise<MediaProbe | undefined>;

export interface IntakeOptions {
  readonly restrictions: Restrictions;
  readonly probe: Probe;
  readonly metadata: ((file: File) => Metadata | Promise<Metadata>) | undefined;
  /** The fingerprint of a file whose content may be known; undefined at once where it cannot be. */
  readonly identify: (file: File) => Promise<string | undefined> | undefined;
  readonly countOpen: () => number;
  /** Returns the id of the upload, made or continued. */
  readonly append: (accepted: AcceptedFile) => string | Promise<string> | Rejection;
  /** The first bytes of an upload that was added unread are known. Answers whether one that must not begin is gone. */
  readonly settle: (id: string, isAccepted: boolean) => boolean;
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
  const unread: Unread[] = [];
  // What is taken away again must not have kept another file from its place.
  const last = options.restrictions.maxFiles === undefined ? readBeforeAdding : items.length;
  const begin = (from: number, to: number) =>
    items.slice(from, Math.min(to, last)).map((item) => check(item, options));
  let checks = begin(0, firstGroupSize);
  for (let end = firstGroupSize; checks.length > 0; end += groupSize) {
    // The browser reads one group while the page shows the one before; only the first comes alone.
    const next = end > firstGroupSize ? begin(end, end + groupSize) : undefined;
    const checked = await eachWithin(groupTimeoutMs, checks);
    slow.push(...checks.filter((_, position) => checked[position] === undefined));
    yield await admit(checked, options, unread);
    checks = next ?? begin(end, end + groupSize);
  }
  let since = -Infinity;
  for (let from = last; from < items.length; from += unreadGroupSize) {
    // Nothing here waits for the browser, which must respond in between.
    if (performance.now() - since >= sliceMs) {
      await nextTask();
      since = performance.now();
    }
    const late = items.slice(from, from + unreadGroupSize).map((item) => check(item, options, true));
    const checked = await eachWithin(groupTimeoutMs, late);
    slow.push(...late.filter((_, position) => checked[position] === undefined));
    yield await admit(checked, options, unread);
  }
  yield* readUnread(unread, options);
  for (const one of slow) {
    const late: Unread[] = [];
    yield await admit([await one], options, late);
    yield* readUnread(late, options);
  }
}

interface Unread {
  readonly id: string;
  readonly file: File;
}

/** Reads the first bytes of what was added without, in the order of the list. */
async function* readUnread(
  unread: readonly Unread[],
  { restrictions, settle }: IntakeOptions,
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

async function admit(
  checked: readonly (CheckedFile | undefined)[],
  { restrictions: { maxFiles = Infinity }, countOpen, append }: IntakeOptions,
  unread: Unread[],
): Promise<IntakeGroup> {
  // Counting walks the whole list.
  let room = maxFiles === Infinity ? Infinity : maxFiles - countOpen();
  const added: (string | Promise<string>)[] = [];
  const rejections: Rejection[] = [];
  for (const one of checked) {
    if (!one) continue;
    const outcome = 'code' in one || room > 0 ? place(one, append) : tooMany(one, maxFiles);
    if (typeof outcome === 'object' && 'code' in outcome) rejections.push(outcome);
    else {
      room -= 1;
      added.push(outcome);
      if (typeof outcome === 'string' && !('code' in one) && one.isUnread)
        unread.push({ id: outcome, file: one.file });
    }
  }
  return {
    added: await Promise.all(added.map((id) => Promise.resolve(id))),
    rejections,
    dropped: [],
  };
}

function place(one: CheckedFile, append: IntakeOptions['append']): ReturnType<IntakeOptions['append']> {
  return 'code' in one ? one : append(one);
}

function tooMany({ file }: AcceptedFile, limit: number): Rejection {
  return { file, code: 'too-many-files', limit };
}

async function check(item: AddItem, options: IntakeOptions, mayBeUnread = false): Promise<CheckedFile> {
  const { restrictions, probe: readProbe } = options;
  const { file, handle, path, rejection: decided } = 'file' in item ? item : { file: item };
  if (decided) return { file, ...decided };
  const isUnread = mayBeUnread && !needsProbe(restrictions) && isPlausible(file, restrictions);
  const found = isUnread ? undefined : await checkInTime(file, () => checkFile(file, restrictions));
  if (found?.rejection) return found.rejection;
  // A file whose headers cannot be read is not rejected: the service decides.
  const probe = needsProbe(restrictions)
    ? await within(readTimeoutMs, readProbe(file)).catch(() => undefined)
    : undefined;
  const askHost = async (): Promise<CheckedFile> =>
    (await checkProbe(file, probe, restrictions)) ?? {
      ...{ file, handle, path, probe, item, isUnread },
      metadata: jsonObject(await options.metadata?.(file)),
    };
  try {
    // Each timeout is a timer, which only what may take long is worth.
    const isHostAsked = options.metadata !== undefined || restrictions.validate !== undefined;
    const checked = await (isHostAsked ? within(hostTimeoutMs, askHost()) : askHost());
    if (!checked) throw new Error(`validate or metadata has not answered for ${hostTimeoutMs / 1000} s`);
    if ('code' in checked) return checked;
    const print = options.identify(file);
    return print ? { ...checked, fingerprint: await within(readTimeoutMs, print) } : checked;
  } catch (error) {
    // Only the host's `validate` and `metadata` can throw there.
    reportHostError(error);
    return { file, code: 'custom', message: error instanceof Error ? error.message : String(error) };
  }
}

/** What takes too long counts as unreadable. */
async function checkInTime(
  file: File,
  checking: () => Promise<Rejection | undefined>,
): Promise<{ readonly rejection: Rejection | undefined }> {
  const checked = await within(
    readTimeoutMs,
    checking().then((rejection) => ({ rejection })),
  );
  return checked ?? { rejection: { file, code: 'file-unreadable' } };
}

/** `undefined` when it takes longer; the promise itself goes on. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const [value] = await eachWithin(timeoutMs, [promise]);
  return value;
}

/** The same of each, with one timer for all. */
async function eachWithin<T>(timeoutMs: number, promises: readonly Promise<T>[]): Promise<(T | undefined)[]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.all(promises.map((promise) => Promise.race([promise, timeout])));
  } finally {
    clearTimeout(timer);
  }
}
