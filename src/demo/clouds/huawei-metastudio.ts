import { huaweiMetastudio } from '../../server/index.js';
import type { Cloud } from './cloud.js';

/** Huawei Cloud MetaStudio: the real one when its settings are in the environment. */
export const huaweiMetastudioCloud: Cloud = (env, sandbox) => {
  const {
    HUAWEI_METASTUDIO_PROJECT_ID: projectId,
    HUAWEI_METASTUDIO_REGION: region,
    HUAWEI_METASTUDIO_ACCESS_KEY: accessKey,
    HUAWEI_METASTUDIO_SECRET_KEY: secretKey,
  } = env;
  const appUserId = env['HUAWEI_METASTUDIO_APP_USER_ID'];
  if (projectId && region && accessKey && secretKey)
    return huaweiMetastudio({
      projectId,
      region,
      credentials: { accessKey, secretKey },
      autoMetaAnalysis: true,
      appUserId,
    });
  const account = sandbox.credentials.huaweiMetastudio;
  return huaweiMetastudio({
    projectId: account.projectId,
    endpoint: account.endpoint,
    credentials: { accessKey: account.accessKey, secretKey: account.secretKey },
    autoMetaAnalysis: true,
    appUserId: 'demo',
  });
};
