import { decode } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Service } from '../../service.js';
import { ObsError } from '../obs/errors.js';
import { corsRules, errorReply } from '../obs/index.js';
import { serveObject } from '../obs/objects.js';
import { currentStatus, type Vod } from './call.js';
import { provider } from './control-plane.js';
import { faultReply } from './errors.js';
import { isPlayable } from './states.js';

/**
 * Emulates the delivery network: the addresses in `play_info_array` and `cover_info_array`. Unsigned; a video is
 * available once it is playable, covers and subtitles as soon as they are stored. Logged as `GetObject`.
 */
export function createDelivery(vod: Vod): Service {
  return {
    claim: (request) => {
      const match = /^\/vod-cdn\/([^/]+)\/(.+)$/.exec(request.path);
      if (!match || !['GET', 'HEAD'].includes(request.method)) return undefined;
      const [assetId = '', rest = ''] = match.slice(1);
      return {
        provider,
        plane: 'data',
        action: 'GetObject',
        cors: { ...corsRules(vod.context), allowedMethods: ['GET', 'HEAD'] },
        perform: () => Promise.resolve(serve(vod, request, assetId, decode(rest))),
        refuse: faultReply,
        refusePreflight: () => errorReply(vod.context, request, new ObsError('AccessForbidden')),
      };
    },
    reset: () => undefined,
  };
}

function serve(vod: Vod, request: SandboxRequest, assetId: string, rest: string): Reply {
  try {
    const asset = vod.assets.find(assetId);
    const key = `${vod.account.projectId}/${assetId}/${rest}`;
    const object =
      asset && asset.phase.kind !== 'deleted' ? vod.context.store.findObject(asset.bucket, key) : undefined;
    if (!asset || !object) throw new ObsError('NoSuchKey');
    if (key === asset.objectKey && !isPlayable(currentStatus(vod, asset))) throw new ObsError('AccessDenied');
    // The store keeps the type of the upload request; a player needs the file's.
    return serveObject({ ...object, contentType: playType(object.contentType, rest) }, request);
  } catch (error) {
    return errorReply(vod.context, request, error);
  }
}

function playType(stored: string, name: string): string {
  return stored === 'application/octet-stream' && name.endsWith('.mp4') ? 'video/mp4' : stored;
}
