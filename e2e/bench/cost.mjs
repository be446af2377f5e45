// What a gigabyte costs: the CPU time of every process of the browser, as the operating system counts it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { startPageServer, startSink, stubEndpoint } from './sink.mjs';

const clients = {
  xhr: 'plain XHR without integrity',
  vodrop: 'vodrop, every part hashed',
  uppy: 'Uppy 6 without integrity',
  cos: 'cos-js-sdk-v5 with MD5 on',
};

export async function costCase({ executablePath, site, file, rounds, isQuick, log }) {
  if (process.platform !== 'linux') {
    const reason = 'CPU times are read from /proc, which is of Linux';
    return { figures: {}, goals: [{ what: 'CPU seconds a GB: not measured', value: reason }] };
  }
  const sizeBytes = isQuick ? 200e6 : 1e9;
  const name = file(sizeBytes);
  const perGigabyte = Object.fromEntries(Object.keys(clients).map((client) => [client, []]));
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    for (const client of Object.keys(clients)) {
      const seconds = await cpuSecondsOf({ executablePath, site, client, name });
      perGigabyte[client].push(seconds / (sizeBytes / 1e9));
    }
    log(
      Object.entries(perGigabyte)
        .map(([client, all]) => `${client} ${all.at(-1).toFixed(2)}`)
        .join('  ') + '  CPU seconds a GB',
    );
  }
  const typical = (client) => median(perGigabyte[client]);
  return {
    figures: perGigabyte,
    goals: [
      ...Object.entries(clients).map(([client, what], index) => ({
        what: index === 0 ? `CPU seconds a GB, whole browser: ${what}` : `  ${what}`,
        value: typical(client),
      })),
      ...Object.keys(clients)
        .filter((client) => client !== 'vodrop')
        .map((client) => ({
          what: `  vodrop, of ${client}`,
          value: median(perGigabyte.vodrop.map((value, index) => value / perGigabyte[client][index])),
        })),
    ],
  };
}

/** One upload in a browser of its own, without the time that the browser and the page take to start. */
async function cpuSecondsOf({ executablePath, site, client, name }) {
  const sink = await startSink();
  const store = `http://127.0.0.1:${sink.port}`;
  const server = await startPageServer(
    site,
    stubEndpoint(() => store),
  );
  const others = new Set(processes().map(({ pid }) => pid));
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  // Playwright does not name the process of a browser that it launches; it is the new child of this one.
  const { pid } = processes().find(({ pid: id, parent }) => parent === process.pid && !others.has(id));
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.setInputFiles('input', name);
    if (client === 'vodrop') await page.evaluate(() => window.bench.prepare({}));
    await page.waitForLoadState('networkidle');
    const before = cpuSecondsOfTree(pid);
    await page.evaluate(([which, options]) => window.bench.run(which, options), [client, { store }]);
    return cpuSecondsOfTree(pid) - before;
  } finally {
    await browser.close();
    await Promise.all([server.close(), sink.close()]);
  }
}

/** User and system time of a process and all that it has started, those that have ended included. */
function cpuSecondsOfTree(root) {
  const all = processes();
  const tree = new Set([root]);
  // Parents may come after their children in the list.
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  const ticks = all.reduce((sum, one) => sum + (tree.has(one.pid) ? one.ticks : 0), 0);
  return ticks / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
}

function processes() {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        // The name, in parentheses, may contain anything; fields count from behind it ("proc_pid_stat").
        const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1).split(' ');
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return [{ pid: Number(entry), parent: Number(fields[1]), ticks }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
