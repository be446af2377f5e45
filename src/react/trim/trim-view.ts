import { wholePercent } from '../format/index.js';
import type { Cut } from './cut-points.js';
import type { TrimState } from './trim-job.js';
import type { TrimWords } from '../messages/en-on-demand.js';

/** What the parts of the editor share. */
export interface TrimView {
  readonly words: TrimWords;
  readonly state: TrimState;
  readonly cut: Cut;
  /** Something is left out. */
  readonly isCut: boolean;
  readonly apply: () => void;
  readonly cancel: () => void;
  readonly reset: () => void;
}

/** Of a cut that is being made. */
export const percentOfCut = (state: TrimState): number =>
  state.phase === 'cutting' ? wholePercent(state.ratio, 1) : 0;
