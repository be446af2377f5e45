import process from 'node:process';
import { createLifecycle } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
const server = Deno.serve({ port: Number(process.env.PORT), hostname: '127.0.0.1' }, (request) =>
  service.endpoint(request),
);
process.once('SIGTERM', async () => {
  await service.drain();
  await server.shutdown();
});
