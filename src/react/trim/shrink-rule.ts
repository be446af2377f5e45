/** What a host says about large films; see `shrink` of `<Uploader>`. */
export interface ShrinkRule {
  /** Lines of the shorter side, as in "1080p". Default 1080. */
  readonly maxHeight?: number | undefined;
  /** Of picture and sound together. Default 8e6. */
  readonly maxBitsPerSecond?: number | undefined;
  /**
   * `ask` (default): the person chooses, once for each drop. `always`: all that is larger. `slow-line`: where it arrives
   * sooner so, by the speed that was measured; without a question.
   */
  readonly when?: 'ask' | 'always' | 'slow-line' | undefined;
}
