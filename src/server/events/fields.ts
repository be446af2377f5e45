import { toHex, utf8 } from '../encoding.js';
import { md5, sha256 } from '../hash.js';

/** One value or several: during a change of keys, the old one and the new one. */
export type OneOrMore<T> = T | readonly T[];

export function listOf<T extends string>(value: OneOrMore<T> | undefined): readonly T[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The object in a JSON text; undefined for anything else. */
export function parseObject(text: string): Fields | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function md5Hex(text: string): string {
  return toHex(md5(utf8(text)));
}

export function digestOf(text: string): string {
  return toHex(sha256(utf8(text)));
}

/** Compares secrets in a time that does not depend on where they differ. */
export function isSame(a: string, b: string): boolean {
  const [x, y] = [sha256(utf8(a)), sha256(utf8(b))];
  return x.reduce((difference, byte, index) => difference | (byte ^ (y[index] ?? 0)), 0) === 0;
}

/** ISO 8601 of a date that a vendor writes in any form that `Date` reads. */
export function isoOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
