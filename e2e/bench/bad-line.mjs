// A real TCP line that loses one segment in a hundred, and the same line without loss.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { serverAddress, startNamespaces, whyNoNamespaces } from './namespaces.mjs';

const bad = { delayMs: 25, megabits: 100, loss: 0.01 };
const clean = { ...bad, loss: 0 };
/** The smallest parts of S3. */
const partSizeBytes = 5 * 1024 ** 2;
const gentle = { priority: 'background' };
/** One connection has the same rate all the time: what sends so is stopped before its end. */
const uppyMs = 10_000;
const gentleMs = 5_000;
/** Sent over six connections beside two gentle ones, which would be three quarters of the line. */
const besideBytes = 40e6;

export async function badLineCase({ executablePath, site, file, isQuick, log }) {
  const missing = whyNoNamespaces();
  if (missing) return { figures: {}, goals: [{ what: 'a line with loss: not measured', value: missing }] };
  // Twelve parts; more of them take minutes.
  const sizeBytes = isQuick ? 40e6 : 60e6;
  const name = file(sizeBytes);
  const figures = {};
  const upload = async (what, far, options) => {
    figures[what] = await send(far, { name, ...options });
    const { mbPerSecond, most } = figures[what];
    log(`${what}: ${mbPerSecond.toFixed(2)} MB/s, at most ${most} requests at once`);
  };
  await withLine(bad, { executablePath, site, log }, async (far) => {
    const { secondStore } = far.addresses;
    await upload('vodrop', far, {});
    await upload('plain XHR', far, { client: 'xhr' });
    await upload('plain XHR over two names', far, { client: 'xhr', options: { secondStore } });
    await upload('Uppy 6', far, { client: 'uppy', stopAfterMs: uppyMs });
    await upload('in the background', far, { options: gentle, stopAfterMs: gentleMs });
  });
  await withLine(clean, { executablePath, site, log }, async (far) => {
    await upload('without loss', far, {});
    figures.share = await shareBeside(far, { name, beside: file(besideBytes) });
    log(`plain XHR beside an upload in the background: ${figures.share.toFixed(2)} of the line`);
  });
  const rate = (what) => figures[what].mbPerSecond;
  const atLeast = (what, value, least) => ({ what, value, goal: `at least ${least}`, isMet: value >= least });
  const atMost = (what, value, most) => ({ what, value, goal: `at most ${most}`, isMet: value <= most });
  return {
    figures,
    goals: [
      {
        what: `${sizeBytes / 1e6} MB in parts of 5 MiB, real TCP, 50 ms, 100 Mbit/s, 1% loss: vodrop, MB/s`,
        value: rate('vodrop'),
      },
      atLeast('  of plain XHR over six connections', rate('vodrop') / rate('plain XHR'), 1.5),
      atLeast('  of Uppy 6', rate('vodrop') / rate('Uppy 6'), 8),
      {
        what: '  plain XHR over two names of the store, of six connections',
        value: rate('plain XHR over two names') / rate('plain XHR'),
      },
      atMost('  requests at once in the background', figures['in the background'].most, 2),
      { what: 'the same line without loss: vodrop, MB/s', value: rate('without loss') },
      atMost('  requests at once', figures['without loss'].most, 6),
      atLeast('  share of plain XHR beside an upload in the background', figures.share, 0.6),
    ],
  };
}

async function withLine(shape, { executablePath, site, log }, work) {
  const line = await startNamespaces(shape);
  log(`${shape.loss * 100}% loss, congestion control: ${line.congestion}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vodrop-bench-'));
  const server = path.join(import.meta.dirname, 'bad-line-server.mjs');
  const far = spawn('ip', [...line.onServer, process.execPath, server, site, String(partSizeBytes)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: far.stdout })[Symbol.asyncIterator]();
  const ask = async (message) => {
    if (message) far.stdin.write(`${message}\n`);
    return JSON.parse((await answers.next()).value);
  };
  // Playwright starts a browser by its path alone.
  const start = path.join(folder, 'chromium');
  const command = `ip ${line.onClient.join(' ')} ${executablePath ?? chromium.executablePath()}`;
  writeFileSync(start, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: start,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
        // A name in `localhost` is a secure context, and no resolver is asked for it.
        `--host-resolver-rules=MAP *.localhost ${serverAddress}`,
      ],
    });
    await work({ browser, ask, addresses: await ask() });
  } finally {
    await browser?.close();
    far.stdin.end();
    await new Promise((resolve) => far.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
    await line.close();
  }
}

/** The rate of one upload in a page of its own, by what has come to the store. */
async function send({ browser, ask, addresses }, { name, client = 'vodrop', options = {}, stopAfterMs }) {
  const { page, begin } = await openPage({ browser, addresses }, { name, client, options });
  try {
    // What was stopped before has not ended for the far end yet.
    while ((await ask('look')).open > 0) await page.waitForTimeout(50);
    await ask('reset');
    const started = performance.now();
    const run = begin();
    if (stopAfterMs) {
      run.catch(() => {});
      await page.waitForTimeout(stopAfterMs);
    } else await run;
    const seconds = (performance.now() - started) / 1000;
    const { bytes, most } = await ask('look');
    return { mbPerSecond: bytes / 1e6 / seconds, most };
  } finally {
    await page.context().close();
  }
}

/** The share of the line that plain XHR has while an upload goes on in the background. */
async function shareBeside({ browser, addresses }, { name, beside }) {
  const background = await openPage({ browser, addresses }, { name, options: gentle });
  const plain = await openPage({ browser, addresses }, { name: beside, client: 'xhr' });
  try {
    background.begin().catch(() => {});
    await plain.page.waitForTimeout(2000);
    const started = performance.now();
    await plain.begin();
    const idealMs = (besideBytes * 8) / (clean.megabits * 1000);
    return idealMs / (performance.now() - started);
  } finally {
    await Promise.all([background.page.context().close(), plain.page.context().close()]);
  }
}

async function openPage({ browser, addresses }, { name, client = 'vodrop', options = {} }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(addresses.page);
  await page.setInputFiles('input', name);
  const setting = { store: addresses.store, partSizeBytes, ...options };
  if (client === 'vodrop') await page.evaluate((given) => window.bench.prepare(given), setting);
  await page.waitForLoadState('networkidle');
  return {
    page,
    begin: () => page.evaluate(([id, given]) => window.bench.run(id, given), [client, setting]),
  };
}
