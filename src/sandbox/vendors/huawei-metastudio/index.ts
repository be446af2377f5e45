import { randomBytes } from 'node:crypto';
import { appUserHeader, metastudioPaths, uploadUrlHours } from '../../../vendors/huawei-metastudio.js';
import { signing } from '../../../vendors/huawei-vod.js';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import { readAll } from '../../http/body.js';
import { notImplemented, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { HuaweiAccount } from '../../options.js';
import type { MediaEntry, Service } from '../../service.js';
import { verifySdkHmac } from '../../verify/sdk-hmac.js';
import type { TokenDesk } from '../huawei-vod/tokens.js';
import { UrlSigner } from '../huawei-vod/url-signer.js';
import { createObs } from '../obs/index.js';
import { assetState, createAsset, deleteAsset, listAssets, showAsset } from './assets.js';
import type { Studio, StudioCall } from './call.js';
import { errorReply, faultReply, gatewayReply, MetastudioError } from './errors.js';
import { completeFile, createFile, createLargeFile, deleteFile } from './files.js';
import { Library } from './library.js';
import type { MetastudioSettings } from './settings.js';

const provider = 'huawei-metastudio';
const ownAccessKey = 'SANDBOXMSSOWNKEY0001';
const maxBodyBytes = 1024 * 1024;

interface Route {
  method: string;
  path: (projectId: string, id: string) => string;
  action: string;
  /** Absent: not emulated. */
  handle?: (call: StudioCall) => Reply | Promise<Reply>;
}

const routes: readonly Route[] = [
  { method: 'POST', path: metastudioPaths.assets, action: 'CreateDigitalAsset', handle: createAsset },
  { method: 'GET', path: metastudioPaths.asset, action: 'ShowAsset', handle: showAsset },
  { method: 'GET', path: metastudioPaths.assets, action: 'ListAssets', handle: listAssets },
  { method: 'PUT', path: metastudioPaths.asset, action: 'UpdateDigitalAsset' },
  { method: 'DELETE', path: metastudioPaths.asset, action: 'DeleteAsset', handle: deleteAsset },
  { method: 'POST', path: metastudioPaths.files, action: 'CreateFile', handle: createFile },
  { method: 'POST', path: metastudioPaths.largeFiles, action: 'CreateLargeFile', handle: createLargeFile },
  { method: 'POST', path: metastudioPaths.complete, action: 'ConfirmFileUpload', handle: completeFile },
  { method: 'DELETE', path: metastudioPaths.file, action: 'DeleteFile', handle: deleteFile },
];

/** Huawei MetaStudio's assets and files, and their bucket. */
export function createHuaweiMetastudio(
  context: SandboxContext,
  account: HuaweiAccount,
  settings: MetastudioSettings,
  tokens: TokenDesk,
): Service[] {
  const bucket = `mss-sandbox-${account.region}`;
  context.store.createBucket(bucket, provider);
  const secret = randomBytes(20).toString('hex');
  const signer = new UrlSigner(context, ownAccessKey, secret, uploadUrlHours * 3600);
  const studio: Studio = { context, account, settings, bucket, signer, library: new Library() };
  const obs = createObs(context, {
    region: account.region,
    provider,
    findSecret: (accessKey) => (accessKey === ownAccessKey ? secret : undefined),
  });
  return [createControlPlane(studio, tokens), obs];
}

function createControlPlane(studio: Studio, tokens: TokenDesk): Service {
  const { library, account, settings, context } = studio;

  const isAuthentic = (request: SandboxRequest, body: Buffer, effect: FaultEffect): boolean => {
    if (effect.expire === true) return false;
    const token = request.header(signing.tokenHeader);
    if (token !== undefined) return tokens.check(token).ok;
    const outcome = verifySdkHmac(
      { ...request, body },
      (key) => [account, account.temporary].find((pair) => pair.accessKey === key)?.secretKey,
      context.now(),
    );
    if (!outcome.ok) return false;
    return (
      outcome.accessKey !== account.temporary.accessKey ||
      request.header(signing.securityTokenHeader) === account.temporary.securityToken
    );
  };

  const perform = async (
    request: SandboxRequest,
    { route, projectId, id }: Found,
    effect: FaultEffect,
  ): Promise<Reply> => {
    const body = await readAll(request.body, maxBodyBytes);
    if (!isAuthentic(request, body, effect)) {
      if (settings.authErrors === 'gateway') return gatewayReply();
      throw new MetastudioError('MSS.00000001');
    }
    if (projectId !== account.projectId) throw new MetastudioError('MSS.00010009');
    if (!route) throw new MetastudioError('MSS.00010004');
    if (!route.handle) return notImplemented(route.action);
    const appUserId = request.header(appUserHeader) ?? '';
    // "Does not allow Chinese characters"; Node decodes header bytes as Latin-1.
    if (/[^\x20-\x7e]/.test(appUserId)) throw new MetastudioError('MSS.00000003');
    return route.handle({ studio, id, query: request.query, body, appUserId, effect });
  };

  return {
    claim: (request) => {
      const found = findRoute(request);
      if (!found) return undefined;
      return {
        provider,
        plane: 'control',
        action: found.route?.action ?? 'Unknown',
        cors: null,
        perform: (effect) =>
          perform(request, found, effect).catch((error: unknown) => {
            if (error instanceof MetastudioError) return errorReply(error);
            throw error;
          }),
        refuse: faultReply,
        refusePreflight: () => errorReply(new MetastudioError('MSS.00010004')),
      };
    },
    media: () =>
      [...library.assets.values()].map((asset): MediaEntry => ({
        provider,
        mediaId: asset.assetId,
        status: asset.isDeleted ? 'DELETED' : assetState(studio, asset),
        fields: {
          asset_name: asset.name,
          asset_type: asset.type,
          asset_description: asset.description,
          tags: asset.tags,
          system_properties: asset.systemProperties,
          app_user_id: asset.appUserId,
          files: library.filesOf(asset.assetId).map(({ name, category, end }) => ({
            file_name: name,
            asset_file_category: category,
            end: end?.kind ?? null,
          })),
        },
      })),
    reset: () => {
      library.clear();
    },
  };
}

interface Found {
  projectId: string;
  id: string;
  /** Undefined: the path exists, but not with this method. */
  route: Route | undefined;
}

function findRoute(request: SandboxRequest): Found | undefined {
  const match = /^\/v1\/([^/]+)\/(?:digital-assets|files|large-files)(?:\/([^/]+))?(?:\/complete)?$/.exec(
    request.path,
  );
  if (!match) return undefined;
  const [projectId = '', id = ''] = match.slice(1);
  const samePath = routes.filter((route) => route.path(projectId, id) === request.path);
  return samePath.length === 0
    ? undefined
    : { projectId, id, route: samePath.find((route) => route.method === request.method) };
}
