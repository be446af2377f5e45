import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { forOwnPage } from './local-cloud.js';

it('answers only its own page and callers that are no page', async () => {
  const server = createServer(forOwnPage((_, response) => response.end('answered')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const statusFrom = async (origin?: string) =>
    (await fetch(url, { method: 'POST', headers: origin === undefined ? {} : { origin } })).status;
  try {
    expect(await statusFrom()).toBe(200);
    expect(await statusFrom(url)).toBe(200);
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:1', 'https://evil.example', 'null'])
      expect(await statusFrom(origin)).toBe(403);
  } finally {
    server.close();
  }
});
