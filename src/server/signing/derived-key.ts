import { toHex } from '../encoding.js';
import { hmacSha1, hmacSha256, type Hmac } from '../hash.js';

/**
 * Signing keys that are derived step by step from the secret key (AWS Signature Version 4, OSS V4, TC3). Each is
 * valid for one day and one scope (one second, of COS), and deriving it costs four times what a signature does, so
 * the latest ones are kept. Few, because temporary credentials come and go.
 */
const derivedKeys = new Map<string, Hmac>();
const maxDerivedKeys = 32;

/** HMAC under the key derived from `secret` by `steps`: the date first, then region and service as the scheme has them. */
export function derivedKey(secret: string, steps: readonly string[]): Hmac {
  return keptKey([...steps, secret].join('\n'), () =>
    steps.reduce((key, step) => hmacSha256(key(step)), hmacSha256(secret)),
  );
}

/** COS: the key is the hex text of an HMAC-SHA1 of the time that the signature holds for, not its bytes. */
export function cosKey(secretKey: string, keyTime: string): Hmac {
  return keptKey(`${keyTime}\n${secretKey}`, () => hmacSha1(toHex(hmacSha1(secretKey)(keyTime))));
}

function keptKey(id: string, derive: () => Hmac): Hmac {
  const known = derivedKeys.get(id);
  if (known) return known;
  const [oldest] = derivedKeys.keys();
  if (derivedKeys.size >= maxDerivedKeys && oldest !== undefined) derivedKeys.delete(oldest);
  const derived = derive();
  derivedKeys.set(id, derived);
  return derived;
}
