import Fastify from 'fastify';
import { createLifecycle, toNodeListener } from 'vodrop/server';
import { endpoint } from '../uploads.mjs';

const service = createLifecycle(endpoint);
const app = Fastify();
const listener = toNodeListener(service.endpoint);

await app.register(async (scope) => {
  // The endpoint reads the body itself; the parsers of other routes stay as they are.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null));
  scope.all('/api/uploads/*', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.once('SIGTERM', async () => {
  await service.drain();
  await app.close();
});
