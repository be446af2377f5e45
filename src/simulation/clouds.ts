import { openSandbox, type LocalSandbox } from '../sandbox/index.js';
import { alibabaVod, huaweiMetastudio, huaweiVod, s3, tencentVod, type Provider } from '../server/index.js';
import type { Chance } from './chance.js';

export const cloudNames = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'] as const;
export type CloudName = (typeof cloudNames)[number];

/** The smallest part that OBS and OSS take: files of a few hundred kilobytes have several parts then. */
export const partSizeBytes = 100 * 1024;
const singlePutMaxBytes = 64 * 1024;

/** What a cloud's media list says of an upload that was neither confirmed nor given up. */
export const openMediaStatuses: ReadonlySet<string> = new Set(['CREATING', 'Uploading']);

/** What the faults of a run say of its clouds. */
export interface CloudSettings {
  readonly hidesRefusals: boolean;
  readonly provesParts: boolean;
  readonly refusesRepeats: boolean;
}

/** The five clouds of one run. */
export function openClouds(
  chance: Chance,
  now: () => number,
  { hidesRefusals, provesParts, refusesRepeats }: CloudSettings,
): LocalSandbox {
  const either = (name: string) => chance.happens(name, 0.5);
  return openSandbox({
    now,
    processingMs: 1500,
    settings: {
      exposeETag: either('setting exposeETag') || provesParts,
      corsOnErrors: !hidesRefusals,
      confirmRepeat: either('setting confirmRepeat') ? '403' : '200',
      cosMinPartSize: 'ignored',
      cosListParts: either('setting cosListParts'),
      tencentCommitRepeat: refusesRepeats ? 'refused' : 'same',
      // The calls of all people fall into the same virtual second more often than in a real one.
      tencentRequestsPerSecond: 1000,
    },
    metastudio: { completeRepeat: either('setting completeRepeat') ? '200' : '400' },
    alibaba: { settings: { allowListParts: either('setting allowListParts') } },
    s3: {
      settings: {
        dialect: either('setting dialect') ? 'aws' : 'ceph',
        exposeETag: either('setting exposeETag'),
        minPartSizeBytes: 1,
      },
    },
  });
}

/** The real provider of a cloud, as a host would set it up. */
export function createProvider(
  name: CloudName,
  { credentials }: LocalSandbox,
  ports: { fetch: typeof fetch; now: () => number; random: () => number },
): Provider {
  const { now, fetch, random } = ports;
  const common = { id: 'cloud', now, fetch, retry: { now, random }, singlePutMaxBytes };
  switch (name) {
    case 'huawei-vod': {
      const { accessKey, secretKey, ...account } = credentials.huaweiVod;
      return erase(huaweiVod({ ...common, ...account, credentials: { accessKey, secretKey } }));
    }
    case 'huawei-metastudio': {
      const { accessKey, secretKey, projectId, endpoint } = credentials.huaweiMetastudio;
      const keys = { accessKey, secretKey };
      return erase(huaweiMetastudio({ ...common, projectId, endpoint, credentials: keys, partSizeBytes }));
    }
    case 'alibaba-vod': {
      const { accessKeyId, accessKeySecret, region, endpoint } = credentials.alibabaVod;
      const keys = { accessKeyId, accessKeySecret };
      return erase(alibabaVod({ ...common, region, endpoint, credentials: keys }));
    }
    case 'tencent-vod': {
      const { secretId, secretKey, endpoint, cosOrigin } = credentials.tencentVod;
      return erase(tencentVod({ ...common, endpoint, cosOrigin, credentials: { secretId, secretKey } }));
    }
    case 's3': {
      const { accessKeyId, secretAccessKey, region, bucket, endpoint } = credentials.s3;
      const keys = { accessKeyId, secretAccessKey };
      return erase(s3({ ...common, region, bucket, endpoint, credentials: keys, forbidOverwrite: true }));
    }
  }
}

/** The endpoint itself knows providers only with an unknown state. */
function erase<State>(provider: Provider<State>): Provider {
  return provider;
}
