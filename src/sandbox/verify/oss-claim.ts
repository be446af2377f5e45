import type { QueryPair } from '../http/encoding.js';

/** What an OSS signature covers, as it arrived. */
export interface OssSignedRequest {
  method: string;
  bucket: string;
  /** Decoded. */
  key: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
  headerNames: readonly string[];
}

export type OssSignatureCode =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'InvalidArgument'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch';

export type OssOutcome =
  | { ok: true; accessKeyId: string; securityToken?: string }
  | { ok: false; code: OssSignatureCode; message?: string; details?: Record<string, string> };

export interface OssVerifyOptions {
  findSecret: (accessKeyId: string) => string | undefined;
  region: string;
  nowMs: number;
  /** Treat the signature as expired. */
  isExpired?: boolean;
}

export const maxSkewMs = 15 * 60_000;

/** "Request has expired.", with both times. */
export function expired(expiresMs: number, nowMs: number): OssOutcome {
  return {
    ok: false,
    code: 'AccessDenied',
    message: 'Request has expired.',
    details: { Expires: new Date(expiresMs).toISOString(), ServerTime: new Date(nowMs).toISOString() },
  };
}

/** Like the store, includes what it signed for comparison. */
export function mismatch(
  accessKeyId: string,
  given: string,
  stringToSign: string,
  more: Record<string, string> = {},
): OssOutcome {
  const bytes = Buffer.from(stringToSign).toString('hex').replace(/../g, '$& ').trim();
  return {
    ok: false,
    code: 'SignatureDoesNotMatch',
    details: {
      OSSAccessKeyId: accessKeyId,
      SignatureProvided: given,
      StringToSign: stringToSign,
      StringToSignBytes: bytes,
      ...more,
    },
  };
}
