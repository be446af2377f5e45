import type { SandboxContext } from '../../context.js';
import type { SandboxRequest } from '../../http/request.js';
import type { ChunkSigner } from '../../verify/sigv4.js';
import type { S3Settings } from './account.js';
import type { UploadChecksum } from './checksums.js';

/** State of S3 besides the object store. */
export interface S3Memory {
  /** Publicly readable objects, as `bucket/key`. */
  readonly publicObjects: Set<string>;
  /** Ids of uploads whose object will be publicly readable. */
  readonly publicUploads: Set<string>;
  /** Checksums of open uploads, by upload id. */
  readonly checksums: Map<string, UploadChecksum>;
  /** Ids of completed uploads, with the object's ETag. */
  readonly completed: Map<string, string>;
}

/** Of every object and upload. */
export const owner = { ID: 'sandbox', DisplayName: 'sandbox' };

/** One authenticated request to an object. */
export interface S3Exchange {
  readonly context: SandboxContext;
  readonly settings: S3Settings;
  readonly memory: S3Memory;
  readonly request: SandboxRequest;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** The signed hash of the body: its SHA-256, or a name such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  readonly chunks: ChunkSigner | undefined;
}

export function objectName({ bucket, key }: Pick<S3Exchange, 'bucket' | 'key'>): string {
  return `${bucket}/${key}`;
}
