// Runs the simulation by hand: npm run simulate -- --runs 20000 [--seed N] [--provider X] [--gaps name,name|all]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    /** First seed of the runs; alone, replays this one and prints what happened. */
    seed: { type: 'string' },
    provider: { type: 'string', default: '' },
    gaps: { type: 'string', default: '' },
    processes: { type: 'string', default: String(availableParallelism()) },
  },
});

const isReplay = values.seed !== undefined && !process.argv.includes('--runs');
const folder = mkdtempSync(path.join(tmpdir(), 'vodrop-simulation-'));
const totals = { runs: 0, events: 0, failed: 0, LOST: 0, MIXED: 0, DOUBLED: 0, UNTRUE: 0, ORPHANS: 0 };
const startedAt = Date.now();

try {
  process.exitCode = isReplay ? await replay() : await runAll();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function replay() {
  return run({ SEED: values.seed }, 'inherit');
}

async function runAll() {
  const count = Number(values.runs);
  const processes = Math.min(Number(values.processes), count);
  const reports = Array.from({ length: processes }, (_, index) => path.join(folder, `${index}.jsonl`));
  const read = reports.map((file) => {
    writeFileSync(file, '');
    return { file, lines: 0 };
  });
  const timer = setInterval(() => {
    read.forEach(takeReport);
    print('So far');
  }, 30_000);
  const codes = await Promise.all(
    reports.map((REPORT, index) =>
      run(
        {
          REPORT,
          FIRST: Number(values.seed ?? 1) + index,
          STEP: processes,
          RUNS: Math.ceil((count - index) / processes),
        },
        ['ignore', 'ignore', 'inherit'],
      ),
    ),
  );
  clearInterval(timer);
  read.forEach(takeReport);
  print('Done');
  return totals.failed > 0 || codes.some((code) => code !== 0) ? 1 : 0;
}

function run(settings, stdio) {
  const env = { ...process.env };
  for (const [name, value] of Object.entries({ PROVIDER: values.provider, GAPS: values.gaps, ...settings }))
    env[`VODROP_SIMULATION_${name}`] = String(value);
  const cli = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [cli, 'run', 'src/simulation/simulation.test.ts'], {
    cwd: root,
    env,
    stdio,
  });
  return new Promise((resolve) => child.on('exit', resolve));
}

/** Prints what is new in a process's report, and counts it. */
function takeReport(report) {
  const lines = readFileSync(report.file, 'utf8').split('\n').slice(report.lines, -1);
  report.lines += lines.length;
  for (const { seed, cloud, complaints, eventCount } of lines.map((line) => JSON.parse(line))) {
    totals.runs += 1;
    totals.events += eventCount;
    if (complaints.length === 0) continue;
    totals.failed += 1;
    console.log(`seed ${seed}, ${cloud}:`);
    for (const { invariant, text } of complaints) {
      totals[invariant] += 1;
      console.log(`  ${text}`);
    }
  }
}

function print(when) {
  const { runs, events, failed, ...counts } = totals;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const list = Object.entries(counts).map(([name, number]) => `${name} ${number}`);
  console.log(`${when}: ${runs} runs, ${events} events, ${seconds} s, ${failed} failed; ${list.join(', ')}`);
}
