import type { Vod } from './call.js';

/** `UploadAddress` and `UploadAuth`: base64 of JSON ("Upload URLs and credentials"). New for every answer. */
export function uploadAuth(
  { sts, settings, context, account }: Vod,
  bucket: string,
  key: string,
): { UploadAddress: string; UploadAuth: string } {
  const { accessKeyId, accessKeySecret, securityToken, expiresAt } = sts.issue(bucket, key);
  const address = { Endpoint: settings.ossEndpoint ?? context.baseUrl(), Bucket: bucket, FileName: key };
  const more = settings.authHasExpireTime
    ? { ExpireUTCTime: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'), Region: account.region }
    : {};
  // A duration as text, not a date.
  const auth = {
    SecurityToken: securityToken,
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    Expiration: String(settings.stsLifetimeSeconds),
    ...more,
  };
  return { UploadAddress: encode(address), UploadAuth: encode(auth) };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
