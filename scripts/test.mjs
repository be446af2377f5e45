// Runs all checks, the cheapest first. Exits non-zero at the first failure.
import { spawn, spawnSync } from 'node:child_process';
import { ensureChromium, ensureFfmpeg, ensureFirefox, ensureHeadlessShell } from './browser.mjs';
import { cephProblem, startCeph } from './ceph.mjs';
import { ensureInstalled, isWindows, root, run } from './install.mjs';
import { startSwift, swiftProblem } from './swift.mjs';

/** The seconds of each step, for the summary. */
const taken = new Map();
const skipped = [];

try {
  ensureInstalled();
  ensureFfmpeg();
  ensureChromium();
  ensureHeadlessShell();
  // ESLint uses one core only, and takes longer than the soak.
  await step('types, format, lint, dead exports; short soak', () =>
    together(['typecheck'], ['lint'], ['unused'], ['soak', '--', '--minutes', '0.7', '--seed', '1']),
  );
  await step('unit tests', () => npm('unit'));
  await step('build and sizes', () => npm('build'));
  await step('package', () => npm('package'));
  await step('hosts: script tag, Vite, esbuild, tests', onHosts);
  await step('stories: pictures and axe', () => npm('stories'));
  await step('end-to-end tests', () => npm('e2e'));
  await step('Firefox', inFirefox);
  await step('stores: Ceph', () => againstStore('Ceph', cephProblem, startCeph, { isCeph: true }));
  await step('stores: Swift', () => againstStore('OpenStack Swift', swiftProblem, startSwift));
  summarize();
} catch (error) {
  console.error(`\nvodrop: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function step(title, work) {
  console.log(`\n— ${title}`);
  const start = performance.now();
  await work();
  taken.set(title, (performance.now() - start) / 1000);
}

function npm(script, ...args) {
  run('npm', ['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])]);
}

/** Runs npm scripts that leave a core to each other side by side; the output of each is printed at its end. */
async function together(...scripts) {
  const results = await Promise.all(scripts.map((script) => output('npm', ['run', '--silent', ...script])));
  for (const { text } of results) process.stdout.write(text);
  const failed = scripts.filter((_, index) => results[index].code !== 0);
  if (failed.length > 0)
    throw new Error(`failed: ${failed.map((script) => `npm run ${script.join(' ')}`).join(', ')}`);
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: isWindows });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text: Buffer.concat(chunks).toString() }));
  });
}

function skip(what, reason) {
  console.log(`skipped: ${reason}`);
  skipped.push(`${what}: ${reason}`);
}

/** Tests the upload, the reload, and what the widget promises everywhere in the stock Firefox. */
function inFirefox() {
  const problem = ensureFirefox();
  if (problem) skip('Firefox', problem);
  else npm('browsers', '--project', 'firefox', '--project', 'firefox-widget');
}

/** Builds the packed package with the tools of other hosts, whose packages come from the npm registry. */
function onHosts() {
  const { status } = spawnSync('npm', ['view', 'vite', 'version'], { stdio: 'ignore', timeout: 60_000 });
  if (status !== 0) skip('hosts', 'the npm registry does not answer, and hosts install from it');
  else npm('hosts', '--quick');
}

/**
 * Tests the provider contract, in every XML style, against an independent store; at Ceph also the sandbox's dialect
 * and the widget.
 */
async function againstStore(name, problemOf, start, { isCeph = false } = {}) {
  const problem = problemOf();
  if (problem) return skip(name, problem);
  const { env, stop } = await start();
  const options = { env: { ...process.env, ...env } };
  try {
    const ofCeph = isCeph ? ['src/sandbox/vendors/s3/ceph.live.test.ts', 'src/cli/doctor/live.test.ts'] : [];
    run('npx', ['vitest', 'run', 'src/server/providers/s3/live.test.ts', ...ofCeph], options);
    if (isCeph) run('npx', ['playwright', 'test', '--config', 'e2e/ceph.config.ts'], options);
  } finally {
    stop();
  }
}

function summarize() {
  console.log('\nseconds:');
  for (const [title, seconds] of taken)
    console.log(`  ${title.padEnd(34)} ${seconds.toFixed(0).padStart(4)}`);
  for (const line of skipped) console.log(`skipped and not checked: ${line}`);
  console.log('left to npm run e2e:long: films in other formats, and other outages of 40 seconds');
  console.log('all checks passed');
}
