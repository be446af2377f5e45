// A backend that compiles with `exactOptionalPropertyTypes` and reads its options from the environment.
import { startSandbox } from 'vodrop/sandbox';
import {
  alibabaVod,
  createTokenEndpoint,
  EndpointError,
  huaweiMetastudio,
  huaweiVod,
  s3,
  tencentVod,
  toNodeListener,
} from 'vodrop/server';

const { env } = process;
declare const count: number | undefined;

const sandbox = await startSandbox({ port: count, host: env['HOST'] });
const { huaweiVod: huawei, alibabaVod: alibaba, tencentVod: tencent, s3: store } = sandbox.credentials;

const endpoint = createTokenEndpoint({
  providers: [
    huaweiVod({
      projectId: huawei.projectId,
      endpoint: env['VOD'],
      region: env['REGION'],
      credentials: huawei,
    }),
    alibabaVod({ region: env['REGION'] ?? 'cn-shanghai', credentials: alibaba, workflowId: env['FLOW'] }),
    tencentVod({ credentials: tencent, subAppId: count, region: env['REGION'] }),
    s3({ ...store, region: env['REGION'] ?? 'auto', endpoint: env['S3'], credentials: store }),
    huaweiMetastudio({ projectId: huawei.projectId, endpoint: env['META'], credentials: huawei }),
  ],
  authorize: (request, { uploads = [] }) => {
    const id = request.headers.get('x-user');
    if (uploads.length > 50)
      throw new EndpointError('rate-limited', { retryAfterMs: count, detail: env['WHY'] });
    return id === null
      ? null
      : {
          id,
          options: id === 'admin' ? 'any' : undefined,
          mayStart: ({ sizeBytes }) =>
            sizeBytes > 1e9 ? { quotaExceeded: 'Files of up to 1 GB.', retryAfterMs: count } : undefined,
        };
  },
  secret: env['SECRET'] ?? '',
  ticketLifetimeMs: count,
  maxBodyBytes: count,
  allowedOrigins: undefined,
  onError: undefined,
});

export const listener = toNodeListener(endpoint);
