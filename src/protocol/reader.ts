/*
 * What the browser reads answers with: a tenth of the bytes of the schemas, which the endpoint reads requests with. A test
 * holds both together (answers.test.ts).
 */

/** Answers the value as one of that type, without what the type does not have; throws where it is none: see `tryRead`. */
export type Reader<T> = (value: unknown) => T;

/** A reader of each field. What an optional field lacks is read as `undefined`. */
export type Fields<T> = { readonly [Name in keyof T]-?: Reader<T[Name]> };

/** The readers of each kind, without the field that names the kind. */
export type Kinds<T, Name extends keyof T> = {
  readonly [Kind in T[Name] & string]: Fields<Omit<Extract<T, Record<Name, Kind>>, Name>>;
};

const mismatch = new Error('not what the protocol says');

/** `undefined` where it is none of that type. */
export function tryRead<T>(read: Reader<T>, value: unknown): T | undefined {
  try {
    return read(value);
  } catch (error) {
    if (error !== mismatch) throw error;
    return undefined;
  }
}

function readerOf<T>(isOne: (value: unknown) => boolean): Reader<T> {
  return (value) => {
    if (!isOne(value)) throw mismatch;
    return value as T;
  };
}

export const anything: Reader<unknown> = (value) => value;
export const flag = readerOf<boolean>((value) => typeof value === 'boolean');
/** A text of so many UTF-16 units. */
export const text = (minLength = 0, maxLength = Infinity): Reader<string> =>
  readerOf((value) => typeof value === 'string' && value.length >= minLength && value.length <= maxLength);
export const like = (pattern: RegExp): Reader<string> =>
  readerOf((value) => typeof value === 'string' && pattern.test(value));
export const number = (min = -Infinity, max = Infinity): Reader<number> =>
  readerOf((value) => typeof value === 'number' && value >= min && value <= max);
export const integer = (min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> => {
  const read = number(min, max);
  return readerOf((value) => Number.isInteger(read(value)));
};
export const oneOf = <const T extends string>(...values: readonly T[]): Reader<T> =>
  readerOf((value) => values.includes(value as T));

export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value) =>
    value === undefined ? undefined : read(value);

export const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw mismatch;
    return value.map((item) => read(item));
  };

/** Texts by their names. */
export const texts: Reader<Record<string, string>> = (value) =>
  Object.fromEntries(Object.entries(asObject(value)).map(([name, entry]) => [name, text()(entry)]));

export const object =
  <T>(fields: Fields<T>): Reader<T> =>
  (value) => {
    const given = asObject(value);
    const entries = Object.entries<Reader<unknown>>(fields).map(([name, read]) => [name, read(given[name])]);
    return Object.fromEntries(entries.filter(([, field]) => field !== undefined)) as T;
  };

/** One of several objects, which the field of that name tells apart. */
export const variant =
  <T, Name extends keyof T & string>(name: Name, kinds: Kinds<T, Name>): Reader<T> =>
  (value) => {
    const kind = oneOf(...Object.keys(kinds))(asObject(value)[name]);
    const fields = kinds[kind as keyof typeof kinds] as Fields<object>;
    return { [name]: kind, ...object<object>(fields)(value) } as T;
  };

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw mismatch;
  return value as Record<string, unknown>;
}
