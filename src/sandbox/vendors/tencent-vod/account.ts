/** Account of the emulated Tencent Cloud. */
export interface TencentAccount {
  secretId: string;
  secretKey: string;
  /** Id of the account and of its default VOD application. */
  appId: number;
  /** Further VOD applications. */
  subAppIds: readonly number[];
  /** Regions that are enabled for storage; the first is the default. */
  storageRegions: readonly string[];
  /** A second, temporary pair: requests with it must send the token as `X-TC-Token`. */
  temporary: { secretId: string; secretKey: string; token: string };
}

/** Valid for the sandbox only. */
export const sandboxTencentAccount: TencentAccount = {
  secretId: 'AKIDSANDBOXTENCENT00000000000000001',
  secretKey: 'sandbox-tencent-secret-key-0001',
  appId: 1251000333,
  subAppIds: [1500012345, 1500067890],
  storageRegions: ['ap-singapore', 'ap-chongqing'],
  temporary: {
    secretId: 'AKIDSANDBOXTENCENTTEMP000000000001',
    secretKey: 'sandbox-tencent-temporary-key-01',
    token: 'sandbox-tencent-api-token',
  },
};
