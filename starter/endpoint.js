import { createTokenEndpoint, huaweiVod, toNodeListener } from 'vodrop/server';

/** The listener of the token endpoint, with the cloud of the environment, or with the sandbox. */
export async function createListener() {
  const {
    HUAWEI_PROJECT_ID,
    HUAWEI_REGION = 'cn-north-4',
    HUAWEI_AK,
    HUAWEI_SK,
    TICKET_SECRET,
  } = process.env;
  const isReal = HUAWEI_PROJECT_ID && HUAWEI_AK && HUAWEI_SK;
  return toNodeListener(
    createTokenEndpoint({
      providers: [
        huaweiVod(
          isReal
            ? {
                projectId: HUAWEI_PROJECT_ID,
                region: HUAWEI_REGION,
                credentials: { accessKey: HUAWEI_AK, secretKey: HUAWEI_SK },
              }
            : await localCloud(),
        ),
      ],
      // Everybody is one person: put your own session here, and return null for who is not signed in.
      authorize: () => ({ id: 'demo' }),
      secret: TICKET_SECRET ?? 'only for the sandbox: at least 32 characters',
    }),
  );
}

async function localCloud() {
  const { startSandbox } = await import('vodrop/sandbox');
  const sandbox = await startSandbox({ port: 0 });
  const { projectId, endpoint, accessKey, secretKey } = sandbox.credentials.huaweiVod;
  return { projectId, endpoint, credentials: { accessKey, secretKey } };
}
