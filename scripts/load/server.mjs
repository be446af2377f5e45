// The token endpoint as a host runs it, on one core: one process of Node, one provider for each bucket of the vendor.
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const [, , , bundle, endpoint] = process.argv;
const { createTokenEndpoint, s3, toNodeListener } = await import(bundle);
let events = 0;
let cpu = process.cpuUsage();
let since = performance.now();
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

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
// Longer than a client pauses: a connection that the server ends in the moment of the next call would lose that call.
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', (message) => {
  if (message === 'reset') return reset();
  const loopDelayMs = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
  const { user, system } = process.cpuUsage(cpu);
  const cpuShare = (user + system) / 1000 / (performance.now() - since);
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  reset();
  process.send({ rssMb: rss / 1e6, heapMb: heapUsed / 1e6, cpuShare, loopDelayMs, events });
});

function reset() {
  delay.reset();
  [cpu, since] = [process.cpuUsage(), performance.now()];
}
