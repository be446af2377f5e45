import { randomBytes } from 'node:crypto';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Call, Service } from '../../service.js';
import { addressOf, type OssAddress } from './address.js';
import { authenticate } from './authenticate.js';
import { isOssErrorCode, ossEc, OssError, ossErrors, usualOssCode } from './errors.js';
import type { OssExchange, OssPolicy } from './exchange.js';
import { abort, complete, initiate, listParts, uploadPart } from './multipart.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { operationOf, type OssOperation } from './operations.js';
import { errorDocument } from './xml.js';

export type { OssKey, OssPolicy } from './exchange.js';
export type { OssOperation } from './operations.js';

const handlers: Record<OssOperation, (exchange: OssExchange) => Reply | Promise<Reply>> = {
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
    const partNumber = Number(firstValue(request.query, 'partNumber'));
    const fail = (error: unknown): Reply => errorReply(context, request, region, error);
    return {
      provider,
      plane: 'data',
      action: operation ?? 'Unknown',
      partNumber: operation === 'UploadPart' && Number.isInteger(partNumber) ? partNumber : undefined,
      cors: ossCors(context),
      perform: (effect) => perform(request, address, operation, effect).catch(fail),
      refuse: (status, code) => fault({ context, request, region }, status, code),
      refusePreflight: () => fail(new OssError('AccessForbidden')),
    };
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
export function errorReply(
  context: SandboxContext,
  request: SandboxRequest,
  region: string,
  error: unknown,
): Reply {
  const about = { context, request, region };
  if (error instanceof OssError)
    return document(about, ossErrors[error.code][0], error.code, error.message, {
      ...ec(error.code),
      ...error.details,
    });
  if (error instanceof BodyIdle) return document(about, 400, 'RequestTimeout', ossErrors.RequestTimeout[1]);
  if (error instanceof BodyTooLarge) return document(about, 400, 'MalformedXML', ossErrors.MalformedXML[1]);
  throw error;
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
  return document(about, status === 408 ? 400 : status, code ?? name, ossErrors[name][1], ec(name));
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
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, string>> = {},
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
