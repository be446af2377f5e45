import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exchange, fetchOnKeptConnections } from './http.js';

let server: Server;
let url: string;
const connections = new Set<unknown>();

beforeEach(async () => {
  connections.clear();
  server = createServer((request, response) => {
    connections.add(request.socket);
    response.setHeader('content-length', request.method === 'HEAD' ? '10' : '0');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/object`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (method: string, fetch = fetchOnKeptConnections) =>
  exchange(
    { method, url },
    { fetch, signal: new AbortController().signal, timeoutMs: 5000, what: 'head object' },
  );

it('keeps the connection after a HEAD, for others and for what follows', async () => {
  await ask('GET');
  for (let count = 0; count < 10; count += 1)
    expect((await ask('HEAD')).headers.get('content-length')).toBe('10');
  expect((await ask('GET')).status).toBe(200);
  // One is not free again yet when the next request is sent.
  expect(connections.size).toBeLessThanOrEqual(2);
});

it('leaves to a `fetch` of the host what it sends by', async () => {
  const given: object[] = [];
  await ask('HEAD', (input, init = {}) => {
    given.push(init);
    return fetch(input, init);
  });
  expect(given).toEqual([expect.not.objectContaining({ dispatcher: expect.anything() as object })]);
});
