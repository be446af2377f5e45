// The recipes of the guides Getting started, Next.js, Security and Operations, pasted into modules of a scratch folder and run
// against the sandbox, with a real Redis where there is one. Two things differ from what is printed: the port, and where
// the package is.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSandbox } from '../src/sandbox/index.ts';
import { createTokenEndpoint } from '../src/server/index.ts';
import { root } from './install.mjs';
import { freePorts } from './ports.mjs';

const folder = path.join(root, 'node_modules/.cache/vodrop-guides-run');
const redisServer = ['redis-server', 'valkey-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const secret = 'Jq0cZP2tQ5l8vYx1bR7mK4nW9sD3fG6h';
let sandbox;
let ports;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  sandbox = await startSandbox({ processingMs: 0 });
  ports = await freePorts(5);
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = sandbox.credentials.s3;
  const store = { endpoint, region, bucket, credentials: { accessKeyId, secretAccessKey } };
  write(
    'session.js',
    `export const readSession = async (request) => /session=ada/.test(request.headers.get('cookie') ?? '') ? { id: 'user-1' } : null;`,
  );
  write(
    'metrics.js',
    `export const seen = []; const note = (...what) => void seen.push(what); export { note as count, note as observe, note as log };`,
  );
  write(
    'uploads.config.ts',
    `import { s3 } from ${JSON.stringify(path.join(root, 'src/server/index.ts'))};
    export const options = { providers: [s3(${JSON.stringify(store)})], authorize: () => ({ id: 'ada' }), secret: ${JSON.stringify(secret)} };`,
  );
});
afterAll(() => sandbox?.close());

function write(name, text) {
  writeFileSync(path.join(folder, name), text);
}

/** Pastes the example that contains these words, and loads it. */
async function paste(guide, words, change = (code) => code) {
  const text = readFileSync(path.join(root, `storybook/guides/${guide}.mdx`), 'utf8');
  const found = [...text.matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].filter(([, code]) => code.includes(words));
  expect(found.length, `${guide}: ${words}`).toBe(1);
  const code = found[0][1].replaceAll(/'vodrop\/(server|sandbox)'/g, (_all, name) =>
    JSON.stringify(path.join(root, `src/${name}/index.ts`)),
  );
  const name = `${guide}-${words.replaceAll(/\W/g, '-')}.ts`;
  write(name, change(code));
  return import(path.join(folder, name));
}

const call = async (endpoint, operation, body, headers = {}) => {
  const response = await endpoint(
    new Request(`https://app.example.com/api/uploads/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );
  return [response.status, await response.json()];
};

const upload = { clientId: 'c', fileName: 'clip.mp4', contentType: 'video/mp4', sizeBytes: 5 };

it('runs the server of the guide Getting started: the sandbox and an endpoint that starts an upload', async () => {
  const { server, sandbox: local } = await paste(
    'getting-started',
    'startSandbox',
    (code) =>
      `${code
        .replace('5174', ports[2])
        .replace('createServer(', 'const server = createServer(')
        .replace('3000', `${ports[3]}, '127.0.0.1'`)}\nexport { sandbox, server };`,
  );
  const response = await vi.waitFor(() =>
    fetch(`http://127.0.0.1:${ports[3]}/api/uploads/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ provider: 'huawei-vod', uploads: [upload] }),
    }),
  );
  expect((await response.json()).results[0].outcome).toBe('started');
  server.close();
  await local.close();
});

it('runs the sandbox of the guide Next.js, whose account is the one of its .env.local', async () => {
  const local = await paste(
    'nextjs',
    'startSandbox',
    (code) => `${code.replace('5174', ports[4]).replace('{ url }', '{ url, credentials, close }')}
      export { url, credentials, close };`,
  );
  const guide = readFileSync(path.join(root, 'storybook/guides/nextjs.mdx'), 'utf8');
  const settings = Object.fromEntries(
    Array.from(guide.matchAll(/^([A-Z_]+)="(.*)"$/gm), ([, name, value]) => [name, value]),
  );
  const { projectId, accessKey, secretKey, endpoint } = local.credentials.huaweiVod;
  expect(settings).toMatchObject({
    HUAWEI_PROJECT_ID: projectId,
    HUAWEI_AK: accessKey,
    HUAWEI_SK: secretKey,
    HUAWEI_ENDPOINT: endpoint.replace(String(ports[4]), '5174'),
  });
  await local.close();
});

it('runs the endpoint of the guide Security: strangers are refused, limits apply', async () => {
  vi.stubEnv('AWS_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET', 'secret');
  vi.stubEnv('TICKET_SECRET', secret);
  const { endpoint } = await paste('security', 'export const endpoint');
  const start = (sizeBytes) => ({ provider: 's3', uploads: [{ ...upload, sizeBytes }] });
  expect((await call(endpoint, 'start', start(5)))[0]).toBe(401);
  const cookie = { cookie: 'session=ada' };
  expect((await call(endpoint, 'start', start(5), cookie))[1].results[0].outcome).toBe('started');
  expect((await call(endpoint, 'start', start(11e9), cookie))[1].results[0].problem.code).toBe(
    'file-refused',
  );
  vi.unstubAllEnvs();
});

it('runs health, readiness and the orderly end of the guide Operations', async () => {
  const before = process.listeners('SIGTERM');
  await paste('operations', 'createLifecycle', (code) =>
    code.replace('listen(3000)', `listen(${ports[0]}, '127.0.0.1')`),
  );
  const at = (where) => fetch(`http://127.0.0.1:${ports[0]}${where}`, { headers: { connection: 'close' } });
  await vi.waitFor(async () => expect((await at('/live')).status).toBe(200));
  expect((await at('/ready')).status).toBe(200);
  const body = JSON.stringify({ providers: ['s3'] });
  const describe = {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body,
  };
  expect((await fetch(`http://127.0.0.1:${ports[0]}/api/uploads/describe`, describe)).status).toBe(200);
  const [onSignal] = process.listeners('SIGTERM').filter((one) => !before.includes(one));
  process.off('SIGTERM', onSignal);
  onSignal();
  await vi.waitFor(() => expect(at('/live')).rejects.toThrow());
});

it('runs the measurements of the guide Operations on every kind of event', async () => {
  const { onEvent } = await paste('operations', 'export function onEvent');
  const { seen } = await import(path.join(folder, 'metrics.js'));
  const { options } = await import(path.join(folder, 'uploads.config.ts'));
  const endpoint = createTokenEndpoint({ ...options, onEvent });
  await call(endpoint, 'start', { provider: 's3', uploads: [{ ...upload, sizeBytes: 50_000_000 }] });
  await call(endpoint, 'list', { items: [{ ticket: 'forged' }] });
  expect(new Set(seen.map(([name]) => (typeof name === 'string' ? name : 'log')))).toEqual(
    new Set(['vendor_call_seconds', 'upload_items', 'endpoint_call_seconds', 'log']),
  );
});

it.skipIf(!redisServer)(
  'runs the shared limits and store of the guide Operations with a real Redis',
  async () => {
    const redis = spawn(redisServer, ['--port', String(ports[1]), '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    try {
      vi.stubEnv('REDIS_URL', `redis://127.0.0.1:${ports[1]}`);
      const { shared } = await paste(
        'operations',
        'RateLimiterRedis',
        (code) => `${code}\nexport { redis };`,
      );
      const { redis: client } = await import(path.join(folder, 'operations-RateLimiterRedis.ts'));
      client.on('error', () => undefined);
      while ((await client.ping().catch(() => '')) !== 'PONG') await sleep(50);
      const { options } = await import(path.join(folder, 'uploads.config.ts'));
      const instances = [1, 2].map(() => createTokenEndpoint({ ...options, ...shared }));
      const answers = await Promise.all(
        instances.map((endpoint) => call(endpoint, 'start', { provider: 's3', uploads: [upload] })),
      );
      const [one, two] = answers.map(([, { results }]) => results[0].session.ticket);
      expect(two).toBe(one);
      expect(await shared.store.putIfAbsent('k', 'one', 1000)).toBe(true);
      expect(await shared.store.putIfAbsent('k', 'two', 1000)).toBe(false);
      expect((await client.keys('vodrop:open:*')).length).toBe(1);
      client.disconnect();
    } finally {
      vi.unstubAllEnvs();
      redis.kill();
      await once(redis, 'exit');
    }
  },
);

it('runs the sweep of the guide Operations', async () => {
  const lines = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => void lines.push(words));
  await paste('operations', 'const reports = await sweep');
  log.mockRestore();
  expect(lines).toEqual([['s3', 'swept', 0]]);
});
