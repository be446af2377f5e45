import { maxObjectSizeBytes, maxPartCount } from '../../../vendors/s3.js';
import { callSettings } from '../../kit/call.js';
import type { StoreClient } from '../../store/client.js';
import { createAddressing, type ObjectAddress, secondAddressing } from './address.js';
import { createKeyRing, type KeyRing } from './credentials.js';
import { defaultExtensions } from './media-type.js';
import type { S3Options } from './options.js';
import { createS3Store } from './store.js';

const defaultSinglePutMaxBytes = 8 * 1024 ** 2;
const defaultUrlLifetimeSeconds = 3600;

/** What the operations of one provider work with: its options with every default filled in, and its clients. */
export type Setup = ReturnType<typeof setUp>;

export function setUp(options: S3Options) {
  const settings = callSettings(options);
  const addressOf: (key: string) => ObjectAddress = createAddressing(options);
  const keys: KeyRing = createKeyRing(options.credentials, settings.now);
  const store: StoreClient<string> = createS3Store({ addressOf, region: options.region, keys }, settings);
  return {
    options,
    id: options.id ?? 's3',
    eTagRule: options.eTag ?? 'md5',
    acl: options.acl ?? defaultAcl(options),
    forbidsOverwrite: options.forbidOverwrite ?? (isAmazon(options) && options.key === undefined),
    listsParts: options.listsParts ?? true,
    maxPartCount: options.maxPartCount ?? maxPartCount,
    signature: options.signature ?? 'query',
    absentHeaders: options.absentHeaders ?? [],
    signsBeforeHash: signsBeforeHash(options),
    singlePutMaxBytes: options.singlePutMaxBytes ?? defaultSinglePutMaxBytes,
    maxFileSizeBytes: options.maxFileSizeBytes ?? maxObjectSizeBytes,
    urlLifetimeSeconds: options.urlLifetimeSeconds ?? defaultUrlLifetimeSeconds,
    extensions: options.extensions ?? defaultExtensions,
    now: settings.now,
    addressOf,
    secondAddressOf: options.secondName ? secondAddressing(options) : undefined,
    keys,
    store,
  } as const;
}

/** Of a signature in the headers it is not certain whether every store leaves `Content-MD5` open. */
function signsBeforeHash({ signsBeforeHash: wish, eTag, signature, absentHeaders }: S3Options): boolean {
  if (absentHeaders?.includes('content-md5')) return false;
  return wish ?? (eTag !== 'opaque' && signature !== 'headers');
}

/**
 * Amazon refuses `x-amz-*` headers that are not signed ("Signature Version 4 signing process"), and by default the header
 * of an ACL altogether ("Object Ownership"); other stores may take both.
 */
function defaultAcl(options: S3Options): 'private' | 'none' {
  const names = Object.keys(options.objectHeaders ?? {});
  const isNamed = names.some((name) => name.toLowerCase() === 'x-amz-acl');
  return isNamed || isAmazon(options) ? 'none' : 'private';
}

function isAmazon({ endpoint }: S3Options): boolean {
  return endpoint === undefined || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}
