/** A copy of `base` with the entries of `over` that are set; undefined means absent. */
export function overlay<T extends object>(
  base: T,
  over: { readonly [K in keyof T]?: unknown } | undefined,
): T {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}
