import { randomBytes } from 'node:crypto';
import { maxPartSizeBytes } from '../../../vendors/huawei-vod.js';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { decode, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { addressOfPath, objectCall, type Address, type StoreFailure } from '../../object-api/call.js';
import type { Call, Service } from '../../service.js';
import { verifyObsV2, type ObsRequest } from '../../verify/obs-v2.js';
import { headBucket, listObjects } from './buckets.js';
import { isObsErrorCode, ObsError, obsErrors, usualCode } from './errors.js';
import type { ObsExchange } from './exchange.js';
import { abort, complete, initiate, listParts, uploadPart } from './multipart.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { operationOf, type ObsOperation } from './operations.js';
import { errorDocument } from './xml.js';

/** Configuration of the buckets by the service that owns them. */
export interface ObsPolicy {
  region: string;
  /** Provider of requests for unknown buckets. */
  provider: string;
  findSecret: (accessKey: string) => string | undefined;
  /** The Content-Type that was signed for this object, when it may differ from the one sent. */
  signedContentType?: (bucket: string, key: string, sent: string) => string;
  maxPutBytes?: (bucket: string, key: string, accessKey: string) => number;
}

const handlers: Record<
  Exclude<ObsOperation, 'GetApiVersion'>,
  (exchange: ObsExchange) => Reply | Promise<Reply>
> = {
  HeadBucket: headBucket,
  ListObjects: listObjects,
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

/** The object storage of Huawei Cloud, path-style (`/bucket/key`) or by host (`bucket.obs.…`). */
export function createObs(context: SandboxContext, policy: ObsPolicy): Service {
  const claim = (request: SandboxRequest): Call | undefined => {
    const address = locate(request);
    const provider = context.store.providerOf(address.bucket);
    if (provider === undefined ? !looksLikeObs(request) : provider !== policy.provider) return undefined;
    const operation = operationOf(request, address.key);
    return objectCall({
      provider: provider ?? policy.provider,
      request,
      operation,
      cors: corsRules(context),
      perform: (effect) => perform(request, address, operation, effect),
      fail: (error) => errorReply(context, request, error),
      refuse: (status, code) => fault(context, request, status, code),
      preflightError: (reason) => new ObsError(reason === 'bad-request' ? 'BadRequest' : 'AccessForbidden'),
    });
  };

  const perform = async (
    request: SandboxRequest,
    { bucket, key }: Address,
    operation: ObsOperation | undefined,
    effect: FaultEffect,
  ): Promise<Reply> => {
    // The vendor's client sends this first, unsigned, to detect which dialect of headers to use.
    if (operation === 'GetApiVersion') return withIds({ status: 200, headers: { 'x-obs-api': '3.0' } });
    if (operation === undefined) throw new ObsError('NotImplemented');
    if (isSignedTwice(request))
      throw new ObsError('InvalidArgument', { message: 'Only one authentication mechanism is allowed.' });
    const accessKey = authenticate(request, { bucket, key }, effect);
    if (context.store.providerOf(bucket) === undefined) throw new ObsError('NoSuchBucket');
    const maxPutBytes = Math.min(policy.maxPutBytes?.(bucket, key, accessKey) ?? Infinity, maxPartSizeBytes);
    return withIds(
      await handlers[operation]({ context, request, bucket, key, region: policy.region, maxPutBytes }),
    );
  };

  const authenticate = (request: SandboxRequest, { bucket, key }: Address, effect: FaultEffect): string => {
    const signed: ObsRequest = {
      method: request.method,
      bucket,
      key,
      query: request.query,
      headerNames: request.headerNames,
      header: (name) => {
        const value = request.header(name);
        const isType = name.toLowerCase() === 'content-type' && value !== undefined;
        return isType ? (policy.signedContentType?.(bucket, key, value) ?? value) : value;
      },
    };
    const outcome = verifyObsV2(signed, {
      findSecret: policy.findSecret,
      nowMs: context.now(),
      isExpired: effect.expire === true,
    });
    if (outcome.ok) return outcome.accessKey;
    throw new ObsError(outcome.code, {
      message: outcome.message,
      details: outcome.stringToSign === undefined ? {} : { StringToSign: outcome.stringToSign },
    });
  };

  return { claim, reset: () => undefined };
}

/** Section "CORS" of the bucket; VOD's own buckets accept any header and expose no ETag by default. */
export function corsRules({ settings }: SandboxContext): CorsRules {
  return {
    allowedOrigins: settings.allowedOrigins,
    allowedMethods: ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'],
    exposeHeaders: settings.exposeETag ? ['ETag', 'x-obs-request-id'] : [],
    onErrors: settings.corsOnErrors,
    maxAgeSeconds: 100,
  };
}

/** An OBS error document for known errors; others are rethrown. */
export function errorReply(context: SandboxContext, request: SandboxRequest, error: unknown): Reply {
  const known =
    error instanceof BodyIdle
      ? new ObsError('RequestTimeout')
      : error instanceof BodyTooLarge
        ? new ObsError('InvalidRequestBody')
        : error;
  if (!(known instanceof ObsError)) throw error;
  const { code, message, details } = known;
  return document({ context, request }, { status: obsErrors[code][0], code, message, details });
}

function locate(request: SandboxRequest): Address {
  const byHost = /^([a-z0-9][a-z0-9.-]+)\.obs\./.exec(request.host)?.[1];
  return byHost === undefined
    ? addressOfPath(request.path)
    : { bucket: byHost, key: decode(request.path.slice(1)) };
}

/** A URL signature and an Authorization header in one request. */
function isSignedTwice(request: SandboxRequest): boolean {
  return (
    request.header('authorization') !== undefined && firstValue(request.query, 'Signature') !== undefined
  );
}

/** A request for an unknown bucket is an OBS request when it is signed like one. */
function looksLikeObs(request: SandboxRequest): boolean {
  const parameters = ['AWSAccessKeyId', 'AccessKeyId', 'apiversion'];
  return (
    (parameters.some((name) => firstValue(request.query, name) !== undefined) &&
      firstValue(request.query, 'Action') === undefined) ||
    /^(OBS|AWS) /.test(request.header('authorization') ?? '')
  );
}

function fault(
  context: SandboxContext,
  request: SandboxRequest,
  status: number,
  code: string | undefined,
): Reply {
  const name = code !== undefined && isObsErrorCode(code) ? code : usualCode(status);
  return document({ context, request }, { status, code: code ?? name, message: obsErrors[name][1] });
}

function document(
  { context, request }: { context: SandboxContext; request: SandboxRequest },
  { status, code, message, details }: StoreFailure,
): Reply {
  const reply = withIds({ status, headers: { 'Content-Type': 'application/xml' } });
  const ids = {
    RequestId: reply.headers?.['x-obs-request-id'] ?? '',
    HostId: reply.headers?.['x-obs-id-2'] ?? '',
  };
  return {
    ...reply,
    body: errorDocument(context, {
      Code: code,
      Message: message,
      Resource: decode(request.path),
      ...ids,
      ...details,
    }),
  };
}

/** Request ids under the names of both dialects. */
function withIds(reply: Reply): Reply {
  const requestId = randomBytes(16).toString('hex').toUpperCase();
  const id2 = randomBytes(24).toString('base64');
  const ids = {
    Server: 'OBS',
    'x-obs-request-id': requestId,
    'x-obs-id-2': id2,
    'x-amz-request-id': requestId,
    'x-amz-id-2': id2,
  };
  return { ...reply, headers: { ...ids, ...reply.headers } };
}
