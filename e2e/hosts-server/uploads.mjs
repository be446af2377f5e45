// What every server here serves: the endpoint of an application whose users sign in by a cookie.
import { createTokenEndpoint, tencentVod } from 'vodrop/server';

/** Of `process.env`, or of what a runtime gives in its place. */
export function optionsFrom(env) {
  return {
    providers: [
      tencentVod({
        credentials: { secretId: env.TENCENT_SECRET_ID, secretKey: env.TENCENT_SECRET_KEY },
        endpoint: env.TENCENT_ENDPOINT,
        cosOrigin: env.TENCENT_COS_ORIGIN,
        singlePutMaxBytes: 100_000,
      }),
    ],
    authorize: (request) => readSession(request),
    secret: env.TICKET_SECRET,
    allowedOrigins: [env.APP_ORIGIN],
  };
}

/** Called with the first request: a framework's build loads this module without the keys. */
export const endpoint = createTokenEndpoint(() => optionsFrom(process.env));

/** Stands for the session store of the application. */
function readSession(request) {
  const [, id] = /(?:^|; )session=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? [];
  const user = { ada: { id: 'user-1' }, bob: { id: 'user-2' } }[id];
  return user ?? null;
}
