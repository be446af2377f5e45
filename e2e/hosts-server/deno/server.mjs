import process from 'node:process';
import { endpoint } from '../uploads.mjs';

Deno.serve({ port: Number(process.env.PORT), hostname: '127.0.0.1' }, (request) => endpoint(request));
