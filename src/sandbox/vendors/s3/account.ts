import { minPartSizeBytes } from '../../../vendors/s3.js';

/** What a tenant of the emulated S3 holds. */
export interface S3Account {
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** What AssumeRole is called with. */
  roleArn: string;
}

/** Good for the sandbox only; no cloud knows them. */
export const sandboxS3Account: S3Account = {
  region: 'us-east-1',
  bucket: 's3-sandbox',
  accessKeyId: 'SANDBOXS3KEY00000001',
  secretAccessKey: 'sandbox-s3-secret-key-no-cloud-knows',
  roleArn: 'arn:aws:iam::000000000000:role/sandbox-uploader',
};

/** In what the stores that speak S3 differ, and what a bucket's owner may have configured. */
export interface S3Settings {
  /**
   * `ceph`: the RADOS Gateway as it was seen: no ETag in the answer to a completion, 200 to one that is repeated, and
   * `NoSuchKey` to the listing of an upload that is gone.
   */
  dialect: 'aws' | 'ceph';
  /** `opaque`: ETags as SSE-KMS makes them, which are no MD5s. */
  eTag: 'md5' | 'opaque';
  /** Whether the bucket's CORS rule exposes `ETag`. */
  exposeETag: boolean;
  /** Smallest part that is not the last. Tests that need many small files lower it. */
  minPartSizeBytes: number;
}

export const defaultS3Settings: S3Settings = {
  dialect: 'aws',
  eTag: 'md5',
  exposeETag: true,
  minPartSizeBytes,
};
