// Stands for the gateway: makes events of HTTP requests, as payload format 2.0 describes them.
import { createServer } from 'node:http';
import { handler } from './handler.mjs';

createServer(async (req, res) => {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const { cookie, ...headers } = req.headers;
  const answer = await handler({
    version: '2.0',
    headers,
    cookies: cookie?.split('; '),
    requestContext: { http: { method: req.method, path: new URL(req.url, 'http://x').pathname } },
    body: chunks.length > 0 ? Buffer.concat(chunks).toString('base64') : undefined,
    isBase64Encoded: true,
  });
  res.writeHead(answer.statusCode, answer.headers).end(answer.body);
}).listen(Number(process.env.PORT), '127.0.0.1');
