import { encodeRfc3986 } from '../encoding.js';
import type { AlibabaKeys } from './alibaba-keys.js';

/** One request to an object, to be made by the holder of the URL. */
export interface OssRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** Address of the object, without a query. */
  readonly url: string;
  readonly bucket: string;
  /** Not encoded, without a slash in front. */
  readonly key: string;
  /** Sub-resources and parameters; an empty value stands for a bare name. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower case. They must be sent exactly so. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly date: Date;
  /** How long the URL is good, at most as long as the keys. */
  readonly lifetimeSeconds: number;
}

export interface OssKeys extends AlibabaKeys {
  /** Without `oss-` in front; V4 needs it. */
  readonly region: string;
}

export type OssPresign = (request: OssRequest, keys: OssKeys) => string;

export function ossUrl(url: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) =>
    value === '' ? encodeRfc3986(name) : `${encodeRfc3986(name)}=${encodeRfc3986(value)}`,
  );
  return `${url}?${pairs.join('&')}`;
}
