import type { RunningSandbox } from '../../sandbox/index.js';
import {
  alibabaVod,
  huaweiMetastudio,
  huaweiVod,
  s3,
  tencentVod,
  type Provider,
} from '../../server/index.js';

const retry = { sleep: () => Promise.resolve() };

type Keys = { readonly secretKey?: string; readonly bucket?: string; readonly region?: string };

const makers: Record<string, (sandbox: RunningSandbox, keys?: Keys) => Provider> = {
  'huawei-vod': ({ credentials: { huaweiVod: account } }, { secretKey = account.secretKey } = {}) =>
    huaweiVod({ ...account, credentials: { accessKey: account.accessKey, secretKey }, retry }),
  'huawei-metastudio': (
    { credentials: { huaweiMetastudio: account } },
    { secretKey = account.secretKey } = {},
  ) =>
    huaweiMetastudio({
      ...account,
      credentials: { accessKey: account.accessKey, secretKey },
      singlePutMaxBytes: 500_000,
      partSizeBytes: 400_000,
      retry,
    }),
  'alibaba-vod': ({ credentials: { alibabaVod: account } }, { secretKey = account.accessKeySecret } = {}) =>
    alibabaVod({
      ...account,
      credentials: { accessKeyId: account.accessKeyId, accessKeySecret: secretKey },
      singlePutMaxBytes: 100_000,
      retry,
    }),
  'tencent-vod': ({ credentials: { tencentVod: account } }, { secretKey = account.secretKey } = {}) =>
    tencentVod({
      ...account,
      credentials: { secretId: account.secretId, secretKey },
      singlePutMaxBytes: 1_000_000,
      retry,
    }),
  s3: ({ credentials: { s3: account } }, { secretKey = account.secretAccessKey, ...other } = {}) =>
    s3({
      ...account,
      ...other,
      credentials: { accessKeyId: account.accessKeyId, secretAccessKey: secretKey },
      retry,
    }),
};
/** The ids of the five providers. */
export const names = Object.keys(makers);
/** The provider of this id at the sandbox, with limits that make small files large. */
export const make = (name: string, sandbox: RunningSandbox, keys?: Keys): Provider => {
  const maker = makers[name];
  if (!maker) throw new Error(name);
  return maker(sandbox, keys);
};
