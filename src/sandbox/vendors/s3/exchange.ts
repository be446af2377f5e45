import type { SandboxContext } from '../../context.js';
import type { SandboxRequest } from '../../http/request.js';
import type { ChunkSigner } from '../../verify/sigv4.js';
import type { S3Settings } from './account.js';

/** What outlives a request, beside the store itself. */
export interface S3Memory {
  /** Objects that anybody may read, as `bucket/key`. */
  readonly publicObjects: Set<string>;
  /** Upload ids whose object shall be such. */
  readonly publicUploads: Set<string>;
  /** Upload ids joined already, with the object's ETag. */
  readonly completed: Map<string, string>;
}

/** One authenticated request to an object. */
export interface S3Exchange {
  readonly context: SandboxContext;
  readonly settings: S3Settings;
  readonly memory: S3Memory;
  readonly request: SandboxRequest;
  readonly bucket: string;
  readonly key: string;
  /** What was signed in place of the body: its SHA-256, or one of the names that stand for none. */
  readonly payloadHash: string;
  readonly chunks: ChunkSigner | undefined;
}

export function objectName({ bucket, key }: Pick<S3Exchange, 'bucket' | 'key'>): string {
  return `${bucket}/${key}`;
}
