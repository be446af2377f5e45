import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { base64ToHex, fromHex, toHex, utf8 } from './encoding.js';
import { md5 } from './md5.js';
import { compositeETag } from './ledger.js';

it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
  ['hello', base64ToHex('XUFAKrxLKna5cZ2REBfFkg==')],
])('reproduces RFC 1321 for %j', (text, hex) => {
  expect(toHex(md5(utf8(text)))).toBe(hex);
});

it('agrees with another implementation at every length around the block size, and for 10,000 digests', () => {
  for (const length of [...Array.from({ length: 130 }, (_, i) => i), 160_000]) {
    const bytes = randomBytes(length);
    expect(toHex(md5(bytes))).toBe(createHash('md5').update(bytes).digest('hex'));
  }
});

it("makes the composite ETag of the vendor's example", () => {
  const eTags = [
    '847657b608d82f67e62e9bbec90f9782',
    '9a6a36ed9086a3a2fea130220e1e809c',
    '3a3afe552832bee0faf081c1e720067e',
    '6335af859c20ccef26b27ea691e7ecf7',
  ];
  expect(compositeETag(eTags.map((eTag, i) => ({ partNumber: i + 1, sizeBytes: 1, eTag })))).toBe(
    '87f450dd18b666dfcdf902ac6b162b5a-4',
  );
  expect(fromHex('ff00')).toEqual(Uint8Array.of(255, 0));
});
