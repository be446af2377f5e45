import { isIP } from 'node:net';
import { decode } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';

export interface OssAddress {
  bucket: string;
  /** Decoded. */
  key: string;
  /** The path names the bucket where the host should; the vendor refuses that. */
  isPathStyleForbidden: boolean;
}

/**
 * The object that a request names. By host (`bucket.oss-cn-shanghai.aliyuncs.com`, `bucket.localhost`) as at the vendor;
 * by path only where the host is an IP address or localhost, which cannot hold a bucket's name.
 */
export function addressOf(
  request: SandboxRequest,
  {
    isBucket,
    bucketOfKey,
  }: {
    isBucket: (name: string) => boolean;
    bucketOfKey?: ((key: string) => string | undefined) | undefined;
  },
): OssAddress {
  const path = request.path.slice(1);
  const host = request.host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  const label = host.split('.')[0] ?? '';
  if (
    isIP(host) === 0 &&
    host !== 'localhost' &&
    (isBucket(label) || /\.oss-[a-z0-9-]+\.aliyuncs\.com$/.test(host))
  ) {
    // One client repeats the bucket in the path.
    return {
      bucket: label,
      key: decode(path.startsWith(`${label}/`) ? path.slice(label.length + 1) : path),
      isPathStyleForbidden: false,
    };
  }
  const isLocal = isIP(host) !== 0 || host === 'localhost';
  const [bucket = '', ...rest] = path.split('/');
  const ownBucket = isLocal && !isBucket(bucket) ? bucketOfKey?.(decode(path)) : undefined;
  if (ownBucket !== undefined) return { bucket: ownBucket, key: decode(path), isPathStyleForbidden: false };
  return {
    bucket: decode(bucket),
    key: decode(rest.join('/')),
    isPathStyleForbidden: !isLocal,
  };
}
