import { maxPartCount as maxParts, maxPutBytes, sigV4, type CannedAcl } from '../../../vendors/s3.js';
import type { ETagRule } from '../../compare-parts.js';
import type { CallOptions } from '../../kit/call.js';
import type { StartFields } from '../../provider.js';
import { secondAddressing } from './address.js';
import type { S3Credentials } from './credentials.js';
import { checkPlace } from '../../kit/place.js';
import type { TranscodingOption } from '../../kit/transcodes.js';

/** Settings of `s3`. */
export interface S3Options extends CallOptions, TranscodingOption {
  /** Id under which browsers ask for this provider. Default `s3`; give others when several buckets are served. */
  readonly id?: string;
  /** Name of the bucket, which exists already. */
  readonly bucket: string;
  /** As in `eu-central-1`; stores that have none mostly take `us-east-1`. */
  readonly region: string;
  /** Where the store answers. Default Amazon's of the region. */
  readonly endpoint?: string;
  /**
   * Names the bucket in the path instead of the host. Default: only where the host cannot carry it (an IP address,
   * `localhost`, a bucket with dots under https).
   */
  readonly forcePathStyle?: boolean;
  /**
   * Whether the bucket answers on both of its names, in the host and in the path. On a line that loses packets browsers
   * then send up to twelve parts at once, six to each name; the pages' policy has to allow both (`connect-src`). Default
   * false. Amazon answers on both, to buckets without dots. It needs `signature: 'query'`.
   */
  readonly secondName?: boolean;
  /** Keys, of an account or temporary (STS), or a function that names the current ones. */
  readonly credentials: S3Credentials;
  /**
   * The key to store an upload under, at most 1,024 bytes. It is the upload's `mediaId`, and what is there already is
   * overwritten. Default: `uploads/{yyyy}/{mm}/{dd}/{random id}/{file name}`, which cannot be guessed and does not collide.
   */
  readonly key?: (upload: StartFields, caller?: { readonly id: string }) => string;
  /**
   * Which keys `sweep` may discard open multipart uploads of: those that begin so. Default `uploads/`, as the default
   * keys do; with `key` there is no default, because the bucket may have uploads of other programs.
   */
  readonly sweepPrefix?: string;
  /** Content-Type of the object. Default by the file name's extension: the type that browsers name is not trusted. */
  readonly contentType?: (upload: StartFields) => string;
  /** Lower-case extensions of the files taken, without the dot. Default: those of video and audio. `any`: every file. */
  readonly extensions?: readonly string[] | 'any';
  /**
   * Canned ACL of the object; `none` sends no ACL header, so that the bucket's own rule holds. Default `none` at
   * Amazon's endpoints, `private` elsewhere: some stores (Ceph) take a header that is not signed, with which a page could
   * publish what it uploads. The bucket's CORS rule has to allow `x-amz-acl` where one is sent. A store without ACLs of
   * objects may refuse the header: its preset says `none`.
   */
  readonly acl?: CannedAcl | 'none';
  /**
   * Further headers of the object: `cache-control`, `x-amz-storage-class`, `x-amz-server-side-encryption` … The bucket's
   * CORS rule has to allow them. Printable ASCII only, since browsers send nothing else as it was signed.
   */
  readonly objectHeaders?: Readonly<Record<string, string>>;
  /**
   * Whether the URL of a file that goes in one PUT stores it once only (`If-None-Match: *`, signed): otherwise it can
   * replace the object until it expires, also after the host was told of it. The bucket's CORS rule has to allow
   * `if-none-match`, and the store has to know conditional writes. Default true at Amazon's endpoints and where a preset
   * says so, but for keys of your own (`key`), which may be meant to overwrite.
   */
  readonly forbidOverwrite?: boolean;
  /**
   * Headers, in lower case, that a browser's request must not have, at a store that takes `x-amz-*` headers that are
   * not signed. They are named as signed although they are absent. Only Ceph is known to verify such a signature: its
   * preset names `x-amz-copy-source`, with which the URL of an upload could copy any object that the keys can read.
   * Default none.
   */
  readonly absentHeaders?: readonly string[];
  /**
   * Whether parts are signed before they are hashed, so that the first byte of a large file leaves earlier: their
   * `Content-MD5` is then sent, and compared by the store, but not signed. With `false` the page hashes each part before it
   * is signed, and the URL stores only those bytes. Default true where ETags are MD5s, so that the endpoint can compare
   * what was stored, and the signature is in the URL: AWS Signature Version 4 covers the headers that it names. False
   * where `absentHeaders` has `content-md5`.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
   */
  readonly signsBeforeHash?: boolean;
  /** Whether the store's ETags are MD5s. Say `opaque` where SSE-KMS or SSE-C encrypts the bucket. Default `md5`. */
  readonly eTag?: ETagRule;
  /**
   * Whether the store has "ListParts". Default true: parts are compared with the store's own list before the upload is
   * completed, and resumed by it. `false`: the upload is completed from the MD5s that the browser recorded, which the
   * store compares with its parts; needs `eTag: 'md5'`.
   */
  readonly listsParts?: boolean;
  /** Parts of one upload that the store takes. Default 10,000. */
  readonly maxPartCount?: number;
  /** Files up to this size go in one PUT. Default 8 MiB, at most 5 GiB; larger ones go in parts, which can be resumed. */
  readonly singlePutMaxBytes?: number;
  /** Default 5 TiB. */
  readonly maxFileSizeBytes?: number;
  /**
   * Where the signature of the browser's requests stands. `query` needs nothing of the bucket's CORS rule but
   * `content-type`, `content-md5` and, with an ACL, `x-amz-acl`, and lives as long as asked. `headers` keeps temporary keys out of URLs and logs, and
   * gets past gateways that try to authenticate preflights (Ceph with STS tokens); its requests live 14 minutes, and the
   * rule has to allow `authorization` and `x-amz-*` as well. Default `query`.
   */
  readonly signature?: 'query' | 'headers';
  /** How long presigned requests live, in seconds. Default 3,600, at most 604,800; never longer than the credentials. */
  readonly urlLifetimeSeconds?: number;
  /** Called when the whole object is in the store, before the browser gets its answer. May be called again for the same object. */
  readonly onUploaded?: (object: UploadedObject) => void | Promise<void>;
  /** Where the object can be played or downloaded. Absent: details name no address. */
  readonly urlFor?: (key: string) => string | Promise<string>;
}

/** The object that `onUploaded` is told of. */
export interface UploadedObject {
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly contentType: string;
  /** The file's name as the browser gave it. */
  readonly fileName: string;
  readonly caller?: { readonly id: string };
}

/** Throws `TypeError` for settings that no upload could be made with. */
export function checkOptions({
  bucket,
  region,
  credentials,
  endpoint,
  eTag,
  forcePathStyle,
  secondName,
  signature,
  listsParts,
  maxPartCount = maxParts,
  objectHeaders = {},
  singlePutMaxBytes = 0,
  urlLifetimeSeconds = 1,
}: S3Options): void {
  if (!bucket) throw new TypeError('S3 needs a bucket.');
  if (!region) throw new TypeError('S3 needs a region.');
  checkPlace('S3', { region, endpoint });
  if (typeof credentials !== 'function' && (!credentials.accessKeyId || !credentials.secretAccessKey))
    throw new TypeError('S3 needs an access key id and a secret access key.');
  checkObjectHeaders(objectHeaders);
  if (secondName && signature === 'headers')
    throw new TypeError('A signed header belongs to one host: a second name needs signature: query.');
  if (secondName && !secondAddressing({ bucket, region, endpoint, forcePathStyle }))
    throw new TypeError(
      'A second name needs a host that can carry the bucket: no IP address, and no dots in the bucket under https.',
    );
  if (singlePutMaxBytes > maxPutBytes)
    throw new TypeError(`A single PUT takes at most ${maxPutBytes} bytes.`);
  if (listsParts === false && eTag === 'opaque')
    throw new TypeError('Parts that are not listed are known by their MD5s: eTag has to be md5.');
  if (!(maxPartCount >= 1 && maxPartCount <= maxParts))
    throw new TypeError(`An upload has 1 to ${maxParts} parts.`);
  if (!(urlLifetimeSeconds >= 1 && urlLifetimeSeconds <= sigV4.maxExpiresSeconds))
    throw new TypeError(`Presigned requests live 1 to ${sigV4.maxExpiresSeconds} seconds.`);
}

/** Browsers send other characters in another encoding than was signed, or not at all. */
function checkObjectHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers))
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value))
      throw new TypeError(
        `The object header ${JSON.stringify(name)} has to be of printable ASCII: encode other text as RFC 2047 or RFC 8187 say.`,
      );
}
