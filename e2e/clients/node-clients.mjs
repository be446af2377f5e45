// S3 clients from npm. Each has `put`, `get`, `list` and `remove` for buffers.
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { AwsClient } from 'aws4fetch';
import * as Minio from 'minio';
import { buffer } from 'node:stream/consumers';

export function nodeClients(store) {
  return {
    'aws-sdk v3': awsV3(store),
    'aws-sdk v2': awsV2(store),
    minio: minio(store),
    aws4fetch: fetching(store),
  };
}

function awsV3({ endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey }) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials, maxAttempts: 1 });
  return {
    put: (Key, Body) => new Upload({ client, params: { Bucket, Key, Body }, partSize: 8 * 1024 ** 2 }).done(),
    get: async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from(await Body.transformToByteArray());
    },
    list: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key }) => Key);
    },
    remove: (Key) => client.send(new DeleteObjectCommand({ Bucket, Key })),
  };
}

function awsV2({ endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey }) {
  const client = import('aws-sdk').then(
    ({ default: { S3 } }) =>
      new S3({
        endpoint,
        region,
        accessKeyId,
        secretAccessKey,
        s3ForcePathStyle: true,
        signatureVersion: 'v4',
        maxRetries: 0,
      }),
  );
  return {
    put: async (Key, Body) => (await client).upload({ Bucket, Key, Body }).promise(),
    get: async (Key) => (await (await client).getObject({ Bucket, Key }).promise()).Body,
    list: async () =>
      (await (await client).listObjectsV2({ Bucket }).promise()).Contents.map(({ Key }) => Key),
    remove: async (Key) => (await client).deleteObject({ Bucket, Key }).promise(),
  };
}

function minio({ endpoint, region, bucket, accessKeyId, secretAccessKey }) {
  const { hostname, port } = new URL(endpoint);
  const client = new Minio.Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    region,
    accessKey: accessKeyId,
    secretKey: secretAccessKey,
    partSize: 8 * 1024 ** 2,
  });
  return {
    put: (key, body) => client.putObject(bucket, key, body),
    get: async (key) => buffer(await client.getObject(bucket, key)),
    list: async () => {
      const names = [];
      for await (const { name } of client.listObjectsV2(bucket, '', true)) names.push(name);
      return names;
    },
    remove: (key) => client.removeObject(bucket, key),
  };
}

/** A library that only signs requests, so the upload is a single PUT. */
function fetching({ endpoint, region, bucket, accessKeyId, secretAccessKey }) {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const send = async (method, path, body) => {
    const answer = await client.fetch(`${endpoint}/${bucket}${path}`, { method, body });
    if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    put: (key, body) => send('PUT', `/${key}`, body),
    get: async (key) => Buffer.from(await (await send('GET', `/${key}`)).arrayBuffer()),
    list: async () =>
      [...(await (await send('GET', '?list-type=2')).text()).matchAll(/<Key>([^<]*)</g)].map(
        ([, key]) => key,
      ),
    remove: (key) => send('DELETE', `/${key}`),
  };
}
