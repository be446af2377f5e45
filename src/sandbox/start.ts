import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assembleSandbox, type SandboxCredentials } from './assemble.js';
import type { SandboxOptions } from './options.js';
import { DiskByteStore } from './store/byte-store.js';

/** A sandbox that listens: its addresses, its credentials and how to stop it. */
export interface RunningSandbox {
  /** Origin of control planes, object stores, play addresses and control API. No trailing slash. */
  url: string;
  port: number;
  /** Configuration for a token endpoint that uses the sandbox. */
  credentials: SandboxCredentials;
  /** Aborts requests under way, closes the port and deletes the stored bytes. Idempotent. */
  close: () => Promise<void>;
}

/**
 * Starts the emulated clouds on one HTTP port. Rejects with the system's error (`code: 'EADDRINUSE'`) when the port is
 * taken.
 *
 * @example
 * const sandbox = await startSandbox();
 * const { endpoint, accessKey, secretKey, projectId } = sandbox.credentials.huaweiVod;
 * // … upload …
 * const objects = await (await fetch(`${sandbox.url}/__sandbox/objects`)).json();
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { port: wantedPort = 0, host = '127.0.0.1' } = options;
  const directory = await freshDirectory(options.dataDir);
  let url = '';
  const { sandbox, credentials } = assembleSandbox(options, new DiskByteStore(directory), () => url);
  // Node's default of five minutes per request would end slow uploads. The stores detect idle bodies themselves.
  const server = createServer({ requestTimeout: 0 }, sandbox.handle);
  // Node answers 417 to an `Expect` other than `100-continue`; the stores ignore it.
  server.on('checkExpectation', sandbox.handle);
  let port: number;
  try {
    port = await listen(server, wantedPort, host);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  url = `http://${urlHost(host)}:${port}`;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((done) => {
      server.close(() => {
        done();
      });
    });
    await sandbox.close();
    server.closeAllConnections();
    await stopped;
    await rm(directory, { recursive: true, force: true });
  };
  return {
    url,
    port,
    credentials: credentials(),
    close: () => (closed ??= close()),
  };
}

/** A new folder, so that closing can delete exactly what the sandbox wrote. */
async function freshDirectory(dataDir: string | undefined): Promise<string> {
  const parent = resolve(dataDir ?? tmpdir());
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, 'vodrop-sandbox-'));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        error.message = `The sandbox cannot listen on ${host}:${port}: the port is taken.`;
      fail(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** An address that clients can connect to; "any interface" is not one. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
