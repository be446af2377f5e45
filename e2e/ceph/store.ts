import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';

const {
  S3_ENDPOINT: endpoint = '',
  S3_REGION: region = '',
  S3_BUCKET: Bucket = '',
  S3_ACCESS_KEY_ID: accessKeyId = '',
  S3_SECRET_ACCESS_KEY: secretAccessKey = '',
} = process.env;
const client = new S3Client({
  endpoint,
  region,
  forcePathStyle: true,
  credentials: { accessKeyId, secretAccessKey },
});

/** Direct access to the store, by the AWS SDK, independent of the widget. */
export const store = {
  origin: endpoint,
  /** The keys of all objects. */
  async keys(): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  },
  async md5Of(key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    return createHash('md5')
      .update((await Body?.transformToByteArray()) ?? '')
      .digest('hex');
  },
  /** The number of open multipart uploads. */
  async openUploads(): Promise<number> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    return Uploads.length;
  },
};
