import { parseQuery } from '../../http/encoding.js';
import { TencentError } from './errors.js';

type Kind = 'string' | 'integer' | 'strings' | 'objects';

/** Names and types of an action's parameters, as in its table; required ones have an exclamation mark. */
export type ParameterTable = Readonly<Record<string, Kind | `${Kind}!`>>;

export type ParameterValue = string | number | string[] | Record<string, unknown>[];

/** The parameters of one call, checked against the action's table. */
export class Parameters {
  readonly #values: ReadonlyMap<string, ParameterValue>;

  constructor(
    table: ParameterTable,
    given: Readonly<Record<string, unknown>>,
    { isText }: { isText: boolean },
  ) {
    const present = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
    for (const [name, kind] of Object.entries(table)) {
      const value = given[name];
      if (kind.endsWith('!') && (value === undefined || value === null || value === ''))
        throw new TencentError('MissingParameter', `The request is missing the parameter \`${name}\`.`);
    }
    const unknown = present.find(([name]) => !Object.hasOwn(table, name));
    if (unknown)
      throw new TencentError('UnknownParameter', `The parameter \`${unknown[0]}\` is not recognized.`);
    this.#values = new Map(
      present.map(([name, value]) => [
        name,
        checked(name, value, (table[name] ?? 'string').replace('!', '') as Kind, isText),
      ]),
    );
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  required(name: string): string {
    return this.text(name) ?? '';
  }

  integer(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  texts(name: string): string[] | undefined {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
  }

  objects(name: string): Record<string, unknown>[] | undefined {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'object') : undefined;
  }

  /** As given. */
  toJSON(): Record<string, ParameterValue> {
    return Object.fromEntries(this.#values);
  }
}

/** API 3.0, "Request parameters of GET": lists and objects are spread over names such as `FileIds.0`. */
export function unflatten(rawQuery: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of parseQuery(rawQuery.replaceAll('+', '%20'))) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let place = root;
    for (const step of path) place = (place[step] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, listed(value)]));
}

/** An object whose names are 0, 1, 2 … is a list. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value).every((key, index) => key === String(index))
    ? Object.values(value).map(listed)
    : value;
}

function checked(name: string, value: unknown, kind: Kind, isText: boolean): ParameterValue {
  if (kind === 'string' && typeof value === 'string') return value;
  if (kind === 'integer') {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (isText && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  }
  if (
    kind === 'strings' &&
    Array.isArray(value) &&
    value.every((one): one is string => typeof one === 'string')
  )
    return value;
  if (kind === 'objects' && Array.isArray(value) && value.every(isRecord)) return value;
  throw new TencentError('InvalidParameter', `The parameter \`${name}\` is not of its type.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
