/** The fields that are not `undefined`, so that a spread over defaults overwrites none of them with nothing. */
export function definedFields<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export type Compact<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without `undefined`, `null` and empty texts: most of these APIs do not tell them apart. */
export function compact<T extends Record<string, unknown>>(fields: T): Compact<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as Compact<T>;
}

export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
