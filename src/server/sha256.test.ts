import fc from 'fast-check';
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex } from './encoding.js';
import { hmacSha256, sha256 } from './sha256.js';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('SHA-256', () => {
  it('is that of FIPS 180-4', () => {
    expect(toHex(sha256(new TextEncoder().encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is that of Node, at every length', () => {
    fc.assert(
      fc.property(
        bytes,
        (input) => toHex(sha256(input)) === createHash('sha256').update(input).digest('hex'),
      ),
    );
  });

  it('keys its HMAC with keys of any length, for many messages', () => {
    fc.assert(
      fc.property(bytes, fc.array(bytes, { maxLength: 3 }), (key, messages) => {
        const hmac = hmacSha256(key);
        return messages.every(
          (message) => toHex(hmac(message)) === createHmac('sha256', key).update(message).digest('hex'),
        );
      }),
    );
  });
});
