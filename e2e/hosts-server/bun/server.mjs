import { createLifecycle } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
const server = Bun.serve({
  port: Number(process.env.PORT),
  hostname: '127.0.0.1',
  // In seconds. After ten, its default, Bun closes the connection of a slow call without an answer.
  idleTimeout: 130,
  fetch: (request) => service.endpoint(request),
});
process.once('SIGTERM', async () => {
  await service.drain();
  await server.stop();
});
