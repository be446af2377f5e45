import {
  cateIdsMaxCount,
  descriptionMaxLength,
  extendMaxBytes,
  tagMaxLength,
  tagsMaxCount,
  titleMaxLength,
} from '../../../vendors/alibaba-vod.js';
import { firstValue, type QueryPair } from '../../http/encoding.js';
import { VodError } from './errors.js';

/** Reads and validates the parameters of one action; throws the refusal. Empty counts as absent. */
export class Params {
  readonly #pairs: readonly QueryPair[];

  constructor(pairs: readonly QueryPair[]) {
    this.#pairs = pairs;
  }

  text(name: string): string | undefined {
    return firstValue(this.#pairs, name) || undefined;
  }

  /** Also when it is empty. */
  has(name: string): boolean {
    return firstValue(this.#pairs, name) !== undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new VodError('MissingParameter', name);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    return value === undefined
      ? undefined
      : (allowed.find((one) => one === value.toLowerCase()) ?? this.refuse(name));
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    return /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : this.refuse(name);
  }

  /** Comma-joined. */
  list(name: string): string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  }

  title(): string | undefined {
    return this.#words('Title', titleMaxLength);
  }

  description(): string | undefined {
    return this.#words('Description', descriptionMaxLength);
  }

  tags(): string | undefined {
    const tags = this.list('Tags');
    if (tags.length > tagsMaxCount) throw new VodError('TagsExceededMax');
    if (tags.some((tag) => [...tag].length > tagMaxLength)) throw new VodError('LengthExceededMax', 'Tags');
    return this.#words('Tags', Infinity);
  }

  cateIds(): string[] {
    const ids = this.list('CateIds');
    return ids.length <= cateIdsMaxCount && ids.every((id) => /^-?\d+$/.test(id))
      ? ids
      : this.refuse('CateIds');
  }

  /** "Basic structures", UserData. */
  userData(): string | undefined {
    const text = this.text('UserData');
    if (text === undefined) return undefined;
    const parsed = parseObject(text) ?? this.refuse('UserData');
    const extend = parsed['Extend'];
    if (
      extend !== undefined &&
      Buffer.byteLength(typeof extend === 'string' ? extend : JSON.stringify(extend)) > extendMaxBytes
    )
      throw new VodError('LengthExceededMax', 'UserData.Extend');
    return text;
  }

  refuse(name: string): never {
    throw new VodError('InvalidParameter', name);
  }

  /** Documented in characters and in bytes: text that exceeds the limit in characters is refused either way. */
  #words(name: string, maxLength: number): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/[\u{10000}-\u{10ffff}]|\p{Emoji_Presentation}/u.test(value))
      throw new VodError('IllegalCharacters', name);
    if ([...value].length > maxLength) throw new VodError('LengthExceededMax', name);
    return value;
  }
}

/** Lower case, without the dot; of a name or a whole path. */
export function extensionOf(fileName: string): string {
  return /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
