import { reportHostError } from '../report-error.js';
import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { checkFile, checkProbe, needsProbe } from './restrictions.js';

/** Files looked at side by side; then their rows are shown, and the page gets a breath. */
const groupSize = 16;

/** A group does not wait longer than this for its slowest file, which comes in later. */
const groupTimeoutMs = 2000;
/** A file whose first bytes take longer than this is on a disk that does not answer. */
const readTimeoutMs = 30_000;

/** A file that may come in. */
export interface Accepted {
  readonly file: File;
  readonly handle: FileSystemFileHandle | undefined;
  readonly probe: MediaProbe | undefined;
}

type Verdict = Accepted | Rejection;

type Probe = (file: File) => Promise<MediaProbe | undefined>;

export interface IntakeOptions {
  readonly restrictions: Restrictions;
  readonly probe: Probe;
  readonly countOpen: () => number;
  /** Answers the id of the upload. */
  readonly append: (source: Accepted) => string;
}

/**
 * Lets files in, or says why not, group by group. Never throws: a file that cannot be looked at costs only itself.
 * Files are appended as they are counted, so that two drops at once cannot both take the last place.
 */
export async function* takeIn(
  items: readonly AddItem[],
  options: IntakeOptions,
): AsyncGenerator<{ added: string[]; rejections: Rejection[] }> {
  const slow: Promise<Verdict>[] = [];
  for (let index = 0; index < items.length; index += groupSize) {
    const looks = items.slice(index, index + groupSize).map((item) => look(item, options));
    const verdicts = await Promise.all(looks.map((one) => within(groupTimeoutMs, one)));
    slow.push(...looks.filter((_, position) => verdicts[position] === undefined));
    yield letIn(verdicts, options);
  }
  for (const one of slow) yield letIn([await one], options);
}

function letIn(
  verdicts: readonly (Verdict | undefined)[],
  { restrictions: { maxFiles = Infinity }, countOpen, append }: IntakeOptions,
): { added: string[]; rejections: Rejection[] } {
  let room = maxFiles - countOpen();
  const added: string[] = [];
  const rejections: Rejection[] = [];
  for (const verdict of verdicts) {
    if (!verdict) continue;
    if ('code' in verdict) rejections.push(verdict);
    else if (room-- > 0) added.push(append(verdict));
    else rejections.push({ file: verdict.file, code: 'too-many-files', limit: maxFiles });
  }
  return { added, rejections };
}

async function look(item: AddItem, { restrictions, probe: readProbe }: IntakeOptions): Promise<Verdict> {
  const { file, handle } = item instanceof File ? { file: item, handle: undefined } : item;
  const rejection =
    (await within(
      readTimeoutMs,
      checkFile(file, restrictions).then((found) => ({ found })),
    )) ?? ({ found: { file, code: 'file-unreadable' } } satisfies { found: Rejection });
  if (rejection.found) return rejection.found;
  if (!needsProbe(restrictions)) return { file, handle, probe: undefined };
  // Not being able to look is no reason to reject a file: the service decides.
  const probe = await readProbe(file).catch(() => undefined);
  try {
    return (await checkProbe(file, probe, restrictions)) ?? { file, handle, probe };
  } catch (error) {
    // Only the host's `validate` can throw there.
    reportHostError(error);
    return { file, code: 'custom', message: error instanceof Error ? error.message : String(error) };
  }
}

/** `undefined` when it takes longer; the promise itself goes on. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
