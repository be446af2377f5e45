import { jsonObject } from '../json.js';
import { reportHostError } from '../report-error.js';
import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { needsProbe } from './needs-probe.js';
import type * as ProbeCode from './probe.js';
import { checkFile, isPlausible } from './restrictions.js';

/** Files checked side by side; then their rows are shown, and the page can repaint. */
export const groupSize = 64;
/** A group waits at most this long for its slowest file, which is added later. */
export const groupTimeoutMs = 2000;
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

export type CheckedFile = AcceptedFile | Rejection;

type Probe = (file: File) => Promise<MediaProbe | undefined>;

export interface CheckOptions {
  readonly restrictions: Restrictions;
  readonly probe: Probe;
  /** What compares the headers with the limits. Where a rule needs them and it is missing, files are rejected. */
  readonly loadProbe: () => Promise<typeof ProbeCode>;
  readonly metadata: ((file: File) => Metadata | Promise<Metadata>) | undefined;
  /** The fingerprint of a file whose content may be known; undefined at once where it cannot be. */
  readonly identify: (file: File) => Promise<string | undefined> | undefined;
  readonly countOpen: () => number;
  /** Returns the id of the upload, made or continued. */
  readonly append: (accepted: AcceptedFile) => string | Promise<string> | Rejection;
  /** The first bytes of an upload that was added unread are known. Answers whether one that must not begin is gone. */
  readonly settle: (id: string, isAccepted: boolean) => boolean;
}

/** Adds those that passed, in the order of the list. */
export async function admit(
  checked: readonly (CheckedFile | undefined)[],
  { restrictions: { maxFiles = Infinity }, countOpen, append }: CheckOptions,
  onAdded: (id: string, accepted: AcceptedFile) => void = () => {},
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
      if (typeof outcome === 'string' && !('code' in one)) onAdded(outcome, one);
    }
  }
  return {
    added: await Promise.all(added.map((id) => Promise.resolve(id))),
    rejections,
    dropped: [],
  };
}

function place(one: CheckedFile, append: CheckOptions['append']): ReturnType<CheckOptions['append']> {
  return 'code' in one ? one : append(one);
}

function tooMany({ file }: AcceptedFile, limit: number): Rejection {
  return { file, code: 'too-many-files', limit };
}

export async function check(item: AddItem, options: CheckOptions, mayBeUnread = false): Promise<CheckedFile> {
  const { restrictions, probe: readProbe } = options;
  const { file, handle, path, rejection: decided } = 'file' in item ? item : { file: item };
  if (decided) return { file, ...decided };
  const isUnread = mayBeUnread && !needsProbe(restrictions) && isPlausible(file, restrictions);
  const found = isUnread ? undefined : await checkInTime(file, () => checkFile(file, restrictions));
  if (found?.rejection) return found.rejection;
  // The default probe is in the same chunk.
  const code =
    needsProbe(restrictions) && (await within(readTimeoutMs, options.loadProbe()).catch(() => undefined));
  if (code === undefined) return { file, code: 'code-unavailable' };
  // A file whose headers cannot be read is not rejected: the service decides.
  const probe = code ? await within(readTimeoutMs, readProbe(file)).catch(() => undefined) : undefined;
  const limited = code && probe && code.checkHeaders(file, probe, restrictions);
  if (limited) return limited;
  const askHost = async (): Promise<CheckedFile> =>
    (await askRule(file, probe, restrictions)) ?? {
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

async function askRule(
  file: File,
  probe: MediaProbe | undefined,
  { validate }: Restrictions,
): Promise<Rejection | undefined> {
  const message: unknown = await validate?.(file, probe);
  // Only a text rejects, which is shown: a rule without types may answer null, true or an object.
  return typeof message === 'string' ? { file, code: 'custom', message } : undefined;
}

/** What takes too long counts as unreadable. */
export async function checkInTime(
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
export async function eachWithin<T>(
  timeoutMs: number,
  promises: readonly Promise<T>[],
): Promise<(T | undefined)[]> {
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
