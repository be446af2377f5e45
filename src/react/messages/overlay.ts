import { reportHostError } from '../../engine/shared.js';

type Say = (...params: readonly unknown[]) => unknown;

/**
 * A copy of `base` with the entries of `over` that are set; undefined means absent. Where a function of the host throws,
 * or answers something else than the one in `base`, that one speaks instead, and the error is reported once.
 */
export function overlay<T extends object>(
  base: T,
  over: { readonly [K in keyof T]?: unknown } | undefined,
): T {
  const set = Object.entries<unknown>(over ?? {})
    .filter(([, own]) => own !== undefined)
    .map(([name, own]): [string, unknown] => {
      const ours: unknown = base[name as keyof T];
      return [name, typeof ours === 'function' ? guarded(name, own, ours as Say) : own];
    });
  return { ...base, ...Object.fromEntries(set) };
}

function guarded(name: string, own: unknown, ours: Say): Say {
  let isReported = false;
  return (...params) => {
    const known = ours(...params);
    try {
      const said = typeof own === 'function' ? (own as Say)(...params) : own;
      if (said?.constructor === known?.constructor) return said;
      throw new TypeError(`vodrop: messages.${name} answers no text.`);
    } catch (error) {
      if (!isReported) reportHostError(error);
      isReported = true;
    }
    return known;
  };
}
