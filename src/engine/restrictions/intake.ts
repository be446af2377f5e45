import { jsonObject } from '../json.js';
import { reportHostError } from '../report-error.js';
import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { needsProbe } from './needs-probe.js';
import { checkFile, checkProbe } from './restrictions.js';

/** Files checked side by side; then their rows are shown, and the page can repaint. The first rows come soonest. */
const firstGroupSize = 16;
const groupSize = 64;

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
}

type Metadata = Readonly<Record<string, unknown>>;

type CheckedFile = AcceptedFile | Rejection;

type Probe = (file: File) => Promise<MediaProbe | undefined>;

export interface IntakeOptions {
  readonly restrictions: Restrictions;
  readonly probe: Probe;
  readonly metadata: ((file: File) => Metadata | Promise<Metadata>) | undefined;
  /** The fingerprint of a file whose content may be known. */
  readonly identify: (file: File) => Promise<string | undefined>;
  readonly countOpen: () => number;
  /** Returns the id of the upload, made or continued. */
  readonly append: (accepted: AcceptedFile) => string | Promise<string> | Rejection;
}

/**
 * Adds or rejects files, group by group. Never throws: a file that cannot be read costs only itself.
 * Files are appended as they are counted, so that two concurrent calls cannot both take the last place.
 */
export async function* intake(
  items: readonly AddItem[],
  options: IntakeOptions,
): AsyncGenerator<{ added: string[]; rejections: Rejection[] }> {
  const slow: Promise<CheckedFile>[] = [];
  const begin = (from: number, to: number) => items.slice(from, to).map((item) => check(item, options));
  let checks = begin(0, firstGroupSize);
  for (let end = firstGroupSize; checks.length > 0; end += groupSize) {
    // The browser reads one group while the page shows the one before; only the first comes alone.
    const next = end > firstGroupSize ? begin(end, end + groupSize) : undefined;
    const checked = await eachWithin(groupTimeoutMs, checks);
    slow.push(...checks.filter((_, position) => checked[position] === undefined));
    yield await admit(checked, options);
    checks = next ?? begin(end, end + groupSize);
  }
  for (const one of slow) yield await admit([await one], options);
}

async function admit(
  checked: readonly (CheckedFile | undefined)[],
  { restrictions: { maxFiles = Infinity }, countOpen, append }: IntakeOptions,
): Promise<{ added: string[]; rejections: Rejection[] }> {
  let room = maxFiles - countOpen();
  const added: (string | Promise<string>)[] = [];
  const rejections: Rejection[] = [];
  for (const one of checked) {
    if (!one) continue;
    const outcome = 'code' in one || room > 0 ? place(one, append) : tooMany(one, maxFiles);
    if (typeof outcome === 'object' && 'code' in outcome) rejections.push(outcome);
    else {
      room -= 1;
      added.push(outcome);
    }
  }
  return { added: await Promise.all(added.map((id) => Promise.resolve(id))), rejections };
}

function place(one: CheckedFile, append: IntakeOptions['append']): ReturnType<IntakeOptions['append']> {
  return 'code' in one ? one : append(one);
}

function tooMany({ file }: AcceptedFile, limit: number): Rejection {
  return { file, code: 'too-many-files', limit };
}

async function check(item: AddItem, options: IntakeOptions): Promise<CheckedFile> {
  const { restrictions, probe: readProbe } = options;
  const { file, handle, path, rejection: decided } = 'file' in item ? item : { file: item };
  if (decided) return { file, ...decided };
  const rejection =
    (await within(
      readTimeoutMs,
      checkFile(file, restrictions).then((found) => ({ found })),
    )) ?? ({ found: { file, code: 'file-unreadable' } } satisfies { found: Rejection });
  if (rejection.found) return rejection.found;
  // A file whose headers cannot be read is not rejected: the service decides.
  const probe = needsProbe(restrictions)
    ? await within(readTimeoutMs, readProbe(file)).catch(() => undefined)
    : undefined;
  const askHost = async (): Promise<CheckedFile> =>
    (await checkProbe(file, probe, restrictions)) ?? {
      ...{ file, handle, path, probe, item },
      metadata: jsonObject(await options.metadata?.(file)),
    };
  try {
    const checked = await within(hostTimeoutMs, askHost());
    if (!checked) throw new Error(`validate or metadata has not answered for ${hostTimeoutMs / 1000} s`);
    if ('code' in checked) return checked;
    return { ...checked, fingerprint: await within(readTimeoutMs, options.identify(file)) };
  } catch (error) {
    // Only the host's `validate` and `metadata` can throw there.
    reportHostError(error);
    return { file, code: 'custom', message: error instanceof Error ? error.message : String(error) };
  }
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
