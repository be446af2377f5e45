import type { UploaderOptions } from '../options.js';
import { needsProbe } from '../restrictions/needs-probe.js';

/** Whether notes are taken: where the host says so, else where the headers are read anyway. */
export function wantsNotes({ notes, restrictions = {} }: UploaderOptions): boolean {
  return notes ?? needsProbe(restrictions);
}
