import { encodeRfc3986 } from '../encoding.js';
import type { AlibabaKeys } from './alibaba-keys.js';

/** What differs between the requests that one presigner signs: the parts of an upload. */
export interface OssPart {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** Sub-resources and parameters; an empty value stands for a bare name. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower case. They must be sent exactly so. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One object, and for how long requests to it are signed. */
export interface OssObject {
  /** Address of the object, without a query. */
  readonly url: string;
  readonly bucket: string;
  /** Not encoded, without a slash in front. */
  readonly key: string;
  readonly date: Date;
  /** How long the URL is good, at most as long as the keys. */
  readonly lifetimeSeconds: number;
}

/** One request to an object, to be made by the holder of the URL. */
export type OssRequest = OssObject & OssPart;

export interface OssKeys extends AlibabaKeys {
  /** Without `oss-` in front; V4 needs it. */
  readonly region: string;
}

/** Presigns requests to one object. What they have in common is written, encoded and derived once. */
export type OssPresigner = (object: OssObject, keys: OssKeys) => (part: OssPart) => string;

export function ossUrl(url: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) =>
    value === '' ? encodeRfc3986(name) : `${encodeRfc3986(name)}=${encodeRfc3986(value)}`,
  );
  return `${url}?${pairs.join('&')}`;
}
