import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { checkFile, checkProbe, needsProbe } from './restrictions.js';

/** Files looked at side by side; then their rows are shown, and the page gets a breath. */
const groupSize = 16;

/** A file that may come in. */
export interface Accepted {
  readonly file: File;
  readonly handle: FileSystemFileHandle | undefined;
  readonly probe: MediaProbe | undefined;
}

type Verdict = Accepted | Rejection;

type Probe = (file: File) => Promise<MediaProbe | undefined>;

/**
 * Lets files in, or says why not, group by group. `countOpen` is asked after the reading, so that two drops at once
 * cannot both take the last place.
 */
export async function* checkFiles(
  items: readonly AddItem[],
  restrictions: Restrictions,
  probe: Probe,
  countOpen: () => number,
): AsyncGenerator<{ accepted: Accepted[]; rejections: Rejection[] }> {
  const { maxFiles = Infinity } = restrictions;
  for (let index = 0; index < items.length; index += groupSize) {
    const verdicts = await Promise.all(
      items.slice(index, index + groupSize).map((item) => look(item, restrictions, probe)),
    );
    let room = maxFiles - countOpen();
    const accepted: Accepted[] = [];
    const rejections: Rejection[] = [];
    for (const verdict of verdicts) {
      if ('code' in verdict) rejections.push(verdict);
      else if (room-- > 0) accepted.push(verdict);
      else rejections.push({ file: verdict.file, code: 'too-many-files', limit: maxFiles });
    }
    yield { accepted, rejections };
  }
}

async function look(item: AddItem, restrictions: Restrictions, readProbe: Probe): Promise<Verdict> {
  const { file, handle } = item instanceof File ? { file: item, handle: undefined } : item;
  const rejection = await checkFile(file, restrictions);
  if (rejection) return rejection;
  if (!needsProbe(restrictions)) return { file, handle, probe: undefined };
  const probe = await readProbe(file);
  return (await checkProbe(file, probe, restrictions)) ?? { file, handle, probe };
}
