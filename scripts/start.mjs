// The demo: a local cloud, the token endpoint and the page, ready to drop a video on.
import { createServer } from 'node:net';
import { ensureInstalled, root } from './install.mjs';

const host = '127.0.0.1';
const port = readPort('PORT', 5173);
const sandboxPort = readPort('SANDBOX_PORT', 5174);

try {
  await ensureFree(port, 'PORT');
  await ensureFree(sandboxPort, 'SANDBOX_PORT');
  ensureInstalled();
  await start();
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function start() {
  process.env.SANDBOX_PORT = String(sandboxPort);
  process.env.NODE_ENV = 'production';
  const { build, preview } = await import('vite');
  await build({ root, mode: 'demo', logLevel: 'warn' });
  const server = await preview({ root, mode: 'demo', logLevel: 'warn', preview: { host, port, strictPort: true } });
  const stop = () => server.close().finally(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  const page = `http://${host}:${port}/`;
  await expectAnswer(page, 200);
  await expectAnswer(`${page}api/uploads/start`, 400, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await expectAnswer(`http://${host}:${sandboxPort}/__sandbox/objects`, 200);
  console.log(`vodrop ready: ${page}`);
}

async function expectAnswer(url, status, init) {
  const response = await fetch(url, init);
  if (response.status !== status) throw new Error(`${url} answered ${response.status} instead of ${status}`);
  await response.arrayBuffer();
}

function readPort(name, fallback) {
  const value = process.env[name] || String(fallback);
  const number = Number(value);
  if (Number.isInteger(number) && number > 0 && number < 65536) return number;
  console.error(`vodrop: ${name} is "${value}", which is no port number`);
  process.exit(1);
}

function ensureFree(number, name) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${number} is taken; choose another with ${name}=…`) : error),
    );
    probe.listen(number, host, () => probe.close(() => resolve()));
  });
}
