import { randomBytes } from 'node:crypto';
import { maxKeyBytes, s3Errors } from '../../../vendors/s3.js';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { decode, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Call, MediaEntry, Service } from '../../service.js';
import { verifySigV4 } from '../../verify/sigv4.js';
import type { S3Account, S3Settings } from './account.js';
import { isS3ErrorCode, S3Error, usualCode } from './errors.js';
import { objectName, type S3Exchange, type S3Memory } from './exchange.js';
import { getBucketLocation, headBucket, listObjects, listObjectsV2 } from './buckets.js';
import { complete } from './complete.js';
import { abort, initiate, listParts, listUploads, uploadPart } from './multipart.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { operationOf, type S3Operation } from './operations.js';
import { createSts, KeyDesk } from './sts.js';
import { errorDocument } from './xml.js';

const provider = 's3';

const handlers: Record<S3Operation, (exchange: S3Exchange) => Reply | Promise<Reply>> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  CreateMultipartUpload: initiate,
  UploadPart: uploadPart,
  ListParts: listParts,
  CompleteMultipartUpload: complete,
  AbortMultipartUpload: abort,
  ListMultipartUploads: listUploads,
  HeadBucket: headBucket,
  GetBucketLocation: getBucketLocation,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
};

/** A store that speaks S3, path-style (`/bucket/key`) or by host (`bucket.s3.…`, `bucket.localhost`), and the STS beside it. */
export function createS3(context: SandboxContext, account: S3Account & { settings: S3Settings }): Service[] {
  const { settings } = account;
  context.store.createBucket(account.bucket, provider);
  const keys = new KeyDesk(account);
  const memory: S3Memory = {
    publicObjects: new Set(),
    publicUploads: new Set(),
    completed: new Map(),
    checksums: new Map(),
  };

  const claim = (request: SandboxRequest): Call | undefined => {
    const { bucket, key } = locate(request, account.bucket);
    const owner = context.store.providerOf(bucket);
    if (owner === undefined ? !looksLikeS3(request) : owner !== provider) return undefined;
    const operation = operationOf(request, { bucket, key });
    const partNumber = Number(firstValue(request.query, 'partNumber'));
    const fail = (error: unknown): Reply => errorReply(context, request, error);
    return {
      provider,
      plane: 'data',
      action: operation ?? 'Unknown',
      partNumber: operation === 'UploadPart' && Number.isInteger(partNumber) ? partNumber : undefined,
      cors: corsRules(context, settings),
      perform: (effect) => perform(request, { bucket, key }, operation, effect).catch(fail),
      refuse: (status, code) => fault(context, request, status, code),
      refusePreflight: (reason) =>
        fail(new S3Error(reason === 'bad-request' ? 'BadRequest' : 'AccessForbidden')),
    };
  };

  const perform = async (
    request: SandboxRequest,
    address: Address,
    operation: S3Operation | undefined,
    effect: FaultEffect,
  ): Promise<Reply> => {
    if (operation === undefined) throw new S3Error('NotImplemented');
    if (isSignedTwice(request)) throw signedTwice(settings);
    const signed = authenticate(request, address, operation, effect);
    if (context.store.providerOf(address.bucket) === undefined) throw new S3Error('NoSuchBucket');
    if (Buffer.byteLength(address.key) > maxKeyBytes) throw new S3Error('KeyTooLongError');
    return withIds(
      await handlers[operation]({
        context,
        settings,
        memory,
        request,
        region: account.region,
        ...address,
        ...signed,
      }),
    );
  };

  const authenticate = (
    request: SandboxRequest,
    address: Address,
    operation: S3Operation,
    effect: FaultEffect,
  ): Pick<S3Exchange, 'payloadHash' | 'chunks'> => {
    const isAnonymous =
      request.header('authorization') === undefined &&
      firstValue(request.query, 'X-Amz-Algorithm') === undefined;
    const isReading = operation === 'GetObject' || operation === 'HeadObject';
    if (isAnonymous && isReading && memory.publicObjects.has(objectName(address)))
      return { payloadHash: '', chunks: undefined };
    const nowMs = context.now();
    const isExpired = effect.expire === true;
    const outcome = verifySigV4(request, {
      findSecret: (key) => keys.findSecret(key),
      region: account.region,
      service: 's3',
      nowMs,
      isExpired,
      mayBeUnsigned: settings.dialect === 'ceph' ? ['x-amz-acl'] : [],
    });
    if (!outcome.ok)
      throw new S3Error(outcome.code, {
        message: outcome.message,
        details: outcome.stringToSign === undefined ? {} : { StringToSign: outcome.stringToSign },
      });
    const problem = keys.problemOf(outcome.accessKeyId, outcome.sessionToken, nowMs, isExpired);
    if (problem) throw new S3Error(problem);
    return { payloadHash: outcome.payloadHash, chunks: outcome.chunks };
  };

  const store: Service = {
    claim,
    // S3 has no media service: each object is a medium.
    media: () =>
      context.store
        .objects()
        .filter(({ bucket }) => bucket === account.bucket)
        .map(({ key, sizeBytes, contentType }): MediaEntry => ({
          provider,
          mediaId: key,
          status: 'STORED',
          fields: { sizeBytes, contentType },
        })),
    reset: () => {
      memory.publicObjects.clear();
      memory.publicUploads.clear();
      memory.completed.clear();
      memory.checksums.clear();
    },
  };
  return [createSts(context, account, keys, provider), store];
}

function corsRules({ settings }: SandboxContext, { exposeETag }: S3Settings): CorsRules {
  return {
    allowedOrigins: settings.allowedOrigins,
    allowedMethods: ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'],
    exposeHeaders: exposeETag ? ['ETag', 'x-amz-request-id'] : ['x-amz-request-id'],
    onErrors: settings.corsOnErrors,
    maxAgeSeconds: 3000,
  };
}

interface Address {
  bucket: string;
  /** Decoded. */
  key: string;
}

function locate(request: SandboxRequest, ownBucket: string): Address {
  const path = request.path.slice(1);
  const byHost = request.host.startsWith(`${ownBucket}.`)
    ? ownBucket
    : /^([a-z0-9][a-z0-9.-]+)\.s3[.-]/.exec(request.host)?.[1];
  if (byHost !== undefined) return { bucket: byHost, key: decode(path) };
  const cut = path.indexOf('/');
  return cut < 0
    ? { bucket: decode(path), key: '' }
    : { bucket: decode(path.slice(0, cut)), key: decode(path.slice(cut + 1)) };
}

/** An Authorization header and a presigned query in one request. */
function isSignedTwice(request: SandboxRequest): boolean {
  return (
    request.header('authorization') !== undefined &&
    firstValue(request.query, 'X-Amz-Algorithm') !== undefined
  );
}

function signedTwice({ dialect }: S3Settings): S3Error {
  return dialect === 'ceph'
    ? new S3Error('AccessDenied')
    : new S3Error('InvalidArgument', {
        message:
          'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      });
}

/** A request for an unknown bucket is an S3 request when it is signed like one. */
function looksLikeS3(request: SandboxRequest): boolean {
  return (
    firstValue(request.query, 'X-Amz-Credential')?.includes('/s3/') === true ||
    /Credential=[^,]*\/s3\/aws4_request/.test(request.header('authorization') ?? '')
  );
}

function fault(
  context: SandboxContext,
  request: SandboxRequest,
  status: number,
  code: string | undefined,
): Reply {
  const name = code !== undefined && isS3ErrorCode(code) ? code : usualCode(status);
  return document({ context, request }, status, code ?? name, new S3Error(name).message);
}

/** An S3 error document for known errors; others are rethrown. */
function errorReply(context: SandboxContext, request: SandboxRequest, error: unknown): Reply {
  const about = { context, request };
  if (error instanceof S3Error)
    return document(about, error.status, error.code, error.message, error.details);
  if (error instanceof BodyIdle)
    return document(about, s3Errors.RequestTimeout, 'RequestTimeout', new S3Error('RequestTimeout').message);
  if (error instanceof BodyTooLarge) return document(about, 400, 'MalformedXML', error.message);
  throw error;
}

function document(
  { context, request }: { context: SandboxContext; request: SandboxRequest },
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, string>> = {},
): Reply {
  const reply = withIds({ status, headers: { 'Content-Type': 'application/xml' } });
  const ids = {
    RequestId: reply.headers?.['x-amz-request-id'] ?? '',
    HostId: reply.headers?.['x-amz-id-2'] ?? '',
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

function withIds(reply: Reply): Reply {
  const ids = {
    Server: 'AmazonS3',
    'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-amz-id-2': randomBytes(24).toString('base64'),
  };
  return { ...reply, headers: { ...ids, ...reply.headers } };
}
