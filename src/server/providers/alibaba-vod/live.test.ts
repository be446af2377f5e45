// Random bytes are no video: at the real service they end as TranscodeFail, unless the template group transcodes nothing.
import { describe } from 'vitest';
import { describeProvider } from '../contract-suite.js';
import { alibabaVod } from './index.js';

/** The provider contract at the real cloud, when its settings are in the environment, as `.env.example` names them. */
const {
  ALIBABA_VOD_ACCESS_KEY_ID: accessKeyId = '',
  ALIBABA_VOD_ACCESS_KEY_SECRET: accessKeySecret = '',
  ALIBABA_VOD_REGION: region,
  ALIBABA_VOD_TEMPLATE_GROUP: templateGroupId,
} = process.env;

describe.skipIf(!accessKeyId || !accessKeySecret)('the real alibaba-vod cloud', () => {
  const shared = {
    singlePutMaxBytes: 100_000,
    ...(region && { region }),
    ...(templateGroupId && { templateGroupId }),
  };
  const open = () =>
    Promise.resolve({
      provider: alibabaVod({ ...shared, credentials: { accessKeyId, accessKeySecret } }),
      providerWithWrongKeys: alibabaVod({
        ...shared,
        credentials: { accessKeyId, accessKeySecret: 'wrong' },
      }),
      singleSizeBytes: 90_000,
      multipartSizeBytes: 350_000,
      deletesEnds: true,
      processingTimeoutMs: 120_000,
      close: () => Promise.resolve(),
    });
  describeProvider('alibaba-vod', open);
});
