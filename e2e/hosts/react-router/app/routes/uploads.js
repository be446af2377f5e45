import { createTokenEndpoint, huaweiVod } from 'vodrop/server';

const endpoint = createTokenEndpoint(() => {
  const { HUAWEI_PROJECT_ID, HUAWEI_ENDPOINT, HUAWEI_AK, HUAWEI_SK, TICKET_SECRET } = process.env;
  return {
    providers: [
      huaweiVod({
        projectId: HUAWEI_PROJECT_ID,
        endpoint: HUAWEI_ENDPOINT,
        credentials: { accessKey: HUAWEI_AK, secretKey: HUAWEI_SK },
      }),
    ],
    authorize: () => ({ id: 'ann' }),
    secret: TICKET_SECRET,
  };
});

export const action = ({ request }) => endpoint(request);
