// s3rver, a store for tests, as a store that `s3()` is set on.
import { createRequire } from 'node:module';
import path from 'node:path';

const S3rver = createRequire(import.meta.url)('s3rver');

/** Its `url`; every page may send to its bucket `vodrop`. */
export async function startS3rver(directory) {
  const cors =
    '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>';
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: path.join(directory, 's3rver'),
    configureBuckets: [{ name: 'vodrop', configs: [cors] }],
  });
  const { port } = await server.run();
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
