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

/**
 * Bytes of a {@link Size}.
 * @throws {RangeError} when it cannot be understood, as a limit that is silently ignored would be worse.
 */
export function parseSize(size: Size): number {
  if (typeof size === 'number') return checked(size, size);
  const match = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(size);
  const factor = factors[match?.[2]?.toLowerCase() ?? '?'];
  if (!match || factor === undefined)
    throw new RangeError(`Not a size: "${size}". Use bytes or a text such as "2GB".`);
  return checked(Math.floor(Number(match[1]) * factor), size);
}

function checked(bytes: number, size: Size): number {
  if (!Number.isFinite(bytes) || bytes < 0)
    throw new RangeError(`Not a size: "${size}". Use bytes or a text such as "2GB".`);
  return bytes;
}
