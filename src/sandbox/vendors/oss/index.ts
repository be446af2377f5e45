import { randomBytes } from 'node:crypto';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { objectCall, type StoreFailure } from '../../object-api/call.js';
import type { Call, Service } from '../../service.js';
import { addressOf, type OssAddress } from './address.js';
import { authenticate } from './authenticate.js';
import { listObjects, listObjectsV2 } from './buckets.js';
import { isOssErrorCode, ossEc, OssError, ossErrors, usualOssCode } from './errors.js';
import type { OssExchange, OssPolicy } from './exchange.js';
import { abort, complete, initiate, listParts, uploadPart } from './multipart.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { operationOf, type OssOperation } from './operations.js';
import { errorDocument } from './xml.js';

export type { OssKey, OssPolicy } from './exchange.js';
export type { OssOperation } from './operations.js';

const handlers: Record<OssOperation, (exchange: OssExchange) => Reply | Promise<Reply>> = {
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  InitiateMultipartUpload: initiate,
  UploadPart: uploadPart,
  ListParts: listParts,
  CompleteMultipartUpload: complete,
  AbortMultipartUpload: abort,
};

/** The object storage of Alibaba Cloud, for the buckets of one owner. */
export function createOss(context: SandboxContext, policy: OssPolicy): Service {
  const { region, provider } = policy;
  const isOurs = (bucket: string): boolean => context.store.providerOf(bucket) === provider;

  const claim = (request: SandboxRequest): Call | undefined => {
    const address = addressOf(request, { isBucket: isOurs, bucketOfKey: policy.bucketOfKey });
    if (
      !isOurs(address.bucket) &&
      !(context.store.providerOf(address.bucket) === undefined && looksLikeOss(request))
    )
      return undefined;
    const operation = operationOf(request, address.key);
    return objectCall({
      provider,
      request,
      operation,
      cors: ossCors(context),
      perform: (effect) => perform(request, address, operation, effect),
      fail: (error) => errorReply({ context, request, region }, error),
      refuse: (status, code) => fault({ context, request, region }, status, code),
      preflightError: () => new OssError('AccessForbidden'),
    });
  };

  const perform = async (
    request: SandboxRequest,
    address: OssAddress,
    operation: OssOperation | undefined,
    effect: FaultEffect,
  ): Promise<Reply> => {
    if (address.isPathStyleForbidden) throw new OssError('SecondLevelDomainForbidden');
    if (operation === undefined) throw new OssError('NotImplemented');
    const { bucket, key } = address;
    authenticate({ context, policy }, request, { bucket, key, operation }, effect.expire === true);
    if (!isOurs(bucket)) throw new OssError('NoSuchBucket', { details: { BucketName: bucket } });
    return withIds(await handlers[operation]({ context, policy, request, effect, bucket, key }));
  };

  return { claim, reset: () => undefined };
}

/** "CORS". The rules of the vendor's own buckets are not documented; the sandbox's settings define them. */
export function ossCors({ settings }: SandboxContext): CorsRules {
  return {
    allowedOrigins: settings.allowedOrigins,
    allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
    exposeHeaders: settings.exposeETag ? ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'] : [],
    onErrors: settings.corsOnErrors,
    maxAgeSeconds: 100,
  };
}

/** An OSS error document for known errors; others are rethrown. */
export function errorReply(about: About, error: unknown): Reply {
  if (error instanceof BodyIdle) return document(about, failure('RequestTimeout'));
  if (error instanceof BodyTooLarge) return document(about, failure('MalformedXML'));
  if (!(error instanceof OssError)) throw error;
  const { code, message, details } = error;
  return document(about, {
    status: ossErrors[code][0],
    code,
    message,
    details: { ...ec(code), ...details },
  });
}

function failure(code: OssError['code']): StoreFailure {
  const [status, message] = ossErrors[code];
  return { status, code, message };
}

/** A request for an unknown bucket is an OSS request when it is signed like one. */
function looksLikeOss(request: SandboxRequest): boolean {
  const parameters = ['OSSAccessKeyId', 'x-oss-signature-version'];
  return (
    parameters.some((name) => firstValue(request.query, name) !== undefined) ||
    /^(OSS |OSS4-)/.test(request.header('authorization') ?? '') ||
    /\.oss-[a-z0-9-]+\.aliyuncs\.com(:\d+)?$/.test(request.host)
  );
}

function fault(about: About, status: number, code: string | undefined): Reply {
  const name = code !== undefined && isOssErrorCode(code) ? code : usualOssCode(status);
  return document(about, {
    status: status === 408 ? 400 : status,
    code: code ?? name,
    message: ossErrors[name][1],
    details: ec(name),
  });
}

function ec(code: OssError['code']): Record<string, string> {
  const value = ossEc[code];
  return value === undefined ? {} : { EC: value };
}

interface About {
  context: SandboxContext;
  request: SandboxRequest;
  region: string;
}

function document(
  { context, request, region }: About,
  { status, code, message, details = {} }: StoreFailure,
): Reply {
  const reply = withIds({
    status,
    headers: {
      'Content-Type': 'application/xml',
      'x-oss-ec': details['EC'],
    },
  });
  const ids = {
    RequestId: reply.headers?.['x-oss-request-id'] ?? '',
    HostId: request.host || `oss-${region}.aliyuncs.com`,
  };
  const body = errorDocument(context, { Code: code, Message: message, ...ids, ...details });
  // The answer to HEAD has no body, so the error is in a header.
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'x-oss-err': request.method === 'HEAD' ? Buffer.from(body).toString('base64') : undefined,
    },
    body,
  };
}

/** 24 hexadecimal digits, upper case. */
function withIds(reply: Reply): Reply {
  const ids = {
    Server: 'AliyunOSS',
    'x-oss-request-id': randomBytes(12).toString('hex').toUpperCase(),
    'x-oss-server-time': '1',
  };
  return { ...reply, headers: { ...ids, ...reply.headers } };
}
