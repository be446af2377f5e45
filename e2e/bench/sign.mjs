// The number of part URLs that one core signs per second, through the whole endpoint: ticket, schema, provider, answer.
// For each provider that signs its parts itself; Huawei VOD asks the service for each, and MetaStudio has them all in
// the ticket. `node e2e/bench/sign.mjs [folder of the build] [provider]` measures without the rest of the bench.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , dist = path.join(import.meta.dirname, '../../dist'), only] = process.argv;
const load = (name) => import(pathToFileURL(path.resolve(dist, name)).href);
const { alibabaVod, createTokenEndpoint, s3, tencentVod } = await load('server.js');
const { openSandbox } = await load('sandbox.js');

const sandbox = openSandbox();
const ask = (...call) => sandbox.fetch(new Request(...call));
const { alibabaVod: alibaba, tencentVod: tencent, s3: store } = sandbox.credentials;
const alibabaOptions = { ...alibaba, credentials: alibaba, fetch: ask };
const providers = [
  s3({ ...store, credentials: store, fetch: ask }),
  s3({ ...store, credentials: store, fetch: ask, id: 's3, signed headers', signature: 'headers' }),
  alibabaVod({ ...alibabaOptions, id: 'alibaba-vod' }),
  alibabaVod({ ...alibabaOptions, id: 'alibaba-vod, signature v1', ossSignature: 'v1' }),
  tencentVod({ ...tencent, credentials: tencent, fetch: ask }),
];

const endpoint = createTokenEndpoint({
  providers,
  authorize: () => ({ id: 'bench' }),
  secret: 'a secret of more than thirty-two characters',
});

async function call(operation, body) {
  const response = await endpoint(
    new Request(`http://bench/api/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return response.json();
}

async function measure(provider, forMs) {
  const uploads = [{ clientId: 'c', fileName: 'a.mp4', sizeBytes: 1e10, contentType: 'video/mp4' }];
  const { results } = await call('start', { provider, uploads });
  if (results?.[0].outcome !== 'started') throw new Error(`${provider}: no session`);
  const { ticket, transfer } = results[0].session;
  const parts = Array.from({ length: 100 }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: transfer.partSizeBytes,
    md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
  }));
  await run({ ticket, parts }, 700);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const result = await run({ ticket, parts }, forMs);
  globalThis.gc?.();
  return { ...result, heapGrowthBytes: process.memoryUsage().heapUsed - before };
}

/** By the processor's time, so that what else the machine does counts for nothing. */
async function run(item, forMs) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  let signed = 0;
  while (performance.now() - started < forMs) {
    const answer = await call('sign', { items: [item] });
    signed += answer.results[0].requests.length;
  }
  const used = process.cpuUsage(cpu);
  return {
    perSecond: signed / ((performance.now() - started) / 1000),
    perCpuSecond: signed / ((used.user + used.system) / 1e6),
  };
}

const figures = {};
for (const { id } of providers) if (!only || id === only) figures[id] = await measure(id, 3000);
await sandbox.close();
console.log(JSON.stringify(figures));
