import { huaweiVod } from '../../server/index.js';
import type { Cloud } from './cloud.js';

/** Huawei Cloud VOD: the real one when its settings are in the environment. */
export const huaweiVodCloud: Cloud = (env, sandbox) => {
  const {
    HUAWEI_VOD_PROJECT_ID: projectId,
    HUAWEI_VOD_REGION: region,
    HUAWEI_VOD_ACCESS_KEY: accessKey,
    HUAWEI_VOD_SECRET_KEY: secretKey,
  } = env;
  if (projectId && region && accessKey && secretKey) {
    return huaweiVod({
      projectId,
      region,
      credentials: { accessKey, secretKey },
      templateGroupName: env['HUAWEI_VOD_TEMPLATE_GROUP'],
    });
  }
  const account = sandbox.credentials.huaweiVod;
  return huaweiVod({
    projectId: account.projectId,
    endpoint: account.endpoint,
    credentials: { accessKey: account.accessKey, secretKey: account.secretKey },
  });
};
