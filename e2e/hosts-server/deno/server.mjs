import { createServer } from 'node:http';
import process from 'node:process';
import { createLifecycle, toNodeListener } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
// `Deno.serve` does not tell that a browser has disconnected once the body has come in a packet of its own.
const server = createServer(toNodeListener(service.endpoint));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', async () => {
  await service.drain();
  server.close();
});
