import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import type { PullDesk } from '../../pulls/pulls.js';
import type { TencentAccount } from './account.js';
import type { Parameters, ParameterTable } from './parameters.js';
import type { PullTasks } from './pulls.js';
import type { UploadList } from './uploads.js';

/** What the actions share. */
export interface Vod {
  context: SandboxContext;
  account: TencentAccount;
  uploads: UploadList;
  pulls: PullDesk;
  pullTasks: PullTasks;
  /** Folder of all its objects. */
  folder: string;
}

/** One authenticated call. */
export interface TencentCall {
  vod: Vod;
  parameters: Parameters;
  /** The application of the call. */
  subAppId: number;
  effect: FaultEffect;
}

export interface Action {
  parameters: ParameterTable;
  /** Whether X-TC-Region is required. */
  needsRegion: boolean;
  handle: (call: TencentCall) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** One bucket per region, its name ending in the account's id as COS wants it. */
export function bucketIn(region: string, { appId }: TencentAccount): string {
  return `vod${region.replaceAll('-', '')}-${appId}`;
}

/** Address in the delivery network, which here is the sandbox. */
export function deliveryUrl({ context }: Vod, key: string): string {
  return `${context.baseUrl()}/vod2/${key}`;
}
