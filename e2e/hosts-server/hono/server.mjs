import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { endpoint } from '../uploads.mjs';

const app = new Hono();
app.all('/api/uploads/*', (c) => endpoint(c.req.raw));
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
