import { VodError } from './errors.js';

/**
 * Fields of a JSON request. Every reader throws VOD.10053 with the field's name when the value is invalid. Null counts
 * as absent: Java clients send it.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(value: unknown, prefix = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new VodError(prefix === '' ? 'VOD.10081' : 'VOD.10053', prefix.replace(/\.$/, ''));
    this.#values = value as Record<string, unknown>;
    this.#prefix = prefix;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  text(name: string, maxBytes = Infinity): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    return typeof value === 'string' && Buffer.byteLength(value) <= maxBytes ? value : this.refuse(name);
  }

  requiredText(name: string, maxBytes = Infinity): string {
    const value = this.text(name, maxBytes);
    return value === undefined || value === '' ? this.refuse(name) : value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    return allowed.find((candidate) => candidate === value) ?? this.refuse(name);
  }

  /** The documentation's examples write integers as strings; both are accepted. */
  integer(name: string, min: number, max: number): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
      ? number
      : this.refuse(name);
  }

  /** Base64 of 16 bytes: 24 characters. */
  md5(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined || /^[A-Za-z0-9+/]{22}==$/.test(value) ? value : this.refuse(name);
  }

  list(name: string): Fields[] {
    if (!this.has(name)) return [];
    const value = this.#values[name];
    if (!Array.isArray(value)) return this.refuse(name);
    return value.map((item: unknown) => new Fields(item, `${this.#prefix}${name}.`));
  }

  refuse(name: string): never {
    throw new VodError('VOD.10053', `${this.#prefix}${name}`);
  }
}
