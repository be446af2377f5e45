import { createRequire } from 'node:module';
import OpenApi, * as core from '@alicloud/openapi-core';
import * as dara from '@darabonba/typescript';
import type { RunningSandbox } from '../start.js';

/** The vendor's clients, configured for the sandbox. Two of them have no types. */

const require = createRequire(import.meta.url);
const PopCore = require('@alicloud/pop-core') as new (config: object) => PopClient;
const AliOss = require('ali-oss') as new (options: object) => OssClient;

interface PopClient {
  request: (action: string, params?: object, options?: object) => Promise<Answer>;
}

/** Fields of all answers; each test reads those it expects. */
export interface Answer {
  RequestId: string;
  VideoId: string;
  ImageId: string;
  ImageURL: string;
  MediaId: string;
  MediaURL: string;
  UploadAddress: string;
  UploadAuth: string;
  ForbiddenMediaIds: string[];
  NonExistMediaIds: string[];
  NonExistVideoIds: string[];
  ForbiddenVideoIds: string[];
  UploadDetails: Record<string, unknown>[];
  Video: Record<string, unknown>;
  VideoList: Record<string, unknown>[];
  Mezzanine: Record<string, unknown>;
  VideoBase: Record<string, unknown>;
  PlayInfoList: { PlayInfo: { PlayURL: string }[] };
}

export interface OssAnswer {
  res: { status: number; headers: Record<string, string> };
  content?: Buffer;
  uploadId: string;
  etag: string;
  parts: { PartNumber: string; ETag: string; Size: string }[];
}

interface OssList {
  objects: { name: string; etag: string; type: string; size: number }[];
  prefixes: string[] | null;
  isTruncated: boolean;
}

interface OssClient {
  options: { endpoint: { hostname: string } };
  put: (key: string, body: Buffer, options?: object) => Promise<OssAnswer>;
  get: (key: string, options?: object) => Promise<OssAnswer>;
  head: (key: string) => Promise<OssAnswer>;
  delete: (key: string) => Promise<OssAnswer>;
  multipartUpload: (key: string, body: Buffer, options?: object) => Promise<OssAnswer>;
  initMultipartUpload: (key: string, options?: object) => Promise<OssAnswer>;
  uploadPart: (
    key: string,
    uploadId: string,
    partNumber: number,
    body: Buffer,
    start: number,
    end: number,
  ) => Promise<OssAnswer>;
  listParts: (key: string, uploadId: string) => Promise<OssAnswer>;
  list: (query: object) => Promise<OssList & { nextMarker: string | null }>;
  listV2: (query: object) => Promise<OssList & { nextContinuationToken: string | null }>;
  completeMultipartUpload: (
    key: string,
    uploadId: string,
    parts: { number: number; etag: string }[],
  ) => Promise<OssAnswer>;
  abortMultipartUpload: (key: string, uploadId: string) => Promise<OssAnswer>;
  signatureUrl: (key: string, options: object) => string;
  signatureUrlV4: (method: string, expires: number, request: object, key: string) => Promise<string>;
}

export interface ClientKeys {
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
  port?: number;
}

/** `@alicloud/pop-core`: RPC v1. */
export function popClient(
  sandbox: RunningSandbox,
  { port = sandbox.port, ...keys }: ClientKeys = {},
): PopClient {
  const { accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  return new PopCore({
    accessKeyId,
    accessKeySecret,
    endpoint: `http://127.0.0.1:${port}`,
    apiVersion: '2017-03-21',
    ...keys,
  });
}

/** `@alicloud/openapi-core`, the base of the generated clients: ACS3, or RPC v1 with all parameters in the query. */
export function openApiClient(
  sandbox: RunningSandbox,
  { port = sandbox.port, signatureAlgorithm, ...keys }: ClientKeys & { signatureAlgorithm?: 'v2' } = {},
): (action: string, query?: Record<string, string>) => Promise<Answer> {
  const { accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  const client = new OpenApi(
    new core.$OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      ...keys,
      endpoint: `127.0.0.1:${port}`,
      protocol: 'http',
      ...(signatureAlgorithm && { signatureAlgorithm }),
    }),
  );
  return async (action, query = {}) => {
    const params = new core.$OpenApiUtil.Params({
      action,
      version: '2017-03-21',
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const answer = await client.callApi(
      params,
      new core.$OpenApiUtil.OpenApiRequest({ query }),
      new dara.RuntimeOptions({ autoretry: false }),
    );
    return (answer as { body: Answer }).body;
  };
}

export interface UploadTarget {
  bucket: string;
  key: string;
  accessKeyId: string;
  accessKeySecret: string;
  stsToken: string;
}

/** What a client of the vendor reads from an answer that begins an upload. */
export function uploadTargetOf({
  UploadAddress,
  UploadAuth,
}: Pick<Answer, 'UploadAddress' | 'UploadAuth'>): UploadTarget {
  const [address, auth] = [UploadAddress, UploadAuth].map(
    (text) => JSON.parse(Buffer.from(text, 'base64').toString()) as Record<string, string>,
  );
  return {
    bucket: address?.['Bucket'] ?? '',
    key: address?.['FileName'] ?? '',
    accessKeyId: auth?.['AccessKeyId'] ?? '',
    accessKeySecret: auth?.['AccessKeySecret'] ?? '',
    stsToken: auth?.['SecurityToken'] ?? '',
  };
}

/** `ali-oss`, connected to an IP address; it still puts the bucket into the host. */
export function ossClient(
  sandbox: RunningSandbox,
  keys: Partial<UploadTarget>,
  options: { port?: number; authorizationV4?: boolean; endpoint?: string } = {},
): OssClient {
  const { region, accessKeyId, accessKeySecret } = sandbox.credentials.alibabaVod;
  const { port = sandbox.port, ...rest } = options;
  const { key: _, bucket = `outin-sandbox-${region}`, ...given } = keys;
  // The client warns without it; it is not called within a test.
  const refresh =
    given.stsToken === undefined
      ? {}
      : { refreshSTSToken: () => Promise.resolve(given), refreshSTSTokenInterval: 3600_000 };
  return new AliOss({
    accessKeyId,
    accessKeySecret,
    ...given,
    ...refresh,
    bucket,
    region: `oss-${region}`,
    endpoint: `http://127.0.0.1:${port}`,
    timeout: 5000,
    ...rest,
  });
}
