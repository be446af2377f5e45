// Installs the packed package into small hosts (e2e/hosts), builds each and drives it to a ready upload against the sandbox.
// Needs `npm run build` first. `npm run hosts` runs all of them, `-- --only vue,next` some, `-- --quick` those of `npm test`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { hosts, video } from '../e2e/hosts/hosts.mjs';
import { root } from './install.mjs';
import { freePorts } from './ports.mjs';

// Outside the repository, as hosts are: a package that vodrop forgot to depend on would be found in node_modules here.
const checkout = createHash('sha256').update(root).digest('hex').slice(0, 8);
const cache = path.join(tmpdir(), `vodrop-hosts-${checkout}`);
const sources = path.join(root, 'e2e/hosts');
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const { values: chosen } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' } } });
const wanted = hosts.filter(({ name, isQuick }) =>
  chosen.only ? chosen.only.split(',').includes(name) : !chosen.quick || isQuick,
);
const failed = [];
mkdirSync(cache, { recursive: true });
makeVideo();
const tarball = pack();
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const host of wanted) {
  const start = performance.now();
  try {
    const times = await drive(host);
    console.log(
      `${host.name.padEnd(16)} ready  ${times.map(([what, ms]) => `${what} ${(ms / 1000).toFixed(1)} s`).join(', ')}`,
    );
  } catch (error) {
    failed.push(host.name);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.error(`${host.name.padEnd(16)} FAILED after ${seconds} s`);
    console.error(error);
  }
}
await browser.close();
if (failed.length > 0) {
  console.error(`vodrop: these hosts fail: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function pack() {
  const [entry] = Object.values(
    JSON.parse(runQuietly('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', cache], root)),
  );
  return path.join(cache, entry.filename);
}

/** Measures the seconds of each step. */
async function drive(host) {
  const times = [];
  const step = async (what, work) => {
    const start = performance.now();
    const result = await work();
    times.push([what, performance.now() - start]);
    return result;
  };
  const folder = path.join(cache, host.name);
  await step('install', () => install(host, folder));
  if (host.build) await step('build', () => runQuietly(host.build[0], host.build.slice(1), folder));
  if (host.hasPage === false) return times;
  const served = await serve(host, folder);
  try {
    await step('upload', () => upload(host, served.url));
  } finally {
    await served.close();
  }
  return times;
}

/** The packages of the host are kept from run to run; the tarball is unpacked anew. */
function install({ name, dependencies, folder: source = name, manifest: more, pasted = {} }, folder) {
  mkdirSync(folder, { recursive: true });
  for (const one of readdirSync(folder))
    if (one !== 'node_modules' && one !== '.installed') rmSync(path.join(folder, one), { recursive: true });
  // A host may be made of blocks only.
  if (existsSync(path.join(sources, source)))
    cpSync(path.join(sources, source), folder, {
      recursive: true,
      filter: (file) => !/node_modules|dist$/.test(path.basename(file)),
    });
  for (const [file, block] of Object.entries(pasted)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), codeOf(block));
  }
  const manifest = JSON.stringify(
    { name: `host-${name}`, private: true, type: 'module', dependencies, ...more },
    undefined,
    2,
  );
  writeFileSync(path.join(folder, 'package.json'), manifest);
  const stamp = path.join(folder, '.installed');
  const isNew = !existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest;
  const own = path.join(folder, 'node_modules/vodrop');
  // Once by npm, with what the package depends on; later only the package itself changes.
  if (isNew)
    runQuietly(
      'npm',
      ['install', '--no-audit', '--no-fund', '--no-save', '--package-lock=false', tarball],
      folder,
    );
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  runQuietly('tar', ['-xzf', tarball, '--strip-components=1', '-C', own], folder);
  writeFileSync(stamp, manifest);
}

/** The one block of a guide in this language that has these words. */
function codeOf({ guide, language, words, change = (code) => code }) {
  const text = readFileSync(path.join(root, `storybook/guides/${guide}.mdx`), 'utf8');
  const found = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(
    ([, its, code]) => its === language && code.includes(words),
  );
  if (found.length !== 1)
    throw new Error(`${guide}.mdx has ${found.length} blocks of ${language} with ${words}`);
  return change(found[0][2]);
}

/** The token endpoint and a sandbox, from the package as it was installed, beside the host's own files or server. */
async function serve(host, folder) {
  const installed = (name) => import(pathToFileURL(path.join(folder, 'node_modules/vodrop/dist', name)).href);
  const [{ startSandbox }, { createTokenEndpoint, huaweiVod, toNodeListener }] = await Promise.all([
    installed('sandbox.js'),
    installed('server.js'),
  ]);
  const sandbox = await startSandbox({ port: 0, processingMs: 300 });
  const account = sandbox.credentials.huaweiVod;
  if (host.start) return startHost(host, folder, sandbox);
  const tokens = toNodeListener(
    createTokenEndpoint({
      providers: [
        huaweiVod({ projectId: account.projectId, endpoint: account.endpoint, credentials: account }),
      ],
      authorize: () => ({ id: 'ann' }),
      secret: 'a secret for tests of at least 32 characters',
    }),
  );
  const files = path.join(folder, host.files ?? 'dist');
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    if (pathname.startsWith('/api/uploads')) return tokens(request, response);
    const file = path.join(files, path.normalize(pathname === '/' ? '/index.html' : pathname));
    if (!existsSync(file)) return response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    },
  };
}

/** A host with a server of its own, which prints its address. */
async function startHost({ start, hasOwnSandbox = false }, folder, sandbox) {
  const { projectId, endpoint, accessKey, secretKey } = sandbox.credentials.huaweiVod;
  const [port] = await freePorts(1);
  const child = spawn(start[0], start.slice(1), {
    cwd: folder,
    detached: true,
    env: {
      ...process.env,
      PORT: String(port),
      ...(!hasOwnSandbox && {
        HUAWEI_PROJECT_ID: projectId,
        HUAWEI_ENDPOINT: endpoint,
        HUAWEI_AK: accessKey,
        HUAWEI_SK: secretKey,
      }),
      TICKET_SECRET: 'a secret for tests of at least 32 characters',
    },
  });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const read = (chunk) => {
      said += chunk;
      const [found] = /http:\/\/(localhost|127\.0\.0\.1):[1-9]\d*/.exec(said) ?? [];
      if (found) resolve(`${found}/`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${said}`)));
  });
  return {
    url,
    close: async () => {
      process.kill(-child.pid, 'SIGKILL');
      await sandbox.close();
    },
  };
}

async function upload({ hasWorker = true, actions }, url) {
  const page = await browser.newPage();
  const problems = [];
  let workers = 0;
  page.on('worker', () => (workers += 1));
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.text()} ${message.location().url}`);
  });
  try {
    await page.goto(url);
    await page.locator('input[type=file]').first().setInputFiles(video, { timeout: 30_000 });
    await page.locator('[data-vodrop="upload"][data-status="ready"]').first().waitFor({ timeout: 60_000 });
    await actions?.(page);
    if (problems.length > 0) throw new Error(`the page complains:\n${problems.join('\n')}`);
    if (hasWorker !== workers > 0)
      throw new Error(hasWorker ? 'no worker was started' : 'a worker was started after all');
  } catch (error) {
    throw new Error(`${error.message}\n${problems.join('\n')}`);
  } finally {
    await page.close();
  }
}

function makeVideo() {
  if (existsSync(video)) return;
  mkdirSync(path.dirname(video), { recursive: true });
  runQuietly(
    'ffmpeg',
    [
      '-loglevel',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=640x360:rate=25:duration=2',
      '-pix_fmt',
      'yuv420p',
      video,
    ],
    root,
  );
}

function chromiumPath() {
  return [process.env.VODROP_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(
    (one) => one && existsSync(one),
  );
}

function runQuietly(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: command === 'npm' ? undefined : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}
