import type { S3Options } from './options.js';

/** What a store needs beside bucket and credentials. Everything in it can be set otherwise after it. */
export type S3Preset = Pick<S3Options, 'region'> &
  Partial<
    Pick<
      S3Options,
      | 'endpoint'
      | 'forcePathStyle'
      | 'acl'
      | 'absentHeaders'
      | 'forbidOverwrite'
      | 'eTag'
      | 'listsParts'
      | 'maxPartCount'
    >
  >;

interface InRegion {
  readonly region: string;
}

/** A server of one's own: its address, and its region where one is configured. */
interface AtEndpoint {
  readonly endpoint: string;
  readonly region?: string;
}

/**
 * Settings of known stores for `s3`. Each names the source of its facts; what no source says is marked as not verified
 * and left to the defaults of `s3`. Tried against the real software: `ceph`, `swift`, `s3rver`.
 *
 * `acl: 'none'` stands where objects have no ACL of their own. Elsewhere `private` is sent and signed, so that a page
 * cannot publish what it uploads; the bucket's CORS rule then has to allow `x-amz-acl`.
 *
 * @example
 * s3({ ...s3Stores.r2({ accountId }), bucket: 'videos', credentials: { accessKeyId, secretAccessKey } });
 */
export const s3Stores = {
  /**
   * Amazon S3. ACLs are off in new buckets. With SSE-KMS or SSE-C add `eTag: 'opaque'`.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
   */
  aws: ({ region }: InRegion) => ({ region }),

  /**
   * Cloudflare R2. No object ACLs. Parts have one size except the last, which is how vodrop cuts; ETags are MD5s, of
   * multipart objects since 2023-06-21.
   * https://developers.cloudflare.com/r2/api/s3/api/ and https://developers.cloudflare.com/r2/objects/multipart-objects/
   */
  r2: ({
    accountId,
    jurisdiction,
  }: {
    readonly accountId: string;
    readonly jurisdiction?: 'eu' | 'fedramp';
  }) => ({
    endpoint: `https://${accountId}.${jurisdiction ? `${jurisdiction}.` : ''}r2.cloudflarestorage.com`,
    region: 'auto',
    forcePathStyle: true,
    acl: 'none',
    forbidOverwrite: true,
  }),

  /**
   * Backblaze B2, region as in `us-west-004`. Only buckets have ACLs. The master key does not work with this API.
   * https://www.backblaze.com/docs/cloud-storage-s3-compatible-api
   */
  backblazeB2: ({ region }: InRegion) => ({
    endpoint: `https://s3.${region}.backblazeb2.com`,
    region,
    acl: 'none',
  }),

  /**
   * MinIO. No ACLs, and an old release refuses their header: https://github.com/minio/minio/issues/5706. Writes quotes
   * as `&#34;`: https://github.com/minio/minio/issues/4294
   */
  minio: ({ endpoint, region = 'us-east-1' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'none',
  }),

  /**
   * Ceph Object Gateway, which takes any region. Path style, unless `rgw dns name` is set.
   * https://docs.ceph.com/en/latest/radosgw/s3/. Tried: 16.2.15, where `x-amz-*` headers that are not signed count,
   * those of ACLs and of copies among them.
   */
  ceph: ({ endpoint, region = 'us-east-1' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'private',
    absentHeaders: ['x-amz-copy-source', 'x-amz-tagging', 'x-amz-storage-class'],
    forbidOverwrite: true,
  }),

  /**
   * OpenStack Swift with its middleware `s3api`. 1,000 parts unless `max_upload_part_num` says otherwise; ACLs belong to
   * containers. https://docs.openstack.org/swift/latest/middleware.html#s3api. Tried: 2.30.
   */
  swift: ({ endpoint, region = 'us-east-1' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'none',
    maxPartCount: 1000,
  }),

  /**
   * Wasabi. Not verified: ACLs of objects; `private` is sent.
   * https://docs.wasabi.com/docs/service-urls-for-wasabis-storage-regions-2
   */
  wasabi: ({ region }: InRegion) => ({
    endpoint: `https://s3.${region}.wasabisys.com`,
    region,
    acl: 'private',
  }),

  /**
   * DigitalOcean Spaces, region as in `fra1`. Not verified: whether a header of an ACL that is not signed counts.
   * https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/
   */
  digitalOceanSpaces: ({ region }: InRegion) => ({
    endpoint: `https://${region}.digitaloceanspaces.com`,
    region,
    acl: 'private',
  }),

  /**
   * Tigris; inside Fly.io with the endpoint `https://fly.storage.tigris.dev`. Not verified: ACLs of objects.
   * https://www.tigrisdata.com/docs/sdks/s3/aws-cli/
   */
  tigris: ({ endpoint = 'https://t3.storage.dev' }: Partial<AtEndpoint> = {}) => ({
    endpoint,
    region: 'auto',
    acl: 'private',
  }),

  /**
   * Scaleway Object Storage, region as in `fr-par`: at most 1,000 parts. Not verified: ACLs of objects.
   * https://www.scaleway.com/en/docs/object-storage/api-cli/multipart-uploads/
   */
  scaleway: ({ region }: InRegion) => ({
    endpoint: `https://s3.${region}.scw.cloud`,
    region,
    acl: 'private',
    maxPartCount: 1000,
  }),

  /**
   * Garage, region as in its `s3_region`. No ACLs of objects.
   * https://garagehq.deuxfleurs.fr/documentation/reference-manual/s3-compatibility/
   */
  garage: ({ endpoint, region = 'garage' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'none',
  }),

  /**
   * SeaweedFS (`weed s3`). Not verified: ACLs of objects.
   * https://github.com/seaweedfs/seaweedfs/wiki/Amazon-S3-API
   */
  seaweedFs: ({ endpoint, region = 'us-east-1' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'private',
  }),

  /**
   * Google Cloud Storage by its XML API, with HMAC keys. It refuses a signed `x-amz-acl`:
   * https://github.com/suitenumerique/drive/pull/780. That ETags of multipart objects are MD5s is not documented.
   * https://cloud.google.com/storage/docs/interoperability and https://cloud.google.com/storage/docs/multipart-uploads
   */
  google: () => ({
    endpoint: 'https://storage.googleapis.com',
    region: 'auto',
    forcePathStyle: true,
    acl: 'none',
    eTag: 'opaque',
  }),

  /**
   * s3rver, for tests: it has no ListParts and no abort, checks no MD5 and no signature, and needs no ACL. The ETag of a
   * multipart object is not made of its parts'.
   * https://github.com/jamhall/s3rver
   */
  s3rver: ({ endpoint, region = 'us-east-1' }: AtEndpoint) => ({
    endpoint,
    region,
    forcePathStyle: true,
    acl: 'none',
    listsParts: false,
  }),
} as const satisfies Record<string, (options: never) => S3Preset>;
