import type { SandboxContext } from '../../context.js';
import type { SandboxRequest } from '../../http/request.js';

/** One authenticated request to a bucket. */
export interface CosExchange {
  context: SandboxContext;
  request: SandboxRequest;
  bucket: string;
  /** Decoded, without its leading slash; empty for the bucket itself. */
  key: string;
  region: string;
  /** CRC-64 of stored bytes, by their path on disk. */
  checksums: Map<string, string>;
}
