// npm run bench [-- --only large,lossy --rounds 3 --turns 5 --quick]
// Compares the clients in one run and in turns, so that the load of the machine affects all of them: read the ratios.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';

const here = import.meta.dirname;
const root = path.join(here, '..', '..');
const flags = parseFlags(process.argv.slice(2));

installPeers();
if (!existsSync(path.join(root, 'dist/engine.js')) || !flags.keepBuild)
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
// They import the endpoint from what was built.
const { cases } = await import('./cases.mjs');
const site = path.join(here, '.build');
await build({
  configFile: false,
  root: here,
  base: './',
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: site,
    emptyOutDir: true,
    target: 'es2022',
    minify: true,
    rollupOptions: { input: [path.join(here, 'index.html'), path.join(here, 'widget.html')] },
  },
});

const scratch = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'vodrop-bench-'));
const executablePath =
  process.env.VODROP_CHROMIUM || (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined);
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--enable-precise-memory-info',
    '--js-flags=--expose-gc',
  ],
});
const results = {
  machine: {
    cores: os.cpus().length,
    model: os.cpus()[0]?.model,
    node: process.version,
    chromium: browser.version(),
  },
  cases: {},
};
try {
  for (const [name, run] of Object.entries(cases)) {
    if (flags.only && !flags.only.includes(name)) continue;
    console.log(`\n— ${name}`);
    results.cases[name] = await run({
      browser,
      executablePath,
      site,
      file,
      rounds: flags.rounds,
      turns: flags.turns,
      isQuick: flags.quick,
      log: (line) => console.log(`  ${line}`),
    });
  }
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
report(results);

/** A file of random bytes, created once; `sparse` files have only a length. */
function file(sizeBytes, { isSparse = false } = {}) {
  const name = path.join(scratch, `${sizeBytes}${isSparse ? '-sparse' : ''}.bin`);
  if (existsSync(name) && statSync(name).size === sizeBytes) return name;
  const handle = openSync(name, 'w');
  if (isSparse) ftruncateSync(handle, sizeBytes);
  else
    for (let left = sizeBytes; left > 0; left -= 16e6) writeSync(handle, randomBytes(Math.min(left, 16e6)));
  closeSync(handle);
  return name;
}

function report({ machine, cases: found }) {
  console.log(
    `\n${machine.cores} cores (${machine.model}), Node ${machine.node}, Chromium ${machine.chromium}\n`,
  );
  const rows = Object.values(found).flatMap(({ goals }) => goals);
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, value, unit = '', goal, isMet } of rows) {
    console.log(
      `${isMet === undefined ? '   ' : isMet ? 'yes' : 'NO '}  ${what.padEnd(width)}  ${format(value)}${unit}${goal ? `   (goal: ${goal})` : ''}`,
    );
  }
  mkdirSync(path.join(here, 'results'), { recursive: true });
  const target = path.join(here, 'results', 'latest.json');
  writeFileSync(target, JSON.stringify(found && { machine, cases: found }, null, 2));
  console.log(`\nall figures: ${path.relative(root, target)}`);
}

function format(value) {
  return typeof value === 'number'
    ? Math.abs(value) >= 100
      ? value.toFixed(0)
      : value.toFixed(2)
    : String(value);
}

/** The compared clients are dependencies of the bench only, pinned by a separate lock file. */
function installPeers() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(here, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(here, 'node_modules', '.vodrop-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: here, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('the compared clients could not be installed');
  writeFileSync(stamp, lock);
}

function parseFlags(args) {
  const value = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const quick = args.includes('--quick');
  return {
    quick,
    keepBuild: args.includes('--keep-build'),
    rounds: Number(value('--rounds') ?? (quick ? 1 : 5)),
    turns: value('--turns') && Number(value('--turns')),
    only: value('--only')?.split(','),
  };
}
