import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createLifecycle } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
const app = new Hono();
app.all('/api/uploads/*', (c) => service.endpoint(c.req.raw));

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
process.once('SIGTERM', async () => {
  await service.drain();
  server.close();
});
