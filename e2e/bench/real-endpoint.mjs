import { createTokenEndpoint, s3, toNodeListener } from '../../dist/server.js';

/** The product's own endpoint with a local signer; it calls the store afterwards without the delay of the line. */
export function realEndpoint(store, sinkPort) {
  const endpoint = createTokenEndpoint({
    providers: [
      s3({
        bucket: 'bench',
        region: 'us-east-1',
        endpoint: store,
        forcePathStyle: true,
        // The store of the bench computes no MD5s; the others are as at a store that does.
        eTag: 'opaque',
        signsBeforeHash: true,
        extensions: 'any',
        credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
        fetch: (url, init) =>
          fetch(
            String(url instanceof Request ? url.url : url).replace(store, `http://127.0.0.1:${sinkPort}`),
            init,
          ),
      }),
    ],
    authorize: () => ({ id: 'bench' }),
    secret: 'a secret of more than thirty-two characters',
  });
  return toNodeListener(endpoint);
}
