// The token endpoint as a host runs it, on one core: one process of Node, one provider for each bucket of the vendor.
import { createServer } from 'node:http';

const [, , , bundle, endpoint] = process.argv;
const { createTokenEndpoint, s3, toNodeListener } = await import(bundle);
let events = 0;
let cpu = process.cpuUsage();
let since = performance.now();

const provider = (bucket) =>
  s3({
    id: bucket,
    bucket,
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
  });

const listener = toNodeListener(
  createTokenEndpoint({
    providers: ['quick', 'slow', 'hang', 'throttle'].map(provider),
    authenticate: (request) => ({ id: request.headers.get('x-load-client') ?? '' }),
    onEvent: () => (events += 1),
    secret: 'a secret of more than thirty-two characters',
  }),
);
const server = createServer(listener);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage(cpu);
  const cpuShare = (user + system) / 1000 / (performance.now() - since);
  [cpu, since] = [process.cpuUsage(), performance.now()];
  process.send({ rssMb: rss / 1e6, heapMb: heapUsed / 1e6, cpuShare, events });
});
