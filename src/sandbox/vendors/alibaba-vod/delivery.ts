import { decode } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Service } from '../../service.js';
import { OssError } from '../oss/errors.js';
import { errorReply, ossCors } from '../oss/index.js';
import { serveObject } from '../oss/objects.js';
import { provider, statusOf, type Vod } from './call.js';

/**
 * Emulates the delivery network: `PlayURL`, `ImageURL`, `MediaURL`. Unsigned; a video is available once it is
 * playable, images and attached media as soon as they are stored. Logged as `GetObject`.
 */
export function createDelivery(vod: Vod): Service {
  return {
    claim: (request) => {
      const key = /^\/alibaba-cdn\/(.+)$/.exec(request.path)?.[1];
      if (key === undefined || !['GET', 'HEAD'].includes(request.method)) return undefined;
      const fail = (error: unknown) => errorReply(aboutOf(vod, request), error);
      return {
        provider,
        plane: 'data',
        action: 'GetObject',
        cors: { ...ossCors(vod.context), allowedMethods: ['GET', 'HEAD'] },
        perform: () => Promise.resolve(serve(vod, request, decode(key))),
        refuse: () => fail(new OssError('ServiceUnavailable')),
        refusePreflight: () => fail(new OssError('AccessForbidden')),
      };
    },
    reset: () => undefined,
  };
}

const aboutOf = ({ context, account }: Vod, request: SandboxRequest) => ({
  context,
  request,
  region: account.region,
});

function serve(vod: Vod, request: SandboxRequest, key: string): Reply {
  try {
    const medium = vod.media.byObject(vod.bucket, key);
    const object = medium && vod.context.store.findObject(vod.bucket, key);
    if (!medium || !object) throw new OssError('NoSuchKey');
    if (medium.kind === 'video' && statusOf(vod, medium) !== 'Normal') throw new OssError('AccessDenied');
    // The store keeps the type of the initiate request; a player needs the file's.
    return serveObject(
      {
        ...object,
        contentType:
          object.contentType === 'application/octet-stream' && key.endsWith('.mp4')
            ? 'video/mp4'
            : object.contentType,
      },
      request,
    );
  } catch (error) {
    return errorReply(aboutOf(vod, request), error);
  }
}
