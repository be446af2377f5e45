// npm run load
// 200 clients at one token endpoint on one core, with a quick, a hanging, a slow and a throttling store behind it. Prints
// latencies, connections to the stores, memory and the delay of the event loops, and fails if anything is lost. Less than
// three minutes; `-- --only quick,saturated` makes some of the runs. A latency says something of the server only while the
// loop of the clients is free: both are printed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureInstalled, root } from './install.mjs';
import { file } from './load/file.mjs';

const clientCount = 200;
const role = process.argv[2];
if (role === 'vendor') await import('./load/vendor.mjs');
else if (role === 'server') await import('./load/server.mjs');
else await main();

async function main() {
  ensureInstalled();
  const bundle = await bundleServer();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  // The server has a core of its own where the system can do that; clients and stores share the others.
  pinThis();
  const vendor = await startRole(['vendor']);
  const server = await startRole(['server', bundle, `http://127.0.0.1:${vendor.port}`], { isPinned: true });
  const world = {
    origin: `http://127.0.0.1:${server.port}`,
    vendor,
    server,
    delay,
    failures: [],
    sequence: 0,
  };
  try {
    for (const run of runs()) {
      world.server.child.send('reset');
      world.delay.reset();
      await run(world);
    }
    await print(world, 'at the end', {});
  } finally {
    server.child.kill();
    vendor.child.kill();
  }
  console.log(world.failures.length === 0 ? 'nothing is lost' : world.failures.join('\n'));
  process.exitCode = world.failures.length === 0 ? 0 : 1;
}

function runs() {
  const all = { connecting, quick, saturated, hanging, slow, throttled };
  const at = process.argv.indexOf('--only');
  return at < 0 ? Object.values(all) : process.argv[at + 1].split(',').map((name) => all[name]);
}

/** All connect in the same moment, each with its first call. */
async function connecting(world) {
  const calls = [];
  await Promise.all(
    clients(world, 'quick', clientCount).map((client) =>
      client.call('describe', { providers: ['quick'] }, calls),
    ),
  );
  await print(world, `${clientCount} clients connect at once`, { calls });
}

/**
 * Whole uploads, with the pauses that a browser makes while it sends bytes. The first of each client by itself: that is
 * a process whose code has never run, and whose connections to the store open all at once.
 */
async function quick(world) {
  const cold = [];
  const calls = [];
  const until = Date.now() + 20_000;
  const before = await statsOf(world, 'quick');
  let uploads = 0;
  const work = async (client) => {
    await sleep(Math.random() * 1000);
    for (let isFirst = true; isFirst || Date.now() < until; isFirst = false) {
      await upload(client, { provider: 'quick', calls: isFirst ? cold : calls, pauseMs: 1000 });
      uploads += 1;
    }
  };
  await Promise.all(clients(world, 'quick', clientCount).map(work));
  const { completed } = await statsOf(world, 'quick');
  expectEqual(world, 'uploads confirmed, and completed at the store', uploads, completed - before.completed);
  await print(world, `${clientCount} clients with pauses, quick store`, { calls, uploads });
  await print(world, '  the first upload of each, in a new process', { calls: cold });
}

/** No pauses: what one core bears. */
async function saturated(world) {
  const calls = [];
  const all = clients(world, 'quick', clientCount);
  const tickets = await Promise.all(all.map((client) => start(client, 'quick', [])));
  const until = Date.now() + 8000;
  const work = async (client, ticket) => {
    while (Date.now() < until)
      await client.call('sign', { items: [{ ticket, parts: partsOf(0, 20) }] }, calls);
  };
  await Promise.all(all.map((client, i) => work(client, tickets[i])));
  await print(world, `${clientCount} clients without pauses, sign of 20 parts`, { calls, seconds: 8 });
}

async function hanging(world) {
  const starts = [];
  const others = [];
  const until = Date.now() + 20_000;
  const stuck = clients(world, 'hang', 180).map((client) =>
    client.call('start', { provider: 'hang', uploads: files(client, 8) }, starts, { mayFail: true }),
  );
  const fine = clients(world, 'quick', 20).map(async (client) => {
    while (Date.now() < until) await upload(client, { provider: 'quick', calls: others, pauseMs: 300 });
  });
  await Promise.all([...stuck, ...fine]);
  const after = [];
  await Promise.all(
    clients(world, 'hang', 20).map((client) =>
      client.call('start', { provider: 'hang', uploads: files(client, 8) }, after, { mayFail: true }),
    ),
  );
  await print(world, '180 clients start 8 files each at a hanging store', { calls: starts, bucket: 'hang' });
  await print(world, '  20 more, while it counts as down', { calls: after });
  await print(world, '  20 clients at the quick store meanwhile', { calls: others });
  if (Math.max(...starts) > 60_000)
    world.failures.push('a call to the hanging store took more than a minute');
}

async function slow(world) {
  const slowCalls = [];
  const others = [];
  const until = Date.now() + 15_000;
  const work = (provider, calls) => async (client) => {
    while (Date.now() < until) await upload(client, { provider, calls, pauseMs: 300 });
  };
  await Promise.all([
    ...clients(world, 'slow', 20).map(work('slow', slowCalls)),
    ...clients(world, 'quick', 180).map(work('quick', others)),
  ]);
  await print(world, '20 clients at a store that takes 3 s', { calls: slowCalls, bucket: 'slow' });
  await print(world, '  180 clients at the quick store meanwhile', { calls: others });
}

async function throttled(world) {
  const calls = [];
  const work = async (client) => {
    const waiting = new Set(files(client, 8));
    for (const deadline = Date.now() + 40_000; waiting.size > 0 && Date.now() < deadline;) {
      const batch = [...waiting];
      const body = { provider: 'throttle', uploads: batch };
      const { results, problem } = await client.call('start', body, calls, { mayFail: true });
      batch.forEach((one, i) => results?.[i]?.outcome === 'started' && waiting.delete(one));
      const waits = [problem, ...(results ?? []).map((result) => result.problem)];
      await sleep(Math.max(0, ...waits.map((one) => one?.retryAfterMs ?? 0)) + Math.random() * 500);
    }
    return 8 - waiting.size;
  };
  const started = await Promise.all(clients(world, 'throttle', clientCount).map(work));
  const total = started.reduce((sum, one) => sum + one, 0);
  expectEqual(world, 'uploads started at the throttling store', total, 8 * clientCount);
  expectEqual(world, 'uploads open at the throttling store', (await statsOf(world, 'throttle')).open, total);
  await print(world, `${8 * clientCount} starts at a store that takes 100 calls a second`, {
    calls,
    bucket: 'throttle',
  });
}

/** One upload from start to finish. */
async function upload(client, { provider, calls, pauseMs }) {
  const pause = () => sleep(pauseMs * (0.5 + Math.random()));
  const ticket = await start(client, provider, calls);
  for (let first = 0; first < file.partCount; first += 8) {
    await pause();
    const { results } = await client.call('sign', { items: [{ ticket, parts: partsOf(first, 8) }] }, calls);
    if (results[0].requests?.length !== 8) throw new Error(JSON.stringify(results[0]));
  }
  await pause();
  const items = [{ ticket, status: 'uploaded', parts: partsOf(0, file.partCount) }];
  const { results } = await client.call('finish', { items }, calls);
  if (results[0].outcome !== 'confirmed') throw new Error(JSON.stringify(results[0]));
  await pause();
}

async function start(client, provider, calls) {
  const { results } = await client.call('start', { provider, uploads: files(client, 1) }, calls);
  if (results[0].outcome !== 'started') throw new Error(JSON.stringify(results[0]));
  return results[0].session.ticket;
}

function files({ world }, count) {
  return Array.from({ length: count }, () => ({
    clientId: `f${(world.sequence += 1)}`,
    fileName: 'clip.mp4',
    sizeBytes: file.sizeBytes,
    contentType: 'video/mp4',
  }));
}

function partsOf(first, count) {
  const { partSizeBytes: sizeBytes, md5Base64 } = file;
  return Array.from({ length: count }, (_, i) => ({ partNumber: first + i + 1, sizeBytes, md5Base64 }));
}

/** Each has a connection and a name of its own. */
function clients(world, name, count) {
  return Array.from({ length: count }, (_, i) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { 'Content-Type': 'application/json', 'x-load-client': `${name}-${i}` };
    const call = async (operation, body, durations, { mayFail = false } = {}) => {
      const begun = performance.now();
      const answer = await post(`${world.origin}/${operation}`, {
        agent,
        headers,
        body: JSON.stringify(body),
      });
      durations.push(performance.now() - begun);
      if (answer.results === undefined && !mayFail) throw new Error(JSON.stringify(answer));
      return answer.results === undefined ? { problem: answer } : answer;
    };
    return { world, call };
  });
}

async function post(url, { agent, headers, body }) {
  const request = httpRequest(url, { method: 'POST', agent, headers });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

async function statsOf({ vendor }, bucket) {
  const all = await (await fetch(`http://127.0.0.1:${vendor.port}/stats`)).json();
  return all[bucket] ?? { calls: 0, throttled: 0, most: 0, open: 0, completed: 0 };
}

async function print(world, what, { calls = [], bucket, seconds, uploads }) {
  const sorted = [...calls].sort((a, b) => a - b);
  const at = (share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const store = bucket && (await statsOf(world, bucket));
  world.server.child.send('memory');
  const [{ rssMb, heapMb, cpuShare, loopDelayMs }] = await once(world.server.child, 'message');
  const words = [
    calls.length > 0 && `${calls.length} calls${seconds ? `, ${Math.round(calls.length / seconds)}/s` : ''}`,
    uploads && `${uploads} uploads`,
    calls.length > 0 && `p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} max ${at(1)} ms`,
    store && `store: ${store.calls} calls, ${store.throttled} throttled, at most ${store.most} at once`,
    `server: ${Math.round(cpuShare * 100)} % of a core, RSS ${Math.round(rssMb)} MB, heap ${Math.round(heapMb)} MB`,
    `delay of its event loop p99 ${Math.round(loopDelayMs.p99)} max ${Math.round(loopDelayMs.max)} ms,` +
      ` of the clients' p99 ${Math.round(world.delay.percentile(99) / 1e6)} ms`,
  ];
  console.log(`${what}: ${words.filter(Boolean).join('; ')}`);
}

function expectEqual(world, what, found, expected) {
  if (found !== expected) world.failures.push(`LOST: ${what}: ${found}, expected ${expected}`);
}

/** The endpoint as one file beside `node_modules`, so that Node runs it as it runs the package. */
async function bundleServer() {
  const { build } = await import('vite');
  const outDir = path.join(root, 'node_modules', '.cache', 'vodrop-load');
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: 'src/server/index.ts',
      outDir,
      rollupOptions: { output: { entryFileNames: 'server.mjs' } },
    },
  });
  return path.join(outDir, 'server.mjs');
}

async function startRole(args, { isPinned = false } = {}) {
  const node = [process.execPath, '--expose-gc', path.join(root, 'scripts', 'load.mjs'), ...args];
  const [command = '', ...rest] = isPinned && canPin() ? ['taskset', '-c', '0', ...node] : node;
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

/** This process and those it starts leave the first core to the server. */
function pinThis() {
  const last = os.availableParallelism() - 1;
  if (last > 0 && canPin()) spawnSync('taskset', ['-a', '-p', '-c', `1-${last}`, String(process.pid)]);
}

function canPin() {
  return spawnSync('taskset', ['-c', '0', 'true']).status === 0;
}
