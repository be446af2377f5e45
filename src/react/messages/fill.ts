import { hasRightToLeft, isolate, type Format } from '../format/index.js';
import type { Plural } from './words.js';

type Values = Readonly<Record<string, string | number | undefined>>;

/** Puts values into a sentence. What is missing leaves no double space behind. */
export function fill(text: string, values: Values): string {
  const isInRightToLeft = hasRightToLeft(text);
  return text
    .replace(/\{(\w+)\}/g, (_match, name: string) => isolate(String(values[name] ?? ''), isInRightToLeft))
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The same with a count as `{n}`, in the plural form that the language has for it. */
export function count(text: Plural, n: number, f: Format, values: Values = {}): string {
  return fill(typeof text === 'string' ? text : f.plural(n, text), { n: f.number(n), ...values });
}
