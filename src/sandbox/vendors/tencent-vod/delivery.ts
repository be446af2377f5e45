import { decode } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Service } from '../../service.js';
import { CosError } from '../cos/errors.js';
import { corsRules, errorReply } from '../cos/index.js';
import { serveObject } from '../cos/objects.js';
import type { Vod } from './call.js';
import { provider } from './control-plane.js';
import { originalOf } from './states.js';

/** Emulates the delivery network: `MediaUrl`, `CoverUrl` and the renditions' `Url`, unsigned, once the media is committed. */
export function createDelivery(vod: Vod): Service {
  const serve = (request: SandboxRequest, key: string): Reply => {
    const upload = vod.uploads
      .all()
      .find((one) => [one.mediaKey, one.coverKey].includes(originalOf(key, one)));
    const isThere = upload?.committedAt !== undefined && !upload.isDeleted;
    const object = isThere ? vod.context.store.findObject(upload.bucket, originalOf(key, upload)) : undefined;
    if (!upload || !object) throw new CosError('NoSuchKey');
    if (upload.moderation === 'Forbidden') throw new CosError('AccessDenied');
    return serveObject(object, request);
  };

  return {
    claim: (request) => {
      const match = /^\/vod2\/(.+)$/.exec(request.path);
      if (!match || !['GET', 'HEAD'].includes(request.method)) return undefined;
      const fail = (error: unknown): Reply => errorReply(request, error, vod.context);
      return {
        provider,
        plane: 'data',
        action: 'GetObject',
        cors: { ...corsRules(vod.context), allowedMethods: ['GET', 'HEAD'] },
        perform: () =>
          Promise.resolve()
            .then(() => serve(request, decode(match[1] ?? '')))
            .catch(fail),
        refuse: (status) => ({ status }),
        refusePreflight: () => fail(new CosError('AccessForbidden')),
      };
    },
    reset: () => undefined,
  };
}
