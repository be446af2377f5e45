import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import type { SandboxRequest } from '../../http/request.js';
import type { StoredObject } from '../../store/object-store.js';
import type { OssOperation } from './operations.js';

/** A key pair that the store knows. */
export interface OssKey {
  secret: string;
  /** Of temporary keys. */
  securityToken?: string;
  expiresAt?: number;
  /** Which operations on which objects its policy allows; absent: all. */
  allows?: (operation: OssOperation, bucket: string, key: string) => boolean;
}

/** Configuration of the buckets by the service that owns them. */
export interface OssPolicy {
  region: string;
  provider: string;
  /**
   * The bucket of a known key, for paths without a bucket: with an IP address as endpoint, the vendor's uploader leaves
   * the bucket out of the URL.
   */
  bucketOfKey?: (key: string) => string | undefined;
  findKey: (accessKeyId: string) => OssKey | undefined;
  /** Whether the token was issued, for any key. */
  isToken: (token: string) => boolean;
  /** Error code for an expired temporary key. */
  expiredKeyCode: () => 'SecurityTokenExpired' | 'InvalidAccessKeyId';
  /** Called when an object has been stored. */
  onStored: (object: StoredObject, effect: FaultEffect) => void;
}

/** One authenticated request to an object. */
export interface OssExchange {
  context: SandboxContext;
  policy: OssPolicy;
  request: SandboxRequest;
  effect: FaultEffect;
  bucket: string;
  key: string;
}
