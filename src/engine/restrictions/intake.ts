import type { Rejection, Restrictions } from '../types.js';
import { checkFile } from './restrictions.js';

/** Files looked at side by side; the page gets a breath after each group. */
const groupSize = 50;

/** The gate: lets files in, or says why not. */
export class Intake {
  readonly #restrictions: Restrictions;

  constructor(restrictions: Restrictions) {
    this.#restrictions = restrictions;
  }

  /** `countOpen` is asked after the reading, so that two drops at once cannot both take the last place. */
  async check(files: readonly File[], countOpen: () => number): Promise<{ accepted: File[]; rejections: Rejection[] }> {
    const verdicts: (Rejection | undefined)[] = [];
    for (let index = 0; index < files.length; index += groupSize) {
      const group = files.slice(index, index + groupSize);
      verdicts.push(...(await Promise.all(group.map((file) => checkFile(file, this.#restrictions)))));
    }
    const { maxFiles = Infinity } = this.#restrictions;
    let room = maxFiles - countOpen();
    const accepted: File[] = [];
    const rejections: Rejection[] = [];
    files.forEach((file, index) => {
      const verdict = verdicts[index];
      if (verdict) rejections.push(verdict);
      else if (room-- > 0) accepted.push(file);
      else rejections.push({ file, code: 'too-many-files', limit: maxFiles });
    });
    return { accepted, rejections };
  }
}
