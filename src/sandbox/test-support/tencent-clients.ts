import { Agent } from 'node:http';
import COS from 'cos-nodejs-sdk-v5';
import { vod } from 'tencentcloud-sdk-nodejs-vod';
import type { RunningSandbox } from '../start.js';

/** The vendor's clients, configured for a local port and otherwise unchanged. */

export type VodSdk = InstanceType<typeof vod.v20180717.Client>;
export type Applied = Awaited<ReturnType<VodSdk['ApplyUpload']>>;

export interface VodSdkOptions {
  port?: number;
  secretId?: string;
  secretKey?: string;
  token?: string;
  reqMethod?: 'GET' | 'POST';
  endpoint?: string;
}

/** Resolves the endpoint, which must begin with `vod.`: the client takes the service's name from it. */
export function vodSdk(sandbox: RunningSandbox, options: VodSdkOptions = {}): VodSdk {
  const { secretId, secretKey } = sandbox.credentials.tencentVod;
  const {
    port = sandbox.port,
    reqMethod = 'POST',
    token,
    endpoint = `vod.intl.tencentcloudapi.com:${port}`,
  } = options;
  return new vod.v20180717.Client({
    credential: {
      secretId: options.secretId ?? secretId,
      secretKey: options.secretKey ?? secretKey,
      ...(token !== undefined && { token }),
    },
    region: 'ap-singapore',
    profile: {
      signMethod: 'TC3-HMAC-SHA256',
      language: 'en-US',
      httpProfile: {
        endpoint,
        protocol: 'http://',
        reqMethod,
        reqTimeout: 60,
        agent: new Agent({ lookup: toLocalhost }),
      },
    },
  });
}

type LookupCallback = (
  error: Error | null,
  address: string | { address: string; family: number }[],
  family?: number,
) => void;

function toLocalhost(_host: string, options: { all?: boolean | undefined }, callback: LookupCallback): void {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
}

export interface CosSdkOptions {
  port?: number;
  secretId?: string;
  secretKey?: string;
  token?: string;
  /** Sends and signs the bucket's real host; otherwise the local address. */
  byHost?: boolean;
}

export function cosSdk(sandbox: RunningSandbox, applied: Applied, options: CosSdkOptions = {}): COS {
  const { TempCertificate: certificate } = applied;
  const address = `127.0.0.1:${options.port ?? sandbox.port}`;
  const now = Math.floor(Date.now() / 1000);
  return new COS({
    Protocol: 'http:',
    ...(options.byHost === true ? { Ip: address } : { Domain: address }),
    getAuthorization: (_, callback) => {
      callback({
        TmpSecretId: options.secretId ?? certificate?.SecretId ?? '',
        TmpSecretKey: options.secretKey ?? certificate?.SecretKey ?? '',
        SecurityToken: options.token ?? certificate?.Token ?? '',
        StartTime: now - 1,
        ExpiredTime: certificate?.ExpiredTime ?? now + 600,
      });
    },
  });
}

/** Bucket, region and key as the store's client wants them. */
export function targetOf({
  StorageBucket: Bucket = '',
  StorageRegion: Region = '',
  MediaStoragePath: Key,
}: Applied): { Bucket: string; Region: string; Key: string } {
  return { Bucket, Region, Key: Key ?? '' };
}
