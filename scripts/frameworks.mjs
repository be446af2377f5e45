// Runs the token endpoint in real frameworks and runtimes and tries each with the conformance suite, against the sandbox:
// npm run frameworks [-- --only express,next]. Needs `npm run build` first; installs the frameworks into a cache.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './install.mjs';
import { freePorts } from './ports.mjs';

const source = path.join(root, 'e2e/hosts-server');
const cache = path.join(root, 'node_modules/.cache/vodrop-frameworks');
const bin = (name) => path.join(cache, 'node_modules/.bin', name);
const appOrigin = 'https://app.example.com';
const startMs = 60_000;
const stopMs = 10_000;
const session = 'session=ada';
/** Many more uploads than the endpoint has under way at once (8). */
const batchSize = 60;

/**
 * How each is started, in its own folder. `build` runs without the keys, as on a build server. `isDeaf`: it is not told
 * that a client has disconnected. `needsReset`: it is told when the connection is reset, not when it is closed.
 */
const hosts = {
  express: { start: [process.execPath, 'server.mjs'], endsOnSignal: true, probes: ['live', 'ready'] },
  fastify: { start: [process.execPath, 'server.mjs'], endsOnSignal: true },
  koa: { start: [process.execPath, 'server.mjs'], endsOnSignal: true },
  hono: { start: [process.execPath, 'server.mjs'], endsOnSignal: true },
  next: {
    build: [bin('next'), 'build'],
    start: [bin('next'), 'start', '--hostname', '127.0.0.1'],
  },
  lambda: { start: [process.execPath, 'invoke.mjs'], isDeaf: true },
  workers: { start: [process.execPath, 'serve.mjs'], needsReset: true },
  bun: { start: [bin('bun'), 'server.mjs'], needs: bin('bun'), endsOnSignal: true },
  deno: {
    start: [bin('deno'), 'run', '--allow-net', '--allow-env', '--allow-read', 'server.mjs'],
    needs: bin('deno'),
    endsOnSignal: true,
  },
};

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = values.only?.split(',') ?? Object.keys(hosts);

try {
  prepare();
  const { startSandbox } = await import(path.join(root, 'dist/sandbox.js'));
  const sandbox = await startSandbox({ processingMs: 0 });
  const results = [];
  try {
    for (const name of names) results.push([name, await tryHost(name, sandbox)]);
  } finally {
    await sandbox.close();
  }
  console.log('');
  for (const [name, result] of results) console.log(`${name.padEnd(9)} ${result}`);
  if (results.some(([, result]) => result.startsWith('FAILED'))) process.exitCode = 1;
} catch (error) {
  console.error(`vodrop: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Copies the servers, installs their frameworks unless they are there, and puts the packed package beside them. */
function prepare() {
  if (!existsSync(path.join(root, 'dist/server.js'))) throw new Error('npm run build has to run first');
  mkdirSync(cache, { recursive: true });
  const own = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const manifest = JSON.stringify(
    { ...own, dependencies: { ...dependencies, ...own.dependencies } },
    null,
    2,
  );
  const stamp = path.join(cache, '.installed');
  const digest = createHash('sha256').update(manifest).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    writeFileSync(path.join(cache, 'package.json'), manifest);
    console.log('installing the frameworks …');
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: cache });
    writeFileSync(stamp, digest);
  }
  cpSync(path.join(source, 'uploads.mjs'), path.join(cache, 'uploads.mjs'));
  for (const name of Object.keys(hosts)) {
    rmSync(path.join(cache, name), { recursive: true, force: true });
    cpSync(path.join(source, name), path.join(cache, name), { recursive: true });
  }
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', cache], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = Object.values(JSON.parse(packed));
  const installed = path.join(cache, 'node_modules/vodrop');
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', path.join(cache, filename), '--strip-components=1', '-C', installed]);
}

/** One line: what came of it. */
async function tryHost(name, sandbox) {
  const host = hosts[name];
  if (!host) throw new Error(`there is no host ${name}; there are ${Object.keys(hosts).join(', ')}`);
  if (host.needs && spawnSync(host.needs, ['--version']).status !== 0)
    return 'not run: npm could not install its binary here';
  const cwd = path.join(cache, name);
  if (host.build) {
    const [command, ...args] = host.build;
    const built = spawnSync(command, args, { cwd, encoding: 'utf8', env: withoutKeys() });
    if (built.status !== 0) return `FAILED to build\n${tail(built.stdout + built.stderr)}`;
  }
  const [port] = await freePorts(1);
  const [command, ...args] = host.start;
  const server = spawn(command, args, {
    cwd,
    // A group of its own: some have processes of theirs, which would outlive them.
    detached: true,
    env: { ...withoutKeys(), ...keysOf(sandbox), PORT: String(port) },
  });
  const killAll = () => killGroup(server.pid);
  process.once('exit', killAll);
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (log += chunk));
  const exited = new Promise((resolve) => server.once('exit', (code) => resolve(code)));
  try {
    await answering(`http://127.0.0.1:${port}/api/uploads/describe`, exited);
    const failed = await conform(port);
    if (failed) return `FAILED\n${failed}`;
    const count = host.isDeaf ? 0 : await startsAfterDisconnect(port, sandbox, host);
    if (count > batchSize / 2)
      return `FAILED: after the client has disconnected, it starts the ${count} uploads that are left`;
    if (host.endsOnSignal) return await endInOrder(port, { server, exited, probes: host.probes });
    return 'passes the conformance suite';
  } catch (error) {
    return `FAILED: ${error.message}\n${tail(log)}`;
  } finally {
    process.removeListener('exit', killAll);
    killAll();
    await exited;
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** How many uploads of a call are started after its client has disconnected. Those under way then are completed. */
async function startsAfterDisconnect(port, { url }, { needsReset }) {
  const control = async (name, init) => (await fetch(`${url}/__sandbox/${name}`, init)).json();
  const startCount = async () =>
    (await control('requests')).filter(({ action }) => action === 'ApplyUpload').length;
  const slow = { match: { action: 'ApplyUpload' }, times: null, effect: { delayMs: 300 } };
  await control('faults', { method: 'POST', body: JSON.stringify({ rules: [slow] }) });
  try {
    const before = await startCount();
    const call = httpRequest(`http://127.0.0.1:${port}/api/uploads/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: session },
    });
    call.on('error', () => {});
    const uploads = Array.from({ length: batchSize }, (_, i) => ({
      clientId: `gone-${i}`,
      fileName: 'clip.mp4',
      contentType: 'video/mp4',
      sizeBytes: 10_000,
    }));
    call.end(JSON.stringify({ provider: 'tencent-vod', uploads }));
    const begun = await settled(startCount, (count) => count > before);
    if (needsReset) call.socket.resetAndDestroy();
    else call.destroy();
    let last = begun;
    return (await settled(startCount, (count) => last === (last = count), 1500)) - begun;
  } finally {
    await control('faults', { method: 'DELETE' });
  }
}

/** Asks, after each wait, until the answer will do. */
async function settled(ask, isEnough, everyMs = 50) {
  const deadline = Date.now() + startMs;
  for (;;) {
    await after(everyMs);
    const answer = await ask();
    if (isEnough(answer)) return answer;
    if (Date.now() > deadline) throw new Error('the cloud was not asked as expected');
  }
}

/** What the suite finds, or undefined. The sandbox answers in this process meanwhile. */
async function conform(port) {
  const suite = spawn(
    process.execPath,
    [
      path.join(cache, 'node_modules/vodrop/dist/cli.js'),
      'conformance',
      `http://127.0.0.1:${port}/api/uploads`,
      ...['--provider', 'tencent-vod', '--origin', appOrigin],
      ...['--header', `cookie: ${session}`, '--other-header', 'cookie: session=bob'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [suite.stdout, suite.stderr]) stream.on('data', (chunk) => (text += chunk));
  const status = await new Promise((resolve) => suite.once('close', resolve));
  if (status === 0) return undefined;
  return text
    .split('\n')
    .filter((line) => !/^(ok|skipped) /.test(line))
    .join('\n');
}

/** The probes answer before the signal; then the process ends by itself, without an error. */
async function endInOrder(port, { server, exited, probes = [] }) {
  for (const probe of probes) {
    const { status } = await fetch(`http://127.0.0.1:${port}/${probe}`);
    if (status !== 200) return `FAILED: /${probe} answers ${status}`;
  }
  server.kill('SIGTERM');
  const code = await Promise.race([exited, after(stopMs, 'still running')]);
  return code === 0 ? 'passes the conformance suite, and ends in order' : `FAILED: after SIGTERM: ${code}`;
}

async function answering(url, exited) {
  const deadline = Date.now() + startMs;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.status === 405) return;
    if (Date.now() > deadline) throw new Error(`it does not answer (${answer?.status ?? 'no connection'})`);
    const code = await Promise.race([exited, after(200, 'running')]);
    if (code !== 'running') throw new Error(`it has ended with ${code}`);
  }
}

function after(ms, value) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), ms).unref();
  });
}

function withoutKeys() {
  return { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
}

function keysOf({ credentials: { tencentVod: account } }) {
  return {
    TENCENT_SECRET_ID: account.secretId,
    TENCENT_SECRET_KEY: account.secretKey,
    TENCENT_ENDPOINT: account.endpoint,
    TENCENT_COS_ORIGIN: account.cosOrigin,
    TICKET_SECRET: 'the secret of all servers that this script starts',
    APP_ORIGIN: appOrigin,
  };
}

function tail(text) {
  return text.split('\n').slice(-30).join('\n');
}
