// npm run clients
// Independent S3 clients upload, list, fetch and delete objects of 1 kB and 40 MB in the sandbox.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureInstalled, root } from './install.mjs';

const folder = path.join(root, 'e2e', 'clients');
const sizes = { '1 kB': 1024, '40 MB': 40 * 1024 ** 2 };

ensureInstalled();
installClients();
const { runnerImport } = await import('vite');
const { module } = await runnerImport(path.join(root, 'src/sandbox/index.ts'), {
  configFile: false,
  logLevel: 'error',
});
const { nodeClients } = await import(path.join(folder, 'node-clients.mjs'));
const { cliClients, missingClient } = await import(path.join(folder, 'cli-clients.mjs'));

const sandbox = await module.startSandbox();
const proxy = await startProxy(sandbox.port);
const directory = await mkdtemp(path.join(tmpdir(), 'vodrop-clients-'));
const failures = [];
try {
  const store = sandbox.credentials.s3;
  const tampered = { ...store, endpoint: proxy.url };
  const clients = { ...nodeClients(store), ...cliClients(store, directory) };
  const tamperedClients = { ...nodeClients(tampered), ...cliClients(tampered, directory) };
  for (const [name, client] of Object.entries(clients)) {
    const reason = ['rclone', 'aws', 's3cmd'].includes(name) ? missingClient(name) : undefined;
    if (reason) console.log(`${name}: skipped (${reason})`);
    else await check(name, client, tamperedClients[name]);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
  proxy.close();
  await sandbox.close();
}
console.log(failures.length === 0 ? 'all clients work' : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;

async function check(name, client, tamperedClient) {
  for (const [label, size] of Object.entries(sizes)) {
    try {
      await roundTrip(client, `${name.replace(/\W/g, '-')}/${size}.bin`, randomBytes(size));
      console.log(`${name}: ${label} stored, listed, fetched and deleted, equal digests`);
    } catch (error) {
      failures.push(`${name}: ${label}: ${error.message}`);
    }
  }
  const isRefused = await tamperedClient.put('tampered.bin', randomBytes(1024)).then(
    () => false,
    () => true,
  );
  if (isRefused && !(await objects()).includes('tampered.bin'))
    console.log(`${name}: tampered request refused`);
  else failures.push(`${name}: a tampered request was accepted`);
}

async function roundTrip(client, key, body) {
  await client.put(key, body);
  if (!(await client.list()).some((line) => line.includes(key)))
    throw new Error('the object is not in the list');
  if (digest(await client.get(key)) !== digest(body))
    throw new Error('the fetched bytes differ from the stored bytes');
  await client.remove(key);
  if ((await objects()).includes(key)) throw new Error('the object still exists after the deletion');
}

async function objects() {
  const answer = await fetch(`${sandbox.url}/__sandbox/objects`);
  return (await answer.json()).map(({ key }) => key);
}

function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Forwards requests with a path that differs from the signed one, and leaves the rest unchanged. */
async function startProxy(port) {
  const server = createServer((incoming, outgoing) => {
    const target = incoming.url.replace('tampered.bin', 'tampered.bin.changed');
    const { method, headers } = incoming;
    const forwarded = httpRequest({ host: '127.0.0.1', port, path: target, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The clients have a separate lock file. */
function installClients() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(folder, 'node_modules', '.vodrop-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error('the clients could not be installed');
  writeFileSync(stamp, lock);
}
