import type { AddItem, MediaProbe, Rejection, Restrictions } from '../types.js';
import { checkFile, checkProbe, needsProbe } from './restrictions.js';

/** Files looked at side by side; then their rows are shown, and the page gets a breath. */
const groupSize = 50;

/** A file that may come in. */
export interface Accepted {
  readonly file: File;
  readonly handle: FileSystemFileHandle | undefined;
  readonly probe: MediaProbe | undefined;
}

type Verdict = Accepted | Rejection;

/** The gate: lets files in, or says why not. */
export class Intake {
  readonly #restrictions: Restrictions;
  readonly #probe: (file: File) => Promise<MediaProbe | undefined>;

  constructor(restrictions: Restrictions, probe: (file: File) => Promise<MediaProbe | undefined>) {
    this.#restrictions = restrictions;
    this.#probe = probe;
  }

  /** `countOpen` is asked after the reading, so that two drops at once cannot both take the last place. */
  async *check(items: readonly AddItem[], countOpen: () => number): AsyncGenerator<{ accepted: Accepted[]; rejections: Rejection[] }> {
    const { maxFiles = Infinity } = this.#restrictions;
    for (let index = 0; index < items.length; index += groupSize) {
      const verdicts = await Promise.all(items.slice(index, index + groupSize).map((item) => this.#look(item)));
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

  async #look(item: AddItem): Promise<Verdict> {
    const { file, handle } = item instanceof File ? { file: item, handle: undefined } : item;
    const rejection = await checkFile(file, this.#restrictions);
    if (rejection) return rejection;
    if (!needsProbe(this.#restrictions)) return { file, handle, probe: undefined };
    const probe = await this.#probe(file);
    return (await checkProbe(file, probe, this.#restrictions)) ?? { file, handle, probe };
  }
}
