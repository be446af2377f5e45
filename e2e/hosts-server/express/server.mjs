import express from 'express';
import { createLifecycle, toNodeListener } from 'vodrop/server';
import { endpoint, optionsFrom } from '../uploads.mjs';

const service = createLifecycle(endpoint, { providers: optionsFrom(process.env).providers });
const app = express();

// Before body parsers, which answer a body that is not JSON in their own words.
app.use('/api/uploads', toNodeListener(service.endpoint));
app.use(express.json());
app.get('/live', (_req, res) => res.sendStatus(service.live().status));
app.get('/ready', async (_req, res) => res.sendStatus((await service.ready()).status));

const server = app.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', async () => {
  await service.drain();
  server.close();
});
