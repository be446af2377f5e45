import { expect, it } from 'vitest';
import { compositeETag } from './compare-parts.js';

it("computes the composite ETag of the vendor's example", () => {
  const eTags = [
    '847657b608d82f67e62e9bbec90f9782',
    '9a6a36ed9086a3a2fea130220e1e809c',
    '3a3afe552832bee0faf081c1e720067e',
    '6335af859c20ccef26b27ea691e7ecf7',
  ];
  expect(compositeETag(eTags.map((eTag, i) => ({ partNumber: i + 1, sizeBytes: 1, eTag })))).toBe(
    '87f450dd18b666dfcdf902ac6b162b5a-4',
  );
});
