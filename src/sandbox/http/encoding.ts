/** RFC 3986: everything but `A-Za-z0-9-_.~` is encoded, so `!'()*` too, which encodeURIComponent leaves. */
export function encodeStrict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns invalid percent-encoding unchanged; callers validate. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Node reads and writes each byte of a header as one character; clients of the stores send UTF-8. */
export function decodeHeader(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

export function encodeHeader(value: string): string {
  return /[^\x00-\x7f]/.test(value) ? Buffer.from(value).toString('latin1') : value;
}

export type QueryPair = readonly [name: string, value: string];

/** Decoded, in the order sent. `+` stays a plus: the object stores treat it literally. */
export function parseQuery(rawQuery: string): QueryPair[] {
  if (rawQuery === '') return [];
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=');
      return cut < 0
        ? ([decode(pair), ''] as const)
        : ([decode(pair.slice(0, cut)), decode(pair.slice(cut + 1))] as const);
    });
}

export function firstValue(query: readonly QueryPair[], name: string): string | undefined {
  return query.find(([candidate]) => candidate === name)?.[1];
}

export function allValues(query: readonly QueryPair[], name: string): string[] {
  return query.filter(([candidate]) => candidate === name).map(([, value]) => value);
}
