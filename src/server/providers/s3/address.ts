import { encodeRfc3986 } from '../../encoding.js';

/** Where an object is: what goes into the signature and into the URL alike. */
export interface ObjectAddress {
  readonly origin: string;
  /** As the `Host` header will be. */
  readonly host: string;
  /** Encoded once. */
  readonly path: string;
}

export interface Addressing {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly forcePathStyle?: boolean | undefined;
}

/** "Virtual hosting of buckets": the bucket in the host, or in the path. Throws `TypeError` for an endpoint that is no URL. */
export function createAddressing({
  bucket,
  region,
  endpoint,
  forcePathStyle,
}: Addressing): (key: string) => ObjectAddress {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const isInPath = forcePathStyle ?? !canCarry(url, bucket);
  const host = isInPath ? url.host : `${bucket}.${url.host}`;
  const prefix = url.pathname.replace(/\/+$/, '') + (isInPath ? `/${encodeRfc3986(bucket)}` : '');
  return (key) => ({ origin: `${url.protocol}//${host}`, host, path: `${prefix}/${encodeKey(key)}` });
}

/** The other of the two names of the bucket, in the host or in the path. Absent where the host cannot carry it. */
export function secondAddressing(options: Addressing): ((key: string) => ObjectAddress) | undefined {
  const url = new URL(options.endpoint ?? `https://s3.${options.region}.amazonaws.com`);
  // Browsers resolve every name that ends in `.localhost` themselves.
  const isCarried = canCarry(url, options.bucket) || url.hostname === 'localhost';
  const isInPath = options.forcePathStyle ?? !canCarry(url, options.bucket);
  return isCarried ? createAddressing({ ...options, forcePathStyle: !isInPath }) : undefined;
}

/** Certificates are for one label before the store's name; addresses of machines take none. */
function canCarry({ protocol, hostname }: URL, bucket: string): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(hostname) || hostname === 'localhost';
  return !isAddress && !(protocol === 'https:' && bucket.includes('.'));
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeRfc3986).join('/');
}
