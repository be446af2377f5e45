import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a page's signature says, once it is verified. */
export interface UgcClaims {
  readonly subAppId: number | undefined;
  readonly procedure: string | undefined;
  readonly sourceContext: string | undefined;
  readonly sessionContext: string | undefined;
  readonly storageRegion: string | undefined;
  readonly classId: number | undefined;
}

export type UgcOutcome =
  | { readonly ok: true; readonly claims: UgcClaims }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' };

const digestBytes = 20;
const maxLifetimeSeconds = 7_776_000;
const maxRandom = 0xffffffff;

/** "Upload from Client", signature: the base64 of an HMAC-SHA1 and of the query string that it signs. */
export function verifyUgcSignature(
  signature: unknown,
  { secretId, secretKey, nowMs }: { secretId: string; secretKey: string; nowMs: number },
): UgcOutcome {
  const bytes = typeof signature === 'string' ? Buffer.from(signature, 'base64') : Buffer.alloc(0);
  if (bytes.length <= digestBytes) return { ok: false, reason: 'invalid' };
  const original = bytes.subarray(digestBytes);
  const expected = createHmac('sha1', secretKey).update(original).digest();
  const fields = new URLSearchParams(original.toString());
  if (!timingSafeEqual(expected, bytes.subarray(0, digestBytes)) || fields.get('secretId') !== secretId)
    return { ok: false, reason: 'invalid' };
  const [start, end, random] = ['currentTimeStamp', 'expireTime', 'random'].map((name) =>
    wholeNumber(fields.get(name)),
  );
  if (start === undefined || end === undefined || random === undefined || random > maxRandom)
    return { ok: false, reason: 'invalid' };
  if (end - start > maxLifetimeSeconds) return { ok: false, reason: 'invalid' };
  if (end * 1000 <= nowMs) return { ok: false, reason: 'expired' };
  const text = (name: string): string | undefined => fields.get(name) || undefined;
  return {
    ok: true,
    claims: {
      subAppId: wholeNumber(fields.get('vodSubAppId')),
      procedure: text('procedure'),
      sourceContext: text('sourceContext'),
      sessionContext: text('sessionContext'),
      storageRegion: text('storageRegion'),
      classId: wholeNumber(fields.get('classId')),
    },
  };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
