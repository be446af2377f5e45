// The number of part URLs that one core signs per second, through the whole endpoint: ticket, schema, provider, answer.
import { createTokenEndpoint, s3 } from '../../dist/server.js';

const endpoint = createTokenEndpoint({
  providers: [
    s3({
      bucket: 'bucket',
      region: 'us-east-1',
      endpoint: 'https://store.example',
      credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
    }),
  ],
  authorize: () => ({ id: 'bench' }),
  secret: 'a secret of more than thirty-two characters',
});

const call = async (operation, body) => {
  const response = await endpoint(
    new Request(`http://bench/api/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return response.json();
};

export async function measureSigning(seconds = 3) {
  // A multipart session without a store: the state equals the one that `start` creates.
  const real = globalThis.fetch;
  globalThis.fetch = () =>
    Promise.resolve(
      new Response('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>', {
        headers: { 'content-type': 'application/xml' },
      }),
    );
  const { results } = await call('start', {
    provider: 's3',
    uploads: [{ clientId: 'c', fileName: 'a.mp4', sizeBytes: 1e11, contentType: 'video/mp4' }],
  });
  globalThis.fetch = real;
  if (results[0].outcome !== 'started') throw new Error(JSON.stringify(results[0]));
  const { ticket } = results[0].session;
  const parts = Array.from({ length: 100 }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: 16777216,
    md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
  }));
  const run = async (forMs) => {
    const started = performance.now();
    const cpu = process.cpuUsage();
    let signed = 0;
    while (performance.now() - started < forMs) {
      const answer = await call('sign', { items: [{ ticket, parts }] });
      signed += answer.results[0].requests.length;
    }
    const used = process.cpuUsage(cpu);
    return {
      perSecond: signed / ((performance.now() - started) / 1000),
      perCpuSecond: signed / ((used.user + used.system) / 1e6),
    };
  };
  await run(500);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const result = await run(seconds * 1000);
  globalThis.gc?.();
  return { ...result, heapGrowthBytes: process.memoryUsage().heapUsed - before };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await measureSigning()));
