import type { FaultEffect } from '../../faults.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { parseQuery } from '../../http/encoding.js';
import { notImplemented, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { MediaEntry, Service } from '../../service.js';
import { corsRules } from '../obs/index.js';
import { authenticate, checkProject } from './authenticate.js';
import { currentStatus, type Vod } from './call.js';
import { faultReply, GatewayError, gatewayReply, VodError, vodReply } from './errors.js';
import type { KeyLock } from './key-lock.js';
import { findRoute, type FoundRoute } from './routes.js';
import type { TokenDesk } from './tokens.js';

export const provider = 'huawei-vod';

/** Largest signed body ("Signing Guide"). */
const maxBodyBytes = 12 * 1024 * 1024;

/** VOD v1.0 and v1.1: gateway, authentication, project, then the handlers of `routes.ts`. */
export function createControlPlane(vod: Vod, tokens: TokenDesk, lock: KeyLock): Service {
  const { context, account, assets } = vod;

  const perform = async (
    request: SandboxRequest,
    { projectId, route }: FoundRoute,
    effect: FaultEffect,
  ): Promise<Reply> => {
    if (route && !route.handle) return notImplemented(route.action);
    const body = await readBodyOrRefuse(request);
    authenticate(
      { account, settings: context.settings, tokens, lock, nowMs: context.now() },
      request,
      body,
      effect,
    );
    checkProject(account, request, projectId);
    if (!route?.handle) throw new VodError('VOD.10058');
    if (body.length > 0 && request.method !== 'GET') checkContentType(request);
    return await route.handle({ vod, query: readQuery(request), body, effect });
  };

  return {
    claim: (request) => {
      const found = findRoute(request);
      if (!found) return undefined;
      const { route } = found;
      const replyOptions = {
        parameterErrorStatus: context.settings.parameterErrorStatus,
        isRead: route?.isRead === true,
      };
      return {
        provider,
        plane: 'control',
        action: route?.action ?? 'Unknown',
        cors: route?.hasCors === true ? { ...corsRules(context), exposeHeaders: [] } : null,
        perform: (effect) =>
          perform(request, found, effect).catch((error: unknown) => {
            if (error instanceof VodError) return vodReply(error, replyOptions);
            if (error instanceof GatewayError) return gatewayReply(error);
            throw error;
          }),
        refuse: faultReply,
        refusePreflight: () =>
          gatewayReply(
            new GatewayError('0101', 'The API does not exist or has not been published in the environment.'),
          ),
      };
    },
    media: () =>
      assets.all().map((asset): MediaEntry => ({
        provider,
        mediaId: asset.assetId,
        status: currentStatus(vod, asset),
        fields: mediaFields(asset),
      })),
    stop: () => vod.pulls.clear(),
    reset: () => {
      assets.clear();
      lock.clear();
    },
  };
}

/** Fields as the tenant set them, under the vendor's names. */
function mediaFields(asset: ReturnType<Vod['assets']['all']>[number]): Record<string, unknown> {
  return {
    title: asset.title,
    video_name: asset.videoName,
    video_type: asset.videoType,
    description: asset.description,
    tags: asset.tags,
    category_id: asset.categoryId,
    auto_publish: asset.isAutoPublished ? 1 : 0,
    video_md5: asset.videoMd5 ?? null,
    cover_type: asset.coverType ?? null,
    subtitles: asset.subtitles,
    bucket: asset.bucket,
    object: asset.objectKey,
  };
}

async function readBodyOrRefuse(request: SandboxRequest): Promise<Buffer> {
  try {
    return await readAll(request.body, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new GatewayError('0201', 'Request entity too large.', 413);
    throw error;
  }
}

/** A body without a Content-Type is accepted: the vendor's older samples send none. */
function checkContentType(request: SandboxRequest): void {
  const type = request.header('content-type');
  if (type !== undefined && !/^application\/json\b/i.test(type)) throw new VodError('VOD.10059');
}

/** Unlike at the store, a plus in the query is a space. */
function readQuery(request: SandboxRequest): ReturnType<typeof parseQuery> {
  return parseQuery(request.rawQuery.replaceAll('+', '%20'));
}
