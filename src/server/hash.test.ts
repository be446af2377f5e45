import fc from 'fast-check';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { base64ToHex, fromHex, toHex, utf8 } from './encoding.js';
import { hmacSha1, hmacSha256, md5, md5Base64, sha1Hex, sha256, sha256Hex, toBase64 } from './hash.js';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('hashes of the request signatures', () => {
  it('computes the SHA-256 of the FIPS 180-4 example', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('computes the SHA-256 that Node computes, at every length', () => {
    fc.assert(
      fc.property(
        bytes,
        (input) => toHex(sha256(input)) === createHash('sha256').update(input).digest('hex'),
      ),
    );
  });

  it('computes the HMAC-SHA256 that Node computes, with one prepared key for many messages', () => {
    fc.assert(
      fc.property(bytes, fc.array(bytes, { maxLength: 3 }), (key, messages) => {
        const hmac = hmacSha256(key);
        return messages.every(
          (message) => toHex(hmac(message)) === createHmac('sha256', key).update(message).digest('hex'),
        );
      }),
    );
  });

  it('computes the SHA-1, HMAC-SHA1 and Content-MD5 that Node computes, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (key, text) => {
        expect(sha1Hex(text)).toBe(createHash('sha1').update(text).digest('hex'));
        expect(toBase64(hmacSha1(key)(text))).toBe(createHmac('sha1', key).update(text).digest('base64'));
        expect(md5Base64(text)).toBe(createHash('md5').update(text).digest('base64'));
      }),
    );
  });

  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      '57edf4a22be3c955ac49da2e2107b67a',
    ],
    ['hello', base64ToHex('XUFAKrxLKna5cZ2REBfFkg==')],
  ])('computes the MD5 of the RFC 1321 example %j', (text, hex) => {
    expect(toHex(md5(utf8(text)))).toBe(hex);
  });

  it('computes the MD5 that Node computes, around the block size and for 10,000 digests', () => {
    for (const length of [...Array.from({ length: 130 }, (_, i) => i), 160_000]) {
      const input = randomBytes(length);
      expect(toHex(md5(input))).toBe(createHash('md5').update(input).digest('hex'));
    }
  });

  it('reads hex digests as bytes', () => {
    expect(fromHex('ff00')).toEqual(Uint8Array.of(255, 0));
  });
});
