import { randomBytes } from 'node:crypto';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { decode, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { objectCall, type StoreFailure } from '../../object-api/call.js';
import type { Call, Service } from '../../service.js';
import { looksSignedForCos, verifyCos, type CosKey, type CosOutcome } from '../../verify/cos-q-sign.js';
import { listObjects } from './buckets.js';
import { CosError, cosErrors, isCosErrorCode, usualCode } from './errors.js';
import type { CosExchange } from './exchange.js';
import { abort, complete, initiate, listParts, listUploads, uploadPart } from './multipart.js';
import { getObject, putObject } from './objects.js';
import { operationOf, type CosOperation } from './operations.js';
import { errorDocument } from './xml.js';

/** A key pair and the objects it gives access to. */
export interface CosGrant extends CosKey {
  bucket: string;
  region: string;
  /** Without their leading slash. */
  keys: readonly string[];
}

/** Configuration of the buckets by the service that owns them. */
export interface CosPolicy {
  provider: string;
  findGrant: (secretId: string) => CosGrant | undefined;
  /** Whether a path on the sandbox's own host is one of its objects: preflights carry no key to know them by. */
  ownsPath: (path: string) => boolean;
}

const handlers: Record<CosOperation, (exchange: CosExchange) => Reply | Promise<Reply>> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  InitiateMultipartUpload: initiate,
  UploadPart: uploadPart,
  ListParts: listParts,
  ListMultipartUploads: listUploads,
  ListObjects: listObjects,
  CompleteMultipartUpload: complete,
  AbortMultipartUpload: abort,
};

/**
 * The object storage of Tencent Cloud. The bucket is the first label of the host; on the sandbox's own host it is the
 * bucket of the key pair. It is never in the path, which is signed as sent.
 */
export function createCos(context: SandboxContext, policy: CosPolicy): Service {
  const checksums = new Map<string, string>();

  const claim = (request: SandboxRequest): Call | undefined => {
    const isOurs =
      bucketOf(request) !== undefined ||
      looksSignedForCos(request) ||
      policy.ownsPath(request.path) ||
      isPreflightForCos(request);
    if (!isOurs) return undefined;
    const key = decode(request.path.slice(1));
    const operation = operationOf(request, key);
    return objectCall({
      provider: policy.provider,
      request,
      operation,
      cors: corsRules(context),
      perform: (effect) => perform(request, key, operation, effect),
      fail: (error) => errorReply(request, error, context, operation),
      refuse: (status, code) => fault(context, request, status, code),
      preflightError: () => new CosError('AccessForbidden'),
    });
  };

  const perform = async (
    request: SandboxRequest,
    key: string,
    operation: CosOperation | undefined,
    effect: FaultEffect,
  ): Promise<Reply> => {
    if (operation === undefined) throw new CosError('NotImplemented');
    const { bucket, region, keys } = authenticate(request, effect);
    if ((bucketOf(request) ?? bucket) !== bucket || !mayTouch(keys, request, key, operation))
      throw new CosError('AccessDenied');
    return withId(await handlers[operation]({ context, request, bucket, key, region, checksums }));
  };

  const authenticate = (request: SandboxRequest, effect: FaultEffect): CosGrant => {
    const isFutureTaken = context.settings.cosFutureSignatures === 'taken';
    const outcome = verifyCos(request, {
      findKey: policy.findGrant,
      nowMs: context.now(),
      isExpired: effect.expire === true,
      isFutureTaken,
    });
    const grant = outcome.ok ? policy.findGrant(outcome.secretId) : undefined;
    if (!grant) throw refusalOf(outcome, context);
    return grant;
  };

  const mayTouch = (
    keys: readonly string[],
    request: SandboxRequest,
    key: string,
    operation: CosOperation,
  ): boolean => {
    const { cosListParts, cosRead } = context.settings;
    const prefix = firstValue(request.query, 'prefix') ?? '';
    if (operation === 'ListMultipartUploads') return keys.includes(prefix);
    if (operation === 'ListObjects') return context.settings.cosListObjects && keys.includes(prefix);
    if (
      (operation === 'ListParts' && !cosListParts) ||
      (['GetObject', 'HeadObject'].includes(operation) && !cosRead)
    )
      return false;
    return keys.includes(key);
  };

  return {
    claim,
    reset: () => {
      checksums.clear();
    },
  };
}

/** CORS as the vendor's web client needs it; whether the buckets expose `ETag` is not documented. */
export function corsRules({ settings }: SandboxContext): CorsRules {
  return {
    allowedOrigins: settings.allowedOrigins,
    allowedMethods: ['PUT', 'GET', 'POST', 'DELETE', 'HEAD'],
    exposeHeaders: settings.exposeETag
      ? ['ETag', 'x-cos-request-id', 'x-cos-hash-crc64ecma', 'Date', 'Content-Length']
      : [],
    onErrors: settings.corsOnErrors,
    maxAgeSeconds: 600,
  };
}

/** A COS error document for known errors; others are rethrown. */
export function errorReply(
  request: SandboxRequest,
  error: unknown,
  context: SandboxContext,
  operation?: CosOperation,
): Reply {
  const known =
    error instanceof BodyIdle
      ? new CosError('RequestTimeOut')
      : error instanceof BodyTooLarge
        ? new CosError('MalformedXML')
        : error;
  if (!(known instanceof CosError)) throw error;
  const { cosNoSuchUploadStatus, cosCompleteErrors } = context.settings;
  const status = known.code === 'NoSuchUpload' ? cosNoSuchUploadStatus : cosErrors[known.code][0];
  const reply = document({ context, request }, { status, code: known.code, message: known.message });
  const isLate = operation === 'CompleteMultipartUpload' && cosCompleteErrors === 'body' && status !== 403;
  // "Complete Multipart Upload": the 200 is sent at once, then spaces keep the connection alive until the outcome is known.
  return isLate && typeof reply.body === 'string'
    ? { ...reply, status: 200, body: `   ${reply.body.replace(/^<\?xml[^>]*>\s*/, '')}` }
    : reply;
}

/** Preflights carry no key: recognized by the headers they announce, or by the list of uploads at the root. */
function isPreflightForCos(request: SandboxRequest): boolean {
  if (!request.isPreflight) return false;
  const isUploads = request.path === '/' && firstValue(request.query, 'uploads') !== undefined;
  return isUploads || /\bx-cos-/i.test(request.header('access-control-request-headers') ?? '');
}

function bucketOf({ host }: SandboxRequest): string | undefined {
  return /^([a-z0-9-]+-\d+)\.cos[.-][a-z0-9-]+\.(myqcloud\.com|tencentcos\.cn)(:\d+)?$/.exec(host)?.[1];
}

function refusalOf(outcome: CosOutcome, { settings }: SandboxContext): CosError {
  switch (outcome.ok ? 'unsigned' : outcome.reason) {
    case 'unknown-key':
      return new CosError('InvalidAccessKeyId');
    case 'token':
      return new CosError(settings.cosMissingToken);
    case 'key-expired':
      return new CosError(settings.cosExpiredKey);
    case 'expired':
      return new CosError('AccessDenied', 'Request has expired');
    case 'mismatch':
      return new CosError('SignatureDoesNotMatch');
    case 'unsigned':
    case 'malformed':
      return new CosError('AccessDenied');
  }
}

function fault(
  context: SandboxContext,
  request: SandboxRequest,
  status: number,
  code: string | undefined,
): Reply {
  const name = code !== undefined && isCosErrorCode(code) ? code : usualCode(status);
  return document({ context, request }, { status, code: code ?? name, message: cosErrors[name][1] });
}

function document(
  { context, request }: { context: SandboxContext; request: SandboxRequest },
  { status, code, message }: StoreFailure,
): Reply {
  const reply = withId({ status, headers: { 'Content-Type': 'application/xml' } });
  const requestId = reply.headers?.['x-cos-request-id'] ?? '';
  const traceId = randomBytes(24).toString('base64');
  const body = errorDocument(context, {
    Code: code,
    Message: message,
    Resource: `${request.host}${decode(request.path)}`,
    RequestId: requestId,
    TraceId: traceId,
  });
  return { ...reply, headers: { ...reply.headers, 'x-cos-trace-id': traceId }, body };
}

function withId(reply: Reply): Reply {
  return {
    ...reply,
    headers: {
      Server: 'tencent-cos',
      'x-cos-request-id': randomBytes(24).toString('base64'),
      ...reply.headers,
    },
  };
}
