import type { RunningSandbox } from '../../sandbox/index.js';
import { alibabaVod, huaweiMetastudio, huaweiVod, s3, tencentVod, type Provider } from '../index.js';

export const clouds = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'] as const;
export type Cloud = (typeof clouds)[number];

export interface CloudOptions {
  readonly now: () => number;
  /** 0: every file goes in parts. */
  readonly singlePutMaxBytes?: number | undefined;
  readonly fetch?: typeof fetch;
}

export const partBytes = 1_048_576;
const retry = { baseDelayMs: 1, sleep: () => Promise.resolve() };

/** The provider of a cloud of the sandbox, with its id. */
export function sandboxProvider(
  cloud: Cloud,
  { credentials }: RunningSandbox,
  options: CloudOptions,
): Provider {
  const common = { id: cloud, retry, ...options };
  switch (cloud) {
    case 'huawei-vod': {
      const { accessKey, secretKey, projectId, region, endpoint } = credentials.huaweiVod;
      return huaweiVod({ ...common, projectId, region, endpoint, credentials: { accessKey, secretKey } });
    }
    case 'huawei-metastudio': {
      const { accessKey, secretKey, projectId, region, endpoint } = credentials.huaweiMetastudio;
      const keys = { accessKey, secretKey };
      const partSizeBytes = partBytes;
      return huaweiMetastudio({ ...common, projectId, region, endpoint, credentials: keys, partSizeBytes });
    }
    case 'alibaba-vod':
      return alibabaVod({ ...common, ...credentials.alibabaVod, credentials: credentials.alibabaVod });
    case 'tencent-vod':
      return tencentVod({ ...common, ...credentials.tencentVod, credentials: credentials.tencentVod });
    case 's3': {
      const { accessKeyId, secretAccessKey, region, bucket, endpoint } = credentials.s3;
      const keys = { accessKeyId, secretAccessKey };
      return s3({ ...common, region, bucket, endpoint, credentials: keys, forbidOverwrite: true });
    }
  }
}
