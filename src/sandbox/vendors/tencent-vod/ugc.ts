import type { FaultEffect } from '../../faults.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { firstValue } from '../../http/encoding.js';
import { json, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Service } from '../../service.js';
import { applyUpload, openUpload } from './apply-upload.js';
import { bucketIn, deliveryUrl, type Vod } from './call.js';
import { commit, coverUrlOf } from './commit-upload.js';
import { provider } from './control-plane.js';
import { TencentError } from './errors.js';
import { Parameters } from './parameters.js';
import { verifyUgcSignature, type UgcClaims } from './ugc-signature.js';
import type { Upload } from './uploads.js';

const maxBodyBytes = 1024 * 1024;

/** Of the codes that the vendor's clients know; others are unpublished. */
const codes = { invalidRequest: 10001, invalidSignature: 10004, expiredSignature: 10010 } as const;

type Body = Readonly<Record<string, unknown>>;
type Handler = (call: { vod: Vod; body: Body; claims: UgcClaims; effect: FaultEffect }) => object;

const actions: Readonly<Record<string, Handler>> = {
  PrepareUploadUGC: ({ vod: { account } }) => ({
    appId: account.appId,
    cosRegionList: account.storageRegions.map((region) => ({
      region,
      domain: `${bucketIn(region, account)}.cos.${region}.myqcloud.com`,
    })),
  }),
  ApplyUploadUGC: ({ vod, body, claims }) => {
    const upload = vod.uploads.bySession(textOf(body, 'vodSessionKey') ?? '') ?? apply(vod, body, claims);
    return describe(vod, upload);
  },
  CommitUploadUGC: ({ vod, body, claims, effect }) => {
    const sessionKey = textOf(body, 'vodSessionKey') ?? '';
    const upload = commit(vod, { sessionKey, subAppId: claims.subAppId ?? vod.account.appId, effect });
    const coverUrl = coverUrlOf(vod, upload);
    return {
      fileId: upload.fileId,
      video: { url: deliveryUrl(vod, upload.mediaKey) },
      cover: coverUrl === '' ? undefined : { url: coverUrl },
    };
  },
};

/**
 * The API of the vendor's uploader for pages (vod-js-sdk-v6), at `vod2.qcloud.com` and `vod2.dnsv1.com`: authorized by
 * the signature that a page gets from its own server, always HTTP 200. Not emulated: another cover for existing media.
 */
export function createUgc(vod: Vod): Service {
  return {
    claim: (request) => {
      if (request.path !== '/v3/index.php') return undefined;
      const name = firstValue(request.query, 'Action') ?? '';
      return {
        provider,
        plane: 'control',
        action: Object.hasOwn(actions, name) ? name : 'Unknown',
        cors: {
          allowedOrigins: vod.context.settings.allowedOrigins,
          allowedMethods: ['POST'],
          exposeHeaders: [],
          onErrors: true,
          maxAgeSeconds: 600,
        },
        perform: (effect) => perform(vod, request, name, effect),
        refuse: (status) => json(status, { code: status, message: 'ugc upload | server error' }),
        refusePreflight: () => json(403, { code: 403, message: 'ugc upload | forbidden' }),
      };
    },
    reset: () => undefined,
  };
}

async function perform(vod: Vod, request: SandboxRequest, name: string, effect: FaultEffect): Promise<Reply> {
  const body = await readBody(request);
  const handle = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!handle || !body || request.method !== 'POST')
    return refusal(codes.invalidRequest, 'ugc upload | invalid request');
  const { secretId, secretKey } = vod.account;
  const verified = verifyUgcSignature(body['signature'], { secretId, secretKey, nowMs: vod.context.now() });
  if (verified.ok ? effect.expire === true : verified.reason === 'expired')
    return refusal(codes.expiredSignature, 'ugc upload | signature expired');
  if (!verified.ok) return refusal(codes.invalidSignature, 'ugc upload | invalid signature');
  try {
    return json(200, { code: 0, message: '', data: handle({ vod, body, claims: verified.claims, effect }) });
  } catch (error) {
    if (error instanceof TencentError)
      return refusal(codes.invalidRequest, `ugc upload | invalid request: ${error.code}`);
    throw error;
  }
}

function apply(vod: Vod, body: Body, claims: UgcClaims): Upload {
  const fields = {
    MediaType: textOf(body, 'videoType'),
    MediaName: textOf(body, 'videoName'),
    CoverType: textOf(body, 'coverType'),
    ExpireTime: textOf(body, 'ExpireTime'),
    Procedure: claims.procedure,
    ClassId: claims.classId,
    SourceContext: claims.sourceContext,
    SessionContext: claims.sessionContext,
    StorageRegion: textOf(body, 'storageRegion') ?? claims.storageRegion,
  };
  const parameters = new Parameters(applyUpload.parameters, fields, { isText: false });
  return openUpload({ vod, parameters, subAppId: claims.subAppId ?? vod.account.appId });
}

/** The fields that the vendor's web and mobile uploaders read. */
function describe({ context, account }: Vod, upload: Upload): object {
  const { certificate, bucket, region, mediaKey, coverKey } = upload;
  const { secretId, secretKey, token, expiresAt } = certificate;
  const at = (key: string) => ({ storageSignature: '', storagePath: `/${key}` });
  return {
    video: at(mediaKey),
    cover: coverKey === null ? undefined : at(coverKey),
    storageAppId: account.appId,
    storageBucket: bucket.slice(0, bucket.lastIndexOf('-')),
    storageRegion: region,
    storageRegionV5: region,
    StorageRegionV5: region,
    domain: `${bucket}.cos.${region}.myqcloud.com`,
    vodSessionKey: upload.sessionKey,
    tempCertificate: { secretId, secretKey, token, expiredTime: expiresAt },
    appId: account.appId,
    timestamp: Math.floor(context.now() / 1000),
  };
}

async function readBody(request: SandboxRequest): Promise<Body | undefined> {
  try {
    const value: unknown = JSON.parse((await readAll(request.body, maxBodyBytes)).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch (error) {
    if (error instanceof BodyTooLarge || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusal(code: number, message: string): Reply {
  return json(200, { code, message });
}
