/** What a file's headers say, read without decoding it. Absent entries were not to be found. */
export interface MediaProbe {
  readonly durationSeconds?: number | undefined;
  /** As shown: rotation applied. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Clockwise degrees. */
  readonly rotation?: number | undefined;
  /** Short names: avc, hevc, vp9, av1, prores …; aac, opus, mp3 … */
  readonly videoCodec?: string | undefined;
  readonly audioCodec?: string | undefined;
  /** False only where the file certainly has no sound. */
  readonly hasAudio?: boolean | undefined;
  /** Of a color: 8, 10 or 12. */
  readonly bitDepth?: number | undefined;
  /** High dynamic range: PQ or HLG. */
  readonly isHdr?: boolean | undefined;
  /** The file ends before what its headers announce, or has no index: a copy or a recording that was cut off. */
  readonly isIncomplete?: boolean | undefined;
}

/** The local rules for files. Without a rule there is no limit. */
export interface Restrictions {
  /**
   * What may be added: `video` (default), `audio`, `image`, MIME types (`video/mp4`, `video/*`) or extensions (`.mkv`).
   * Decided by content, extension and MIME type together.
   */
  readonly accept?: readonly string[];
  readonly minSizeBytes?: number;
  readonly maxSizeBytes?: number;
  /** How many uploads may stand in the list at once, ended ones not counted. */
  readonly maxFiles?: number;
  /** Ready uploads count against `maxFiles`, too: it is then how many there may be in all. */
  readonly countReady?: boolean;
  /** The rest is read from the file's headers; a file whose headers cannot be read is accepted. */
  readonly minDurationSeconds?: number;
  readonly maxDurationSeconds?: number;
  /** Of the shorter side, as in "1080p". */
  readonly minResolution?: number;
  readonly maxResolution?: number;
  /** Short names, e.g. `['avc', 'hevc']`. */
  readonly videoCodecs?: readonly string[];
  /** The host's own rule: a text rejects the file. */
  readonly validate?: (
    file: File,
    probe: MediaProbe | undefined,
  ) => string | undefined | Promise<string | undefined>;
}
