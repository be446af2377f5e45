import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { OssKey, OssOperation } from '../oss/index.js';
import type { AlibabaAccount, AlibabaSettings } from './settings.js';

export interface IssuedKey {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
  expiresAt: number;
}

const uploadOperations: readonly OssOperation[] = [
  'PutObject',
  'InitiateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
];
const tenantLifetimeMs = 3600_000;

/** Temporary keys: one per upload, for its object only, and the tenant's temporary pair. */
export class StsDesk {
  readonly #keys = new Map<string, OssKey>();
  readonly #account: AlibabaAccount;
  readonly #settings: AlibabaSettings;
  readonly #now: Clock;

  constructor(account: AlibabaAccount, settings: AlibabaSettings, now: Clock) {
    this.#account = account;
    this.#settings = settings;
    this.#now = now;
    this.clear();
  }

  issue(bucket: string, key: string): IssuedKey {
    const issued: IssuedKey = {
      accessKeyId: `STS.N${randomBytes(10).toString('hex').toUpperCase()}`,
      accessKeySecret: randomBytes(22).toString('hex'),
      securityToken: `CAIS${randomBytes(120).toString('base64')}`,
      expiresAt: this.#now() + this.#settings.stsLifetimeSeconds * 1000,
    };
    const operations = [
      ...uploadOperations,
      ...(this.#settings.allowListParts ? ['ListParts' as const] : []),
    ];
    const allows: OssKey['allows'] = (operation, itsBucket, itsKey) =>
      operations.includes(operation) && itsBucket === bucket && itsKey === key;
    this.#keys.set(issued.accessKeyId, {
      secret: issued.accessKeySecret,
      securityToken: issued.securityToken,
      expiresAt: issued.expiresAt,
      allows,
    });
    return issued;
  }

  find(accessKeyId: string): OssKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** Keys of uploads are valid at the store only. */
  findTenant(accessKeyId: string): OssKey | undefined {
    const { accessKeyId: permanent, temporary } = this.#account;
    return [permanent, temporary.accessKeyId].includes(accessKeyId) ? this.find(accessKeyId) : undefined;
  }

  isToken(token: string): boolean {
    return [...this.#keys.values()].some(({ securityToken }) => securityToken === token);
  }

  clear(): void {
    const { accessKeyId, accessKeySecret, temporary } = this.#account;
    this.#keys.clear();
    this.#keys.set(accessKeyId, { secret: accessKeySecret });
    const { securityToken } = temporary;
    this.#keys.set(temporary.accessKeyId, {
      secret: temporary.accessKeySecret,
      securityToken,
      expiresAt: this.#now() + tenantLifetimeMs,
    });
  }
}
