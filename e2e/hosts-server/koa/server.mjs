import Koa from 'koa';
import { createLifecycle, toNodeListener } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
const app = new Koa();
const listener = toNodeListener(service.endpoint);

app.use((ctx, next) => {
  if (!ctx.path.startsWith('/api/uploads/')) return next();
  ctx.respond = false; // the listener answers
  listener(ctx.req, ctx.res);
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', async () => {
  await service.drain();
  server.close();
});
