import { randomBytes } from 'node:crypto';
import { maxKeyBytes } from '../../../vendors/s3.js';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { BodyIdle, BodyTooLarge } from '../../http/body.js';
import type { CorsRules } from '../../http/cors.js';
import { decode, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { addressOfPath, objectCall, type Address, type StoreFailure } from '../../object-api/call.js';
import type { Call, MediaEntry, Service } from '../../service.js';
import { verifySigV4 } from '../../verify/sigv4.js';
import type { S3Account, S3Settings } from './account.js';
import { asCeph, refusalOfCeph } from './ceph.js';
import { isS3ErrorCode, S3Error, usualCode } from './errors.js';
import { objectName, type S3Exchange, type S3Memory } from './exchange.js';
import {
  getBucketLifecycle,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listObjects,
  listObjectsV2,
} from './buckets.js';
import { complete } from './complete.js';
import { abort, initiate, listParts, listUploads, uploadPart } from './multipart.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { hoisted, operationOf, type S3Operation } from './operations.js';
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
  GetBucketLifecycleConfiguration: getBucketLifecycle,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
};

/** A store that speaks S3, path-style (`/bucket/key`) or by host (`bucket.s3.…`, `bucket.localhost`), and the STS beside it. */
export function createS3(context: SandboxContext, account: S3Account & { settings: S3Settings }): Service[] {
  context.store.createBucket(account.bucket, provider);
  const keys = new KeyDesk(account);
  return [createSts(context, account, keys, provider), new S3Store(context, account, keys)];
}

class S3Store implements Service {
  readonly #context: SandboxContext;
  readonly #account: S3Account;
  readonly #settings: S3Settings;
  readonly #keys: KeyDesk;
  readonly #memory: S3Memory = {
    publicObjects: new Set(),
    publicUploads: new Set(),
    completed: new Map(),
    checksums: new Map(),
  };

  constructor(context: SandboxContext, account: S3Account & { settings: S3Settings }, keys: KeyDesk) {
    this.#context = context;
    this.#account = account;
    this.#settings = account.settings;
    this.#keys = keys;
  }

  claim(request: SandboxRequest): Call | undefined {
    const context = this.#context;
    const address = locate(request, this.#account.bucket);
    const owner = context.store.providerOf(address.bucket);
    if (owner === undefined ? !looksLikeS3(request) : owner !== provider) return undefined;
    const described = hoisted(request, this.#settings.dialect);
    const operation = operationOf(described, address);
    return objectCall({
      provider,
      request,
      operation,
      cors: corsRules(context, this.#settings),
      perform: (effect) => this.#perform({ request, described }, address, operation, effect),
      fail: (error) => this.#inDialect(errorReply(context, request, error)),
      refuse: (status, code) => this.#inDialect(fault(context, request, status, code)),
      preflightError: (reason) => new S3Error(reason === 'bad-request' ? 'BadRequest' : 'AccessForbidden'),
    });
  }

  /** S3 has no media service: each object is a medium. */
  media(): MediaEntry[] {
    return this.#context.store
      .objects()
      .filter(({ bucket }) => bucket === this.#account.bucket)
      .map(({ key, sizeBytes, contentType }) => ({
        provider,
        mediaId: key,
        status: 'STORED',
        fields: { sizeBytes, contentType },
      }));
  }

  reset(): void {
    for (const collection of Object.values(this.#memory) as { clear: () => void }[]) collection.clear();
  }

  async #perform(
    /** As signed, and with the headers that its query has. */
    { request, described }: { request: SandboxRequest; described: SandboxRequest },
    address: Address,
    operation: S3Operation | undefined,
    effect: FaultEffect,
  ): Promise<Reply> {
    const context = this.#context;
    const settings = this.#settings;
    if (operation === undefined) throw new S3Error('NotImplemented');
    if (settings.dialect === 'aws' && isSignedTwice(request)) throw signedTwice();
    const signed = this.#authenticate(request, address, operation, effect);
    if (context.store.providerOf(address.bucket) === undefined) throw new S3Error('NoSuchBucket');
    if (Buffer.byteLength(address.key) > maxKeyBytes)
      throw new S3Error(settings.dialect === 'ceph' ? 'InvalidObjectName' : 'KeyTooLongError');
    const { region } = this.#account;
    const reply = withIds(
      await handlers[operation]({
        context,
        settings,
        memory: this.#memory,
        request: described,
        region,
        ...address,
        ...signed,
      }),
    );
    return this.#inDialect(reply);
  }

  #inDialect(reply: Reply): Reply {
    return this.#settings.dialect === 'ceph' ? asCeph(reply) : reply;
  }

  #authenticate(
    request: SandboxRequest,
    address: Address,
    operation: S3Operation,
    effect: FaultEffect,
  ): Pick<S3Exchange, 'payloadHash' | 'chunks'> {
    const isAnonymous =
      request.header('authorization') === undefined &&
      firstValue(request.query, 'X-Amz-Algorithm') === undefined;
    const isReading = operation === 'GetObject' || operation === 'HeadObject';
    if (isAnonymous && isReading && this.#memory.publicObjects.has(objectName(address)))
      return { payloadHash: '', chunks: undefined };
    const nowMs = this.#context.now();
    const isExpired = effect.expire === true;
    const outcome = verifySigV4(request, {
      findSecret: (key) => this.#keys.findSecret(key),
      region: this.#account.region,
      service: 's3',
      nowMs,
      isExpired,
      dialect: this.#settings.dialect,
    });
    const isCeph = this.#settings.dialect === 'ceph';
    if (!outcome.ok && isCeph) throw new S3Error(refusalOfCeph(outcome.code));
    if (!outcome.ok)
      throw new S3Error(outcome.code, {
        message: outcome.message,
        details: outcome.stringToSign === undefined ? {} : { StringToSign: outcome.stringToSign },
      });
    const problem = this.#keys.problemOf(outcome.accessKeyId, outcome.sessionToken, nowMs, isExpired);
    if (problem) throw new S3Error(problem);
    return { payloadHash: outcome.payloadHash, chunks: outcome.chunks };
  }
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

function locate(request: SandboxRequest, ownBucket: string): Address {
  const byHost = request.host.startsWith(`${ownBucket}.`)
    ? ownBucket
    : /^([a-z0-9][a-z0-9.-]+)\.s3[.-]/.exec(request.host)?.[1];
  return byHost === undefined
    ? addressOfPath(request.path)
    : { bucket: byHost, key: decode(request.path.slice(1)) };
}

/** An Authorization header and a presigned query in one request. */
function isSignedTwice(request: SandboxRequest): boolean {
  return (
    request.header('authorization') !== undefined &&
    firstValue(request.query, 'X-Amz-Algorithm') !== undefined
  );
}

function signedTwice(): S3Error {
  return new S3Error('InvalidArgument', {
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
  return document({ context, request }, { status, code: code ?? name, message: new S3Error(name).message });
}

/** An S3 error document for known errors; others are rethrown. */
function errorReply(context: SandboxContext, request: SandboxRequest, error: unknown): Reply {
  const known =
    error instanceof BodyIdle
      ? new S3Error('RequestTimeout')
      : error instanceof BodyTooLarge
        ? new S3Error('MalformedXML', { message: error.message })
        : error;
  if (!(known instanceof S3Error)) throw error;
  return document({ context, request }, known);
}

function document(
  { context, request }: { context: SandboxContext; request: SandboxRequest },
  { status, code, message, details }: StoreFailure,
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
