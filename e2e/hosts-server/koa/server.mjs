import Koa from 'koa';
import { toNodeListener } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const app = new Koa();
const listener = toNodeListener(endpoint);

app.use((ctx, next) => {
  if (!ctx.path.startsWith('/api/uploads/')) return next();
  ctx.respond = false; // the listener answers
  listener(ctx.req, ctx.res);
});
app.listen(Number(process.env.PORT), '127.0.0.1');
