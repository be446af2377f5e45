import { tencentVod } from '../../server/index.js';
import type { Cloud } from './cloud.js';

/** Tencent Cloud VOD: the real one when its settings are in the environment. */
export const tencentVodCloud: Cloud = (env, sandbox) => {
  const {
    TENCENT_VOD_SECRET_ID: secretId,
    TENCENT_VOD_SECRET_KEY: secretKey,
    TENCENT_VOD_SUB_APP_ID: subAppId,
    TENCENT_VOD_REGION: region,
    TENCENT_VOD_PROCEDURE: procedure,
  } = env;
  if (secretId && secretKey) {
    return tencentVod({
      credentials: { secretId, secretKey },
      site: env['TENCENT_VOD_SITE'] === 'mainland' ? 'mainland' : 'intl',
      subAppId: subAppId ? Number(subAppId) : undefined,
      region,
      procedure,
    });
  }
  const account = sandbox.credentials.tencentVod;
  return tencentVod({
    endpoint: account.endpoint,
    cosOrigin: account.cosOrigin,
    credentials: { secretId: account.secretId, secretKey: account.secretKey },
  });
};
