import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { createListener } from './endpoint.js';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const uploads = await createListener();

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/api/uploads/')) return uploads(request, response);
  const name = pathname === '/' ? 'index.html' : path.normalize(pathname);
  const file = await readFile(path.join('dist', name)).catch(() => undefined);
  if (!file) return response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  response
    .writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' })
    .end(file);
});
server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${server.address().port}/`);
});
