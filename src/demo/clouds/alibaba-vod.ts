import { alibabaVod } from '../../server/index.js';
import type { Cloud } from './cloud.js';

/** ApsaraVideo VOD of Alibaba Cloud: the real one when its settings are in the environment. */
export const alibabaVodCloud: Cloud = (env, sandbox) => {
  const {
    ALIBABA_VOD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_VOD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_VOD_SECURITY_TOKEN: securityToken,
    ALIBABA_VOD_REGION: region,
    ALIBABA_VOD_TEMPLATE_GROUP: templateGroupId,
    ALIBABA_VOD_WORKFLOW: workflowId,
    ALIBABA_VOD_STORAGE: storageLocation,
    ALIBABA_VOD_APP_ID: appId,
  } = env;
  if (accessKeyId && accessKeySecret) {
    return alibabaVod({
      credentials: { accessKeyId, accessKeySecret, securityToken },
      region,
      templateGroupId,
      workflowId,
      storageLocation,
      appId,
      ossSignature: env['ALIBABA_VOD_OSS_SIGNATURE'] === 'v1' ? 'v1' : 'v4',
      discarded: env['ALIBABA_VOD_DISCARDED'] === 'keep' ? 'keep' : 'delete',
    });
  }
  const account = sandbox.credentials.alibabaVod;
  return alibabaVod({
    endpoint: account.endpoint,
    region: account.region,
    credentials: { accessKeyId: account.accessKeyId, accessKeySecret: account.accessKeySecret },
  });
};
