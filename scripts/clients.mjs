// npm run clients
// Independent S3 clients upload, list, fetch and delete objects of 1 kB and 40 MB in the sandbox, and the vendors' own
// uploaders for pages upload them in Chromium. Then `s3()` meets its contract at s3rver. `--only s3`, `--only browser` or
// `--only s3rver` runs one of the three.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureChromium } from './browser.mjs';
import { ensureInstalled, root } from './install.mjs';

const folder = path.join(root, 'e2e', 'clients');
const sizes = { '1 kB': 1024, '40 MB': 40 * 1024 ** 2 };

ensureInstalled();
installClients();
const { runnerImport } = await import('vite');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { configFile: false, logLevel: 'error' })).module;
const { startSandbox } = await load('src/sandbox/index.ts');
const { nodeClients } = await import(path.join(folder, 'node-clients.mjs'));
const { cliClients, missingClient } = await import(path.join(folder, 'cli-clients.mjs'));
const { browserSettings, runBrowserClients } = await import(path.join(folder, 'browser-run.mjs'));

const only = process.argv[2] === '--only' ? process.argv[3] : undefined;
const isWanted = (name) => only === undefined || only === name;
const sandbox = await startSandbox(browserSettings);
const proxy = await startProxy(sandbox.port);
const directory = await mkdtemp(path.join(tmpdir(), 'vodrop-clients-'));
const failures = [];
try {
  if (isWanted('s3')) await runS3Clients();
  if (isWanted('browser')) await runInBrowser();
  if (isWanted('s3rver')) await runAtS3rver();
} finally {
  await rm(directory, { recursive: true, force: true });
  proxy.close();
  await sandbox.close();
}
console.log(failures.length === 0 ? 'all clients work' : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;

async function runS3Clients() {
  const store = sandbox.credentials.s3;
  const tampered = { ...store, endpoint: proxy.url };
  const clients = { ...nodeClients(store), ...cliClients(store, directory) };
  const tamperedClients = { ...nodeClients(tampered), ...cliClients(tampered, directory) };
  for (const [name, client] of Object.entries(clients)) {
    const reason = ['rclone', 'aws', 's3cmd'].includes(name) ? missingClient(name) : undefined;
    if (reason) console.log(`${name}: skipped (${reason})`);
    else await check(name, client, tamperedClients[name]);
  }
}

async function runInBrowser() {
  ensureChromium();
  const { chromiumPath: executablePath, chromiumArgs: args } = await load('e2e/support/chromium.ts');
  const { vodSdk } = await load('src/sandbox/test-support/tencent-clients.ts');
  const { popClient } = await load('src/sandbox/test-support/alibaba-clients.ts');
  const apis = { tencent: vodSdk(sandbox), alibaba: popClient(sandbox) };
  const browser = { executablePath, args };
  failures.push(...(await runBrowserClients({ sandbox, apis, directory, sizes, browser })));
}

async function runAtS3rver() {
  const { startS3rver } = await import(path.join(folder, 's3rver.mjs'));
  const s3rver = await startS3rver(directory);
  const args = ['vitest', 'run', 'src/server/providers/s3/s3rver.test.ts'];
  const env = { ...process.env, VODROP_S3RVER: s3rver.url };
  // Not spawnSync: s3rver answers in this process.
  const tests = spawn('npx', args, { cwd: root, env, stdio: 'inherit' });
  const status = await new Promise((resolve) => tests.once('exit', resolve));
  await s3rver.close();
  if (status !== 0) failures.push('s3(): the contract is not met at s3rver');
}

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
