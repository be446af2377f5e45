/** What the canonical requests of several signature schemes have in common. */

/** By code unit; the order of a locale would differ from the gateway's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By name, then by value. */
export function comparePairs(a: readonly [string, string], b: readonly [string, string]): number {
  return compareText(a[0], b[0]) || compareText(a[1], b[1]);
}

/** `YYYYMMDDTHHMMSSZ`, UTC: ISO 8601 in the basic format, without fractions. */
export function basicDate(date: Date): string {
  return isoDate(date).replace(/[-:]/g, '');
}

/** `YYYY-MM-DDTHH:MM:SSZ`, UTC, without fractions. */
export function isoDate(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Name and value of each header, sorted. `lines` ends with a line break of its own, so that an empty line precedes the names. */
export function canonicalHeaders(
  headers: Readonly<Record<string, string>>,
  normalize: (value: string) => string = (value) => value.trim(),
): { lines: string; names: string } {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), normalize(value)] as const)
    .sort(comparePairs);
  return {
    lines: sorted.map(([name, value]) => `${name}:${value}\n`).join(''),
    names: sorted.map(([name]) => name).join(';'),
  };
}
