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

/** What the owner of the buckets says about them. */
export interface OssPolicy {
  region: string;
  provider: string;
  findKey: (accessKeyId: string) => OssKey | undefined;
  /** Whether the token is one of ours, of whichever key. */
  isToken: (token: string) => boolean;
  /** What an expired temporary key is answered with. */
  expiredKeyCode: () => 'SecurityTokenExpired' | 'InvalidAccessKeyId';
  /** Called once an object is whole. */
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
