import { BodyTooLarge, readAll } from '../../http/body.js';
import type { Service } from '../../service.js';
import { faultReply } from './errors.js';
import { provider } from './control-plane.js';
import type { TokenDesk } from './tokens.js';

const maxBodyBytes = 64 * 1024;

/** The one IAM call that VOD needs. Served on VOD's origin: the paths do not overlap. */
export function createIam(tokens: TokenDesk): Service {
  return {
    claim: (request) =>
      request.path !== '/v3/auth/tokens' || request.method !== 'POST'
        ? undefined
        : {
            provider,
            plane: 'control',
            action: 'KeystoneCreateUserTokenByPassword',
            cors: null,
            perform: async () => {
              try {
                return tokens.issue(JSON.parse((await readAll(request.body, maxBodyBytes)).toString('utf8')));
              } catch (error) {
                if (error instanceof SyntaxError || error instanceof BodyTooLarge)
                  return tokens.issue(undefined);
                throw error;
              }
            },
            refuse: faultReply,
            refusePreflight: () => faultReply(404, undefined),
          },
    reset: () => undefined,
  };
}
