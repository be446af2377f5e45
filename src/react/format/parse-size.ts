const factors: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size in bytes, or in words: `'500 MB'`, `'2GB'` (decimal), `'1.5GiB'` (binary). */
export type Size = number | `${number}${string}`;

/** Bytes of a {@link Size}; NaN when it cannot be parsed. */
export function parseSize(size: Size): number {
  if (typeof size === 'number') return size;
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(size) ?? [];
  return Math.floor(Number(digits) * (factors[unit.toLowerCase()] ?? NaN));
}
