import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { EndpointStore } from '../memory.js';

/** A Redis of this machine (Debian: `apt install redis-server`) or its fork Valkey. */
const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

export const hasRedis = program !== undefined;

/** Says so where there is none: a suite that was skipped looks like one that has passed. */
export function announceSkip(suite: string): void {
  if (!hasRedis)
    process.stdout.write(`SKIPPED: ${suite}: no redis-server on this machine (apt install redis-server)\n`);
}

export interface RunningRedis {
  readonly client: Redis;
  /** As in the guide. */
  readonly store: EndpointStore;
  close(): Promise<void>;
}

export async function startRedis(): Promise<RunningRedis> {
  if (!program) throw new Error('There is no redis-server.');
  const port = await freePort();
  const child = spawn(program, ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A Redis that is not up yet refuses the connection; the client tries again.
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  client.on('error', () => undefined);
  await client.ping();
  return {
    client,
    store: {
      get: async (key) => (await client.get(key)) ?? undefined,
      put: async (key, value, lifetimeMs) => void (await client.set(key, value, 'PX', lifetimeMs)),
      putIfAbsent: async (key, value, lifetimeMs) =>
        (await client.set(key, value, 'PX', lifetimeMs, 'NX')) === 'OK',
    },
    async close() {
      client.disconnect();
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
