// Stands for the gateway: makes events of HTTP requests, in the payload formats 2.0 and 1.0 by turns.
import { createServer } from 'node:http';
import { handler } from './handler.mjs';

let count = 0;

createServer((req, res) => {
  // The client has disconnected.
  invoke(req, res).catch(() => res.destroy());
}).listen(Number(process.env.PORT), '127.0.0.1');

async function invoke(req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { pathname } = new URL(req.url, 'http://x');
  count += 1;
  const event = count % 2 === 1 ? eventOfFormat2(req, pathname, body) : eventOfFormat1(req, pathname, body);
  // A function that throws is answered so by the gateway.
  const answer = await handler(event).catch((error) => ({ statusCode: 502, body: String(error) }));
  res.writeHead(answer.statusCode, answer.headers).end(answer.body);
}

function eventOfFormat2({ method, headers: { cookie, ...headers } }, path, body) {
  return {
    version: '2.0',
    headers,
    cookies: cookie?.split('; '),
    requestContext: { http: { method, path } },
    body: body.length > 0 ? body.toString('base64') : undefined,
    isBase64Encoded: true,
  };
}

function eventOfFormat1({ method, headers }, path, body) {
  return {
    version: '1.0',
    httpMethod: method,
    path,
    headers: Object.keys(headers).length > 0 ? headers : null,
    requestContext: { httpMethod: method, path },
    body: body.length > 0 ? body.toString('utf8') : null,
    isBase64Encoded: false,
  };
}
