import { minPartSizeBytes } from '../../../vendors/s3.js';

/** Account of the emulated S3. */
export interface S3Account {
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The role that AssumeRole accepts. */
  roleArn: string;
}

/** Valid for the sandbox only. */
export const sandboxS3Account: S3Account = {
  region: 'us-east-1',
  bucket: 's3-sandbox',
  accessKeyId: 'SANDBOXS3KEY00000001',
  secretAccessKey: 'sandbox-s3-secret-key-no-cloud-knows',
  roleArn: 'arn:aws:iam::000000000000:role/sandbox-uploader',
};

/** Differences between S3-compatible stores, and configuration of the bucket. */
export interface S3Settings {
  /**
   * `ceph`: the RADOS Gateway as observed, among others: no ETag in the answer to a complete request, 200 when it is
   * repeated, `InvalidPart` when it leaves a stored part out, its conditions ignored, `partNumber` of reads ignored,
   * quoted ETags of conditional writes never equal, `x-amz-checksum-*` ignored, `NoSuchKey` for ListParts of an unknown
   * upload, and `x-amz-*` headers accepted that are not signed.
   */
  dialect: 'aws' | 'ceph';
  /** `opaque`: ETags that are not MD5s, as with SSE-KMS. */
  eTag: 'md5' | 'opaque';
  /** Whether the bucket's CORS rule exposes `ETag`. */
  exposeETag: boolean;
  /** Whether the store has ListParts; s3rver, for one, answers 405. */
  listParts: boolean;
  /** Smallest part that is not the last. Tests that need many small files lower it. */
  minPartSizeBytes: number;
  /** Days after which the bucket's lifecycle rule aborts unfinished multipart uploads; null: there is no rule. */
  abortIncompleteAfterDays: number | null;
}

/** What the emulated S3 store is set to. */
export const defaultS3Settings: S3Settings = {
  dialect: 'aws',
  eTag: 'md5',
  exposeETag: true,
  listParts: true,
  minPartSizeBytes,
  abortIncompleteAfterDays: null,
};
