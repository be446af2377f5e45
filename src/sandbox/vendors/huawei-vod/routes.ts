import { vodPaths } from '../../../vendors/huawei-vod.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { authorityFragment, authorityUrl } from './authority.js';
import type { VodCall } from './call.js';
import { confirmAsset } from './confirm-asset.js';
import { createAsset } from './create-asset.js';
import { deleteAssets } from './delete-assets.js';
import { showAssetDetail, showAssetMeta } from './show-asset.js';
import { updateMeta } from './update-meta.js';
import { uploadByUrl } from './upload-by-url.js';
import { updateAsset } from './update-asset.js';

type Handler = (call: VodCall) => Reply | Promise<Reply>;

interface Route {
  method: string;
  path: (projectId: string) => string;
  action: string;
  /** Read calls document 400 where all others document 403. */
  isRead: boolean;
  /** Not set for the back-end-only v1.1. */
  hasCors: boolean;
  /** Absent: not emulated. */
  handle?: Handler;
}

const usual = { isRead: false, hasCors: true };
const reading = { isRead: true, hasCors: true };
const authorityV10 = (projectId: string): string => vodPaths.authority(projectId, 'v1.0');
const authorityV11 = (projectId: string): string => vodPaths.authority(projectId, 'v1.1');

const routes: readonly Route[] = [
  { method: 'POST', path: vodPaths.asset, action: 'CreateAssetByFileUpload', ...usual, handle: createAsset },
  { method: 'PUT', path: vodPaths.asset, action: 'UpdateAsset', ...usual, handle: updateAsset },
  { method: 'DELETE', path: vodPaths.asset, action: 'DeleteAssets', ...usual, handle: deleteAssets },
  {
    method: 'GET',
    path: authorityV11,
    action: 'ShowAssetTempAuthority',
    isRead: false,
    hasCors: false,
    handle: authorityUrl,
  },
  {
    method: 'GET',
    path: authorityV10,
    action: 'ShowAssetTempAuthority',
    ...usual,
    handle: authorityFragment,
  },
  // Another operation on the same path: authorizes VOD to read a bucket of the tenant.
  { method: 'PUT', path: authorityV10, action: 'UpdateBucketAuthorized', ...usual },
  { method: 'POST', path: vodPaths.confirm, action: 'ConfirmAssetUpload', ...usual, handle: confirmAsset },
  { method: 'GET', path: vodPaths.details, action: 'ShowAssetDetail', ...reading, handle: showAssetDetail },
  { method: 'GET', path: vodPaths.info, action: 'ShowAssetMeta', ...reading, handle: showAssetMeta },
  { method: 'POST', path: vodPaths.pull, action: 'UploadMetaDataByUrl', ...usual, handle: uploadByUrl },
  { method: 'PUT', path: vodPaths.info, action: 'UpdateAssetMeta', ...usual, handle: updateMeta },
];

export interface FoundRoute {
  projectId: string;
  /** Undefined: the path exists, but not with this method. */
  route: Route | undefined;
}

/** Undefined for paths that are not emulated. */
export function findRoute(request: SandboxRequest): FoundRoute | undefined {
  const projectId = /^\/v1\.[01]\/([^/]+)\/asset(\/|$)/.exec(request.path)?.[1];
  if (projectId === undefined) return undefined;
  const samePath = routes.filter((route) => route.path(projectId) === request.path);
  if (samePath.length === 0) return undefined;
  return { projectId, route: samePath.find((route) => route.method === request.method) };
}
