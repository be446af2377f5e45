import { randomBytes } from 'node:crypto';
import {
  audioTypes,
  imageTypes,
  sessionContextMaxLength,
  sourceContextMaxLength,
  videoTypes,
} from '../../../vendors/tencent-vod.js';
import { bucketIn, type Action, type TencentCall } from './call.js';
import { TencentError } from './errors.js';
import type { TencentSettings } from './settings.js';
import { newCertificate, newFileId, newSessionKey, type Upload } from './uploads.js';

const mediaTypes = new Set<string>([...videoTypes, ...audioTypes, ...imageTypes]);
const coverTypes = new Set<string>(imageTypes);

/** "ApplyUpload": bucket, keys, session and a temporary certificate for exactly these keys. */
export const applyUpload: Action = {
  parameters: {
    MediaType: 'string!',
    SubAppId: 'integer',
    MediaName: 'string',
    CoverType: 'string',
    Procedure: 'string',
    ExpireTime: 'string',
    StorageRegion: 'string',
    ClassId: 'integer',
    SourceContext: 'string',
    SessionContext: 'string',
    ExtInfo: 'string',
  },
  needsRegion: true,
  handle(call) {
    const upload = openUpload(call);
    const { secretId, secretKey, token, expiresAt } = upload.certificate;
    return {
      StorageBucket: upload.bucket,
      StorageRegion: upload.region,
      VodSessionKey: upload.sessionKey,
      MediaStoragePath: `/${upload.mediaKey}`,
      CoverStoragePath: upload.coverKey === null ? null : `/${upload.coverKey}`,
      TempCertificate: { SecretId: secretId, SecretKey: secretKey, Token: token, ExpiredTime: expiresAt },
    };
  },
};

/** Applies for one upload, whichever API asks. Throws the refusal of a value. */
export function openUpload(call: Omit<TencentCall, 'effect'>): Upload {
  const {
    vod: { context, account, uploads, folder },
    parameters,
    subAppId,
  } = call;
  checkValues(call);
  const nowMs = context.now();
  const fileId = newFileId();
  const region = parameters.text('StorageRegion') ?? account.storageRegions[0] ?? '';
  const place = `${folder}/${randomBytes(4).toString('hex')}${fileId}`;
  const coverType =
    parameters.text('CoverType') ?? (context.settings.tencentCoverPath === 'always' ? 'jpg' : undefined);
  return uploads.add({
    sessionKey: newSessionKey(),
    applied: parameters,
    subAppId,
    bucket: bucketIn(region, account),
    region,
    mediaKey: `${place}/f0.${parameters.required('MediaType')}`,
    coverKey: coverType === undefined ? null : `${place}/${newFileId()}.${coverType}`,
    certificate: newCertificate(Math.floor(nowMs / 1000) + context.settings.tencentCertificateSeconds),
    fileId,
    createdAt: nowMs,
    moderation: 'Normal',
    isDeleted: false,
  });
}

function checkValues({ vod: { context, account }, parameters }: Omit<TencentCall, 'effect'>): void {
  if (!mediaTypes.has(parameters.required('MediaType')))
    throw new TencentError('InvalidParameterValue.MediaType');
  const coverType = parameters.text('CoverType');
  if (coverType !== undefined && !coverTypes.has(coverType))
    throw new TencentError('InvalidParameterValue.CoverType');
  checkExpireTime(parameters.text('ExpireTime'), context.now());
  const limits = { SourceContext: sourceContextMaxLength, SessionContext: sessionContextMaxLength };
  for (const [name, max] of Object.entries(limits)) {
    if (lengthOf(parameters.text(name) ?? '', context.settings.tencentCharacters) > max)
      throw new TencentError(
        'InvalidParameterValue',
        `The parameter \`${name}\` has more than ${max} characters.`,
      );
  }
  const region = parameters.text('StorageRegion');
  if (region !== undefined && !account.storageRegions.includes(region))
    throw new TencentError('InvalidParameterValue', 'The storage region is not enabled.');
}

function lengthOf(text: string, unit: TencentSettings['tencentCharacters']): number {
  if (unit === 'bytes') return Buffer.byteLength(text);
  return unit === 'utf-16' ? text.length : [...text].length;
}

/** "Notes on ISO Date Format". Unreadable and past dates have different error codes. */
function checkExpireTime(text: string | undefined, nowMs: number): void {
  if (text === undefined) return;
  const isIso =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isIso) throw new TencentError('InvalidParameterValue.ExpireTime');
  if (Date.parse(text) <= nowMs) throw new TencentError('InvalidParameter.ExpireTime');
}
