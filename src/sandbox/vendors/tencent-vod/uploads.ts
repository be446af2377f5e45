import { randomBytes, randomInt } from 'node:crypto';
import type { ModerationStatus } from '../../../vendors/tencent-vod.js';
import type { Parameters } from './parameters.js';

export interface Certificate {
  secretId: string;
  secretKey: string;
  token: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** The result of one ApplyUpload, and its state. */
export interface Upload {
  sessionKey: string;
  applied: Parameters;
  subAppId: number;
  bucket: string;
  region: string;
  /** Without their leading slash. */
  mediaKey: string;
  coverKey: string | null;
  certificate: Certificate;
  fileId: string;
  /** Set by the commit. Later states follow from the clock. */
  committedAt?: number;
  createdAt: number;
  moderation: ModerationStatus;
  isDeleted: boolean;
  /** By "ModifyMediaInfo". */
  modified?: { MediaName?: string; Description?: string; Tags?: readonly string[] };
}

/** All applied uploads, committed or not. */
export class UploadList {
  readonly #uploads: Upload[] = [];

  add(upload: Upload): Upload {
    this.#uploads.push(upload);
    return upload;
  }

  bySession(sessionKey: string): Upload | undefined {
    return this.#uploads.find((upload) => upload.sessionKey === sessionKey);
  }

  bySecretId(secretId: string): Upload | undefined {
    return this.#uploads.find(({ certificate }) => certificate.secretId === secretId);
  }

  byKey(key: string): Upload | undefined {
    return this.#uploads.find(({ mediaKey, coverKey }) => mediaKey === key || coverKey === key);
  }

  /** The media of one application: committed, and not deleted. */
  media(fileId: string, subAppId: number): Upload | undefined {
    return this.#uploads.find(
      (upload) =>
        upload.fileId === fileId &&
        upload.subAppId === subAppId &&
        upload.committedAt !== undefined &&
        !upload.isDeleted,
    );
  }

  all(): readonly Upload[] {
    return this.#uploads;
  }

  clear(): void {
    this.#uploads.length = 0;
  }
}

/** 19 digits, as in the examples of "DescribeMediaInfos"; beyond the precision of a JavaScript number. */
export function newFileId(): string {
  return `52858${String(randomInt(1e7)).padStart(7, '0')}${String(randomInt(1e7)).padStart(7, '0')}`;
}

/** Opaque, with the `+`, `/` and `=` of base64. */
export function newSessionKey(): string {
  return `${randomBytes(148).toString('base64').slice(0, -4)}+/==`;
}

export function newCertificate(expiresAt: number): Certificate {
  return {
    secretId: `AKID${randomBytes(32).toString('base64url')}`,
    secretKey: randomBytes(32).toString('base64'),
    token: `${randomBytes(300).toString('base64')}+/=`,
    expiresAt,
  };
}
