// The vendors' uploaders for pages, unchanged, in Chromium. Their functions run in the page and see its globals.
/* global AliyunUpload, COS, OSS, ObsClient, TcVod */
import { createHmac, randomInt } from 'node:crypto';

export const scripts = [
  'cos-js-sdk-v5/dist/cos-js-sdk-v5.min.js',
  'vod-js-sdk-v6/dist/vod-js-sdk-v6.js',
  'ali-oss/dist/aliyun-oss-sdk.min.js',
  'aliyun-upload-vod/dist/aliyun-upload-vod.min.js',
  'esdk-obs-browserjs/dist/@cloud/esdk-obs-browserjs.3.25.6.min.js',
];

/**
 * Each client has `grant`, what the page's own server hands to the page, and `upload`, which runs in the page. It answers
 * `fetched`, the SHA-256 of what the client itself has read back, or nothing where an upload's credentials may not read;
 * and `isGone` where the client lists and deletes.
 */
export function browserClients({ credentials, sandboxUrl, plainUrl, tencent, alibaba }) {
  const { huaweiVod, alibabaVod, tencentVod } = credentials;
  const obs = {
    access_key_id: huaweiVod.accessKey,
    secret_access_key: huaweiVod.secretKey,
    bucket: `vod-sandbox-${huaweiVod.region}`,
    region: huaweiVod.region,
  };
  const tenant = { ...alibabaVod.temporary, bucket: `outin-sandbox-${alibabaVod.region}` };
  const applied = () => tencent.ApplyUpload({ MediaType: 'mp4' });
  const created = () =>
    alibaba.request('CreateUploadVideo', { Title: 'clip', FileName: 'clip.mp4' }, { method: 'POST' });
  const oss = async (version) => {
    const { UploadAddress, UploadAuth } = await created();
    const [address, auth] = [UploadAddress, UploadAuth].map((text) =>
      JSON.parse(Buffer.from(text, 'base64')),
    );
    const keys = { ...auth, Bucket: address.Bucket, Key: address.FileName };
    return { ...keys, region: alibabaVod.region, version };
  };
  return {
    'cos-js-sdk-v5': { grant: applied, upload: byCos },
    'cos-js-sdk-v5 at the sandbox’s own address': {
      grant: async () => ({ ...(await applied()), domain: new URL(sandboxUrl).host }),
      upload: byCos,
      isDirect: true,
    },
    'vod-js-sdk-v6': { grant: () => ({ signature: ugcSignature(tencentVod) }), upload: byTencentVod },
    'ali-oss, signature V1': { grant: () => oss('V1'), upload: byOss },
    'ali-oss, signature V4': { grant: () => oss('V4'), upload: byOss },
    'ali-oss with the account’s keys': {
      grant: () => ({ ...tenant, region: alibabaVod.region }),
      upload: byOssAccount,
    },
    'aliyun-upload-vod': { grant: created, upload: byAliyunUpload },
    'esdk-obs-browserjs, path style': { grant: () => ({ ...obs, server: plainUrl }), upload: byObs },
    'esdk-obs-browserjs, by host': {
      grant: () => ({ ...obs, server: `https://obs.${obs.region}.myhuaweicloud.com` }),
      upload: byObs,
    },
  };
}

/** "Upload from Client": what a host's server signs for the vendor's uploader. */
function ugcSignature({ secretId, secretKey, appId }) {
  const now = Math.floor(Date.now() / 1000);
  const original = new URLSearchParams({
    secretId,
    currentTimeStamp: now,
    expireTime: now + 3600,
    random: randomInt(2 ** 31),
    vodSubAppId: appId,
  }).toString();
  const digest = createHmac('sha1', secretKey).update(original).digest();
  return Buffer.concat([digest, Buffer.from(original)]).toString('base64');
}

async function byCos({ grant, file, digestOf }) {
  const { StorageBucket: Bucket, StorageRegion: Region, MediaStoragePath, TempCertificate, domain } = grant;
  const Key = MediaStoragePath.slice(1);
  const cos = new COS({
    SecretId: TempCertificate.SecretId,
    SecretKey: TempCertificate.SecretKey,
    SecurityToken: TempCertificate.Token,
    ...(domain && { Domain: domain, Protocol: 'http:' }),
  });
  const target = { Bucket, Region, Key };
  if (file.size < 2 ** 20) await cos.putObject({ ...target, Body: file });
  else await cos.sliceUploadFile({ ...target, Body: file, SliceSize: 2 ** 20, ChunkSize: 8 * 2 ** 20 });
  const { Body } = await cos.getObject({ ...target, DataType: 'blob' });
  return { fetched: await digestOf(await Body.arrayBuffer()) };
}

async function byTencentVod({ grant, file, digestOf }) {
  const uploader = new TcVod.default({ getSignature: async () => grant.signature, allowReport: false });
  const mediaFile = new File([file], 'clip.mp4');
  const { fileId, video } = await uploader
    .upload({ mediaFile, enableResume: false, retryDelay: 100, chunkRetryTimes: 0 })
    .done();
  if (!fileId) throw new Error('no fileId');
  return { fetched: await digestOf(await (await fetch(video.url)).arrayBuffer()) };
}

async function byOss({ grant, file }) {
  const client = new OSS({
    region: `oss-${grant.region}`,
    secure: true,
    bucket: grant.Bucket,
    accessKeyId: grant.AccessKeyId,
    accessKeySecret: grant.AccessKeySecret,
    stsToken: grant.SecurityToken,
    authorizationV4: grant.version === 'V4',
    retryMax: 0,
  });
  if (file.size < 2 ** 20) await client.put(grant.Key, file);
  else await client.multipartUpload(grant.Key, file, { partSize: 8 * 2 ** 20 });
  return {};
}

async function byOssAccount({ grant, file, key, digestOf }) {
  const client = new OSS({
    region: `oss-${grant.region}`,
    secure: true,
    bucket: grant.bucket,
    accessKeyId: grant.accessKeyId,
    accessKeySecret: grant.accessKeySecret,
    stsToken: grant.securityToken,
    retryMax: 0,
  });
  if (file.size < 2 ** 20) await client.put(key, file);
  else await client.multipartUpload(key, file, { partSize: 8 * 2 ** 20 });
  const fetched = await digestOf(await (await fetch(client.signatureUrl(key))).arrayBuffer());
  const prefix = key.slice(0, -1);
  for (const { objects = [] } of [await client.list({ prefix }), await client.listV2({ prefix })])
    if (!objects.some(({ name }) => name === key)) throw new Error('the object is not in the list');
  await client.delete(key);
  return { fetched, isGone: true };
}

async function byAliyunUpload({ grant, file }) {
  const { UploadAuth, UploadAddress, VideoId } = grant;
  await new Promise((resolve, reject) => {
    const uploader = new AliyunUpload.Vod({
      userId: '1000000000000001',
      region: 'cn-shanghai',
      partSize: 8 * 2 ** 20,
      retryCount: 0,
      addFileSuccess: () => uploader.startUpload(),
      onUploadstarted: (info) => uploader.setUploadAuthAndAddress(info, UploadAuth, UploadAddress, VideoId),
      onUploadSucceed: resolve,
      onUploadFailed: (_, code, message) => reject(new Error(`${code}: ${message}`)),
      onUploadTokenExpired: () => reject(new Error('the token has expired')),
    });
    uploader.addFile(new File([file], 'clip.mp4'), null, null, null, '{"Vod":{}}');
  });
  return {};
}

async function byObs({ grant, file, key, digestOf }) {
  const { bucket: Bucket, access_key_id, secret_access_key, server } = grant;
  const client = new ObsClient({ access_key_id, secret_access_key, server, max_retry_count: 0 });
  const target = { Bucket, Key: key };
  const done = async (call) => {
    const { CommonMsg, InterfaceResult } = await call;
    if (CommonMsg.Status >= 300) throw new Error(`${CommonMsg.Status} ${CommonMsg.Code}`);
    return InterfaceResult;
  };
  if (file.size < 2 ** 20) await done(client.putObject({ ...target, SourceFile: file }));
  else await done(client.uploadFile({ ...target, SourceFile: file, PartSize: 8 * 2 ** 20, TaskNum: 3 }));
  const { Content } = await done(client.getObject({ ...target, SaveByType: 'arraybuffer' }));
  const { Contents = [] } = await done(client.listObjects({ Bucket, Prefix: key }));
  if (!Contents.some(({ Key }) => Key === key)) throw new Error('the object is not in the list');
  const fetched = await digestOf(await new Response(Content).arrayBuffer());
  await done(client.deleteObject(target));
  return { fetched, isGone: true };
}
