// Starts the demo: a local cloud, the token endpoint and the page with the widget. `--build` only builds the page,
// `--serve` serves the page from an earlier build.
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from './install.mjs';

const host = '127.0.0.1';
const port = readPort('PORT', 5173);
const sandboxPort = readPort('SANDBOX_PORT', 5174);
/** The process exits at the latest this long after a stop signal, even if connections are open. */
const stopMs = 5000;

try {
  const { values: only } = parseArgs({ options: { build: { type: 'boolean' }, serve: { type: 'boolean' } } });
  process.env.SANDBOX_PORT = String(sandboxPort);
  process.env.NODE_ENV = 'production';
  if (!only.build) {
    await ensureFree(port, 'PORT');
    await ensureFree(sandboxPort, 'SANDBOX_PORT');
  }
  ensureInstalled();
  if (!only.serve) await build();
  if (!only.build) await serve();
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function build() {
  const vite = await import('vite');
  await vite.build({ root, mode: 'demo', logLevel: 'warn' });
}

async function serve() {
  const { preview } = await import('vite');
  const starting = preview({
    root,
    mode: 'demo',
    logLevel: 'warn',
    preview: { host, port, strictPort: true },
  });
  const stop = () => {
    setTimeout(() => process.exit(1), stopMs);
    void starting.then((server) => server.close()).finally(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // With an IPC channel to a parent process, the demo ends with the parent.
  process.once('disconnect', stop);
  const server = await starting;

  const page = `http://${host}:${server.httpServer.address().port}/`;
  await expectAnswer(page, 200);
  await expectAnswer(`${page}api/uploads/start`, 400, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { sandboxUrl } = JSON.parse(await expectAnswer(`${page}api/demo`, 200));
  await expectAnswer(`${sandboxUrl}/__sandbox/objects`, 200);
  console.log(`vodrop ready: ${page}`);
}

async function expectAnswer(url, status, init) {
  const response = await fetch(url, init);
  if (response.status !== status) throw new Error(`${url} answered ${response.status} instead of ${status}`);
  return response.text();
}

/** Reads a port number; 0 selects any free port. */
function readPort(name, fallback) {
  const value = process.env[name] || String(fallback);
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number < 65536) return number;
  console.error(`vodrop: ${name} is "${value}", which is not a port number`);
  process.exit(1);
}

function ensureFree(number, name) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${number} is taken; choose another with ${name}=…`)
          : error,
      ),
    );
    probe.listen(number, host, () => probe.close(() => resolve()));
  });
}
