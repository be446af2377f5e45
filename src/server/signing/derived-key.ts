import { hmacSha256, type HmacSha256 } from '../hash.js';

/**
 * Signing keys that are derived step by step from the secret key (AWS Signature Version 4, OSS V4, TC3). Each is valid
 * for one day and one scope, and deriving it costs four times what a signature does, so the latest ones are kept. Few,
 * because temporary credentials come and go.
 */
const derivedKeys = new Map<string, HmacSha256>();
const maxDerivedKeys = 32;

/** HMAC under the key derived from `secret` by `steps`: the date first, then region and service as the scheme has them. */
export function derivedKey(secret: string, steps: readonly string[]): HmacSha256 {
  const id = [...steps, secret].join('\n');
  const known = derivedKeys.get(id);
  if (known) return known;
  const [oldest] = derivedKeys.keys();
  if (derivedKeys.size >= maxDerivedKeys && oldest !== undefined) derivedKeys.delete(oldest);
  const derived = steps.reduce((key, step) => hmacSha256(key(step)), hmacSha256(secret));
  derivedKeys.set(id, derived);
  return derived;
}
