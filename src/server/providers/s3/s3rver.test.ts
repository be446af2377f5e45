import { describe } from 'vitest';
import { describeProvider } from '../contract-suite.js';
import { s3, s3Stores } from './index.js';

/**
 * The provider contract at s3rver, a store for tests; `npm run clients` installs and starts it. Its keys are fixed, and
 * its multipart objects have an ETag that is not made of the parts'.
 */
const endpoint = process.env['VODROP_S3RVER'];
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

describe.skipIf(!endpoint)('s3 with s3rver', () => {
  describeProvider('s3', () => {
    const options = {
      ...s3Stores.s3rver({ endpoint: endpoint ?? '' }),
      bucket: 'vodrop',
      singlePutMaxBytes: 1_000_000,
    };
    return Promise.resolve({
      provider: s3({ ...options, credentials: keys }),
      providerWithWrongKeys: s3({ ...options, credentials: { ...keys, secretAccessKey: 'wrong' } }),
      singleSizeBytes: 500_000,
      multipartSizeBytes: 11_000_000,
      askingSizeBytes: 1_000_001,
      isListless: true,
      onlyServiceReadsParts: true,
      isNotToldOfEnds: true,
      lacks: ['checksums', 'aborts', 'signatures'],
      close: () => Promise.resolve(),
    });
  });
});
