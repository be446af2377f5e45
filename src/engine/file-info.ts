import type { LinkSource, MediaProbe } from './types.js';

/** Describes the file; known also while the file itself is not at hand. */
export interface FileInfo {
  readonly id: string;
  readonly fileName: string;
  readonly path?: string | undefined;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly addedAt: number;
  /** Set when the cloud pulls it from a link. */
  readonly source?: LinkSource | undefined;
  /** What the host said about the file when it was added. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Who was signed in when files were added. */
export interface Adder {
  /** The endpoint's name for the caller; '' where it gives none. Undefined until it has answered since then. */
  tag?: string | undefined;
}

/** The file itself, and what came with it. */
export interface FileSource {
  /** With `url` an empty one that has the name only. */
  readonly file?: File | undefined;
  /** The link that the cloud pulls it from; not kept. */
  readonly url?: string | undefined;
  readonly source?: LinkSource | undefined;
  readonly handle?: FileSystemFileHandle | undefined;
  readonly path?: string | undefined;
  readonly probe?: MediaProbe | undefined;
  readonly metadata?: FileInfo['metadata'];
  /** The same for all files of one drop. */
  readonly adder?: Adder | undefined;
  /** Cheap identity of the content, where it was read already. */
  readonly fingerprint?: string | undefined;
}
